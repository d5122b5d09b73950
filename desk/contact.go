package desk

import (
	"context"
	"strings"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Contact is the member a person named as their household's contact (六邻).
type Contact struct {
	Member  MemberCard
	Station string
}

// HouseholdContact returns the caller's, nil for none or one who has left.
func (d *Desk) HouseholdContact(ctx context.Context, c access.Caller) (*Contact, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	id, member, ok := strings.Cut(c.Contact, " ")
	if !ok {
		return nil, nil //nolint:nilnil // having none is an answer
	}
	st, err := d.roster(ctx, id)
	if err != nil {
		return nil, err
	}
	m, ok := st.Member(member)
	if !ok || m.Gone {
		return nil, nil //nolint:nilnil // having none is an answer
	}
	return &Contact{Member: cardOf(m), Station: st.Name}, nil
}

// NameContact makes the member whose code was scanned the caller's household
// contact, whose session token is. The link is the household's own: it is kept
// with the person, is read for their filings alone, and no member can list who
// named them.
func (d *Desk) NameContact(ctx context.Context, c access.Caller, token, scene string) (*Contact, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	key, err := station.ParseScene(scene)
	if err != nil {
		return nil, field("scene", "这个码不是本平台的码，请重新扫码")
	}
	code, err := d.code(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return nil, field("scene", "没有这个码，请重新扫码")
	}
	if err != nil {
		return nil, err
	}
	st, err := d.roster(ctx, code.Station)
	if err != nil {
		return nil, err
	}
	m, ok := st.Member(code.Target.ID)
	switch {
	case code.Revoked || code.Target.Kind != station.ForMember || !ok || m.Gone:
		return nil, field("scene", "请扫委员本人的码牌")
	case memberOf(c, st.ID) == m.ID:
		return nil, field("scene", "联系委员不能是自己")
	}
	if err := d.store.SetContact(ctx, c.Person, st.ID+" "+m.ID); err != nil {
		return nil, err
	}
	d.cache.sessions.forget(hash(token))
	return &Contact{Member: cardOf(m), Station: st.Name}, nil
}

// DropContact takes the link back.
func (d *Desk) DropContact(ctx context.Context, c access.Caller, token string) error {
	if c.Person == "" {
		return access.NoSession()
	}
	err := d.store.SetContact(ctx, c.Person, "")
	d.cache.sessions.forget(hash(token))
	return err
}

package matters

import (
	"context"
	"strings"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Contact is the member a person named as their household's contact (六邻).
type Contact struct {
	Member  codes.MemberCard
	Station string
}

// HouseholdContact returns the caller's contact, nil for none or for one who has left.
func (svc *Service) HouseholdContact(ctx context.Context, c access.Caller) (*Contact, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	id, member, ok := strings.Cut(c.Contact, " ")
	if !ok {
		return nil, nil //nolint:nilnil // having none is an answer
	}
	st, err := svc.kit.Roster(ctx, id)
	if err != nil {
		return nil, err
	}
	m, ok := st.Member(member)
	if !ok || m.Left {
		return nil, nil //nolint:nilnil // having none is an answer
	}
	return &Contact{Member: codes.CardOf(m), Station: st.Name}, nil
}

// NameContact makes the member of a scanned code the caller's household contact. token is the caller's session.
// The link belongs to the household: it is stored with the person, it is read for their filings only, and no
// member can list the people who named them.
func (svc *Service) NameContact(ctx context.Context, c access.Caller, token, scene string) (*Contact, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	key, err := station.ParseScene(scene)
	if err != nil {
		return nil, kit.Field("scene", "这个码不是本平台的码，请重新扫码")
	}
	code, err := svc.kit.Code(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return nil, kit.Field("scene", "没有这个码，请重新扫码")
	}
	if err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, code.Station)
	if err != nil {
		return nil, err
	}
	m, ok := st.Member(code.Target.ID)
	switch {
	case code.Revoked || code.Target.Kind != station.ForMember || !ok || m.Left:
		return nil, kit.Field("scene", "请扫委员本人的码牌")
	case kit.MemberOf(c, st.ID) == m.ID:
		return nil, kit.Field("scene", "联系委员不能是自己")
	}
	if err := svc.store.SetContact(ctx, c.Person, st.ID+" "+m.ID); err != nil {
		return nil, err
	}
	svc.kit.Cache.Sessions.Forget(kit.Hash(token))
	return &Contact{Member: codes.CardOf(m), Station: st.Name}, nil
}

// DropContact removes the caller's household contact.
func (svc *Service) DropContact(ctx context.Context, c access.Caller, token string) error {
	if c.Person == "" {
		return access.NoSession()
	}
	err := svc.store.SetContact(ctx, c.Person, "")
	svc.kit.Cache.Sessions.Forget(kit.Hash(token))
	return err
}

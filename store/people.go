package store

import (
	"context"
	"errors"
	"log/slog"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/store/value"
)

// The fields of a person's hash.
const (
	fieldOpenID  = "openid"
	fieldRole    = "role"
	fieldStation = "station"
	fieldRef     = "ref"
	fieldContact = "contact"
	fieldEpoch   = "epoch"
)

var errOpenID = errors.New("store: an openid leads to nobody")

// PersonByOpenID returns the person. A new one is created with newID. The person is written before the openid's
// key, so that a crash leaves at most an unreachable person.
func (s People) PersonByOpenID(ctx context.Context, openid, newID string) (record.Person, error) {
	key := keyOpenID(openid)
	id, err := s.rdb.Get(ctx, key).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return record.Person{}, failed(err)
	}
	if id != "" {
		return s.known(ctx, id)
	}
	if err := s.rdb.HSet(ctx, keyPerson(newID), fieldOpenID, openid).Err(); err != nil {
		return record.Person{}, failed(err)
	}
	won, err := s.rdb.SetNX(ctx, key, newID, 0).Result()
	if err != nil {
		return record.Person{}, failed(err)
	}
	if won {
		return record.Person{ID: newID, OpenID: openid}, nil
	}
	// Another login of the same person was first.
	if err := s.rdb.Del(ctx, keyPerson(newID)).Err(); err != nil {
		return record.Person{}, failed(err)
	}
	if id, err = s.rdb.Get(ctx, key).Result(); err != nil {
		return record.Person{}, failed(err)
	}
	return s.known(ctx, id)
}

// FindPerson returns fault.NotFound for an unknown openid.
func (s People) FindPerson(ctx context.Context, openid string) (record.Person, error) {
	id, err := s.optional(ctx, keyOpenID(openid))
	if err != nil {
		return record.Person{}, err
	}
	if id == "" {
		return record.Person{}, missing("这位用户")
	}
	return s.known(ctx, id)
}

// known reads a person who must exist.
func (s People) known(ctx context.Context, id string) (record.Person, error) {
	p, err := s.Person(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return p, broken(errOpenID, "用户")
	}
	return p, err
}

// Person returns fault.NotFound for an unknown id.
func (s People) Person(ctx context.Context, id string) (record.Person, error) {
	f, err := s.rdb.HMGet(ctx, keyPerson(id), fieldOpenID, fieldRole, fieldStation, fieldRef, fieldContact).Result()
	if err != nil {
		return record.Person{}, failed(err)
	}
	p := record.Person{
		ID: id, OpenID: fieldText(f[0]), Role: fieldText(f[1]), Station: fieldText(f[2]), Ref: fieldText(f[3]),
		Contact: fieldText(f[4]),
	}
	if p.OpenID == "" {
		return record.Person{}, missing("这位用户")
	}
	return p, nil
}

// SetContact stores a person's household contact as "<station> <member>"; "" removes it.
func (s People) SetContact(ctx context.Context, person, contact string) error {
	if contact == "" {
		return failed(s.rdb.HDel(ctx, keyPerson(person), fieldContact).Err())
	}
	return failed(s.rdb.HSet(ctx, keyPerson(person), fieldContact, contact).Err())
}

// personalFields hold the lists of record.Personal, in its order.
var personalFields = [...]string{record.PhraseList, record.ViewList, record.SnoozeList, record.HintList}

// Personal returns the lists that a person keeps, none at first. A damaged one hides no other: it is named
// in Damaged and logged.
func (s People) Personal(ctx context.Context, person string) (p record.Personal, err error) {
	fields, err := s.rdb.HMGet(ctx, keyPerson(person), personalFields[:]...).Result()
	if err != nil {
		return p, failed(err)
	}
	for i, into := range [...]any{&p.Phrases, &p.Views, &p.Snoozes, &p.Hidden} {
		text := fieldText(fields[i])
		if text == "" {
			continue
		}
		if err := value.Unpack([]byte(text), into); err != nil {
			s.log.LogAttrs(ctx, slog.LevelError, "a list of a person cannot be read", slog.String("list", personalFields[i]), slog.Any("error", err))
			p.Damaged = append(p.Damaged, personalFields[i])
		}
	}
	return p, nil
}

// PutPersonal replaces those of the lists that are not nil.
func (s People) PutPersonal(ctx context.Context, person string, p record.Personal) error {
	var fields []any
	for i, list := range [...]any{p.Phrases, p.Views, p.Snoozes, p.Hidden} {
		text, err := value.Pack(list, "保存的常用语或筛选")
		if err != nil {
			return err
		}
		if string(text) != "null" { // what a nil list becomes
			fields = append(fields, personalFields[i], text)
		}
	}
	return failed(s.rdb.HSet(ctx, keyPerson(person), fields...).Err())
}

// fieldText returns a field of an answer, "" when it is missing.
func fieldText(field any) string {
	s, _ := field.(string)
	return s
}

// Bind binds the person to the invitation's role. The former holder loses it first, so that a crash in between
// leaves a role without a holder, which a new invitation repairs, and never one with two. Of two concurrent
// calls one wins; the other gets fault.Conflict.
func (s People) Bind(ctx context.Context, person string, in record.Invite) error {
	p, err := s.Person(ctx, person)
	if err != nil {
		return err
	}
	key := keyBound(in.Station, in.Role, in.Ref)
	before, err := s.Bound(ctx, in)
	if err != nil {
		return err
	}
	if err := s.unbind(ctx, before, person, in); err != nil {
		return err
	}
	other, err := s.rdb.SetArgs(ctx, key, person, redis.SetArgs{Get: true}).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return failed(err)
	}
	// Again, even for the same holder: a concurrent call for them may have written their role after it was
	// removed.
	if err := s.unbind(ctx, other, person, in); err != nil {
		return err
	}
	if had := (record.Invite{Station: p.Station, Role: p.Role, Ref: p.Ref}); p.Role != "" && had != in {
		old := keyBound(had.Station, had.Role, had.Ref)
		if err := scriptRelease.run(ctx, s.rdb, []string{old}, person).Err(); err != nil {
			return failed(err)
		}
	}
	err = s.rdb.HSet(ctx, keyPerson(person), fieldRole, in.Role, fieldStation, in.Station, fieldRef, in.Ref).Err()
	if err != nil {
		return failed(err)
	}
	return s.undoLateBinding(ctx, person, in)
}

// undoLateBinding removes the role from a person when a concurrent call has bound another one.
func (s People) undoLateBinding(ctx context.Context, person string, in record.Invite) error {
	holder, err := s.Bound(ctx, in)
	if err != nil || holder == person {
		return err
	}
	if err := s.unbind(ctx, person, "", in); err != nil {
		return err
	}
	return fault.New(fault.Conflict, "同一身份刚刚被另一个微信绑定，请联系联络员核对")
}

// unbind removes the role from holder, except when that is "" or unless.
func (s People) unbind(ctx context.Context, holder, unless string, in record.Invite) error {
	if holder == "" || holder == unless {
		return nil
	}
	return failed(scriptUnbind.run(ctx, s.rdb, []string{keyPerson(holder)}, in.Role, in.Station, in.Ref).Err())
}

// Bound returns the person bound to a role, "" for none.
func (s People) Bound(ctx context.Context, in record.Invite) (string, error) {
	return s.optional(ctx, keyBound(in.Station, in.Role, in.Ref))
}

// BoundAll is Bound for many, in their order.
func (s People) BoundAll(ctx context.Context, list []record.Invite) ([]string, error) {
	keys := make([]string, len(list))
	for i, in := range list {
		keys[i] = keyBound(in.Station, in.Role, in.Ref)
	}
	return s.optionals(ctx, keys)
}

// Unbind removes a role's binding and returns its person, "" for none. The person loses the role first: a crash
// in between leaves a holder without rights, which a new invitation repairs.
func (s People) Unbind(ctx context.Context, in record.Invite) (string, error) {
	person, err := s.Bound(ctx, in)
	if err != nil || person == "" {
		return "", err
	}
	if err := s.unbind(ctx, person, "", in); err != nil {
		return "", err
	}
	return person, failed(scriptRelease.run(ctx, s.rdb, []string{keyBound(in.Station, in.Role, in.Ref)}, person).Err())
}

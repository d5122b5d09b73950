package roster

import (
	"context"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// This file has what a member needs besides submissions: their duty, their code and their saved phrases.

// dutyDays is how many days ahead a member sees their duty.
const dutyDays = 28

// Shift is a coming duty of a member.
type Shift struct {
	Target   station.Target
	Name     string
	From, To time.Time
}

// MyDuty lists the caller's duty of the next four weeks.
func (svc *Service) MyDuty(ctx context.Context, c access.Caller) ([]Shift, error) {
	st, err := svc.ownStation(ctx, c)
	if err != nil {
		return nil, err
	}
	return svc.ShiftsOf(st, c.ID), nil
}

// ShiftsOf lists a member's duty of the next four weeks.
func (svc *Service) ShiftsOf(st *station.Station, member string) []Shift {
	list := st.ShiftsOf(member, svc.kit.Now(), dutyDays)
	out := make([]Shift, len(list))
	for i, t := range list {
		name, _ := st.Resolve(t.Target)
		out[i] = Shift{Target: t.Target, Name: name, From: t.From, To: t.To}
	}
	return out
}

// MyCodes lists the unrevoked codes of the member.
func (svc *Service) MyCodes(ctx context.Context, c access.Caller) ([]station.Code, error) {
	st, err := svc.ownStation(ctx, c)
	if err != nil {
		return nil, err
	}
	list, err := svc.store.Codes(ctx, st.ID)
	return slices.DeleteFunc(list, func(x station.Code) bool {
		return x.Revoked || x.Target != station.Target{Kind: station.ForMember, ID: c.ID}
	}), err
}

// ownStation returns the caller's station. It refuses callers who are not members.
func (svc *Service) ownStation(ctx context.Context, c access.Caller) (*station.Station, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	if c.Role != access.Member {
		return nil, fault.New(fault.Denied, "这里只对委员开放")
	}
	return svc.kit.Roster(ctx, c.Station)
}

const (
	maxPhrases      = 30
	maxPhraseLength = 200
)

// Phrases returns the caller's saved phrases, in their own order.
func (svc *Service) Phrases(ctx context.Context, c access.Caller) ([]string, error) {
	if err := requireAnswerer(c); err != nil {
		return nil, err
	}
	p, err := svc.store.Personal(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	return p.Phrases, p.Readable(record.PhraseList)
}

// SetPhrases replaces the caller's phrases.
func (svc *Service) SetPhrases(ctx context.Context, c access.Caller, list []string) ([]string, error) {
	if err := requireAnswerer(c); err != nil {
		return nil, err
	}
	var f fault.Check
	f.Require(len(list) <= maxPhrases, "items", "常用语最多 30 条，请先删去一些")
	out := make([]string, 0, len(list))
	for _, p := range list {
		p = casework.Clean(p)
		f.Require(p != "", "items", "常用语不能是空的")
		f.Require(casework.Runes(p) <= maxPhraseLength, "items", "一条常用语最多 200 字")
		f.Require(!slices.Contains(out, p), "items", "同一句常用语只要一条")
		out = append(out, p)
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return out, svc.store.PutPersonal(ctx, c.Person, record.Personal{Phrases: out})
}

// requireAnswerer refuses callers who answer no submissions.
func requireAnswerer(c access.Caller) error {
	if c.Person == "" {
		return access.NoSession()
	}
	if c.Role != access.Member && c.Role != access.Liaison && c.Role != access.Department {
		return fault.New(fault.Denied, "常用语只对委员、联络员和部门开放")
	}
	return nil
}

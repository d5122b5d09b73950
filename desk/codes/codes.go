package codes

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/record"
	"mashang/domain/station"
)

// NewCode makes a code for a target of the caller's station.
func (svc *Service) NewCode(ctx context.Context, c access.Caller, t station.Target) (StaffCode, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return StaffCode{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return StaffCode{}, err
	}
	if err := checkTarget(st, t); err != nil {
		return StaffCode{}, err
	}
	code, err := svc.MintCode(ctx, st.ID, t)
	if err != nil {
		return StaffCode{}, err
	}
	return svc.loadStaffCode(ctx, st, code)
}

// MintCode makes and stores a code without a caller: for the command line, and for imports, which make one for
// each new target.
func (svc *Service) MintCode(ctx context.Context, st string, t station.Target) (station.Code, error) {
	key, err := svc.newKey()
	if err != nil {
		return station.Code{}, err
	}
	code := station.Code{Key: key, Station: st, Target: t, CreatedAt: svc.kit.Now().UnixMilli()}
	return code, svc.store.PutCode(ctx, code)
}

// newKey draws a uniformly random key from KeyAlphabet.
func (svc *Service) newKey() (string, error) {
	const limit = 256 / len(station.KeyAlphabet) * len(station.KeyAlphabet)
	key, b := make([]byte, 0, station.KeyLength), make([]byte, 1)
	for len(key) < station.KeyLength {
		if _, err := io.ReadFull(svc.kit.Rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if int(b[0]) < limit {
			key = append(key, station.KeyAlphabet[int(b[0])%len(station.KeyAlphabet)])
		}
	}
	return string(key), nil
}

// CodeChange is a change of a code; nil fields stay.
type CodeChange struct {
	Target  *station.Target
	Revoked *bool
}

// ChangeCode re-points, revokes or restores a code of the caller's station, and so changes what people find
// behind printed signs. It is audited.
func (svc *Service) ChangeCode(ctx context.Context, c access.Caller, key string, ch CodeChange) (StaffCode, error) {
	code, err := svc.ownCode(ctx, c, key)
	if err != nil {
		return StaffCode{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return StaffCode{}, err
	}
	if ch.Target != nil {
		if err := checkTarget(st, *ch.Target); err != nil {
			return StaffCode{}, err
		}
	}
	// The change is applied to the code as stored: otherwise, of two concurrent changes, one that revokes and
	// one that re-points, the later would undo the earlier.
	for range kit.MaxConflictRetries {
		is := ch.of(code)
		ok, err := svc.replaceCode(ctx, st, actsOf(c, st, code, is), code, is)
		if err != nil {
			return StaffCode{}, err
		}
		if ok {
			return svc.loadStaffCode(ctx, st, is)
		}
		if code, err = svc.store.Code(ctx, code.Key); err != nil {
			return StaffCode{}, err
		}
	}
	return StaffCode{}, fault.New(fault.Unavailable, "多人正在同时修改这个码，请稍后再试")
}

// of returns the changed code.
func (ch CodeChange) of(code station.Code) station.Code {
	if ch.Target != nil {
		code.Target = *ch.Target
	}
	if ch.Revoked != nil {
		code.Revoked = *ch.Revoked
	}
	return code
}

// actsOf returns the acts that make one code into another, none for equal ones.
func actsOf(c access.Caller, st *station.Station, was, is station.Code) (acts []audit.Act) {
	add := func(what audit.Action) {
		acts = append(acts, audit.Act{By: c, What: what, Object: is.Key, Why: NewStaffCode(st, was).Name + " → " + NewStaffCode(st, is).Name})
	}
	if was.Target != is.Target {
		add(audit.PointCode)
	}
	switch {
	case is.Revoked && !was.Revoked:
		add(audit.RevokeCode)
	case was.Revoked && !is.Revoked:
		add(audit.RestoreCode)
	}
	return acts
}

// replaceCode writes the line of each act and replaces was by is. ok is false after a concurrent change.
func (svc *Service) replaceCode(ctx context.Context, st *station.Station, acts []audit.Act, was, is station.Code) (ok bool, err error) {
	if len(acts) == 0 {
		return true, nil
	}
	return audit.Do(ctx, svc.audit, st.ID, acts[0], func(w audit.Written) (bool, error) {
		if len(acts) > 1 {
			return svc.replaceCode(ctx, st, acts[1:], was, is)
		}
		return svc.swapCode(ctx, w, was, is)
	})
}

// errCodeChanged ends a change of a code that has changed meanwhile.
var errCodeChanged = errors.New("desk: the code was changed")

func (svc *Service) swapCode(ctx context.Context, w audit.Written, was, is station.Code) (ok bool, err error) {
	if err := w.Of(audit.PointCode, audit.RevokeCode, audit.RestoreCode); err != nil {
		return false, err
	}
	_, err = svc.store.ChangeCode(ctx, is.Key, func(stored station.Code) (station.Code, error) {
		if stored != was {
			return stored, errCodeChanged
		}
		return is, nil
	})
	svc.kit.Cache.Codes.Forget(is.Key)
	if errors.Is(err, errCodeChanged) {
		return false, nil
	}
	return err == nil, err
}

// ownCode returns a code of the caller's station from the store. The caller must be its staff.
func (svc *Service) ownCode(ctx context.Context, c access.Caller, key string) (station.Code, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return station.Code{}, err
	}
	key, err := station.ParseScene(key)
	if err != nil {
		return station.Code{}, err
	}
	code, err := svc.store.Code(ctx, key)
	if err == nil && code.Station != c.Station {
		err = access.Missing()
	}
	return code, err
}

func checkTarget(st *station.Station, t station.Target) error {
	var f fault.Check
	_, ok := st.Resolve(t)
	f.Require(ok, "target", "本站没有这个委员、议事室、场所或接待日，请核对编号")
	return f.Err()
}

// recentDays is over how many days recent uses are counted, today included.
const recentDays = 30

// StaffCode is a code as its station's staff see it.
type StaffCode struct {
	station.Code

	// Name is the target's name, or its id when the roster no longer has it; Lost is set then.
	Name, Village string
	Lost          bool
	Use           record.CodeUse
}

// CodeFilter narrows the list of codes. Zero fields do not filter.
type CodeFilter struct {
	Kind station.TargetKind
	// Revoked selects revoked or unrevoked codes.
	Revoked *bool
	// Query is searched in name, village and key.
	Query string
}

// Codes lists the codes of the caller's station, newest first, with their use. Codes are never removed and new
// ones come first, so one may be listed twice but none is missed.
func (svc *Service) Codes(ctx context.Context, c access.Caller, f CodeFilter, cursor string, limit int) (kit.PageOf[StaffCode], error) {
	p := kit.PageOf[StaffCode]{Items: []StaffCode{}}
	st, at, limit, err := svc.kit.StaffPage(ctx, c, true, cursor, limit)
	if err != nil {
		return p, err
	}
	all, err := svc.store.Codes(ctx, st.ID)
	if err != nil {
		return p, err
	}
	slices.SortFunc(all, func(a, b station.Code) int {
		return cmp.Or(cmp.Compare(b.CreatedAt, a.CreatedAt), strings.Compare(a.Key, b.Key))
	})
	for _, code := range all {
		made := float64(code.CreatedAt)
		if at.ID != "" && (made > at.Score || made == at.Score && code.Key <= at.ID) {
			continue // on an earlier page
		}
		k := NewStaffCode(st, code)
		if !f.matches(k) {
			continue
		}
		if len(p.Items) == limit {
			last := p.Items[limit-1]
			p.Next = kit.EncodeCursor(record.Cursor{Score: float64(last.CreatedAt), ID: last.Key})
			break
		}
		p.Items = append(p.Items, k)
	}
	return p, svc.WithUses(ctx, st.ID, p.Items)
}

func (f CodeFilter) matches(k StaffCode) bool {
	if f.Kind != "" && k.Target.Kind != f.Kind || f.Revoked != nil && k.Revoked != *f.Revoked {
		return false
	}
	return fold.Has(fold.Words(f.Query), k.Name, k.Village, k.Key)
}

// NewStaffCode resolves a code's target.
func NewStaffCode(st *station.Station, code station.Code) StaffCode {
	name, ok := st.Resolve(code.Target)
	return StaffCode{Code: code, Name: cmp.Or(name, code.Target.ID), Village: st.Village(code.Target), Lost: !ok}
}

// WithUses adds the codes' use.
func (svc *Service) WithUses(ctx context.Context, st string, list []StaffCode) error {
	days, now := make([]string, recentDays), svc.kit.Now().In(station.Zone)
	for i := range days {
		days[i] = now.AddDate(0, 0, -i).Format(time.DateOnly)
	}
	uses, err := svc.store.CodeUses(ctx, st, days)
	for i := range list {
		list[i].Use = uses[list[i].Key]
	}
	return err
}

// loadStaffCode returns a code that was just stored, with its use.
func (svc *Service) loadStaffCode(ctx context.Context, st *station.Station, code station.Code) (StaffCode, error) {
	list := []StaffCode{NewStaffCode(st, code)}
	err := svc.WithUses(ctx, st.ID, list)
	return list[0], err
}

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

// MintCode makes and stores a code without a caller: for the command line and
// for imports, which give each new target one.
func (svc *Service) MintCode(ctx context.Context, st string, t station.Target) (station.Code, error) {
	key, err := svc.newKey()
	if err != nil {
		return station.Code{}, err
	}
	code := station.Code{Key: key, Station: st, Target: t, CreatedAt: svc.kit.Now().UnixMilli()}
	return code, svc.store.PutCode(ctx, code)
}

// newKey draws from KeyAlphabet without favouring any letter.
func (svc *Service) newKey() (string, error) {
	const most = 256 / len(station.KeyAlphabet) * len(station.KeyAlphabet)
	key, b := make([]byte, 0, station.KeyLength), make([]byte, 1)
	for len(key) < station.KeyLength {
		if _, err := io.ReadFull(svc.kit.Rand, b); err != nil {
			return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
		}
		if int(b[0]) < most {
			key = append(key, station.KeyAlphabet[int(b[0])%len(station.KeyAlphabet)])
		}
	}
	return string(key), nil
}

// CodeChange is what can be changed of a code; nil leaves it.
type CodeChange struct {
	Target  *station.Target
	Revoked *bool
}

// ChangeCode re-points, revokes or restores a code of the caller's station: what
// people find who scan a sign that hangs somewhere. It is written down first.
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
	// Of what is stored at that moment: else of two at once, one who revokes a code
	// and one who points it elsewhere, the later would take back what the other did.
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

// of is the code as it is changed.
func (ch CodeChange) of(code station.Code) station.Code {
	if ch.Target != nil {
		code.Target = *ch.Target
	}
	if ch.Revoked != nil {
		code.Revoked = *ch.Revoked
	}
	return code
}

// actsOf are the acts that make a code another, none for the same.
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

// replaceCode writes the line of each act and replaces was by is; ok is false when
// another is stored by now.
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

// errCodeChanged ends a change of a code that is another by now.
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

// ownCode is a code of the caller's station, as it is stored; the caller must
// be its staff.
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
	f.Require(ok, "target", "本站没有这个委员、议事室或场所，请核对编号")
	return f.Err()
}

// recentDays are the days that count as recent for a code, today included.
const recentDays = 30

// StaffCode is a code as its station's staff see it.
type StaffCode struct {
	station.Code

	// Name is what staff call its target, in use or not; the target's id when the
	// roster no longer has it, which Lost tells.
	Name, Village string
	Lost          bool
	Use           record.CodeUse
}

// CodeFilter narrows the list of codes; zero values leave it.
type CodeFilter struct {
	Kind station.TargetKind
	// Revoked picks those that are out of use, or in use.
	Revoked *bool
	// Query is looked for in name, village and key.
	Query string
}

// Codes lists the codes of the caller's station, the newest first, with what
// became of them. Codes are never removed and new ones come first, so one may
// be seen twice and none is missed.
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
			continue // shown before
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

// NewStaffCode names a code's target.
func NewStaffCode(st *station.Station, code station.Code) StaffCode {
	name, ok := st.Resolve(code.Target)
	return StaffCode{Code: code, Name: cmp.Or(name, code.Target.ID), Village: st.Village(code.Target), Lost: !ok}
}

// WithUses adds what became of the codes.
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

// loadStaffCode is one code that was just written.
func (svc *Service) loadStaffCode(ctx context.Context, st *station.Station, code station.Code) (StaffCode, error) {
	list := []StaffCode{NewStaffCode(st, code)}
	err := svc.WithUses(ctx, st.ID, list)
	return list[0], err
}

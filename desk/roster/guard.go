package roster

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// One account that was taken over, or one person with a grudge, could have every
// phone number shown and every text exported. The numbers one account is shown are
// bounded; whoever has unusually many shown, or exports texts or numbers, is named
// to the staff for three days and in the audit for ever.

// What the audit calls what is watched.
const (
	auditRevealsMany   = "reveals-many"
	auditRevealsBraked = "reveals-braked"
	auditRevealsLift   = "reveals-lift"
	AuditTexts         = "list-export-texts"
	auditRosterNumbers = "roster-export"
)

// auditReveals are the acts that show one submission's or one entry's numbers.
var auditReveals = []string{"phone", "dossier-contacts", "roster-phone"}

const (
	// watchedFor is how long the staff's pages speak of something.
	watchedFor = 3 * 24 * time.Hour
	// revealsToldEvery is how often the audit has a line about one account.
	revealsToldEvery = time.Hour
	// unusual is the part of a bound from which on the staff are told: one of so many.
	unusual = 2
)

// bound is how many reveals one account has in a span.
type bound struct {
	name string
	most int
	span time.Duration
}

func bounds(g station.Guard) []bound {
	return []bound{{"1 小时", g.RevealsHour, time.Hour}, {"24 小时", g.RevealsDay, 24 * time.Hour}}
}

// account is what an account is called: in the audit, and where it is counted.
func account(c access.Caller) string { return string(c.Role) + "/" + c.ID }

func revealKey(st, account, what string) string { return "reveals " + st + " " + account + " " + what }

// MayReveal takes one of the numbers the caller may have shown, or answers TooMany
// with what to do. It comes before the line in the audit and before anything is shown.
func (svc *Service) MayReveal(ctx context.Context, c access.Caller, st *station.Station) error {
	many := false
	for _, b := range bounds(st.Guarded()) {
		wait, err := svc.store.TakeRate(ctx, revealKey(st.ID, account(c), b.name), b.most, b.span)
		if err != nil {
			return err
		}
		if wait > 0 {
			return svc.braked(ctx, c, st, b, wait)
		}
		watched, err := svc.store.TakeRate(ctx, revealKey(st.ID, account(c), "watch "+b.name), max(1, b.most/unusual), b.span)
		if err != nil {
			return err
		}
		many = many || watched > 0
	}
	if !many {
		return nil
	}
	return svc.tellReveals(ctx, c, st, auditRevealsMany, 1)
}

// braked writes down that an account was stopped, and says so to it.
func (svc *Service) braked(ctx context.Context, c access.Caller, st *station.Station, b bound, wait time.Duration) error {
	if err := svc.tellReveals(ctx, c, st, auditRevealsBraked, 0); err != nil {
		return err
	}
	again := svc.kit.Now().Add(wait).In(station.Zone)
	format := "15:04"
	if again.Format(time.DateOnly) != svc.kit.Now().In(station.Zone).Format(time.DateOnly) {
		format = "1月2日15:04"
	}
	words := fmt.Sprintf("查看电话太密集，这次没有显示：每个账号 %s最多 %d 个，用完后慢慢恢复，%s 过后可以再看一个。", b.name, b.most, again.Format(format))
	if st.Administered(c.ID) {
		words += "急用请本站管理员在电脑工作台“查看与导出”里放开，会留下记录"
	}
	return fault.New(fault.TooMany, "%s", words).Retry(wait)
}

// tellReveals writes a line about the account, at most one an hour of each kind.
// coming are the reveals that are not in the audit yet.
func (svc *Service) tellReveals(ctx context.Context, c access.Caller, st *station.Station, what string, coming int) error {
	wait, err := svc.store.TakeRate(ctx, revealKey(st.ID, account(c), what), 1, revealsToldEvery)
	if err != nil || wait > 0 {
		return err
	}
	now := svc.kit.Now()
	counts := make([]int, 0, 2) //nolint:mnd // an hour and a day
	for _, b := range bounds(st.Guarded()) {
		lines, _, err := svc.audit.Audited(ctx, st, audit.Filter{By: c.ID, From: now.Add(-b.span)}, "", kit.MostScanned)
		if err != nil {
			return err
		}
		n := coming
		for _, l := range lines {
			if l.Role == string(c.Role) && slices.Contains(auditReveals, l.What) {
				n++
			}
		}
		counts = append(counts, n)
	}
	return svc.audit.Record(ctx, st.ID, record.Audit{
		At: now, Role: string(access.System), What: what, Thing: account(c),
		Why: fmt.Sprintf("1 小时内查看电话 %d 次，24 小时内 %d 次", counts[0], counts[1]),
	})
}

// Watched is something that one account did and the staff should know.
type Watched struct {
	// What is the audit's word for it, Times how often within three days.
	What  string
	Times int
	// Role, ID and Name are of the account; At and Why of the last time.
	Role     access.Role
	ID, Name string
	At       time.Time
	Why      string
	// Braked is set while an administrator could let the account go on.
	Braked bool
}

// Sentence says it in Chinese.
func (w Watched) Sentence() string {
	who := w.Name + "（" + kit.RoleNames[w.Role] + "）"
	at := w.At.In(station.Zone).Format("1月2日15:04")
	switch w.What {
	case auditRevealsMany:
		return who + "查看电话异常多：" + w.Why + "（" + at + "）"
	case auditRevealsBraked:
		return who + "查看电话过密，已经拦下：" + w.Why + "（" + at + "）。若不是本人在看，请马上解除其微信绑定"
	case AuditTexts:
		return fmt.Sprintf("%s导出了反映的内容 %d 次，最近一次 %s，原因：%s", who, w.Times, at, w.Why)
	default:
		return fmt.Sprintf("%s导出了含电话的名册 %d 次，最近一次 %s，原因：%s", who, w.Times, at, w.Why)
	}
}

// Watched lists what the last three days' audit says of single accounts, the newest
// first. It looks at the newest 2,000 lines.
func (svc *Service) Watched(ctx context.Context, st *station.Station) ([]Watched, error) {
	now := svc.kit.Now()
	lines, _, err := svc.audit.Audited(ctx, st, audit.Filter{From: now.Add(-watchedFor)}, "", kit.MostScanned)
	if err != nil {
		return nil, err
	}
	list, lifted := []Watched{}, map[string]bool{}
	for _, l := range lines {
		w := Watched{What: l.What, Times: 1, Role: access.Role(l.Role), ID: l.ID, At: l.At, Why: l.Why}
		switch l.What {
		case auditRevealsLift:
			lifted[l.Thing] = true
			continue
		case auditRevealsMany, auditRevealsBraked:
			w.Role, w.ID = accountOf(l.Thing)
			w.Braked = l.What == auditRevealsBraked && !lifted[l.Thing] && now.Sub(l.At) < 24*time.Hour
		case AuditTexts, auditRosterNumbers:
		default:
			continue
		}
		i := slices.IndexFunc(list, func(x Watched) bool { return x.What == w.What && x.Role == w.Role && x.ID == w.ID })
		if i >= 0 {
			list[i].Times++
			continue
		}
		w.Name = audit.WhoDid(st, record.Audit{Role: string(w.Role), ID: w.ID})
		list = append(list, w)
	}
	return list, nil
}

// GuardState is how the station guards what people told, for its staff.
type GuardState struct {
	// Guard has the defaults filled in.
	Guard   station.Guard
	Watched []Watched
	// May tells whether the caller may change it.
	May bool
}

// Guard says how the station guards what people told.
func (svc *Service) Guard(ctx context.Context, c access.Caller) (GuardState, error) {
	if err := access.Staff(c, true); err != nil {
		return GuardState{}, err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return GuardState{}, err
	}
	return svc.guardState(ctx, c, st)
}

func (svc *Service) guardState(ctx context.Context, c access.Caller, st *station.Station) (GuardState, error) {
	list, err := svc.Watched(ctx, st)
	return GuardState{Guard: st.Guarded(), Watched: list, May: access.Administrator(c) == nil}, err
}

// SetGuard replaces it; the administrator alone may, as it bounds the liaisons.
func (svc *Service) SetGuard(ctx context.Context, c access.Caller, g station.Guard) (GuardState, error) {
	if err := access.Administrator(c); err != nil {
		return GuardState{}, err
	}
	st, err := svc.ChangeRoster(ctx, c.Station, func(st *station.Station) error {
		if err := st.CheckGuard(g); err != nil {
			return err
		}
		st.Guard = &g
		now := st.Guarded()
		second := map[bool]string{true: "开", false: "关"}[g.Second]
		return svc.audit.Record(ctx, st.ID, record.Audit{
			At: svc.kit.Now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: "guard", Thing: st.ID,
			Why: fmt.Sprintf("查看电话 1 小时 %d 个、24 小时 %d 个；导出内容双人确认：%s", now.RevealsHour, now.RevealsDay, second),
		})
	})
	if err != nil {
		return GuardState{}, err
	}
	return svc.guardState(ctx, c, st)
}

// LiftBrake gives an account all its reveals back. An administrator does so for
// others alone; that they did is written down first.
func (svc *Service) LiftBrake(ctx context.Context, c access.Caller, role access.Role, id string) (GuardState, error) {
	if err := access.Administrator(c); err != nil {
		return GuardState{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return GuardState{}, err
	}
	a := string(role) + "/" + id
	switch {
	case audit.WhoDid(st, record.Audit{Role: string(role), ID: id}) == "":
		return GuardState{}, access.Missing()
	case id == c.ID && (role == access.Admin || role == access.Liaison):
		return GuardState{}, fault.New(fault.Denied, "自己的限制要由另一位管理员放开，或等它自己恢复")
	}
	if err := svc.audit.Record(ctx, st.ID, record.Audit{
		At: svc.kit.Now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: auditRevealsLift, Thing: a,
	}); err != nil {
		return GuardState{}, err
	}
	for _, b := range bounds(st.Guarded()) {
		if err := svc.store.ForgetRate(ctx, revealKey(st.ID, a, b.name)); err != nil {
			return GuardState{}, err
		}
	}
	// The next time it is stopped is told anew.
	if err := svc.store.ForgetRate(ctx, revealKey(st.ID, a, auditRevealsBraked)); err != nil {
		return GuardState{}, err
	}
	return svc.guardState(ctx, c, st)
}

// accountOf is account the other way round.
func accountOf(text string) (access.Role, string) {
	role, id, _ := strings.Cut(text, "/")
	return access.Role(role), id
}

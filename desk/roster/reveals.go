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
	"mashang/domain/station"
)

// A hijacked account, or a person with a grudge, could have every phone number shown and every text exported.
// So the phone numbers shown to an account are rate-limited. An account that has unusually many shown, or that
// exports texts or numbers, is shown to the staff for three days and stays in the audit.

// reveals are the actions that show the numbers of one submission or entry, or whose number one is.
var reveals = []audit.Action{audit.ShowPhone, audit.FindPhone, audit.ExportDossierPhone, audit.ShowRosterPhone}

const (
	// alertSpan is how long an alert is shown to the staff.
	alertSpan = 3 * 24 * time.Hour
	// alertEvery is the least time between two audit lines about one account.
	alertEvery = time.Hour
	// alertFraction divides a limit: above that part of it the staff are alerted.
	alertFraction = 2
)

// revealLimit is how many reveals an account has per span.
type revealLimit struct {
	name  string
	count int
	span  time.Duration
}

func revealLimits(g station.RevealPolicy) []revealLimit {
	return []revealLimit{{"1 小时", g.MaxPerHour, time.Hour}, {"24 小时", g.MaxPerDay, 24 * time.Hour}}
}

// account returns an account's name in the audit and in rate keys, "<role>/<id>".
func account(c access.Caller) string { return string(c.Role) + "/" + c.ID }

func revealKey(st, account, what string) string { return "reveals " + st + " " + account + " " + what }

// TakeReveal takes one reveal of the caller's limit, or returns TooMany with advice. It is called before the
// audit line is written and before anything is shown.
func (svc *Service) TakeReveal(ctx context.Context, c access.Caller, st *station.Station) error {
	alert := false
	for _, b := range revealLimits(st.EffectiveRevealPolicy()) {
		wait, err := svc.store.TakeRate(ctx, revealKey(st.ID, account(c), b.name), b.count, b.span)
		if err != nil {
			return err
		}
		if wait > 0 {
			return svc.recordLimitReached(ctx, c, st, b, wait)
		}
		overFraction, err := svc.store.TakeRate(ctx, revealKey(st.ID, account(c), "watch "+b.name), max(1, b.count/alertFraction), b.span)
		if err != nil {
			return err
		}
		alert = alert || overFraction > 0
	}
	if !alert {
		return nil
	}
	return svc.recordReveals(ctx, c, st, audit.RevealsMany, 1)
}

// recordLimitReached writes an audit event about a stopped account and returns the error for it.
func (svc *Service) recordLimitReached(ctx context.Context, c access.Caller, st *station.Station, b revealLimit, wait time.Duration) error {
	if err := svc.recordReveals(ctx, c, st, audit.RevealsStopped, 0); err != nil {
		return err
	}
	again := svc.kit.Now().Add(wait).In(station.Zone)
	format := "15:04"
	if again.Format(time.DateOnly) != svc.kit.Now().In(station.Zone).Format(time.DateOnly) {
		format = "1月2日15:04"
	}
	words := fmt.Sprintf("查看电话太密集，这次没有显示：每个账号 %s最多 %d 个，用完后慢慢恢复，%s 过后可以再看一个。", b.name, b.count, again.Format(format))
	if st.HasOtherAdmin(c.ID) {
		words += "急用请本站管理员在电脑工作台“查看与导出”里放开，会留下记录"
	}
	return fault.New(fault.TooMany, "%s", words).Retry(wait)
}

// recordReveals writes an audit event about an account's reveals, at most one an hour of each kind. pending is
// the number of reveals that are not in the audit yet.
func (svc *Service) recordReveals(ctx context.Context, c access.Caller, st *station.Station, what audit.Event, pending int) error {
	wait, err := svc.store.TakeRate(ctx, revealKey(st.ID, account(c), string(what)), 1, alertEvery)
	if err != nil || wait > 0 {
		return err
	}
	now := svc.kit.Now()
	counts := make([]int, 0, 2) //nolint:mnd // an hour and a day
	for _, b := range revealLimits(st.EffectiveRevealPolicy()) {
		lines, _, err := svc.audit.Find(ctx, st, audit.Filter{By: c.ID, From: now.Add(-b.span)}, "", kit.MaxScanned)
		if err != nil {
			return err
		}
		n := pending
		for _, l := range lines {
			if l.Role == string(c.Role) && slices.Contains(reveals, audit.Action(l.Action)) {
				n++
			}
		}
		counts = append(counts, n)
	}
	return svc.audit.Note(ctx, st.ID, what, account(c), fmt.Sprintf("1 小时内查看电话 %d 次，24 小时内 %d 次", counts[0], counts[1]))
}

// RevealAlert is an account's activity that the staff should know about.
type RevealAlert struct {
	// What is its kind in the audit, Times how often it happened within three days.
	What  string
	Times int
	// Role, ID and Name are the account's; At and Why are the last occurrence's.
	Role     access.Role
	ID, Name string
	At       time.Time
	Why      string
	// CanReset is set while an administrator can reset the account's limit.
	CanReset bool
}

// Sentence describes it in a Chinese sentence.
func (w RevealAlert) Sentence() string {
	who := w.Name + "（" + kit.RoleNames[w.Role] + "）"
	at := w.At.In(station.Zone).Format("1月2日15:04")
	switch w.What {
	case string(audit.RevealsMany):
		return who + "查看电话异常多：" + w.Why + "（" + at + "）"
	case string(audit.RevealsStopped):
		return who + "查看电话过密，已经拦下：" + w.Why + "（" + at + "）。若不是本人在看，请马上解除其微信绑定"
	case string(audit.ExportTexts):
		return fmt.Sprintf("%s导出了反映的内容 %d 次，最近一次 %s，原因：%s", who, w.Times, at, w.Why)
	default:
		return fmt.Sprintf("%s导出了含电话的名册 %d 次，最近一次 %s，原因：%s", who, w.Times, at, w.Why)
	}
}

// RevealAlerts lists the alerts in the newest 2,000 audit lines of the last three days, newest first.
func (svc *Service) RevealAlerts(ctx context.Context, st *station.Station) ([]RevealAlert, error) {
	now := svc.kit.Now()
	lines, _, err := svc.audit.Find(ctx, st, audit.Filter{From: now.Add(-alertSpan)}, "", kit.MaxScanned)
	if err != nil {
		return nil, err
	}
	list, reset := []RevealAlert{}, map[string]bool{}
	for _, l := range lines {
		w := RevealAlert{What: l.Action, Times: 1, Role: access.Role(l.Role), ID: l.ID, At: l.At, Why: l.Why}
		switch l.Action {
		case string(audit.ResetReveals):
			reset[l.Object] = true
			continue
		case string(audit.RevealsMany), string(audit.RevealsStopped):
			w.Role, w.ID = accountOf(l.Object)
			w.CanReset = l.Action == string(audit.RevealsStopped) && !reset[l.Object] && now.Sub(l.At) < 24*time.Hour
		case string(audit.ExportTexts), string(audit.ExportRosterPhones):
		default:
			continue
		}
		i := slices.IndexFunc(list, func(x RevealAlert) bool { return x.What == w.What && x.Role == w.Role && x.ID == w.ID })
		if i >= 0 {
			list[i].Times++
			continue
		}
		h, _ := st.Holder(w.Role, w.ID)
		w.Name = h.Name
		list = append(list, w)
	}
	return list, nil
}

// RevealPolicyView is the station's reveal policy with its alerts, for staff.
type RevealPolicyView struct {
	// Policy has the defaults filled in.
	Policy station.RevealPolicy
	Alerts []RevealAlert
	// May reports whether the caller may change the policy.
	May bool
}

// RevealPolicy returns the station's reveal policy.
func (svc *Service) RevealPolicy(ctx context.Context, c access.Caller) (RevealPolicyView, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return RevealPolicyView{}, err
	}
	st, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return RevealPolicyView{}, err
	}
	return svc.revealPolicyView(ctx, c, st)
}

func (svc *Service) revealPolicyView(ctx context.Context, c access.Caller, st *station.Station) (RevealPolicyView, error) {
	list, err := svc.RevealAlerts(ctx, st)
	return RevealPolicyView{Policy: st.EffectiveRevealPolicy(), Alerts: list, May: access.RequireAdmin(c) == nil}, err
}

// SetRevealPolicy replaces the policy. Only administrators may, because it limits the liaisons.
func (svc *Service) SetRevealPolicy(ctx context.Context, c access.Caller, g station.RevealPolicy) (RevealPolicyView, error) {
	if err := access.RequireAdmin(c); err != nil {
		return RevealPolicyView{}, err
	}
	st, err := svc.changeRoster(ctx, c.Station, func(st *station.Station) (audit.Act, error) {
		if err := st.CheckRevealPolicy(g); err != nil {
			return audit.Act{}, err
		}
		st.RevealPolicy = &g
		now := st.EffectiveRevealPolicy()
		second := map[bool]string{true: "开", false: "关"}[g.NeedsSecondPerson]
		why := fmt.Sprintf("查看电话 1 小时 %d 个、24 小时 %d 个；导出内容双人确认：%s", now.MaxPerHour, now.MaxPerDay, second)
		return audit.Act{By: c, What: audit.SetRevealPolicy, Object: st.ID, Why: why}, nil
	})
	if err != nil {
		return RevealPolicyView{}, err
	}
	return svc.revealPolicyView(ctx, c, st)
}

// ResetReveals restores an account's full limit. It is audited. Administrators cannot reset their own.
func (svc *Service) ResetReveals(ctx context.Context, c access.Caller, role access.Role, id string) (RevealPolicyView, error) {
	if err := access.RequireAdmin(c); err != nil {
		return RevealPolicyView{}, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return RevealPolicyView{}, err
	}
	a := string(role) + "/" + id
	h, _ := st.Holder(role, id)
	switch {
	case h.Name == "":
		return RevealPolicyView{}, access.Missing()
	case id == c.ID && (role == access.Admin || role == access.Liaison):
		return RevealPolicyView{}, fault.New(fault.Denied, "自己的限制要由另一位管理员放开，或等它自己恢复")
	}
	reset := audit.Act{By: c, What: audit.ResetReveals, Object: a}
	if err := audit.Run(ctx, svc.audit, st.ID, reset, func(w audit.Written) error { return svc.resetReveals(ctx, w, st, a) }); err != nil {
		return RevealPolicyView{}, err
	}
	return svc.revealPolicyView(ctx, c, st)
}

// resetReveals clears the account's counts.
func (svc *Service) resetReveals(ctx context.Context, w audit.Written, st *station.Station, account string) error {
	if err := w.Of(audit.ResetReveals); err != nil {
		return err
	}
	for _, b := range revealLimits(st.EffectiveRevealPolicy()) {
		if err := svc.store.ForgetRate(ctx, revealKey(st.ID, account, b.name)); err != nil {
			return err
		}
	}
	// The next stop is recorded again.
	return svc.store.ForgetRate(ctx, revealKey(st.ID, account, string(audit.RevealsStopped)))
}

// accountOf parses the name that account returns.
func accountOf(text string) (access.Role, string) {
	role, id, _ := strings.Cut(text, "/")
	return access.Role(role), id
}

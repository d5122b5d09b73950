package roster

import (
	"cmp"
	"context"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

const (
	maxAbsences    = 20
	maxAbsenceDays = 366
	// keepAbsences is for how many days an absence is kept after its end.
	keepAbsences = 30
)

// AbsenceRequest is an absence to report. Dates are local, both inclusive.
type AbsenceRequest struct {
	From, To, Substitute, Reason string
}

// AbsenceView is an absence as its member and the staff see it.
type AbsenceView struct {
	station.Absence

	SubstituteName string
	// Now is set while the absence lasts.
	Now bool
}

// Absences lists a member's present and future absences, for the member and the station's staff. member is ""
// for the caller's own.
func (svc *Service) Absences(ctx context.Context, c access.Caller, member string) ([]AbsenceView, error) {
	member, err := absenceMember(c, member)
	if err != nil {
		return nil, err
	}
	st, err := svc.kit.Roster(ctx, c.Station)
	if err != nil {
		return nil, err
	}
	m, ok := st.Member(member)
	if !ok || m.Left {
		return nil, access.Missing()
	}
	today := svc.today()
	list := []AbsenceView{}
	for _, a := range m.Absences {
		if a.To >= today {
			list = append(list, absenceView(st, a, svc.kit.Now()))
		}
	}
	slices.SortStableFunc(list, func(a, b AbsenceView) int { return cmp.Compare(a.From, b.From) })
	return list, nil
}

func absenceView(st *station.Station, a station.Absence, now time.Time) AbsenceView {
	sub, _ := st.Member(a.Substitute)
	return AbsenceView{Absence: a, SubstituteName: sub.Name, Now: a.Covers(now)}
}

// ReportAbsence records an absence, by the member or by staff. From its first day the member gets nothing new,
// and what they have goes to the substitute; after it their submissions come back.
func (svc *Service) ReportAbsence(ctx context.Context, c access.Caller, member string, r AbsenceRequest) (AbsenceView, error) {
	member, err := absenceMember(c, member)
	if err != nil {
		return AbsenceView{}, err
	}
	a := station.Absence{From: r.From, To: r.To, Substitute: r.Substitute, Reason: casework.Clean(r.Reason)}
	if err := svc.checkAbsence(a); err != nil {
		return AbsenceView{}, err
	}
	if a.ID, err = svc.kit.NewID("a"); err != nil {
		return AbsenceView{}, err
	}
	st, err := svc.changeAbsences(ctx, c, member, audit.ReportAbsence, a.From+"/"+a.To, func(st *station.Station, m *station.Member) error {
		if n := slices.IndexFunc(m.Absences, func(o station.Absence) bool {
			return o.ID != "" && o.From == a.From && o.To == a.To && o.Substitute == a.Substitute
		}); n >= 0 {
			a = m.Absences[n] // reported twice
			return nil
		}
		reported := 0
		for _, o := range m.Absences {
			if o.ID != "" {
				reported++
			}
		}
		if reported >= maxAbsences {
			return fault.New(fault.WrongState, "已登记的外出太多，请先撤销不用的")
		}
		if sub, ok := st.Member(a.Substitute); a.Substitute != "" && (!ok || sub.Left || sub.ID == m.ID) {
			return kit.Field("substitute", "请选择本站的另一位委员代办")
		}
		m.Absences = append(m.Absences, a)
		return nil
	})
	if err != nil {
		return AbsenceView{}, err
	}
	return absenceView(st, a, svc.kit.Now()), nil
}

// EndAbsence removes a reported absence. If it has begun, the member is back at once.
func (svc *Service) EndAbsence(ctx context.Context, c access.Caller, member, absence string) error {
	member, err := absenceMember(c, member)
	if err != nil {
		return err
	}
	_, err = svc.changeAbsences(ctx, c, member, audit.EndAbsence, absence, func(_ *station.Station, m *station.Member) error {
		i := slices.IndexFunc(m.Absences, func(a station.Absence) bool { return a.ID == absence && absence != "" })
		if i < 0 {
			return access.Missing()
		}
		m.Absences = slices.Delete(m.Absences, i, i+1)
		return nil
	})
	return err
}

// absenceMember returns the member that an absence is about: the caller, or the one that staff name.
func absenceMember(c access.Caller, member string) (string, error) {
	if c.Person == "" {
		return "", access.NoSession()
	}
	if member == "" {
		if c.Role != access.Member {
			return "", fault.New(fault.Denied, "只有委员可以登记自己外出")
		}
		return c.ID, nil
	}
	return member, access.RequireStaff(c, true)
}

func (svc *Service) today() string { return svc.kit.Now().In(station.Zone).Format(time.DateOnly) }

func (svc *Service) checkAbsence(a station.Absence) error {
	var c fault.Check
	from, err1 := time.Parse(time.DateOnly, a.From)
	to, err2 := time.Parse(time.DateOnly, a.To)
	c.Require(err1 == nil, "from", "开始日期须为 2026-05-01 的形式")
	c.Require(err2 == nil, "to", "结束日期须为 2026-05-01 的形式")
	if err1 == nil && err2 == nil {
		c.Require(!to.Before(from), "to", "结束日期早于开始日期")
		c.Require(a.To >= svc.today(), "to", "结束日期已经过去")
		c.Require(to.Before(from.AddDate(0, 0, maxAbsenceDays)), "to", "一次最多登记 %d 天", maxAbsenceDays)
		c.Require(from.Before(svc.kit.Now().AddDate(1, 0, 0)), "from", "最多提前一年登记")
	}
	c.Require(casework.Runes(a.Reason) <= casework.MaxReason, "reason", "原因最多 %d 字", casework.MaxReason)
	return c.Err()
}

// changeAbsences changes one member's absences and drops those that were over long ago. It refuses a circular
// chain of substitutes. The change is audited without the reason, which belongs to the absence.
func (svc *Service) changeAbsences(ctx context.Context, c access.Caller, member string, what audit.Action, why string, change func(*station.Station, *station.Member) error) (*station.Station, error) {
	return svc.changeRoster(ctx, c.Station, func(st *station.Station) (audit.Act, error) {
		i := slices.IndexFunc(st.Members, func(m station.Member) bool { return m.ID == member && !m.Left })
		if i < 0 {
			return audit.Act{}, access.Missing()
		}
		m := &st.Members[i]
		m.Absences = slices.DeleteFunc(slices.Clone(m.Absences), svc.LongOver)
		if err := change(st, m); err != nil {
			return audit.Act{}, err
		}
		if loop, found := st.Loops(); found {
			return audit.Act{}, kit.Field("substitute", st.DescribeLoop(loop))
		}
		return audit.Act{By: c, What: what, Object: member, Why: why}, nil
	})
}

// SubstituteName names the substitute of an absent member, "" for none.
func SubstituteName(st *station.Station, member string, now time.Time) string {
	id, ok := st.Substitute(member, now)
	if !ok {
		return ""
	}
	m, _ := st.Member(id)
	return "（代办的是" + m.Name + "委员）"
}

// LongOver reports whether a reported absence ended more than keepAbsences days ago. It is then dropped with
// its reason.
func (svc *Service) LongOver(a station.Absence) bool {
	return a.ID != "" && a.To < svc.kit.Now().In(station.Zone).AddDate(0, 0, -keepAbsences).Format(time.DateOnly)
}

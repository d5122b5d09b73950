package roster_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/desk/audit"
	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/domain/station"
)

// TestSurge: a liaison switches it on; every process sees it within seconds, an
// import does not end it, and it ends by itself.
func TestSurge(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	other := b.SecondDesk()
	st := desktest.Town()
	st.Version = 2
	st.Duty = []station.DutySlot{{Member: "m03", Place: "p1", Weekday: int(desktest.Start.Weekday()), From: 0, To: 24 * 60, Surge: true}}
	b.Put(st, 1)
	b.Clock.Advance(time.Minute)
	l, ctx := b.Liaison(), t.Context()
	key := b.Key(station.ForPlace, "p1")

	usual := b.File(b.Visitor("surge-visitor-0"), key)
	if usual.Surge || len(usual.Advice) != 0 {
		t.Errorf("on a usual day: %v %q", usual.Surge, usual.Advice)
	}
	until := b.Clock.Now().Add(48 * time.Hour)
	s, err := b.Roster.StartSurge(ctx, l, until, "东门在排队")
	if err != nil || !s.On || !s.Until.Equal(until) || s.By == "" || s.Note != "东门在排队" {
		t.Fatalf("%+v, %v", s, err)
	}
	b.Clock.Advance(5 * time.Second)
	sign, err := other.Codes.Sign(ctx, key)
	if err != nil || len(sign.OnDuty) != 1 || sign.OnDuty[0].Member.ID != "m03" || !strings.Contains(sign.Notice, "东门在排队") {
		t.Errorf("the other process shows %+v, %v", sign, err)
	}
	v := b.File(b.Visitor("surge-visitor-1"), key)
	if !v.Surge || len(v.Advice[language.Chinese]) != 1 || !strings.Contains(v.Advice[language.Chinese][0], st.Phone) {
		t.Errorf("in a surge: %v %q", v.Surge, v.Advice)
	}
	if m, err := b.Matters.Get(ctx, b.Liaison(), v.ID); err != nil || len(m.Advice) != 0 {
		t.Errorf("the staff are given the visitor's advice: %q, %v", m.Advice, err)
	}

	later := until.Add(24 * time.Hour)
	if s, err = b.Roster.StartSurge(ctx, l, later, ""); err != nil || !s.Until.Equal(later) || s.Note != "" {
		t.Errorf("moved: %+v, %v", s, err)
	}
	stored, err := b.Store.Station(ctx, desktest.Here)
	if err != nil {
		t.Fatal(err)
	}
	b.Put(station.Merge(stored, desktest.Town()), stored.Version)
	b.Clock.Advance(5 * time.Second)
	if today, err := b.Overview.Today(ctx, l); err != nil || !today.Surge.On {
		t.Errorf("after an import: %+v, %v", today.Surge, err)
	}
	b.Clock.Set(later)
	if s, err = b.Roster.Surge(ctx, l); err != nil || s.On {
		t.Errorf("it did not end: %+v, %v", s, err)
	}
}

func TestSurgeEnds(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	if _, err := b.Roster.StartSurge(t.Context(), l, desktest.Start.Add(time.Hour), ""); err != nil {
		t.Fatal(err)
	}
	var version int
	for i := range 2 {
		if s, err := b.Roster.EndSurge(t.Context(), l); err != nil || s.On {
			t.Errorf("%+v, %v", s, err)
		}
		if i == 0 {
			version = b.Stored().Version
		}
	}
	// The second end is no error and no change: an open form stays good.
	if got := b.Stored().Version; got != version {
		t.Errorf("version %d after %d", got, version)
	}
	p, err := b.Audit.AuditList(t.Context(), l, audit.Filter{Action: string(audit.EndSurge)}, "", 9)
	if err != nil || len(p.Items) != 1 {
		t.Errorf("%d lines, %v", len(p.Items), err)
	}
}

func TestSurgeIsRefused(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	ctx, l := t.Context(), b.Liaison()
	for _, c := range []access.Caller{{}, b.Visitor("surge-visitor-2"), b.Member("m01"), b.Bound(desktest.Here, access.Admin, "a01")} {
		want := fault.Denied
		if c.Person == "" {
			want = fault.Unauthenticated
		}
		for what, err := range map[string]error{
			"start": desktest.Second(b.Roster.StartSurge(ctx, c, desktest.Start.Add(time.Hour), "")), "end": desktest.Second(b.Roster.EndSurge(ctx, c)),
			"look": desktest.Second(b.Roster.Surge(ctx, c)), "board": desktest.Second(b.Overview.Board(ctx, c)),
		} {
			if !fault.Is(err, want) {
				t.Errorf("%s by %q: %v", what, c.Role, err)
			}
		}
	}
	for name, tc := range map[string]struct {
		until time.Time
		note  string
		field string
	}{
		"now":      {desktest.Start, "", "until"},
		"past":     {desktest.Start.Add(-time.Hour), "", "until"},
		"too long": {desktest.Start.Add(station.MaxSurge + time.Millisecond), "", "until"},
		"a speech": {desktest.Start.Add(time.Hour), strings.Repeat("长", station.MaxSurgeNote+1), "note"},
	} {
		_, err := b.Roster.StartSurge(ctx, l, tc.until, tc.note)
		if fields := desktest.FieldsOf(err); !slices.Equal(fields, []string{tc.field}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := b.Roster.Surge(ctx, l); err != nil || s.On {
		t.Errorf("a refused one is on: %+v, %v", s, err)
	}
}

// TestSurgeIsProposed when three times as many come as usual.
func TestSurgeIsProposed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForPlace, "p1")
	for i := range 6 {
		b.File(b.Visitor("rush-visitor-"+string(rune('a'+i))), key)
		if s, err := b.Roster.Surge(t.Context(), l); err != nil || s.Proposed {
			t.Fatalf("after %d: %+v, %v", i, s, err)
		}
		b.Clock.Advance(time.Second)
	}
	s, err := b.Roster.Surge(t.Context(), l)
	if err != nil || !s.Proposed || s.Arrivals.LastHour != 6 {
		t.Errorf("six in a minute: %+v, %v", s, err)
	}
	if s, err = b.Roster.StartSurge(t.Context(), l, b.Clock.Now().Add(time.Hour), ""); err != nil || s.Proposed {
		t.Errorf("while it is on: %+v, %v", s, err)
	}
	b.Clock.Advance(2 * time.Hour)
	if s, err = b.Roster.Surge(t.Context(), l); err != nil || s.Proposed || s.Arrivals.LastHour != 0 || s.Arrivals.PerHour == 0 {
		t.Errorf("when they have gone: %+v, %v", s, err)
	}
}

// TestUrgesComeSoonerInASurge.
func TestUrgesComeSoonerInASurge(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.File(b.Visitor("surge-visitor-3"), b.Key(station.ForMember, "m01"))
	b.Clock.Advance(30 * 24 * time.Hour)
	if _, err := b.Roster.StartSurge(t.Context(), b.Liaison(), b.Clock.Now().Add(24*time.Hour), ""); err != nil {
		t.Fatal(err)
	}
	urges := 0
	for range 5 * 6 {
		n, err := b.Deadlines.Sweep(t.Context(), desktest.Here)
		if err != nil {
			t.Fatal(err)
		}
		urges += n
		b.Clock.Advance(10 * time.Minute)
	}
	if urges != 3 { // at once, after two hours, after four
		t.Errorf("%d urges in five hours", urges)
	}
}

// TestAdviceToATourist: advice that helps while they are still here.
func TestAdviceToATourist(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	c := b.Visitor("lane-visitor-1")
	v := b.File(c, b.Key(station.ForMember, "m01"), func(r *filing.Request) { r.Filing.Visitor = casework.Tourist })
	if len(v.Advice[language.Chinese]) != 1 || !strings.Contains(v.Advice[language.Chinese][0], "票据") || !strings.Contains(v.Advice[language.Chinese][0], "电话") {
		t.Errorf("%q", v.Advice)
	}
	b.Act(c, v.ID, casework.Withdraw{Reason: "算了"})
	if v, err := b.Matters.Get(t.Context(), c, v.ID); err != nil || len(v.Advice) != 0 {
		t.Errorf("after it is over: %q, %v", v.Advice, err)
	}
}

func TestBoard(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, p1 := b.Liaison(), b.Key(station.ForPlace, "p1")
	empty, err := b.Overview.Board(t.Context(), l)
	if err != nil || empty.Open != 0 || len(empty.Rows) != 2 || len(empty.Newest) != 0 {
		t.Fatalf("an empty station: %+v, %v", empty, err)
	}
	first := b.File(b.Visitor("board-visitor-1"), p1)
	b.Clock.Advance(time.Minute)
	b.File(b.Visitor("board-visitor-2"), p1)
	b.Clock.Advance(time.Minute)
	second := b.File(b.Visitor("board-visitor-3"), b.Key(station.ForMember, "m01"))
	b.Act(b.Member(second.AssigneeCard.ID), second.ID, casework.Accept{})
	board, err := b.Overview.Board(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	if board.Open != 3 || board.Untouched != 2 || board.Overdue != 0 || board.Partial {
		t.Errorf("%+v", board)
	}
	top := board.Rows[0]
	if top.Name != "一号码头" || top.Open != 2 || top.Untouched != 2 || !top.Oldest.Equal(first.FiledAt.Time()) {
		t.Errorf("first row %+v", top)
	}
	if len(board.Newest) != 3 || board.Newest[0].ID != second.ID {
		t.Errorf("newest %+v", board.Newest)
	}
	b.Clock.Advance(30 * 24 * time.Hour)
	if board, err = b.Overview.Board(t.Context(), l); err != nil || board.Overdue != 3 {
		t.Errorf("a month later %d are overdue, %v", board.Overdue, err)
	}
}

package roster_test

import (
	"strings"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// A station's own days move the deadlines of later filings only.
func TestOwnDaysCountForWhatIsFiledAfterwards(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, v := b.Liaison(), b.Visitor("villager")
	inquiry := func(r *filing.Request) { r.Filing.Kind = casework.Inquiry } // one working day
	before := b.File(v, b.Key(station.ForMember, "m01"), inquiry)
	due := b.Load(before.ID).DueAt.Time()
	if due.Format(time.DateOnly) != "2026-07-23" {
		t.Fatalf("due %v", due)
	}
	day, err := b.Roster.SetDay(t.Context(), l, station.OwnDay{Date: "2026-07-23", Name: " 防汛演练 ", Reason: "全镇停办一天"})
	if err != nil || day.Work || day.Own == nil || day.Own.Name != "防汛演练" || day.By != "周联络" || day.Kind != "work" {
		t.Fatalf("%+v, %v", day, err)
	}
	after := b.Load(b.File(v, b.Key(station.ForMember, "m01"), inquiry).ID)
	if got := after.DueAt.Time().Format(time.DateOnly); got != "2026-07-24" {
		t.Errorf("filed afterwards: due %s", got)
	}
	if got := b.Load(before.ID).DueAt.Time(); !got.Equal(due) {
		t.Errorf("a deadline that was given moved to %v", got)
	}
	if day, err = b.Roster.DropDay(t.Context(), l, "2026-07-23"); err != nil || !day.Work || day.Own != nil {
		t.Errorf("%+v, %v", day, err)
	}
	if got := b.Load(after.ID).DueAt; got != after.DueAt {
		t.Errorf("taking the day back moved a deadline to %v", got.Time())
	}
	if got := b.Load(b.File(v, b.Key(station.ForMember, "m01"), inquiry).ID).DueAt.Time().Format(time.DateOnly); got != "2026-07-23" {
		t.Errorf("after it was taken back: due %s", got)
	}
	audit := b.Server.Client(t).XRange(t.Context(), "{"+desktest.Here+"}:audit", "-", "+").Val()
	if len(audit) != 2 || audit[0].Values["what"] != "calendar" || audit[0].Values["why"] != "2026-07-23 休息：防汛演练（全镇停办一天）" ||
		audit[1].Values["what"] != "calendar-undo" || audit[1].Values["id"] != "l01" {
		t.Errorf("written down: %v", audit)
	}
}

func TestCalendarIsShownAndChecked(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	if _, err := b.Roster.SetDay(t.Context(), l, station.OwnDay{Date: "2026-10-10", Name: "不补班"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Roster.SetDay(t.Context(), l, station.OwnDay{Date: "2026-07-25", Work: true, Name: "大集值守"}); err != nil {
		t.Fatal(err)
	}
	y, err := b.Roster.Calendar(t.Context(), l, 0)
	if err != nil || y.Year != 2026 || !strings.Contains(y.Source, "2026年") || len(y.Days) != 365 || len(y.Missing) != 0 {
		t.Fatalf("%d %q %v, %v", y.Year, y.Source, y.Missing, err)
	}
	for _, d := range y.Days {
		switch d.Date {
		case "2026-10-01":
			if d.Kind != "holiday" || d.Name != "国庆节" || d.Work || d.Own != nil {
				t.Errorf("%+v", d)
			}
		case "2026-10-10":
			if d.Kind != "make_up" || d.Work || d.Own == nil {
				t.Errorf("%+v", d)
			}
		case "2026-07-25":
			if d.Kind != "weekend" || !d.Work || d.Own.Name != "大集值守" {
				t.Errorf("%+v", d)
			}
		}
	}
	if y, err := b.Roster.Calendar(t.Context(), l, 2027); err != nil || y.Source != "" || len(y.Days) != 365 {
		t.Errorf("a year that is not known: %q, %v", y.Source, err)
	}
	b.Clock.Set(time.Date(2026, 12, 1, 9, 0, 0, 0, station.Zone))
	if y, err := b.Roster.Calendar(t.Context(), l, 2026); err != nil || len(y.Missing) != 1 || y.Missing[0] != 2027 {
		t.Errorf("missing %v, %v", y.Missing, err)
	}
	b.Clock.Set(desktest.Start)
	for name, tc := range map[string]struct {
		day  station.OwnDay
		want string
	}{
		"no date":              {station.OwnDay{Date: "23.7.", Name: "x"}, "date"},
		"too far":              {station.OwnDay{Date: "2029-01-01", Name: "x"}, "date"},
		"no name":              {station.OwnDay{Date: "2026-07-23", Name: " "}, "name"},
		"off anyway":           {station.OwnDay{Date: "2026-07-26", Name: "x"}, "work"},
		"worked anyway":        {station.OwnDay{Date: "2026-07-23", Work: true, Name: "x"}, "work"},
		"a holiday is no work": {station.OwnDay{Date: "2026-10-02", Name: "x"}, "work"},
	} {
		if _, err := b.Roster.SetDay(t.Context(), l, tc.day); len(desktest.FieldsOf(err)) != 1 || desktest.FieldsOf(err)[0] != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := b.Roster.SetDay(t.Context(), l, station.OwnDay{Date: "2026-07-21", Name: "x"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("yesterday: %v", err)
	}
	if _, err := b.Roster.DropDay(t.Context(), l, "2026-07-23"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a day nobody settled: %v", err)
	}
	if _, err := b.Roster.Calendar(t.Context(), l, 1999); len(desktest.FieldsOf(err)) != 1 {
		t.Errorf("1999: %v", err)
	}
	// Another station's days are its own.
	other, err := b.Roster.Calendar(t.Context(), b.Bound(desktest.There, access.Liaison, "l01"), 2026)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range other.Days {
		if d.Own != nil {
			t.Errorf("%+v", d)
		}
	}
	for _, c := range []access.Caller{b.Visitor("villager"), b.Member("m01"), b.Bound(desktest.Here, access.Department, "d01")} {
		if _, err := b.Roster.Calendar(t.Context(), c, 0); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
		if _, err := b.Roster.SetDay(t.Context(), c, station.OwnDay{Date: "2026-07-23", Name: "x"}); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
		if _, err := b.Roster.DropDay(t.Context(), c, "2026-10-10"); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", c.Role, err)
		}
	}
}

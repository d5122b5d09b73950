package reception_test

import (
	"strings"
	"testing"
	"time"

	"mashang/desk/codes"
	"mashang/desk/desktest"
	"mashang/desk/kit"
	deskreception "mashang/desk/reception"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// rule is the court's rule as a code's target.
var rule = station.Target{Kind: station.ForReception, ID: "j01"}

// keyOf makes a code.
func keyOf(t *testing.T, b *desktest.Bundle, to station.Target) string {
	t.Helper()
	return desktest.Must1(b.Codes.NewCode(t.Context(), b.Liaison(), to))(t).Key
}

// wednesday puts a rule into a room, and publishes its first day.
func wednesday(t *testing.T, b *desktest.Bundle) (room station.Room, day string) {
	t.Helper()
	room = b.Stored().Rooms[0]
	b.PutEntry(b.Admin(), "j02", station.Reception{Name: "议事室接待", Room: room.ID, Repeat: "每周三", From: 14 * 60, To: 17 * 60, Seats: 2})
	day = "20260729-j02"
	v := desktest.Must1(b.Reception.Day(t.Context(), b.Liaison(), day))(t)
	desktest.Must1(b.Reception.Publish(t.Context(), b.Liaison(), day, v.Version))(t)
	return room, day
}

// TestACodeOfARule leads to the days of the rule, and files at the place of the rule.
func TestACodeOfARule(t *testing.T) {
	t.Parallel()
	b := court(t)
	room, day := wednesday(t, b)
	key := keyOf(t, b, station.Target{Kind: station.ForReception, ID: "j02"})
	none := keyOf(t, b, rule)
	ids := func(key string) (list []string) {
		for _, d := range desktest.Must1(b.Reception.OpenDays(t.Context(), key))(t) {
			list = append(list, d.ID)
		}
		return list
	}
	desktest.Same(t, "days of the rule", ids(key), []string{day})
	if list := ids(none); len(list) != 0 {
		t.Errorf("a rule without a published day: %v", list)
	}
	published(t, b)
	desktest.Same(t, "days of the other rule", ids(none), []string{friday})

	s := desktest.Must1(b.Codes.Sign(t.Context(), key))(t)
	desktest.Same(t, "card", *s.Reception, codes.ReceptionCard{Days: "每周三", Hours: "14:00–17:00", Where: room.Name})
	if s.Kind != station.ForReception || s.Name != "议事室接待" || s.Member != nil || len(s.Kinds) == 0 {
		t.Errorf("%+v", s)
	}
	v := b.File(b.Visitor("villager"), key)
	desktest.Same(t, "filed at the rule's room", v.Target, station.Target{Kind: station.ForRoom, ID: room.ID})
	desktest.Same(t, "filed at the station", b.File(b.Visitor("villager"), none).Target, station.Target{Kind: station.ForStation})

	// Its code on the wall says that somebody is there, and no rule's of another place does.
	li := b.Visitor("tourist")
	x := desktest.Must1(b.Reception.Book(t.Context(), li, "on-the-wall", desktest.Here, day, deskreception.Party{Slot: 14 * 60, Persons: 1}))(t)
	b.Clock.Set(time.Date(2026, 7, 29, 13, 50, 0, 0, station.Zone))
	if _, err := b.Reception.ArriveMine(t.Context(), li, desktest.Here, day, x.ID, none); !fault.Is(err, fault.Invalid) {
		t.Errorf("by the code of a rule of another place: %v", err)
	}
	desktest.Must1(b.Reception.ArriveMine(t.Context(), li, desktest.Here, day, x.ID, key))(t)

	// The rule goes: its code says what that of a member who left says.
	desktest.Must1(b.Roster.RemoveEntry(t.Context(), b.Admin(), station.TableReception, roster.Edit{Version: b.Stored().Version, ID: "j02"}))(t)
	if s := desktest.Must1(b.Codes.Sign(t.Context(), key))(t); !s.Revoked || s.Name != s.Station.Name || s.Station.Phone == "" || s.Reception != nil {
		t.Errorf("of a rule that is gone: %+v", s)
	}
	if _, err := b.Reception.OpenDays(t.Context(), key); !fault.Is(err, fault.NotFound) {
		t.Errorf("days of a rule that is gone: %v", err)
	}
	desktest.Same(t, "filed all the same", b.File(b.Visitor("villager"), key).Target, station.Target{Kind: station.ForStation})
}

// TestASignOfARule has its days, hours and place, and nobody's name.
func TestASignOfARule(t *testing.T) {
	t.Parallel()
	b := court(t)
	room, _ := wednesday(t, b)
	dates := make([]string, 12)
	for i := range dates {
		dates[i] = time.Date(2026, 9+time.Month(i%4), 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	b.PutEntry(b.Admin(), "j03", station.Reception{Name: "专场接待", Repeat: strings.Join(dates, "、"), From: 9 * 60, To: 10 * 60})
	for id, want := range map[string][]string{
		"j01": {"每周五 09:00–12:00"}, "j02": {"每周三 14:00–17:00", "地点：" + room.Name}, "j03": {"日期见扫码后的页面", "09:00–10:00"},
	} {
		s := codes.SignOf(b.Stored(), station.Code{Key: "7kq4m2x001", Target: station.Target{Kind: station.ForReception, ID: id}}, "https://q.example.cn/q/7kq4m2x001")
		desktest.Same(t, id, s.Subtitle, want)
		desktest.Same(t, "kind", s.Kind, "reception")
		for _, line := range s.Subtitle {
			if n := len([]rune(line)); n > record.MaxSignLine {
				t.Errorf("%s: a line of %d characters", id, n)
			}
		}
	}
	if j := b.Signs(codes.SignOrder{Template: record.SignDoor, Plain: true, Kinds: []station.TargetKind{station.ForReception}}); j.State != record.JobDone {
		t.Errorf("%+v", j)
	}
}

// TestAStationsDays are listed without a code: all, or those at the place of one; what is no day's is not there.
func TestAStationsDays(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	_, day := wednesday(t, b)
	ids := func(placeOf string) (list []string) {
		for _, d := range desktest.Must1(b.Reception.StationDays(t.Context(), desktest.Here, placeOf))(t) {
			list = append(list, d.ID)
			if d.StationName == "" || d.Phone == "" {
				t.Errorf("%s lacks its station: %+v", d.ID, d)
			}
		}
		return list
	}
	desktest.Same(t, "all", ids(""), []string{friday, day})
	desktest.Same(t, "at the place of one", ids(day), []string{day})
	for what, id := range map[string]string{"a draft": "20260731-j01", "no day": "20260731-j09", "no id": "a/b"} {
		if _, err := b.Reception.StationDays(t.Context(), desktest.Here, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := b.Reception.StationDays(t.Context(), "nowhere", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("no station: %v", err)
	}
	b.Clock.Set(time.Date(2026, 7, 24, 12, 0, 0, 0, station.Zone))
	desktest.Same(t, "after the first is over", ids(""), []string{day})
}

// TestBookingsOfAllStations are listed for whoever made them, and moved to any day.
func TestBookingsOfAllStations(t *testing.T) {
	t.Parallel()
	b := court(t)
	published(t, b)
	_, day := wednesday(t, b)
	li := b.Visitor("villager")
	first := desktest.Must1(b.Reception.Book(t.Context(), li, "book-0001", desktest.Here, friday, deskreception.Party{Slot: 9 * 60, Persons: 2, Words: "摊位费"}))(t)
	list := desktest.Must1(b.Reception.AllMyBookings(t.Context(), li))(t)
	if len(list) != 1 || list[0].ID != first.ID || list[0].Day.StationName == "" {
		t.Errorf("%+v", list)
	}
	if list := desktest.Must1(b.Reception.AllMyBookings(t.Context(), b.Visitor("neighbour")))(t); len(list) != 0 {
		t.Errorf("another's: %+v", list)
	}
	if _, err := b.Reception.AllMyBookings(t.Context(), access.Caller{}); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("nobody's: %v", err)
	}
	desktest.Must1(b.Reception.MoveMine(t.Context(), li, "move-0001", desktest.Here, friday, first.ID, day, 14*60))(t)
	list = desktest.Must1(b.Reception.AllMyBookings(t.Context(), li))(t)
	if len(list) != 1 || list[0].Day.ID != day || list[0].Words != "摊位费" || list[0].Persons != 2 {
		t.Errorf("moved: %+v", list)
	}
}

// TestAnAnnouncement is what everybody may know of a published day to come.
func TestAnAnnouncement(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t, func(c *kit.Config) { c.PublicURL = "https://q.example.cn" })
	b.PutEntry(b.Admin(), "j01", station.Reception{Name: "委员接待日", Repeat: "每周五", From: 9 * 60, To: 12 * 60, Seats: 3, WalkIns: 1})
	if _, err := b.Reception.Announcement(t.Context(), b.Liaison(), friday); !fault.Is(err, fault.WrongState) {
		t.Errorf("of a draft: %v", err)
	}
	d := published(t, b)
	st := b.Stored()
	m, _ := st.Member("m01")
	a := desktest.Must1(b.Reception.Announcement(t.Context(), b.Liaison(), friday))(t)
	desktest.Same(t, "link", a.Link, "https://q.example.cn/m/pages/reception/index?day="+friday+"&station="+desktest.Here)
	for _, want := range []string{
		"【接待公告】" + st.Name + " · 委员接待日", "时间：7月24日 周五 09:00–12:00", "地点：" + st.Name, m.Name + " 委员（" + m.Sector, "预约：" + a.Link, "电话：" + st.Phone,
	} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("lacks %s:\n%s", want, a.Text)
		}
	}
	if strings.Contains(a.Text, m.Phone) && m.Phone != "" || len(a.Drawing) == 0 {
		t.Errorf("%s", a.Text)
	}
	if _, err := b.Reception.Announcement(t.Context(), b.Department(), friday); !fault.Is(err, fault.Denied) {
		t.Errorf("for a department: %v", err)
	}
	desktest.Must1(b.Reception.Cancel(t.Context(), b.Liaison(), friday, d.Version, "停电"))(t)
	if _, err := b.Reception.Announcement(t.Context(), b.Liaison(), friday); !fault.Is(err, fault.WrongState) {
		t.Errorf("of a cancelled day: %v", err)
	}
}

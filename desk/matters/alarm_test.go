package matters_test

import (
	"slices"
	"strings"
	"testing"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/danger"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// A cry for help puts the numbers into the receipt and alarms every liaison at once, at any hour, until one of
// them has handled it.
func TestADangerAlarmsTheLiaisons(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Liaison()
	b.Bound(desktest.Here, access.Liaison, "a01") // sets up the station and reads no submissions
	for _, who := range []string{"l01", "a01"} {
		b.Consent(desktest.OpenidOf(desktest.Here, access.Liaison, who), notice.LiaisonAlarm, 3)
	}
	b.Clock.Set(desktest.Start.AddDate(0, 0, 1).Truncate(24 * 60 * 60 * 1e9)) // in the night
	v, m := b.Visitor("tourist"), b.Member("m01")
	s := b.File(v, b.Key(station.ForPlace, "p1"), desktest.WithText("码头有人落水，快来救人"), desktest.Tourist)
	if !slices.Equal(s.Dangers, []danger.Kind{danger.Water, danger.LifeAtRisk}) {
		t.Fatalf("dangers %v", s.Dangers)
	}
	b.Deliver()
	told := b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"))
	if len(told) != 1 || !strings.Contains(told[0].Data["thing4"].Value, "水上遇险") || told[0].Data["thing3"].Value != "一号码头" {
		t.Fatalf("the liaison was told %+v", told)
	}
	if n := len(b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Liaison, "a01"))); n != 0 {
		t.Errorf("the administrator was told %d times", n)
	}
	if got := b.AlarmIDs(); !slices.Equal(got, []string{s.ID}) {
		t.Errorf("alarms %v", got)
	}
	b.Act(m, s.ID, casework.Accept{})
	b.Act(v, s.ID, casework.Message{Text: "人还在水里，救命啊"})
	b.Deliver()
	if n := len(b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"))); n != 1 {
		t.Errorf("told %d times of one alarm", n)
	}
	got := b.Act(b.Liaison(), s.ID, casework.HandleDanger{Reason: "已通知119和海事所"})
	if got.State != casework.Accepted || len(b.AlarmIDs()) != 0 {
		t.Errorf("after it was seen to: %s, %v", got.State, b.AlarmIDs())
	}
	if seen, err := b.Matters.Get(t.Context(), v, s.ID); err != nil || slices.ContainsFunc(seen.Thread, func(e casework.Entry) bool { return e.What == access.HandleDanger }) {
		t.Errorf("the visitor reads the liaison's note: %v", err)
	}
	b.Act(v, s.ID, casework.Message{Text: "又有人打架，有人被打了"})
	b.Deliver()
	if n := len(b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"))); n != 2 {
		t.Errorf("told %d times after a second danger", n)
	}
	if b.Seen.Of("alarm", "") != 2 {
		t.Errorf("counted %d alarms", b.Seen.Of("alarm", ""))
	}
}

// An alarm that was handled before its notice left is not sent.
func TestAHandledAlarmIsNotSent(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Liaison()
	b.Consent(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"), notice.LiaisonAlarm, 1)
	s := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.WithText("我不想活了"))
	b.Act(b.Liaison(), s.ID, casework.HandleDanger{Reason: "已上门"})
	b.Deliver()
	if n := len(b.Emu.Messages(desktest.OpenidOf(desktest.Here, access.Liaison, "l01"))); n != 0 {
		t.Errorf("told %d times", n)
	}
}

// The content check never stands between a person in danger and the liaison: a text it would hold is held and
// raises the alarm, one it would refuse is accepted.
func TestTheContentCheckPassesDangers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v := b.Visitor("villager")
	s := b.File(v, b.Key(station.ForMember, "m01"), desktest.WithText("我不想活了 "+emulator.WordRisky))
	if s.State != casework.Held || len(s.Dangers) == 0 || len(b.AlarmIDs()) != 1 {
		t.Errorf("held %s, dangers %v, alarms %v", s.State, s.Dangers, b.AlarmIDs())
	}
	b.Act(v, s.ID, casework.Message{Text: "救救孩子 " + emulator.WordRisky})
	if _, err := b.Try(v, s.ID, casework.Message{Text: "随便骂人 " + emulator.WordRisky}); desktest.WrongFields(err) != "text" {
		t.Errorf("a risky message without a danger: %v", err)
	}
}

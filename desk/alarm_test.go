package desk_test

import (
	"slices"
	"strings"
	"testing"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

func (b *bundle) alarming() []string {
	b.t.Helper()
	p, err := b.Matters.Alarms(b.t.Context(), b.liaison(), "", 0)
	if err != nil {
		b.t.Fatal(err)
	}
	today, err := b.Overview.Today(b.t.Context(), b.liaison())
	if err != nil || today.Alarms != len(p.Items) {
		b.t.Errorf("today has %d alarms, the list %d: %v", today.Alarms, len(p.Items), err)
	}
	var ids []string
	for _, v := range p.Items {
		ids = append(ids, v.ID)
	}
	return ids
}

// A cry for help shows the numbers in the receipt, and tells every liaison at
// once, at any hour, until one of them has seen to it.
func TestADangerAlarmsTheLiaisons(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.liaison()
	b.bound(here, access.Liaison, "a01") // sets up the station and reads no submissions
	for _, who := range []string{"l01", "a01"} {
		b.consent(openidOf(here, access.Liaison, who), notice.LiaisonAlarm, 3)
	}
	b.clock.Set(start.AddDate(0, 0, 1).Truncate(24 * 60 * 60 * 1e9)) // in the night
	v, m := b.visitor("tourist"), b.member("m01")
	s := b.file(v, b.key(station.ForPlace, "p1"), says("码头有人落水，快来救人"), tourist)
	if !slices.Equal(s.Dangers, []casework.Danger{casework.Water, casework.LifeAtRisk}) {
		t.Fatalf("dangers %v", s.Dangers)
	}
	b.deliver()
	told := b.emu.Messages(openidOf(here, access.Liaison, "l01"))
	if len(told) != 1 || !strings.Contains(told[0].Data["thing4"].Value, "水上遇险") || told[0].Data["thing3"].Value != "一号码头" {
		t.Fatalf("the liaison was told %+v", told)
	}
	if n := len(b.emu.Messages(openidOf(here, access.Liaison, "a01"))); n != 0 {
		t.Errorf("the administrator was told %d times", n)
	}
	if got := b.alarming(); !slices.Equal(got, []string{s.ID}) {
		t.Errorf("alarms %v", got)
	}
	b.act(m, s.ID, access.Accept)
	b.act(v, s.ID, access.Message, text("人还在水里，救命啊"))
	b.deliver()
	if n := len(b.emu.Messages(openidOf(here, access.Liaison, "l01"))); n != 1 {
		t.Errorf("told %d times of one alarm", n)
	}
	got := b.act(b.liaison(), s.ID, access.Attend, reason("已通知119和海事所"))
	if got.State != casework.Accepted || len(b.alarming()) != 0 {
		t.Errorf("after it was seen to: %s, %v", got.State, b.alarming())
	}
	if seen, err := b.Matters.Get(t.Context(), v, s.ID); err != nil || slices.ContainsFunc(seen.Thread, func(e casework.Entry) bool { return e.What == casework.Attend }) {
		t.Errorf("the visitor reads the liaison's note: %v", err)
	}
	b.act(v, s.ID, access.Message, text("又有人打架，有人被打了"))
	b.deliver()
	if n := len(b.emu.Messages(openidOf(here, access.Liaison, "l01"))); n != 2 {
		t.Errorf("told %d times after a second danger", n)
	}
	if b.seen.of("alarm", "") != 2 {
		t.Errorf("counted %d alarms", b.seen.of("alarm", ""))
	}
}

// An alarm that was seen to before its notice left is not told any more.
func TestAnAlarmSeenToIsNotTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.liaison()
	b.consent(openidOf(here, access.Liaison, "l01"), notice.LiaisonAlarm, 1)
	s := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"), says("我不想活了"))
	b.act(b.liaison(), s.ID, access.Attend, reason("已上门"))
	b.deliver()
	if n := len(b.emu.Messages(openidOf(here, access.Liaison, "l01"))); n != 0 {
		t.Errorf("told %d times", n)
	}
}

// The content check never stands between a person in danger and the liaison:
// what it would hold is held and alarms, what it would refuse goes through.
func TestTheContentCheckDoesNotSilenceACry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v := b.visitor("villager")
	s := b.file(v, b.key(station.ForMember, "m01"), says("我不想活了 "+emulator.WordRisky))
	if s.State != casework.Held || len(s.Dangers) == 0 || len(b.alarming()) != 1 {
		t.Errorf("held %s, dangers %v, alarms %v", s.State, s.Dangers, b.alarming())
	}
	b.act(v, s.ID, access.Message, text("救救孩子 "+emulator.WordRisky))
	if _, err := b.try(v, s.ID, access.Message, text("随便骂人 "+emulator.WordRisky)); wrong(err) != "text" {
		t.Errorf("a risky message without a danger: %v", err)
	}
}

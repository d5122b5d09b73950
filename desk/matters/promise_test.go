package matters_test

import (
	"slices"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/rating"
	"mashang/domain/station"
)

// agreeing closes as agreed, with a day or "".
func agreeing(day string) casework.Close {
	return casework.Close{Outcome: casework.Agreed, Text: "镇里同意，装两盏太阳能灯", Day: day}
}

// promising moves the day.
func promising(day, why string) casework.Redate { return casework.Redate{Day: day, Reason: why} }

// TestWhatWasAgreedIsFulfilled: by the member later, in words and with a photo; every filer is notified and may
// rate or reopen again.
func TestWhatWasAgreedIsFulfilled(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	first, m := b.Visitor("villager"), b.Member("m01")
	key := b.Key(station.ForMember, "m01")
	lead := b.File(first, key, desktest.WithText(desktest.LampText))
	second := b.Visitor("neighbour")
	mine := b.File(second, key, desktest.WithText("北街路灯坏了半个月了"))
	if _, err := b.Matters.Merge(t.Context(), b.Liaison(), mine.ID, lead.ID, b.Load(mine.ID).Version, "同一件事"); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"villager", "neighbour"} {
		b.Consent(who, notice.VisitorClosed, 5)
		b.Consent(who, notice.VisitorProgress, 5)
	}
	b.Act(m, lead.ID, casework.Accept{})
	for _, bad := range []string{"明天", "2026-07-21", "2027-07-23", "2026-7-30"} {
		if _, err := b.Try(m, lead.ID, agreeing(bad)); desktest.WrongFields(err) != "promised" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	got := b.Act(m, lead.ID, agreeing("2026-08-20"))
	if !got.Owed() || got.Promise.DueAt.Time().Format(time.DateOnly) != "2026-08-20" {
		t.Fatalf("%+v", got.Promise)
	}
	b.Deliver()
	b.Act(m, mine.ID, promising("2026-08-31", "厂家缺货")) // asked of the one that follows
	b.Deliver()
	if got := b.Load(lead.ID); got.Promise.Moves != 1 || got.Last().Text != "厂家缺货" {
		t.Errorf("%+v", got.Promise)
	}
	b.Clock.Set(desktest.At(22, 10, 0).AddDate(0, 1, 5)) // 27 August
	b.Act(first, lead.ID, casework.Rate{Verdict: rating.Not, Satisfaction: rating.Dissatisfied, Reason: "还没有装"})
	photo := b.Photo(m, 9)
	got = b.Act(m, lead.ID, casework.Fulfil{Text: "两盏灯都装好了", Photos: []string{photo}})
	if got.State != casework.Closed || got.Outcome != casework.Solved || !got.Fulfilled() || got.TookDays() != 37 || got.Broken {
		t.Errorf("%s %s %+v %d", got.State, got.Outcome, got.Promise, got.TookDays())
	}
	b.Deliver()
	for who, id := range map[string]string{"villager": lead.ID, "neighbour": mine.ID} {
		var told []string
		for _, msg := range slices.Backward(b.Emu.Messages(who)) {
			told = append(told, msg.Data["thing4"].Value)
		}
		want := []string{"8月20日前落实，届时告诉您", "改为8月31日前落实，点此看原因", "请您评价，未解决可重新办理"}
		if !slices.Equal(told, want) {
			t.Errorf("%s is told %q", who, told)
		}
		if s := b.Load(id); !s.Fulfilled() || s.Last().Text != "两盏灯都装好了" {
			t.Errorf("%s: %+v", who, s.Last())
		}
	}
	b.CheckConsistent()
	// The first filer rated the agreement and now rates its fulfilment. The second has fifteen days from it.
	b.Act(first, lead.ID, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied})
	if _, err := b.Try(first, lead.ID, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied}); !fault.Is(err, fault.WrongState) {
		t.Errorf("rated twice: %v", err)
	}
	b.Clock.Advance(14 * 24 * time.Hour)
	b.Act(second, mine.ID, casework.Reopen{Reason: "我门口的还不亮"})
	if _, err := b.Try(m, lead.ID, casework.Fulfil{Text: "又装了一盏"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("fulfilled twice: %v", err)
	}
	b.CheckConsistent()
}

// TestWhoFulfils: the assignee and the liaison; nobody else, and nobody their own filing.
func TestWhoFulfils(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, casework.Accept{})
	if _, err := b.Try(m, s.ID, casework.Fulfil{Text: "x"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("what is open: %v", err)
	}
	b.Act(m, s.ID, agreeing(""))
	for who, c := range map[string]access.Caller{"the filer": v, "another member": b.Member("m02"), "another visitor": b.Visitor("stranger")} {
		for _, act := range []casework.Act{casework.Fulfil{Text: "x"}, promising("2026-12-01", "x")} {
			if _, err := b.Try(c, s.ID, act); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Denied) {
				t.Errorf("%s, %s: %v", who, casework.NameOf(act), err)
			}
		}
	}
	b.Clock.Advance(400 * 24 * time.Hour)
	if got := b.Act(b.Liaison(), s.ID, casework.Fulfil{Text: "镇里装好了"}); !got.Fulfilled() || !got.Broken || got.TookDays() != 400 {
		t.Errorf("%+v, %d", got.Promise, got.TookDays())
	}
	l := b.Liaison()
	theirs := b.File(l, b.Key(station.ForMember, "m01"))
	b.Act(m, theirs.ID, casework.Accept{})
	b.Act(m, theirs.ID, agreeing(""))
	if _, err := b.Try(l, theirs.ID, casework.Fulfil{Text: "x"}); !fault.Is(err, fault.Denied) {
		t.Errorf("who filed it: %v", err)
	}
}

// TestPromisesAreRemindedOf: the member before the day and on it; after it the
// member and their leader, the liaisons, the head; each once, however often
// somebody looks, and by a process that was started anew.
func TestPromisesAreRemindedOf(t *testing.T) {
	t.Parallel()
	b := desktest.Command(t)
	b.Clock.Set(desktest.At(22, 9, 0))
	v, m := b.Visitor("villager"), b.Member("m01")
	s := b.File(v, b.Key(station.ForMember, "m01"))
	b.Act(m, s.ID, casework.Accept{})
	b.Act(m, s.ID, agreeing("2026-08-31")) // a Monday
	look := func(days ...time.Time) {
		t.Helper()
		for _, day := range days {
			for b.Clock.Set(day); b.Clock.Now().Hour() < 10; b.Clock.Advance(10 * time.Minute) {
				b.Sweep()
				b.Deliver()
			}
		}
	}
	august := func(day int) time.Time { return desktest.At(day, 8, 0).AddDate(0, 1, 0) }
	look(august(24), august(25), august(26))
	want := map[string][]string{desktest.PhoneOfM01: {"约定落实的日期将到，请抓紧"}, desktest.OpenM02: nil, desktest.OpenL01: nil, desktest.OpenL02: nil}
	told := func(when string) {
		t.Helper()
		for who, hints := range want {
			if got := b.ReminderTexts(who); !slices.Equal(got, hints) {
				t.Errorf("%s: %s is told %q, want %q", when, who, got, hints)
			}
		}
	}
	told("a week before")
	look(august(31))
	want[desktest.PhoneOfM01] = append(want[desktest.PhoneOfM01], "约定落实的日期将到，请抓紧")
	told("on the day")
	leader := b.Member("m02")
	if _, err := b.Matters.Get(t.Context(), leader, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the leader before anything is late: %v", err)
	}
	again := b.SecondDesk()
	look(august(32), august(33))
	if _, err := again.Deadlines.Sweep(t.Context(), desktest.Here); err != nil {
		t.Error(err)
	}
	b.Deliver()
	want[desktest.PhoneOfM01] = append(want[desktest.PhoneOfM01], "约定的日期已过，请尽快落实")
	want[desktest.OpenM02] = append(want[desktest.OpenM02], "本专班有约定到期未落实，请督促")
	told("the day after")
	if _, err := b.Matters.Get(t.Context(), leader, s.ID); err != nil {
		t.Errorf("the leader is told of what they cannot open: %v", err)
	}
	look(august(34), august(35))
	want[desktest.OpenL01] = append(want[desktest.OpenL01], "约定到期未落实，请督促或代办")
	want[desktest.OpenL02] = append(want[desktest.OpenL02], "约定到期未落实，请督促或代办")
	told("three days after")
	b.Act(m, s.ID, promising("2026-12-31", "冬天前装不了"))
	look(august(38), august(39), august(45))
	told("after the day was moved")
	b.Act(m, s.ID, casework.Fulfil{Text: "装好了"})
	b.CheckConsistent()
}

// TestOldAgreementsAreFulfilled: one that was closed before days were promised is
// in no clock, and is carried out or given a day as any other.
func TestOldAgreementsAreFulfilled(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	old := func() string {
		s := b.File(v, b.Key(station.ForMember, "m01"))
		b.Act(m, s.ID, casework.Accept{})
		b.Act(m, s.ID, agreeing(""))
		was := b.Load(s.ID)
		next := was
		next.Version, next.Promise = was.Version+1, nil
		next.Thread = slices.Clone(was.Thread)
		next.Thread[len(next.Thread)-1].Due = 0
		if ok, err := b.Store.Commit(t.Context(), was, next, nil); !ok || err != nil {
			t.Fatal(ok, err)
		}
		return s.ID
	}
	id := old()
	b.CheckConsistent()
	b.Clock.Advance(40 * 24 * time.Hour)
	b.Sweep()
	if got := b.Act(m, id, casework.Fulfil{Text: "装好了"}); !got.Fulfilled() || got.TookDays() != 41 && got.TookDays() != 40 {
		t.Errorf("%+v, %d", got.Promise, got.TookDays())
	}
	id = old()
	day := b.Clock.Now().In(station.Zone).AddDate(0, 0, 9).Format(time.DateOnly)
	if got := b.Act(m, id, promising(day, "补上日期")); got.Promise.NextAt == 0 || got.Promise.DueAt.Time().Format(time.DateOnly) != day {
		t.Errorf("%+v", got.Promise)
	}
	b.CheckConsistent()
}

package desk_test

import (
	"slices"
	"testing"
	"time"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// agreeing closes as agreed, with a day or "".
func agreeing(day string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) {
		r.Outcome, r.Text, r.Promised = casework.Agreed, "镇里同意，装两盏太阳能灯", day
	}
}

// promising moves the day.
func promising(day, why string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.Promised, r.Reason = day, why }
}

// TestWhatWasAgreedIsFulfilled: by the member at a later time, in words and with a
// photo; everybody who filed the matter hears of it and may rate or reopen again.
func TestWhatWasAgreedIsFulfilled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.clock.Set(at(22, 9, 0))
	first, m := b.visitor("villager"), b.member("m01")
	key := b.key(station.ForMember, "m01")
	lead := b.file(first, key, says(lampText))
	second := b.visitor("neighbour")
	mine := b.file(second, key, says("北街路灯坏了半个月了"))
	if _, err := b.Matters.Merge(t.Context(), b.liaison(), mine.ID, lead.ID, b.load(mine.ID).Version, "同一件事"); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"villager", "neighbour"} {
		b.consent(who, notice.VisitorClosed, 5)
		b.consent(who, notice.VisitorProgress, 5)
	}
	b.act(m, lead.ID, access.Accept)
	for _, bad := range []string{"明天", "2026-07-21", "2027-07-23", "2026-7-30"} {
		if _, err := b.try(m, lead.ID, access.Close, agreeing(bad)); wrong(err) != "promised" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	got := b.act(m, lead.ID, access.Close, agreeing("2026-08-20"))
	if !got.Owed() || got.Promise.DueAt.Time().Format(time.DateOnly) != "2026-08-20" {
		t.Fatalf("%+v", got.Promise)
	}
	b.deliver()
	b.act(m, mine.ID, access.Promise, promising("2026-08-31", "厂家缺货")) // asked of the one that follows
	b.deliver()
	if got := b.load(lead.ID); got.Promise.Moves != 1 || got.Last().Text != "厂家缺货" {
		t.Errorf("%+v", got.Promise)
	}
	b.clock.Set(at(22, 10, 0).AddDate(0, 1, 5)) // 27 August
	b.act(first, lead.ID, access.Rate, rating(false, 2, 2, "还没有装"))
	photo := b.photo(m, 9)
	got = b.act(m, lead.ID, access.Fulfil, func(r *matters.ActRequest) { r.Text, r.Photos = "两盏灯都装好了", []string{photo} })
	if got.State != casework.Closed || got.Outcome != casework.Solved || !got.Fulfilled() || got.TookDays() != 37 || got.Broken {
		t.Errorf("%s %s %+v %d", got.State, got.Outcome, got.Promise, got.TookDays())
	}
	b.deliver()
	for who, id := range map[string]string{"villager": lead.ID, "neighbour": mine.ID} {
		var told []string
		for _, msg := range slices.Backward(b.emu.Messages(who)) {
			told = append(told, msg.Data["thing4"].Value)
		}
		want := []string{"8月20日前落实，届时告诉您", "改为8月31日前落实，点此看原因", "请您评价，未解决可重新办理"}
		if !slices.Equal(told, want) {
			t.Errorf("%s is told %q", who, told)
		}
		if s := b.load(id); !s.Fulfilled() || s.Last().Text != "两盏灯都装好了" {
			t.Errorf("%s: %+v", who, s.Last())
		}
	}
	b.consistent()
	// The first judged the agreement; now they judge what was done. The second has
	// fifteen days from it.
	b.act(first, lead.ID, access.Rate, rating(true, 5, 4, ""))
	if _, err := b.try(first, lead.ID, access.Rate, rating(true, 5, 4, "")); !fault.Is(err, fault.WrongState) {
		t.Errorf("rated twice: %v", err)
	}
	b.clock.Advance(14 * 24 * time.Hour)
	b.act(second, mine.ID, access.Reopen, reason("我门口的还不亮"))
	if _, err := b.try(m, lead.ID, access.Fulfil, text("又装了一盏")); !fault.Is(err, fault.WrongState) {
		t.Errorf("fulfilled twice: %v", err)
	}
	b.consistent()
}

// TestWhoFulfils: the member who had it and the liaison; nobody else, and nobody
// what they filed themselves.
func TestWhoFulfils(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("villager"), b.member("m01")
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Accept)
	if _, err := b.try(m, s.ID, access.Fulfil, text("x")); !fault.Is(err, fault.WrongState) {
		t.Errorf("what is open: %v", err)
	}
	b.act(m, s.ID, access.Close, agreeing(""))
	for who, c := range map[string]access.Caller{"the filer": v, "another member": b.member("m02"), "another visitor": b.visitor("stranger")} {
		for _, act := range []access.Action{access.Fulfil, access.Promise} {
			if _, err := b.try(c, s.ID, act, text("x"), promising("2026-12-01", "x")); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Denied) {
				t.Errorf("%s, %s: %v", who, act, err)
			}
		}
	}
	b.clock.Advance(400 * 24 * time.Hour)
	if got := b.act(b.liaison(), s.ID, access.Fulfil, text("镇里装好了")); !got.Fulfilled() || !got.Broken || got.TookDays() != 400 {
		t.Errorf("%+v, %d", got.Promise, got.TookDays())
	}
	l := b.liaison()
	theirs := b.file(l, b.key(station.ForMember, "m01"))
	b.act(m, theirs.ID, access.Accept)
	b.act(m, theirs.ID, access.Close, agreeing(""))
	if _, err := b.try(l, theirs.ID, access.Fulfil, text("x")); !fault.Is(err, fault.Denied) {
		t.Errorf("who filed it: %v", err)
	}
}

// TestPromisesAreRemindedOf: the member before the day and on it; after it the
// member and their leader, the liaisons, the head; each once, however often
// somebody looks, and by a process that was started anew.
func TestPromisesAreRemindedOf(t *testing.T) {
	t.Parallel()
	b := command(t)
	b.clock.Set(at(22, 9, 0))
	v, m := b.visitor("villager"), b.member("m01")
	s := b.file(v, b.key(station.ForMember, "m01"))
	b.act(m, s.ID, access.Accept)
	b.act(m, s.ID, access.Close, agreeing("2026-08-31")) // a Monday
	look := func(days ...time.Time) {
		t.Helper()
		for _, day := range days {
			for b.clock.Set(day); b.clock.Now().Hour() < 10; b.clock.Advance(10 * time.Minute) {
				b.sweep()
				b.deliver()
			}
		}
	}
	august := func(day int) time.Time { return at(day, 8, 0).AddDate(0, 1, 0) }
	look(august(24), august(25), august(26))
	want := map[string][]string{phoneOfM01: {"约定落实的日期将到，请抓紧"}, openM02: nil, openL01: nil, openL02: nil}
	told := func(when string) {
		t.Helper()
		for who, hints := range want {
			if got := b.hints(who); !slices.Equal(got, hints) {
				t.Errorf("%s: %s is told %q, want %q", when, who, got, hints)
			}
		}
	}
	told("a week before")
	look(august(31))
	want[phoneOfM01] = append(want[phoneOfM01], "约定落实的日期将到，请抓紧")
	told("on the day")
	leader := b.member("m02")
	if _, err := b.Matters.Get(t.Context(), leader, s.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("the leader before anything is late: %v", err)
	}
	again := b.another()
	look(august(32), august(33))
	if _, err := again.Deadlines.Sweep(t.Context(), here); err != nil {
		t.Error(err)
	}
	b.deliver()
	want[phoneOfM01] = append(want[phoneOfM01], "约定的日期已过，请尽快落实")
	want[openM02] = append(want[openM02], "本专班有约定到期未落实，请督促")
	told("the day after")
	if _, err := b.Matters.Get(t.Context(), leader, s.ID); err != nil {
		t.Errorf("the leader is told of what they cannot open: %v", err)
	}
	look(august(34), august(35))
	want[openL01] = append(want[openL01], "约定到期未落实，请督促或代办")
	want[openL02] = append(want[openL02], "约定到期未落实，请督促或代办")
	told("three days after")
	b.act(m, s.ID, access.Promise, promising("2026-12-31", "冬天前装不了"))
	look(august(38), august(39), august(45))
	told("after the day was moved")
	b.act(m, s.ID, access.Fulfil, text("装好了"))
	b.consistent()
}

// TestOldAgreementsAreFulfilled: one that was closed before days were promised is
// in no clock, and is carried out or given a day as any other.
func TestOldAgreementsAreFulfilled(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, m := b.visitor("villager"), b.member("m01")
	old := func() string {
		s := b.file(v, b.key(station.ForMember, "m01"))
		b.act(m, s.ID, access.Accept)
		b.act(m, s.ID, access.Close, agreeing(""))
		was := b.load(s.ID)
		next := was
		next.Version, next.Promise = was.Version+1, nil
		next.Thread = slices.Clone(was.Thread)
		next.Thread[len(next.Thread)-1].Due = 0
		if ok, err := b.store.Commit(t.Context(), was, next, nil); !ok || err != nil {
			t.Fatal(ok, err)
		}
		return s.ID
	}
	id := old()
	b.consistent()
	b.clock.Advance(40 * 24 * time.Hour)
	b.sweep()
	if got := b.act(m, id, access.Fulfil, text("装好了")); !got.Fulfilled() || got.TookDays() != 41 && got.TookDays() != 40 {
		t.Errorf("%+v, %d", got.Promise, got.TookDays())
	}
	id = old()
	day := b.clock.Now().In(station.Zone).AddDate(0, 0, 9).Format(time.DateOnly)
	if got := b.act(m, id, access.Promise, promising(day, "补上日期")); got.Promise.NextAt == 0 || got.Promise.DueAt.Time().Format(time.DateOnly) != day {
		t.Errorf("%+v", got.Promise)
	}
	b.consistent()
}

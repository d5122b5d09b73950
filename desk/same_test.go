package desk_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk/filing"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
)

const lampText = "北街的路灯坏了半个月，晚上看不见路，老人摔了一跤"

func sameAs(offer string) func(*filing.Request) { return func(r *filing.Request) { r.SameAs = offer } }

// offered is the first offer that somebody gets for lampText under a code.
func (b *bundle) offered(c access.Caller, key string) string {
	b.t.Helper()
	offers, err := b.Matters.Offers(b.t.Context(), c, key, lampText, nil)
	if err != nil || len(offers) == 0 || offers[0].Token == "" {
		b.t.Fatalf("offered %+v, %v", offers, err)
	}
	return offers[0].Token
}

// consistent fails the test if any submission stands where it should not.
func (b *bundle) consistent() {
	b.t.Helper()
	r, err := b.store.Verify(b.t.Context(), store.Verification{})
	if err != nil || len(r.Faults) > 0 {
		b.t.Errorf("%v: %v", err, r.Faults)
	}
}

// TestJoiningWhatOthersReported: offered while writing, joined, told at each step,
// each with their own number; nobody sees the others' words.
func TestJoiningWhatOthersReported(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, m := b.visitor("villager"), b.member("m01")
	key := b.key(station.ForMember, "m01")
	lead := b.file(first, key, says(lampText))
	second := b.visitor("neighbour")
	b.consent("neighbour", notice.VisitorReply, 5)
	b.consent("neighbour", notice.VisitorClosed, 5)
	offers, err := b.Matters.Offers(t.Context(), second, key, "北街路灯坏了半个月了，晚上看不见路", nil)
	if err != nil || len(offers) != 1 || offers[0].ID != "" || offers[0].Token == "" || !offers[0].Likely || offers[0].People != 1 {
		t.Fatalf("%+v, %v", offers, err)
	}
	if s := offers[0].Sentence(); !strings.Contains(s, "有人反映过下滩村的投诉问题") || strings.Contains(s, "摔") || offers[0].Text != "" {
		t.Errorf("%s", s)
	}
	if offers, err := b.Matters.Offers(t.Context(), second, key, "想问问退休手续怎么办", nil); err != nil || len(offers) != 0 {
		t.Errorf("of something else: %+v, %v", offers, err)
	}
	inHand := b.count(record.Index{Name: record.Inbox, Arg: "m01"})
	mine := b.file(second, key, says("北街路灯坏了半个月了，晚上看不见路"), sameAs(offers[0].Token))
	if mine.Number == lead.Number || mine.State != casework.Assigned || mine.Lead != "" || !strings.Contains(mine.Why[0], "一起办理") {
		t.Errorf("%+v", mine)
	}
	if n := b.count(record.Index{Name: record.Inbox, Arg: "m01"}); n != inHand {
		t.Errorf("the member has %d in hand, had %d", n, inHand)
	}
	b.consistent()
	view, err := b.Matters.Get(t.Context(), m, lead.ID)
	if err != nil || view.Together != 2 || len(view.Same) != 1 || view.Same[0] != mine.ID {
		t.Errorf("the member sees %d together, %v", view.Together, err)
	}
	if view, err := b.Matters.Get(t.Context(), first, lead.ID); err != nil || view.Together != 2 || len(view.Same) != 0 {
		t.Errorf("the first filer sees %+v, %v", view.Same, err)
	}
	// The third is offered the lead with both.
	if offers, err := b.Matters.Offers(t.Context(), b.visitor("third"), key, lampText, nil); err != nil || len(offers) != 1 || offers[0].People != 2 || offers[0].ID != "" {
		t.Errorf("%+v, %v", offers, err)
	}
	b.act(m, lead.ID, access.Accept)
	b.act(m, lead.ID, access.Reply, text("明天就修"))
	b.deliver()
	if got := b.load(mine.ID); got.State != casework.Answered || got.Last().Text != "明天就修" {
		t.Errorf("the second is %s, %+v", got.State, got.Last())
	}
	if msgs := b.emu.Messages("neighbour"); len(msgs) != 1 || msgs[0].Data["thing3"].Value != "明天就修" {
		t.Errorf("the second is told %+v", msgs)
	}
	// An answer to the one that follows reaches both.
	b.act(m, mine.ID, access.Reply, text("已经修好"))
	if got := b.load(lead.ID); got.Last().Text != "已经修好" {
		t.Errorf("the lead has %+v", got.Last())
	}
	// What the second says reaches the member.
	b.consent(phoneOfM01, notice.MemberMessage, 5)
	b.act(second, mine.ID, access.Message, text("还是不亮"))
	b.deliver()
	if msgs := b.emu.Messages(phoneOfM01); len(msgs) == 0 || msgs[0].Data["character_string1"].Value != mine.Number {
		t.Errorf("the member is told %+v", msgs)
	}
	b.act(m, lead.ID, access.Close, closing(casework.Solved, "换了灯泡"))
	b.deliver()
	if got := b.load(mine.ID); got.State != casework.Closed || got.Outcome != casework.Solved {
		t.Errorf("the second is %s", got.State)
	}
	b.consistent()
	// The second was not helped: theirs alone is opened again.
	b.act(second, mine.ID, access.Reopen, reason("我门口的还不亮"))
	if got := b.load(mine.ID); got.Lead != "" || got.State != casework.Assigned || got.Assignee != "m01" {
		t.Errorf("opened again: %+v", got)
	}
	if got := b.load(lead.ID); got.State != casework.Closed || got.Leads() {
		t.Errorf("the lead is %s with %v", got.State, got.Same)
	}
	b.consistent()
}

func TestWhatCannotBeJoined(t *testing.T) {
	t.Parallel()
	b := setup(t)
	v, key := b.visitor("villager"), b.key(station.ForMember, "m01")
	danger := b.file(v, key, says("老人掉进河里了快救命，桥头没有护栏"))
	about := b.file(v, key, says("这位委员办事态度很差"), func(r *filing.Request) { r.Filing.AboutMember = true })
	closed := b.file(v, key, says("水渠漏水，下游浇不上地"))
	b.act(v, closed.ID, access.Withdraw)
	for name, id := range map[string]string{"a danger": danger.ID, "about a member": about.ID, "withdrawn": closed.ID, "unknown": here + "-0000000000000000", "no id": "x"} {
		_, err := b.Filing.Submit(t.Context(), v, "key-"+strings.ReplaceAll(name, " ", "-"), request(key, sameAs(id)))
		if !fault.Is(err, fault.Invalid) || fmt.Sprint(fieldsOf(err)) != "[same_as]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, words := range []string{"老人掉进河里了快救命，桥头没有护栏", "这位委员办事态度很差", "水渠漏水，下游浇不上地"} {
		if offers, err := b.Matters.Offers(t.Context(), v, key, words, nil); err != nil || len(offers) != 0 {
			t.Errorf("%s: %+v, %v", words, offers, err)
		}
	}
}

// TestTheLiaisonMergesAndSplits with a trace in both, and is shown what to merge.
func TestTheLiaisonMergesAndSplits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.liaison()
	one := b.file(b.visitor("villager"), b.key(station.ForMember, "m01"), says(lampText))
	two := b.file(b.visitor("neighbour"), b.key(station.ForMember, "m03"), says(lampText+"，请尽快"))
	alike, err := b.Matters.Alike(t.Context(), l, two.ID)
	if err != nil || len(alike) != 1 || alike[0].ID != one.ID || alike[0].Number != one.Number || alike[0].Following {
		t.Fatalf("%+v, %v", alike, err)
	}
	if _, err := b.Matters.Alike(t.Context(), b.member("m01"), two.ID); !fault.Is(err, fault.Denied) {
		t.Errorf("a member: %v", err)
	}
	if _, err := b.Matters.Merge(t.Context(), l, two.ID, one.ID, 9, "同一盏灯"); !fault.Is(err, fault.Conflict) {
		t.Errorf("an old version: %v", err)
	}
	if _, err := b.Matters.Merge(t.Context(), l, two.ID, one.ID, 1, ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	v, err := b.Matters.Merge(t.Context(), l, two.ID, one.ID, 1, "同一盏灯")
	if err != nil || v.Lead != one.ID || v.AssigneeCard.ID != "m01" {
		t.Fatalf("%+v, %v", v, err)
	}
	if got := b.load(one.ID).Last(); got.What != casework.Gather || got.Text != two.Number || !got.Private {
		t.Errorf("the lead says %+v", got)
	}
	if got := b.load(two.ID).Last(); got.What != casework.Merge || got.Text != "同一盏灯" || got.Private {
		t.Errorf("the other says %+v", got)
	}
	if _, err := b.Matters.Get(t.Context(), b.member("m03"), two.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("who had it before: %v", err)
	}
	b.consistent()
	if v, err = b.Matters.Split(t.Context(), l, two.ID, v.Version, "是另一盏"); err != nil || v.Lead != "" || v.State != casework.Assigned {
		t.Errorf("%+v, %v", v, err)
	}
	if got := b.load(one.ID); got.Leads() || got.Last().What != casework.Ungather {
		t.Errorf("%+v", got)
	}
	if _, err := b.Matters.Split(t.Context(), l, two.ID, v.Version, "再拆"); !fault.Is(err, fault.WrongState) {
		t.Errorf("twice: %v", err)
	}
	b.consistent()
}

// TestNobodyHandlesAMatterAboutThemselvesByWayOfAMerge.
func TestNobodyHandlesAMatterAboutThemselvesByWayOfAMerge(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.liaison()
	lead := b.file(b.visitor("villager"), b.key(station.ForMember, "m03"), says(lampText))
	about := b.file(b.visitor("neighbour"), b.key(station.ForMember, "m01"), says(lampText), func(r *filing.Request) { r.Filing.AboutMember = true })
	to := func(id string) func(*matters.ActRequest) {
		return func(r *matters.ActRequest) { r.To, r.Reason = id, "属地" }
	}
	if _, err := b.Matters.Merge(t.Context(), l, about.ID, lead.ID, 1, "同一盏灯"); err != nil {
		t.Fatal(err)
	}
	// The lead goes to whom the other is about.
	b.act(l, lead.ID, access.Assign, to("m01"))
	b.sweep()
	got := b.load(about.ID)
	if got.Lead != "" || got.State != casework.Pooled || got.Assignee != "" {
		t.Errorf("it is %s with %q", got.State, got.Assignee)
	}
	if _, err := b.Matters.Merge(t.Context(), l, about.ID, lead.ID, got.Version, "同一盏灯"); !fault.Is(err, fault.Invalid) {
		t.Errorf("merged all the same: %v", err)
	}
	b.consistent()
}

// TestAWithdrawnLeadLeavesTheOthers: they go on, and nobody is lost.
func TestAWithdrawnLeadLeavesTheOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, key := b.visitor("villager"), b.key(station.ForMember, "m01")
	lead := b.file(first, key, says(lampText))
	var ids []string
	for i := range 4 {
		c := b.visitor(fmt.Sprint("neighbour-", i))
		v := b.file(c, key, says(lampText), sameAs(b.offered(c, key)))
		ids = append(ids, v.ID)
	}
	b.act(b.visitor("neighbour-1"), ids[1], access.Withdraw)
	b.act(first, lead.ID, access.Withdraw)
	b.sweep()
	got := b.load(ids[0])
	if got.Lead != "" || got.State != casework.Assigned || len(got.Same) != 2 {
		t.Fatalf("%+v", got)
	}
	b.act(b.member("m01"), ids[0], access.Reply, text("好"))
	for i, want := range []casework.State{casework.Answered, casework.Withdrawn, casework.Answered, casework.Answered} {
		if got := b.load(ids[i]); got.State != want {
			t.Errorf("number %d is %s, want %s", i, got.State, want)
		}
	}
	b.consistent()
}

// TestManyJoinAtOnce while the member answers: nobody is lost, and each hears.
func TestManyJoinAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := b.key(station.ForMember, "m01")
	lead := b.file(b.visitor("villager"), key, says(lampText))
	const many = 12
	callers := make([]access.Caller, many)
	for i := range callers {
		callers[i] = b.visitor(fmt.Sprint("neighbour-", i))
	}
	ids := make([]string, many)
	var wg sync.WaitGroup
	for i, c := range callers {
		wg.Go(func() {
			v, err := b.Filing.Submit(t.Context(), c, fmt.Sprintf("key-of-%08d", i), request(key, says(lampText), sameAs(b.offered(c, key))))
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = v.ID
		})
	}
	wg.Wait()
	b.clock.Advance(time.Minute)
	joined := 0
	for _, id := range ids {
		switch s := b.load(id); {
		case s.Lead == lead.ID:
			joined++
		case s.State != casework.Pooled:
			t.Errorf("%s is lost: %s", id, s.State)
		}
	}
	if s := b.load(lead.ID); len(s.Same) != joined || joined < together {
		t.Errorf("%d joined, the lead has %d", joined, len(s.Same))
	}
	b.act(b.member("m01"), lead.ID, access.Accept)
	b.act(b.member("m01"), lead.ID, access.Reply, text("好"))
	b.sweep(b.another())
	for _, id := range ids {
		if s := b.load(id); s.Lead == lead.ID && s.State != casework.Answered {
			t.Errorf("%s did not hear: %s", id, s.State)
		}
	}
	b.consistent()
}

// together is how many of many at once get in at least: as many as tries.
const together = 5

func TestHotTopics(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := b.key(station.ForMember, "m01")
	file := func(who, words string) { b.file(b.visitor(who), key, says(words)) }
	for i := range 4 {
		file(fmt.Sprint("old-", i), "集市的公厕一直没人打扫，味道很大")
	}
	b.clock.Advance(10 * 24 * time.Hour)
	file("old-9", "集市的公厕没人打扫，味道太大")
	for i := range 5 {
		file(fmt.Sprint("new-", i), lampText)
	}
	file("single", "想问问退休手续怎么办")
	list, partial, err := b.Overview.Hot(t.Context(), b.liaison())
	if err != nil || partial || len(list) != 2 {
		t.Fatalf("%d topics, %v", len(list), err)
	}
	if h := list[0]; h.Recent != 5 || h.Before != 0 || h.Rising() != 5 || h.Open != 5 || h.Lead.Text != lampText || len(h.IDs) != 5 {
		t.Errorf("the first: %+v", h)
	}
	if h := list[1]; h.Recent != 1 || h.Before != 4 || h.Rising() != 0 {
		t.Errorf("the second: %+v", h)
	}
	if _, _, err := b.Overview.Hot(t.Context(), b.member("m01")); !fault.Is(err, fault.Denied) {
		t.Errorf("a member: %v", err)
	}
}

// TestJoiningWhereManyAreEqual: whom the rules would have offered it to does not
// matter, however many they are.
func TestJoiningWhereManyAreEqual(t *testing.T) {
	t.Parallel()
	b := setup(t)
	st := town()
	for i := range 30 {
		st.Members = append(st.Members, station.Member{ID: fmt.Sprintf("e%02d", i), Name: fmt.Sprint("甲", i), Sector: "教育"})
	}
	b.put(st, 1)
	b.clock.Advance(3 * time.Second)
	key := b.key(station.ForPlace, "p2")
	lead := b.file(b.visitor("villager"), key, says(lampText), category("school"))
	neighbour := b.visitor("neighbour")
	mine := b.file(neighbour, key, says(lampText), category("school"), sameAs(b.offered(neighbour, key)))
	if got := b.load(mine.ID); got.Lead != lead.ID || got.Pick != 0 {
		t.Errorf("follows %q, pick %d", got.Lead, got.Pick)
	}
	b.consistent()
}

// TestWhatIsTooOldIsForgotten, also by a server that runs for years.
func TestWhatIsTooOldIsForgotten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := b.key(station.ForMember, "m01")
	b.file(b.visitor("villager"), key, says(lampText))
	offered := func() int {
		offers, err := b.Matters.Offers(t.Context(), b.visitor("neighbour"), key, lampText, nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(offers)
	}
	if n := offered(); n != 1 {
		t.Errorf("%d offered", n)
	}
	b.clock.Advance(366 * 24 * time.Hour)
	if n := offered(); n != 0 {
		t.Errorf("%d offered a year later", n)
	}
}

// TestWhatAFollowerTakesIn: an offer names nothing and is good for one person, code,
// text and a quarter of an hour; whoever takes it up reads no word of the other's,
// none said before, no question and no photo.
func TestWhatAFollowerTakesIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, m, second := b.visitor("villager"), b.member("m01"), b.visitor("neighbour")
	key := b.key(station.ForMember, "m01")
	lead := b.file(first, key, says(lampText+"，我是三楼的王秀兰"))
	b.act(m, lead.ID, access.Accept)
	b.act(m, lead.ID, access.Reply, text("王秀兰您好，医药费先垫付"))
	offer := b.offered(second, key)
	if strings.Contains(offer, lead.ID) || strings.Contains(offer, lead.Number) {
		t.Errorf("the offer names it: %s", offer)
	}
	stranger := b.visitor("stranger")
	for name, try := range map[string]struct {
		c    access.Caller
		text string
		same string
	}{
		"an id": {second, lampText, lead.ID}, "another person": {stranger, lampText, offer},
		"another text": {second, "想问问退休手续怎么办理才好", offer},
	} {
		_, err := b.Filing.Submit(t.Context(), try.c, fresh(), request(key, says(try.text), sameAs(try.same)))
		if fmt.Sprint(fieldsOf(err)) != "[same_as]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if offers, err := b.Matters.Offers(t.Context(), second, key, "路灯", nil); err != nil || len(offers) > 0 {
		t.Errorf("for a word: %+v, %v", offers, err)
	}
	mine := b.file(second, key, says(lampText), sameAs(offer))
	b.act(m, lead.ID, access.Ask, text("王秀兰，门牌号是多少？"))
	b.act(m, lead.ID, access.Reply, text("您家的事周五办"), func(r *matters.ActRequest) { r.Alone = true })
	b.act(m, lead.ID, access.Reply, text("灯明天修好"))
	v, err := b.Matters.Get(t.Context(), second, mine.ID)
	if err != nil {
		t.Fatal(err)
	}
	seen := fmt.Sprintf("%+v", v)
	for _, secret := range []string{"王秀兰", "医药费", "门牌", "周五", lead.ID, lead.Number} {
		if strings.Contains(seen, secret) {
			t.Errorf("the follower reads %s: %s", secret, seen)
		}
	}
	if !strings.Contains(seen, "灯明天修好") || v.State != casework.Answered {
		t.Errorf("the follower misses the answer: %s", seen)
	}
	b.clock.Advance(16 * time.Minute)
	late := b.visitor("late")
	old := b.offered(late, key)
	b.clock.Advance(16 * time.Minute)
	if _, err := b.Filing.Submit(t.Context(), late, fresh(), request(key, says(lampText), sameAs(old))); fmt.Sprint(fieldsOf(err)) != "[same_as]" {
		t.Errorf("an old offer: %v", err)
	}
}

package matters_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/desk/desktest"
	"mashang/desk/filing"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// TestJoiningWhatOthersReported: offered while writing, joined, notified of each step under their own number;
// nobody sees the others' texts.
func TestJoiningWhatOthersReported(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	first, m := b.Visitor("villager"), b.Member("m01")
	key := b.Key(station.ForMember, "m01")
	lead := b.File(first, key, desktest.WithText(desktest.LampText))
	second := b.Visitor("neighbour")
	b.Consent("neighbour", notice.VisitorReply, 5)
	b.Consent("neighbour", notice.VisitorClosed, 5)
	offers, err := b.Matters.OfferSimilar(t.Context(), second, key, "北街路灯坏了半个月了，晚上看不见路", nil)
	if err != nil || len(offers) != 1 || offers[0].ID != "" || offers[0].Token == "" || !offers[0].Likely || offers[0].People != 1 {
		t.Fatalf("%+v, %v", offers, err)
	}
	if s := offers[0].Sentence(); !strings.Contains(s, "有人反映过下滩村的投诉问题") || strings.Contains(s, "摔") || offers[0].Text != "" {
		t.Errorf("%s", s)
	}
	if offers, err := b.Matters.OfferSimilar(t.Context(), second, key, "想问问退休手续怎么办", nil); err != nil || len(offers) != 0 {
		t.Errorf("of something else: %+v, %v", offers, err)
	}
	inHand := b.Count(record.Index{Name: record.Inbox, Arg: "m01"})
	mine := b.File(second, key, desktest.WithText("北街路灯坏了半个月了，晚上看不见路"), desktest.SameAs(offers[0].Token))
	if mine.Number == lead.Number || mine.State != casework.Assigned || mine.Lead != "" || !strings.Contains(mine.Why[0], "一起办理") {
		t.Errorf("%+v", mine)
	}
	if n := b.Count(record.Index{Name: record.Inbox, Arg: "m01"}); n != inHand {
		t.Errorf("the member has %d in hand, had %d", n, inHand)
	}
	b.CheckConsistent()
	view, err := b.Matters.Get(t.Context(), m, lead.ID)
	if err != nil || view.FilerCount != 2 || len(view.Followers) != 1 || view.Followers[0] != mine.ID {
		t.Errorf("the member sees %d together, %v", view.FilerCount, err)
	}
	if view, err := b.Matters.Get(t.Context(), first, lead.ID); err != nil || view.FilerCount != 2 || len(view.Followers) != 0 {
		t.Errorf("the first filer sees %+v, %v", view.Followers, err)
	}
	// The third is offered the lead with both.
	if offers, err := b.Matters.OfferSimilar(t.Context(), b.Visitor("third"), key, desktest.LampText, nil); err != nil || len(offers) != 1 || offers[0].People != 2 || offers[0].ID != "" {
		t.Errorf("%+v, %v", offers, err)
	}
	b.Act(m, lead.ID, casework.Accept{})
	b.Act(m, lead.ID, casework.Reply{Text: "明天就修"})
	b.Deliver()
	if got := b.Load(mine.ID); got.State != casework.Answered || got.Last().Text != "明天就修" {
		t.Errorf("the second is %s, %+v", got.State, got.Last())
	}
	if msgs := b.Emu.Messages("neighbour"); len(msgs) != 1 || msgs[0].Data["thing3"].Value != "明天就修" {
		t.Errorf("the second is told %+v", msgs)
	}
	// An answer to the one that follows reaches both.
	b.Act(m, mine.ID, casework.Reply{Text: "已经修好"})
	if got := b.Load(lead.ID); got.Last().Text != "已经修好" {
		t.Errorf("the lead has %+v", got.Last())
	}
	// The second filer's message reaches the member.
	b.Consent(desktest.PhoneOfM01, notice.MemberMessage, 5)
	b.Act(second, mine.ID, casework.Message{Text: "还是不亮"})
	b.Deliver()
	if msgs := b.Emu.Messages(desktest.PhoneOfM01); len(msgs) == 0 || msgs[0].Data["character_string1"].Value != mine.Number {
		t.Errorf("the member is told %+v", msgs)
	}
	b.Act(m, lead.ID, casework.Close{Outcome: casework.Solved, Text: "换了灯泡"})
	b.Deliver()
	if got := b.Load(mine.ID); got.State != casework.Closed || got.Outcome != casework.Solved {
		t.Errorf("the second is %s", got.State)
	}
	b.CheckConsistent()
	// The second was not helped: theirs alone is opened again.
	b.Act(second, mine.ID, casework.Reopen{Reason: "我门口的还不亮"})
	if got := b.Load(mine.ID); got.Lead != "" || got.State != casework.Assigned || got.Assignee != "m01" {
		t.Errorf("opened again: %+v", got)
	}
	if got := b.Load(lead.ID); got.State != casework.Closed || got.Leads() {
		t.Errorf("the lead is %s with %v", got.State, got.Followers)
	}
	b.CheckConsistent()
}

func TestWhatCannotBeJoined(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, key := b.Visitor("villager"), b.Key(station.ForMember, "m01")
	danger := b.File(v, key, desktest.WithText("老人掉进河里了快救命，桥头没有护栏"))
	about := b.File(v, key, desktest.WithText("这位委员办事态度很差"), func(r *filing.Request) { r.Filing.AboutMember = true })
	closed := b.File(v, key, desktest.WithText("水渠漏水，下游浇不上地"))
	b.Act(v, closed.ID, casework.Withdraw{})
	for name, id := range map[string]string{"a danger": danger.ID, "about a member": about.ID, "withdrawn": closed.ID, "unknown": desktest.Here + "-0000000000000000", "no id": "x"} {
		_, err := b.Filing.Submit(t.Context(), v, "key-"+strings.ReplaceAll(name, " ", "-"), desktest.Request(key, desktest.SameAs(id)))
		if !fault.Is(err, fault.Invalid) || fmt.Sprint(desktest.FieldsOf(err)) != "[same_as]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, words := range []string{"老人掉进河里了快救命，桥头没有护栏", "这位委员办事态度很差", "水渠漏水，下游浇不上地"} {
		if offers, err := b.Matters.OfferSimilar(t.Context(), v, key, words, nil); err != nil || len(offers) != 0 {
			t.Errorf("%s: %+v, %v", words, offers, err)
		}
	}
}

// TestTheLiaisonMergesAndSplits, with an entry in both, and sees suggestions.
func TestTheLiaisonMergesAndSplits(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	one := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01"), desktest.WithText(desktest.LampText))
	two := b.File(b.Visitor("neighbour"), b.Key(station.ForMember, "m03"), desktest.WithText(desktest.LampText+"，请尽快"))
	alike, err := b.Matters.Similar(t.Context(), l, two.ID)
	if err != nil || len(alike) != 1 || alike[0].ID != one.ID || alike[0].Number != one.Number || alike[0].Following {
		t.Fatalf("%+v, %v", alike, err)
	}
	if _, err := b.Matters.Similar(t.Context(), b.Member("m01"), two.ID); !fault.Is(err, fault.Denied) {
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
	if got := b.Load(one.ID).Last(); got.What != casework.AddFollower || got.Text != two.Number || !got.Private {
		t.Errorf("the lead says %+v", got)
	}
	if got := b.Load(two.ID).Last(); got.What != access.Merge || got.Text != "同一盏灯" || got.Private {
		t.Errorf("the other says %+v", got)
	}
	if _, err := b.Matters.Get(t.Context(), b.Member("m03"), two.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("who had it before: %v", err)
	}
	b.CheckConsistent()
	if v, err = b.Matters.Split(t.Context(), l, two.ID, v.Version, "是另一盏"); err != nil || v.Lead != "" || v.State != casework.Assigned {
		t.Errorf("%+v, %v", v, err)
	}
	if got := b.Load(one.ID); got.Leads() || got.Last().What != casework.DropFollower {
		t.Errorf("%+v", got)
	}
	if _, err := b.Matters.Split(t.Context(), l, two.ID, v.Version, "再拆"); !fault.Is(err, fault.WrongState) {
		t.Errorf("twice: %v", err)
	}
	b.CheckConsistent()
}

// TestMergeAvoidsConcernedMembers.
func TestMergeAvoidsConcernedMembers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l := b.Liaison()
	lead := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m03"), desktest.WithText(desktest.LampText))
	about := b.File(b.Visitor("neighbour"), b.Key(station.ForMember, "m01"), desktest.WithText(desktest.LampText), func(r *filing.Request) { r.Filing.AboutMember = true })
	if _, err := b.Matters.Merge(t.Context(), l, about.ID, lead.ID, 1, "同一盏灯"); err != nil {
		t.Fatal(err)
	}
	// The lead goes to whom the other is about.
	b.Act(l, lead.ID, casework.Assign{To: "m01", Reason: "属地"})
	b.Sweep()
	got := b.Load(about.ID)
	if got.Lead != "" || got.State != casework.Pooled || got.Assignee != "" {
		t.Errorf("it is %s with %q", got.State, got.Assignee)
	}
	if _, err := b.Matters.Merge(t.Context(), l, about.ID, lead.ID, got.Version, "同一盏灯"); !fault.Is(err, fault.Invalid) {
		t.Errorf("merged all the same: %v", err)
	}
	b.CheckConsistent()
}

// TestAWithdrawnLeadLeavesTheOthers: they go on, and nobody is lost.
func TestAWithdrawnLeadLeavesTheOthers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	first, key := b.Visitor("villager"), b.Key(station.ForMember, "m01")
	lead := b.File(first, key, desktest.WithText(desktest.LampText))
	var ids []string
	for i := range 4 {
		c := b.Visitor(fmt.Sprint("neighbour-", i))
		v := b.File(c, key, desktest.WithText(desktest.LampText), desktest.SameAs(b.FirstOffer(c, key)))
		ids = append(ids, v.ID)
	}
	b.Act(b.Visitor("neighbour-1"), ids[1], casework.Withdraw{})
	b.Act(first, lead.ID, casework.Withdraw{})
	b.Sweep()
	got := b.Load(ids[0])
	if got.Lead != "" || got.State != casework.Assigned || len(got.Followers) != 2 {
		t.Fatalf("%+v", got)
	}
	b.Act(b.Member("m01"), ids[0], casework.Reply{Text: "好"})
	for i, want := range []casework.State{casework.Answered, casework.Withdrawn, casework.Answered, casework.Answered} {
		if got := b.Load(ids[i]); got.State != want {
			t.Errorf("number %d is %s, want %s", i, got.State, want)
		}
	}
	b.CheckConsistent()
}

// TestManyJoinAtOnce while the member answers: no follower is lost, and each is notified.
func TestManyJoinAtOnce(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	lead := b.File(b.Visitor("villager"), key, desktest.WithText(desktest.LampText))
	const many = 12
	callers := make([]access.Caller, many)
	for i := range callers {
		callers[i] = b.Visitor(fmt.Sprint("neighbour-", i))
	}
	ids := make([]string, many)
	var wg sync.WaitGroup
	for i, c := range callers {
		wg.Go(func() {
			v, err := b.Filing.Submit(t.Context(), c, fmt.Sprintf("key-of-%08d", i), desktest.Request(key, desktest.WithText(desktest.LampText), desktest.SameAs(b.FirstOffer(c, key))))
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = v.ID
		})
	}
	wg.Wait()
	b.Clock.Advance(time.Minute)
	joined := 0
	for _, id := range ids {
		switch s := b.Load(id); {
		case s.Lead == lead.ID:
			joined++
		case s.State != casework.Pooled:
			t.Errorf("%s is lost: %s", id, s.State)
		}
	}
	if s := b.Load(lead.ID); len(s.Followers) != joined || joined < together {
		t.Errorf("%d joined, the lead has %d", joined, len(s.Followers))
	}
	b.Act(b.Member("m01"), lead.ID, casework.Accept{})
	b.Act(b.Member("m01"), lead.ID, casework.Reply{Text: "好"})
	b.Sweep(b.SecondDesk())
	for _, id := range ids {
		if s := b.Load(id); s.Lead == lead.ID && s.State != casework.Answered {
			t.Errorf("%s did not hear: %s", id, s.State)
		}
	}
	b.CheckConsistent()
}

// together is how many of many at once get in at least: as many as tries.
const together = 5

func TestHotTopics(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	file := func(who, words string) { b.File(b.Visitor(who), key, desktest.WithText(words)) }
	for i := range 4 {
		file(fmt.Sprint("old-", i), "集市的公厕一直没人打扫，味道很大")
	}
	b.Clock.Advance(10 * 24 * time.Hour)
	file("old-9", "集市的公厕没人打扫，味道太大")
	for i := range 5 {
		file(fmt.Sprint("new-", i), desktest.LampText)
	}
	file("single", "想问问退休手续怎么办")
	for i := range 3 { // spam is alike, and no topic
		v := b.File(b.Visitor(fmt.Sprint("spam-", i)), key, desktest.WithText("低息贷款当天放款，加微信详谈"))
		b.Act(b.Liaison(), v.ID, casework.Close{Outcome: casework.Invalid, Reason: "广告"})
	}
	list, partial, err := b.Overview.Rising(t.Context(), b.Liaison())
	if err != nil || partial || len(list) != 2 {
		t.Fatalf("%d topics, %v", len(list), err)
	}
	if h := list[0]; h.Recent != 5 || h.Before != 0 || h.Rising() != 5 || h.Open != 5 || h.Lead.Text != desktest.LampText || len(h.IDs) != 5 {
		t.Errorf("the first: %+v", h)
	}
	if h := list[1]; h.Recent != 1 || h.Before != 4 || h.Rising() != 0 {
		t.Errorf("the second: %+v", h)
	}
	if _, _, err := b.Overview.Rising(t.Context(), b.Member("m01")); !fault.Is(err, fault.Denied) {
		t.Errorf("a member: %v", err)
	}
}

// TestJoiningWhereManyAreEqual: the candidates of the joining filing do not matter, however many they are.
func TestJoiningWhereManyAreEqual(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	st := desktest.Town()
	for i := range 30 {
		st.Members = append(st.Members, station.Member{ID: fmt.Sprintf("e%02d", i), Name: fmt.Sprint("甲", i), Sector: "教育"})
	}
	b.Put(st, 1)
	b.Clock.Advance(3 * time.Second)
	key := b.Key(station.ForPlace, "p2")
	lead := b.File(b.Visitor("villager"), key, desktest.WithText(desktest.LampText), desktest.Category("school"))
	neighbour := b.Visitor("neighbour")
	mine := b.File(neighbour, key, desktest.WithText(desktest.LampText), desktest.Category("school"), desktest.SameAs(b.FirstOffer(neighbour, key)))
	if got := b.Load(mine.ID); got.Lead != lead.ID || got.Pick != 0 {
		t.Errorf("follows %q, pick %d", got.Lead, got.Pick)
	}
	b.CheckConsistent()
}

// TestOldSubmissionsLeaveTheIndex, also by a server that runs for years.
func TestOldSubmissionsLeaveTheIndex(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	key := b.Key(station.ForMember, "m01")
	b.File(b.Visitor("villager"), key, desktest.WithText(desktest.LampText))
	offered := func() int {
		offers, err := b.Matters.OfferSimilar(t.Context(), b.Visitor("neighbour"), key, desktest.LampText, nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(offers)
	}
	if n := offered(); n != 1 {
		t.Errorf("%d offered", n)
	}
	b.Clock.Advance(366 * 24 * time.Hour)
	if n := offered(); n != 0 {
		t.Errorf("%d offered a year later", n)
	}
}

// TestOffersRevealNothing: an offer names nothing and is valid for one person, code and text for 15 minutes; a
// follower reads none of the lead's texts, earlier answers, questions or photos.
func TestOffersRevealNothing(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	first, m, second := b.Visitor("villager"), b.Member("m01"), b.Visitor("neighbour")
	key := b.Key(station.ForMember, "m01")
	lead := b.File(first, key, desktest.WithText(desktest.LampText+"，我是三楼的王秀兰"))
	b.Act(m, lead.ID, casework.Accept{})
	b.Act(m, lead.ID, casework.Reply{Text: "王秀兰您好，医药费先垫付"})
	offer := b.FirstOffer(second, key)
	if strings.Contains(offer, lead.ID) || strings.Contains(offer, lead.Number) {
		t.Errorf("the offer names it: %s", offer)
	}
	stranger := b.Visitor("stranger")
	for name, try := range map[string]struct {
		c    access.Caller
		text string
		same string
	}{
		"an id": {second, desktest.LampText, lead.ID}, "another person": {stranger, desktest.LampText, offer},
		"another text": {second, "想问问退休手续怎么办理才好", offer},
	} {
		_, err := b.Filing.Submit(t.Context(), try.c, desktest.Fresh(), desktest.Request(key, desktest.WithText(try.text), desktest.SameAs(try.same)))
		if fmt.Sprint(desktest.FieldsOf(err)) != "[same_as]" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if offers, err := b.Matters.OfferSimilar(t.Context(), second, key, "路灯", nil); err != nil || len(offers) > 0 {
		t.Errorf("for a word: %+v, %v", offers, err)
	}
	mine := b.File(second, key, desktest.WithText(desktest.LampText), desktest.SameAs(offer))
	b.Act(m, lead.ID, casework.Ask{Text: "王秀兰，门牌号是多少？"})
	b.Act(m, lead.ID, casework.Reply{Text: "您家的事周五办", LeadOnly: true})
	b.Act(m, lead.ID, casework.Reply{Text: "灯明天修好"})
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
	b.Clock.Advance(16 * time.Minute)
	late := b.Visitor("late")
	old := b.FirstOffer(late, key)
	b.Clock.Advance(16 * time.Minute)
	if _, err := b.Filing.Submit(t.Context(), late, desktest.Fresh(), desktest.Request(key, desktest.WithText(desktest.LampText), desktest.SameAs(old))); fmt.Sprint(desktest.FieldsOf(err)) != "[same_as]" {
		t.Errorf("an old offer: %v", err)
	}
}

// TestAFollowerIsNotInvalidAlone: nor is its lead because of it. The liaison separates it first.
func TestAFollowerIsNotInvalidAlone(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	l, key := b.Liaison(), b.Key(station.ForMember, "m01")
	lead, one := b.File(b.Visitor("villager"), key).ID, b.File(b.Visitor("neighbour"), key).ID
	if _, err := b.Matters.Merge(t.Context(), l, one, lead, b.Load(one).Version, "同一处"); err != nil {
		t.Fatal(err)
	}
	_, err := b.Try(l, one, casework.Close{Outcome: casework.Invalid, Reason: "试填"})
	if desktest.WrongFields(err) != "outcome" || !strings.Contains(err.Error(), "单独办理") {
		t.Errorf("%v", err)
	}
	if !b.Load(lead).State.Open() || !b.Load(one).State.Open() {
		t.Error("it is closed")
	}
}

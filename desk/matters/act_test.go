package matters_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"mashang/desk/desktest"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// clash is who acted, from a conflict.
func clash(t *testing.T, err error) fault.Clash {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Conflict || e.Clash == nil {
		t.Fatalf("no conflict: %v", err)
	}
	return *e.Clash
}

// TestLife walks one matter from filing to a second closing.
func TestLife(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, other, l := b.Visitor("villager"), b.Member("m01"), b.Member("m02"), b.Liaison()
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	pic := b.Photo(m, 50)
	for i, step := range []struct {
		who    access.Caller
		act    access.Action
		with   []func(*matters.ActRequest)
		state  casework.State
		member string
		queue  record.Index
	}{
		{m, access.Accept, nil, casework.Accepted, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{m, access.Ask, with(desktest.Text("哪一盏？")), casework.Waiting, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{v, access.Message, with(desktest.Text("村口那盏")), casework.Accepted, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{m, access.Return, with(desktest.Reason("不是我的村")), casework.Pooled, "", record.Index{Name: record.Pool}},
		{l, access.Assign, with(desktest.To("m02", "请你办")), casework.Assigned, "m02", record.Index{Name: record.Inbox, Arg: "m02"}},
		{l, access.Transfer, with(desktest.To("m01", "他更熟")), casework.Assigned, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{m, access.Reply, with(desktest.Text("已报修"), func(r *matters.ActRequest) { r.Photos = []string{pic} }), casework.Answered, "m01", record.Index{Name: record.Answered, Arg: "m01"}},
		{m, access.Close, with(desktest.Closing(casework.Solved, "修好了")), casework.Closed, "m01", record.Index{Name: record.ClosedBy, Arg: "m01"}},
		{v, access.Rate, with(rating(false, 2, 3, "又坏了")), casework.Closed, "m01", record.Index{Name: record.ClosedBy, Arg: "m01"}},
		{v, access.Reopen, with(desktest.Reason("又坏了")), casework.Assigned, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{l, access.Transfer, with(desktest.To("m02", "换人")), casework.Assigned, "m02", record.Index{Name: record.Inbox, Arg: "m02"}},
		{other, access.Reply, with(desktest.Text("换了新灯")), casework.Answered, "m02", record.Index{Name: record.Answered, Arg: "m02"}},
		{v, access.Withdraw, with(desktest.Reason("好了")), casework.Withdrawn, "m02", record.Index{Name: record.GoneFrom, Arg: "m02"}},
	} {
		b.Clock.Advance(time.Minute)
		b.Act(step.who, id, step.act, step.with...)
		got := b.Load(id)
		if got.State != step.state || got.Assignee != step.member || got.Version != i+2 {
			t.Errorf("%d %s: %s, %q, version %d", i, step.act, got.State, got.Assignee, got.Version)
		}
		if last := got.Last(); last.What != casework.Act(step.act) || last.At != casework.At(b.Clock.Now()) {
			t.Errorf("%d %s: the thread ends with %+v", i, step.act, last)
		}
		for _, ix := range queues() {
			want := 0
			if ix == step.queue {
				want = 1
			}
			if n := b.Count(ix); n != want {
				t.Errorf("%d %s: %d in %v, want %d", i, step.act, n, ix, want)
			}
		}
	}
	if b.Seen.Of("act", "reply") != 2 || b.Seen.Of("act", "withdraw") != 1 {
		t.Error("acts are not observed")
	}
	last, err := b.Matters.Get(t.Context(), v, id)
	if err != nil {
		t.Fatal(err)
	}
	// The visitor's thread lacks the member's private "not mine".
	if len(last.Thread) != 12 || slices.ContainsFunc(last.Thread, func(e casework.Entry) bool { return e.What == casework.Return }) {
		t.Errorf("the visitor's thread: %+v", last.Thread)
	}
}

func with(list ...func(*matters.ActRequest)) []func(*matters.ActRequest) { return list }

func rating(solved bool, attitude, speed int, why string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) {
		r.Rating = &casework.Rating{Solved: solved, Attitude: attitude, Speed: speed, Reason: why}
	}
}

// queues are all there are for the two members of TestLife.
func queues() []record.Index {
	list := []record.Index{{Name: record.Pool}}
	for _, m := range []string{"m01", "m02"} {
		for _, name := range []record.IndexName{record.Inbox, record.Answered, record.ClosedBy, record.GoneFrom} {
			list = append(list, record.Index{Name: name, Arg: m})
		}
	}
	return list
}

func TestConflictsNameWhoActed(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, l := b.Visitor("villager"), b.Member("m01"), b.Liaison()
	id := b.File(v, b.Key(station.ForMember, "m01"), desktest.Anonymous).ID
	stale := func(c access.Caller, act access.Action, change ...func(*matters.ActRequest)) fault.Clash {
		t.Helper()
		_, err := b.Try(c, id, act, append(change, desktest.Version(1))...)
		return clash(t, err)
	}
	b.Clock.Advance(time.Minute)
	b.Act(v, id, access.Message, desktest.Text("还在吗"))
	want := fault.Clash{By: fault.Actor{Role: "visitor"}, At: b.Clock.Now(), Version: 2}
	got := stale(m, access.Reply, desktest.Text("在"))
	if got.By != want.By || !got.At.Equal(want.At) || got.Version != want.Version {
		t.Errorf("an unnamed visitor acted: %+v", got)
	}
	b.Act(m, id, access.Accept)
	if got := stale(l, access.Assign, desktest.To("m02", "换人")); got.By != (fault.Actor{Role: "member", Name: "陈一"}) || got.Version != 3 {
		t.Errorf("the member acted: %+v", got)
	}
	if got := stale(v, access.Withdraw); got.By.Name != "陈一" {
		t.Errorf("a visitor who gave a version: %+v", got)
	}
	b.Act(l, id, access.Assign, desktest.To("m02", "换人"))
	// Who had it is told who took it; with the newest version it is not theirs.
	if got := stale(m, access.Reply, desktest.Text("在")); got.By != (fault.Actor{Role: "liaison", Name: "周联络"}) {
		t.Errorf("the liaison acted: %+v", got)
	}
	if _, err := b.Try(m, id, access.Reply, desktest.Text("在")); !fault.Is(err, fault.NotFound) {
		t.Errorf("no longer theirs: %v", err)
	}
	if _, err := b.Try(b.Member("m03"), id, access.Reply, desktest.Text("在"), desktest.Version(1)); !fault.Is(err, fault.NotFound) {
		t.Errorf("never theirs: %v", err)
	}
	if _, err := b.Try(b.Bound(desktest.There, access.Member, "m01"), id, access.Reply, desktest.Text("在"), desktest.Version(1)); !fault.Is(err, fault.NotFound) {
		t.Errorf("another station's: %v", err)
	}
	if _, err := b.Try(l, id, access.Close, desktest.Closing(casework.Solved, "好"), desktest.Version(99)); !fault.Is(err, fault.Conflict) {
		t.Errorf("a version that is still to come: %v", err)
	}
	_, err := b.Matters.Act(t.Context(), b.Member("m02"), id, matters.ActRequest{Act: access.Accept})
	if desktest.Wrong(err) != "version" {
		t.Errorf("no version: %v", err)
	}
}

// TestMessagesRaceWithAnswers has a visitor write while the member answers:
// each message is kept, each answer is kept or refused as late, and every
// version is one step.
func TestMessagesRaceWithAnswers(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	const each = 12
	var wg sync.WaitGroup
	var mu sync.Mutex
	kept := map[string]bool{}
	keep := func(s string) {
		mu.Lock()
		defer mu.Unlock()
		kept[s] = true
	}
	wg.Go(func() {
		for i := range each {
			s := fmt.Sprint("消息", i)
			if _, err := b.Matters.Act(t.Context(), v, id, matters.ActRequest{Act: access.Message, Text: s}); err != nil {
				t.Errorf("message: %v", err)
				return
			}
			keep(s)
		}
	})
	wg.Go(func() {
		for i := range each {
			s := fmt.Sprint("答复", i)
			_, err := b.Try(m, id, access.Reply, desktest.Text(s))
			switch {
			case err == nil:
				keep(s)
			case !fault.Is(err, fault.Conflict):
				t.Errorf("reply: %v", err)
			}
		}
	})
	wg.Wait()
	s := b.Load(id)
	got := map[string]bool{}
	for _, e := range s.Thread {
		got[e.Text] = true
	}
	if diff := cmp.Diff(kept, got); diff != "" {
		t.Error(diff)
	}
	if s.Version != 1+len(s.Thread) || len(got) != len(s.Thread) {
		t.Errorf("version %d, %d entries, %d texts", s.Version, len(s.Thread), len(got))
	}
}

// TestOneOfManyWins has the same version acted on by many at once.
func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	m, l := b.Member("m01"), b.Liaison()
	id := b.File(b.Visitor("villager"), b.Key(station.ForMember, "m01")).ID
	const each = 8
	results := make(chan error, 2*each)
	for range each {
		go func() {
			_, err := b.Matters.Act(t.Context(), m, id, matters.ActRequest{Act: access.Accept, Version: new(1)})
			results <- err
		}()
		go func() {
			_, err := b.Matters.Act(t.Context(), l, id, matters.ActRequest{Act: access.Assign, Version: new(1), To: "m02", Reason: "换人"})
			results <- err
		}()
	}
	won := 0
	for range 2 * each {
		switch err := <-results; {
		case err == nil:
			won++
		case !fault.Is(err, fault.Conflict):
			t.Error(err)
		}
	}
	if s := b.Load(id); won != 1 || s.Version != 2 {
		t.Errorf("%d won, version %d", won, s.Version)
	}
}

func TestHandingOver(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	next := desktest.Town()
	next.Members = append(next.Members, station.Member{ID: "m09", Name: "陈九", Sector: "经济", Gone: true})
	b.Put(next, 1)
	b.Clock.Advance(3 * time.Second)
	m := b.Member("m01")
	filer := b.Visitor("villager")
	plain := b.File(filer, b.Key(station.ForMember, "m01")).ID
	for name, c := range map[string]struct{ to, why, field string }{
		"nobody":       {"m99", "请", "to"},
		"gone":         {"m09", "请", "to"},
		"away":         {"m05", "请", "to"},
		"themselves":   {"m01", "请", "to"},
		"no reason":    {"m02", " ", "reason"},
		"nothing said": {"", "", "reason,to"},
	} {
		if _, err := b.Try(m, plain, access.Transfer, desktest.To(c.to, c.why)); desktest.Wrong(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	accused := b.File(filer, b.Key(station.ForMember, "m01"), desktest.Against("陈二")).ID
	for _, c := range []access.Caller{m, b.Liaison()} {
		if _, err := b.Try(c, accused, access.Transfer, desktest.To("m02", "请")); desktest.Wrong(err) != "to" {
			t.Errorf("%s hands it to whom it is about: %v", c.Role, err)
		}
	}
	if shown := b.Act(m, accused, access.Transfer, desktest.To("m03", "收费的事")); !shown.Empty() {
		t.Errorf("handed over and still shown: %+v", shown)
	}
	v := b.Load(accused)
	if v.Last().ToName != "陈三" || v.Last().To != "m03" || v.Last().Text != "收费的事" {
		t.Errorf("entry %+v", v.Last())
	}
	if _, err := b.Matters.Get(t.Context(), m, accused); !fault.Is(err, fault.NotFound) {
		t.Errorf("handed over and still read: %v", err)
	}
	if s := b.Load(plain); s.Version != 1 {
		t.Errorf("a refused act left version %d", s.Version)
	}
}

func TestMerging(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, l := b.Visitor("villager"), b.Member("m01"), b.Liaison()
	file := func(kind station.TargetKind, id string) string { return b.File(v, b.Key(kind, id)).ID }
	mine, over, theirs := file(station.ForMember, "m01"), file(station.ForMember, "m01"), file(station.ForMember, "m03")
	b.Act(v, over, access.Withdraw)
	far := b.File(v, b.KeyIn(desktest.There, station.ForMember, "m01")).ID
	one := file(station.ForMember, "m01")
	b.Act(m, one, access.Accept)
	into := func(id string) []func(*matters.ActRequest) {
		return with(desktest.Closing(casework.Merged, "并案办理"), func(r *matters.ActRequest) { r.Into = id })
	}
	for name, c := range map[string]struct {
		who access.Caller
		id  string
	}{
		"itself": {m, one}, "unknown": {m, "lj-0000000000000000"}, "nonsense": {m, "??"}, "over": {m, over},
		"not theirs to see": {m, theirs}, "another station's": {l, far}, "nothing": {m, ""},
	} {
		if _, err := b.Try(c.who, one, access.Close, into(c.id)...); desktest.Wrong(err) != "into" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.Act(m, one, access.Close, into(mine)...); got.Outcome != casework.Merged || got.Into != mine {
		t.Errorf("merged: %s into %q", got.Outcome, got.Into)
	}
	two := file(station.ForMember, "m01")
	b.Act(m, two, access.Accept)
	if got := b.Act(l, two, access.Close, into(theirs)...); got.Into != theirs {
		t.Errorf("the liaison merges what the member cannot see: %+v", got.Into)
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	closed := func() string {
		id := b.File(v, b.Key(station.ForMember, "m01")).ID
		b.Act(m, id, access.Accept)
		b.Act(m, id, access.Close, desktest.Closing(casework.Explained, "讲清楚了"))
		return id
	}
	first, second := closed(), closed()
	if _, err := b.Try(v, first, access.Message, desktest.Text("还有")); !fault.Is(err, fault.WrongState) {
		t.Errorf("a message after the end: %v", err)
	}
	b.Clock.Advance(15 * 24 * time.Hour)
	if got := b.Act(v, first, access.Reopen, desktest.Reason("又来了")); got.State != casework.Assigned || got.Assignee != "m01" ||
		got.DueAt <= casework.At(b.Clock.Now()) || got.Outcome != "" {
		t.Errorf("reopened: %+v", got.Submission)
	}
	b.Clock.Advance(time.Millisecond)
	if _, err := b.Try(v, second, access.Reopen, desktest.Reason("又来了")); !fault.Is(err, fault.WrongState) {
		t.Errorf("after fifteen days: %v", err)
	}
	b.Act(v, second, access.Rate, rating(true, 5, 4, ""))
	if _, err := b.Try(v, second, access.Rate, rating(true, 1, 1, "改主意")); !fault.Is(err, fault.WrongState) {
		t.Errorf("a second rating: %v", err)
	}
	if _, err := b.Try(m, second, access.Rate, rating(true, 5, 5, "")); !fault.Is(err, fault.Denied) {
		t.Errorf("the member rates: %v", err)
	}
	if s := b.Load(second); s.Rating == nil || s.Rating.Attitude != 5 {
		t.Errorf("rating %+v", s.Rating)
	}
}

// TestReopenWithoutTheMember sends it to the pool.
func TestReopenWithoutTheMember(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	b.Act(m, id, access.Accept)
	b.Act(m, id, access.Close, desktest.Closing(casework.Solved, "好了"))
	next := desktest.Town()
	next.Members[0].Gone = true
	b.Put(next, 1)
	b.Clock.Advance(3 * time.Second)
	before := b.Waiting()
	got := b.Act(v, id, access.Reopen, desktest.Reason("没好"))
	if got.State != casework.Pooled || got.Assignee != "" || b.Waiting() != before {
		t.Errorf("%s, %q, %d new notices", got.State, got.Assignee, b.Waiting()-before)
	}
	if b.Count(record.Index{Name: record.Pool}) != 1 {
		t.Error("it is not in the pool")
	}
}

// TestWordsOfVisitorsAreChecked: whatever a visitor says to others.
func TestWordsOfVisitorsAreChecked(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	bad := "你们 " + emulator.WordRisky
	for field, err := range map[string]error{
		"text":   desktest.Second(b.Try(v, id, access.Message, desktest.Text(bad))),
		"reason": desktest.Second(b.Try(v, id, access.Withdraw, desktest.Reason(bad))),
	} {
		if desktest.Wrong(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	b.Act(v, id, access.Message, desktest.Text("你们 "+emulator.WordReview)) // said to one person, who can judge
	b.Act(m, id, access.Reply, desktest.Text("好"))
	b.Act(m, id, access.Close, desktest.Closing(casework.Solved, "好了"))
	if err := desktest.Second(b.Try(v, id, access.Rate, rating(true, 1, 1, bad))); desktest.Wrong(err) != "reason" {
		t.Errorf("rating: %v", err)
	}
	if err := desktest.Second(b.Try(v, id, access.Reopen, desktest.Reason(bad))); desktest.Wrong(err) != "reason" {
		t.Errorf("reopening: %v", err)
	}
	if n := b.Load(id).Version; n != 4 {
		t.Errorf("version %d", n)
	}
	b.Line.On(desktest.CheckPath, desktest.Refused)
	b.Act(v, id, access.Reopen, desktest.Reason("没好")) // the platform is down: the visitor is not made to wait
	if strings.Contains(b.Log.String(), "没好") {
		t.Error("the log holds what people write")
	}
}

// TestPhotosInActs: only one's own, and those who may read the matter see them.
func TestPhotosInActs(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	theirs := b.Photo(v, 1)
	photos := func(ids ...string) func(*matters.ActRequest) {
		return func(r *matters.ActRequest) { r.Photos = ids }
	}
	if _, err := b.Try(m, id, access.Reply, photos(theirs)); desktest.Wrong(err) != "photos" {
		t.Errorf("somebody else's photo: %v", err)
	}
	if got := b.Act(v, id, access.Message, photos(theirs)); !slices.Equal(got.Last().Photos, []string{theirs}) {
		t.Errorf("entry %+v", got.Last())
	}
	b.Checked()
	if _, err := b.Matters.File(t.Context(), m, theirs, true); err != nil {
		t.Errorf("the member: %v", err)
	}
}

// TestNobodyJudgesTheirOwn: who filed and then became the member who holds it
// can hand it on, and nothing else.
func TestNobodyJudgesTheirOwn(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	villager := b.Visitor("villager")
	s := b.File(villager, b.Key(station.ForMember, "m01"))
	in, err := b.Identity.IssueInvite(t.Context(), record.Invite{Station: desktest.Here, Role: string(access.Member), Ref: "m01"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Identity.Bind(t.Context(), villager, in.Code); err != nil {
		t.Fatal(err)
	}
	c := b.Caller(b.Open("villager", "").Token)
	if s.Assignee != "m01" || b.Load(s.ID).Filer != c.Person {
		t.Fatalf("held by %q", s.Assignee)
	}
	for _, act := range []access.Action{access.Accept, access.Ask, access.Reply} {
		if _, err := b.Try(c, s.ID, act, desktest.Text("好")); !fault.Is(err, fault.Denied) {
			t.Errorf("%s on their own: %v", act, err)
		}
	}
	if v := b.Act(c, s.ID, access.Return, desktest.Reason("是我自己的事")); v.State != casework.Pooled {
		t.Errorf("handed back: %s", v.State)
	}
}

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
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/rating"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/wechat/emulator"
)

// clash returns who acted, from a Conflict.
func clash(t *testing.T, err error) fault.Clash {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || e.Code != fault.Conflict || e.Clash == nil {
		t.Fatalf("no conflict: %v", err)
	}
	return *e.Clash
}

// TestLifeOfASubmission follows one submission from filing to a second closing.
func TestLifeOfASubmission(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m, other, l := b.Visitor("villager"), b.Member("m01"), b.Member("m02"), b.Liaison()
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	pic := b.Photo(m, 50)
	for i, step := range []struct {
		who    access.Caller
		act    casework.Act
		state  casework.State
		member string
		queue  record.Index
	}{
		{m, casework.Accept{}, casework.Accepted, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{m, casework.Ask{Text: "哪一盏？"}, casework.Waiting, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{v, casework.Message{Text: "村口那盏"}, casework.Accepted, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{m, casework.Return{Reason: "不是我的村"}, casework.Pooled, "", record.Index{Name: record.Pool}},
		{l, casework.Assign{To: "m02", Reason: "请你办"}, casework.Assigned, "m02", record.Index{Name: record.Inbox, Arg: "m02"}},
		{l, casework.Transfer{To: "m01", Reason: "他更熟"}, casework.Assigned, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{m, casework.Reply{Text: "已报修", Photos: []string{pic}}, casework.Answered, "m01", record.Index{Name: record.Answered, Arg: "m01"}},
		{m, casework.Close{Outcome: casework.Solved, Text: "修好了"}, casework.Closed, "m01", record.Index{Name: record.ClosedBy, Arg: "m01"}},
		{v, casework.Rate{Verdict: rating.Not, Satisfaction: rating.Dissatisfied, Reason: "又坏了"}, casework.Closed, "m01", record.Index{Name: record.ClosedBy, Arg: "m01"}},
		{v, casework.Reopen{Reason: "又坏了"}, casework.Assigned, "m01", record.Index{Name: record.Inbox, Arg: "m01"}},
		{l, casework.Transfer{To: "m02", Reason: "换人"}, casework.Assigned, "m02", record.Index{Name: record.Inbox, Arg: "m02"}},
		{other, casework.Reply{Text: "换了新灯"}, casework.Answered, "m02", record.Index{Name: record.Answered, Arg: "m02"}},
		{v, casework.Withdraw{Reason: "好了"}, casework.Withdrawn, "m02", record.Index{Name: record.GoneFrom, Arg: "m02"}},
	} {
		b.Clock.Advance(time.Minute)
		b.Act(step.who, id, step.act)
		got, name := b.Load(id), casework.NameOf(step.act)
		if got.State != step.state || got.Assignee != step.member || got.Version != i+2 {
			t.Errorf("%d %s: %s, %q, version %d", i, name, got.State, got.Assignee, got.Version)
		}
		if last := got.Last(); last.What != name || last.At != casework.At(b.Clock.Now()) {
			t.Errorf("%d %s: the thread ends with %+v", i, name, last)
		}
		for _, ix := range queues() {
			want := 0
			if ix == step.queue {
				want = 1
			}
			if n := b.Count(ix); n != want {
				t.Errorf("%d %s: %d in %v, want %d", i, name, n, ix, want)
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
	if len(last.Thread) != 12 || slices.ContainsFunc(last.Thread, func(e casework.Entry) bool { return e.What == access.Return }) {
		t.Errorf("the visitor's thread: %+v", last.Thread)
	}
}

// queues are all there are for the two members of TestLifeOfASubmission.
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
	stale := func(c access.Caller, act casework.Act) fault.Clash {
		t.Helper()
		_, err := b.TryAt(c, id, 1, act)
		return clash(t, err)
	}
	b.Clock.Advance(time.Minute)
	b.Act(v, id, casework.Message{Text: "还在吗"})
	want := fault.Clash{By: fault.Actor{Role: "visitor"}, At: b.Clock.Now(), Version: 2}
	got := stale(m, casework.Reply{Text: "在"})
	if got.By != want.By || !got.At.Equal(want.At) || got.Version != want.Version {
		t.Errorf("an unnamed visitor acted: %+v", got)
	}
	b.Act(m, id, casework.Accept{})
	if got := stale(l, casework.Assign{To: "m02", Reason: "换人"}); got.By != (fault.Actor{Role: "member", Name: "陈一"}) || got.Version != 3 {
		t.Errorf("the member acted: %+v", got)
	}
	if got := stale(v, casework.Withdraw{}); got.By.Name != "陈一" {
		t.Errorf("a visitor who gave a version: %+v", got)
	}
	b.Act(l, id, casework.Assign{To: "m02", Reason: "换人"})
	// The former assignee is told who took it; with the newest version it does not exist for them.
	if got := stale(m, casework.Reply{Text: "在"}); got.By != (fault.Actor{Role: "liaison", Name: "周联络"}) {
		t.Errorf("the liaison acted: %+v", got)
	}
	if _, err := b.Try(m, id, casework.Reply{Text: "在"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("no longer theirs: %v", err)
	}
	if _, err := b.TryAt(b.Member("m03"), id, 1, casework.Reply{Text: "在"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("never theirs: %v", err)
	}
	if _, err := b.TryAt(b.Bound(desktest.There, access.Member, "m01"), id, 1, casework.Reply{Text: "在"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another station's: %v", err)
	}
	if _, err := b.TryAt(l, id, 99, casework.Close{Outcome: casework.Solved, Text: "好"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a version that is still to come: %v", err)
	}
	_, err := b.Matters.Act(t.Context(), b.Member("m02"), id, nil, casework.Accept{})
	if desktest.WrongFields(err) != "version" {
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
			if _, err := b.Matters.Act(t.Context(), v, id, nil, casework.Message{Text: s}); err != nil {
				t.Errorf("message: %v", err)
				return
			}
			keep(s)
		}
	})
	wg.Go(func() {
		for i := range each {
			s := fmt.Sprint("答复", i)
			_, err := b.Try(m, id, casework.Reply{Text: s})
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
			_, err := b.Matters.Act(t.Context(), m, id, new(1), casework.Accept{})
			results <- err
		}()
		go func() {
			_, err := b.Matters.Act(t.Context(), l, id, new(1), casework.Assign{To: "m02", Reason: "换人"})
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
	next.Members = append(next.Members, station.Member{ID: "m09", Name: "陈九", Sector: "经济", Left: true})
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
		if _, err := b.Try(m, plain, casework.Transfer{To: c.to, Reason: c.why}); desktest.WrongFields(err) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	accused := b.File(filer, b.Key(station.ForMember, "m01"), desktest.Against("陈二")).ID
	for _, c := range []access.Caller{m, b.Liaison()} {
		if _, err := b.Try(c, accused, casework.Transfer{To: "m02", Reason: "请"}); desktest.WrongFields(err) != "to" {
			t.Errorf("%s hands it to whom it is about: %v", c.Role, err)
		}
	}
	if shown := b.Act(m, accused, casework.Transfer{To: "m03", Reason: "收费的事"}); !shown.Empty() {
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
	b.Act(v, over, casework.Withdraw{})
	far := b.File(v, b.KeyIn(desktest.There, station.ForMember, "m01")).ID
	one := file(station.ForMember, "m01")
	b.Act(m, one, casework.Accept{})
	into := func(id string) casework.Close {
		return casework.Close{Outcome: casework.Merged, Text: "并案办理", Into: id}
	}
	for name, c := range map[string]struct {
		who access.Caller
		id  string
	}{
		"itself": {m, one}, "unknown": {m, "lj-0000000000000000"}, "nonsense": {m, "??"}, "over": {m, over},
		"not theirs to see": {m, theirs}, "another station's": {l, far}, "nothing": {m, ""},
	} {
		if _, err := b.Try(c.who, one, into(c.id)); desktest.WrongFields(err) != "into" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.Act(m, one, into(mine)); got.Outcome != casework.Merged || got.Into != mine {
		t.Errorf("merged: %s into %q", got.Outcome, got.Into)
	}
	two := file(station.ForMember, "m01")
	b.Act(m, two, casework.Accept{})
	if got := b.Act(l, two, into(theirs)); got.Into != theirs {
		t.Errorf("the liaison merges what the member cannot see: %+v", got.Into)
	}
}

func TestWindows(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	closed := func() string {
		id := b.File(v, b.Key(station.ForMember, "m01")).ID
		b.Act(m, id, casework.Accept{})
		b.Act(m, id, casework.Close{Outcome: casework.Explained, Text: "讲清楚了"})
		return id
	}
	first, second := closed(), closed()
	if _, err := b.Try(v, first, casework.Message{Text: "还有"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("a message after the end: %v", err)
	}
	b.Clock.Advance(15 * 24 * time.Hour)
	if got := b.Act(v, first, casework.Reopen{Reason: "又来了"}); got.State != casework.Assigned || got.Assignee != "m01" ||
		got.DueAt <= casework.At(b.Clock.Now()) || got.Outcome != "" {
		t.Errorf("reopened: %+v", got.Submission)
	}
	b.Clock.Advance(time.Millisecond)
	if _, err := b.Try(v, second, casework.Reopen{Reason: "又来了"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("after fifteen days: %v", err)
	}
	b.Act(v, second, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied})
	if _, err := b.Try(v, second, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Dissatisfied, Reason: "改主意"}); !fault.Is(err, fault.WrongState) {
		t.Errorf("a second rating: %v", err)
	}
	if _, err := b.Try(m, second, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Satisfied}); !fault.Is(err, fault.Denied) {
		t.Errorf("the member rates: %v", err)
	}
	if s := b.Load(second); s.Rating == nil || s.Rating.Satisfaction != rating.Satisfied {
		t.Errorf("rating %+v", s.Rating)
	}
}

// TestReopenWithoutTheMember sends it to the pool.
func TestReopenWithoutTheMember(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	b.Act(m, id, casework.Accept{})
	b.Act(m, id, casework.Close{Outcome: casework.Solved, Text: "好了"})
	next := desktest.Town()
	next.Members[0].Left = true
	b.Put(next, 1)
	b.Clock.Advance(3 * time.Second)
	before := b.PendingNotices()
	got := b.Act(v, id, casework.Reopen{Reason: "没好"})
	if got.State != casework.Pooled || got.Assignee != "" || b.PendingNotices() != before {
		t.Errorf("%s, %q, %d new notices", got.State, got.Assignee, b.PendingNotices()-before)
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
		"text":   desktest.Second(b.Try(v, id, casework.Message{Text: bad})),
		"reason": desktest.Second(b.Try(v, id, casework.Withdraw{Reason: bad})),
	} {
		if desktest.WrongFields(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	b.Act(v, id, casework.Message{Text: "你们 " + emulator.WordReview}) // said to one person, who can judge
	b.Act(m, id, casework.Reply{Text: "好"})
	b.Act(m, id, casework.Close{Outcome: casework.Solved, Text: "好了"})
	if err := desktest.Second(b.Try(v, id, casework.Rate{Verdict: rating.Solved, Satisfaction: rating.Dissatisfied, Reason: bad})); desktest.WrongFields(err) != "reason" {
		t.Errorf("rating: %v", err)
	}
	if err := desktest.Second(b.Try(v, id, casework.Reopen{Reason: bad})); desktest.WrongFields(err) != "reason" {
		t.Errorf("reopening: %v", err)
	}
	if n := b.Load(id).Version; n != 4 {
		t.Errorf("version %d", n)
	}
	b.Line.Handle(desktest.CheckPath, desktest.Refused)
	b.Act(v, id, casework.Reopen{Reason: "没好"}) // the platform is down: the visitor is not made to wait
	if strings.Contains(b.Log.String(), "没好") {
		t.Error("the log holds what people write")
	}
}

// TestPhotosInActs: only the caller's own, and readers of the submission see them.
func TestPhotosInActs(t *testing.T) {
	t.Parallel()
	b := desktest.Setup(t)
	v, m := b.Visitor("villager"), b.Member("m01")
	id := b.File(v, b.Key(station.ForMember, "m01")).ID
	theirs := b.Photo(v, 1)
	if _, err := b.Try(m, id, casework.Reply{Photos: []string{theirs}}); desktest.WrongFields(err) != "photos" {
		t.Errorf("somebody else's photo: %v", err)
	}
	if got := b.Act(v, id, casework.Message{Photos: []string{theirs}}); !slices.Equal(got.Last().Photos, []string{theirs}) {
		t.Errorf("entry %+v", got.Last())
	}
	b.RunPhotoChecks()
	if _, err := b.Matters.File(t.Context(), m, theirs, true); err != nil {
		t.Errorf("the member: %v", err)
	}
}

// TestNobodyHandlesTheirOwn: a filer who became the assignee can only hand it on.
func TestNobodyHandlesTheirOwn(t *testing.T) {
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
	for _, act := range []casework.Act{casework.Accept{}, casework.Ask{Text: "好"}, casework.Reply{Text: "好"}} {
		if _, err := b.Try(c, s.ID, act); !fault.Is(err, fault.Denied) {
			t.Errorf("%s on their own: %v", casework.NameOf(act), err)
		}
	}
	if v := b.Act(c, s.ID, casework.Return{Reason: "是我自己的事"}); v.State != casework.Pooled {
		t.Errorf("handed back: %s", v.State)
	}
}

package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/reason"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const st = "lj"

var (
	noon   = storetest.Noon
	serial atomic.Int64
)

// text120 is a typical text.
const text120 = "五一假期我们一家四口来黄河三峡景区游玩，在码头附近的农家乐吃饭，点菜时说好清蒸鲤鱼六十八元一份，" +
	"结账时却按每斤六十八元收了二百三十多元，和老板理论，对方态度恶劣，还说外地人就是这个价。我们保留了菜单照片和付款记录，" +
	"希望有人管一管，退还多收的钱。"

// filing is a typical admission with every candidate's capacity.
func filing(capacity int, members ...string) record.Admission {
	n := serial.Add(1)
	s := casework.Submission{
		ID: fmt.Sprintf("%s-k%015d", st, n), Station: st, Filer: fmt.Sprintf("u%015d", n),
		FiledAt: casework.At(noon), DueAt: casework.At(noon.Add(24 * time.Hour)),
		Kind: casework.Complaint, Category: "market", Visitor: casework.Tourist, Text: text120,
		Photos: []string{"f0123456789abcdef"}, Place: &casework.Place{Text: "三号码头东侧", Lat: 35.944, Lng: 103.345, Coord: "gcj02"},
		Target: station.Target{Kind: station.ForPlace, ID: "p3"},
		Phone:  "k1." + strings.Repeat("Ab3_", 14), PhoneMask: "138****1234",
		Decision: casework.Decision{Rule: 1, Roster: 7},
		Clocks: &casework.Clocks{
			FirstDueAt: casework.At(noon.Add(30 * time.Minute)), TermStart: casework.At(noon), TermEnd: casework.At(noon.Add(24 * time.Hour)),
			Hours: "08:00-21:00", Daily: true, Rules: 1, NextAt: casework.At(noon.Add(24 * time.Minute)),
		},
	}
	a := record.Admission{
		Submission: s, Key: fmt.Sprintf("key-%030d", n), BodyHash: strings.Repeat("d", 43),
		NoticeID: fmt.Sprintf("n%015d", n), Now: noon,
	}
	for i, m := range members {
		a.Submission.Decision.Candidates = append(a.Submission.Decision.Candidates, casework.Candidate{
			Member: m, Name: "马委员", Score: 70 - i,
			Reasons: []reason.Reason{reason.OnDuty, reason.SectorIn.With("文化旅游")},
		})
		a.Capacities = append(a.Capacities, capacity)
	}
	return a
}

// admit files and fails the test if that fails or is a repetition.
func admit(t *testing.T, s *store.Store, a record.Admission) casework.Submission {
	t.Helper()
	sub, replayed, err := s.Admit(t.Context(), a)
	if err != nil || replayed {
		t.Fatalf("admit: replayed %v, %v", replayed, err)
	}
	return sub
}

var clock = casework.Clock{Days: calendar.New(station.Zone)}

// holder returns the assignee.
func holder(s casework.Submission) casework.Actor {
	return casework.Actor{Role: access.Member, ID: s.Assignee, Name: "马委员"}
}

// apply does an allowed act of the holder, without storing it.
func apply(t *testing.T, s casework.Submission, act casework.Act, now time.Time) casework.Submission {
	t.Helper()
	return applyBy(t, s, act, holder(s), now)
}

func applyBy(t *testing.T, s casework.Submission, act casework.Act, by casework.Actor, now time.Time) casework.Submission {
	t.Helper()
	next, err := s.Apply(act, by, clock, now)
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// commit stores an act of the holder and fails the test after a concurrent change.
func commit(t *testing.T, s *store.Store, was casework.Submission, act casework.Act, now time.Time) casework.Submission {
	t.Helper()
	return commitBy(t, s, was, act, holder(was), now)
}

func commitBy(t *testing.T, s *store.Store, was casework.Submission, act casework.Act, by casework.Actor, now time.Time) casework.Submission {
	t.Helper()
	next := applyBy(t, was, act, by, now)
	ok, err := s.Commit(t.Context(), was, next, nil)
	if err != nil || !ok {
		t.Fatalf("commit %s: %v, %v", casework.NameOf(act), ok, err)
	}
	return next
}

func load(t *testing.T, s *store.Store, id string) casework.Submission {
	t.Helper()
	sub, err := s.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// ids reads an index in pages and returns the submissions' ids.
func ids(t *testing.T, s *store.Store, ix record.Index, limit int) []string {
	t.Helper()
	list := []string{}
	for after, more := (record.Cursor{}), true; more; {
		var page []casework.Submission
		var err error
		page, after, more, err = s.Page(t.Context(), st, ix, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, sub := range page {
			list = append(list, sub.ID)
		}
	}
	return list
}

// queues returns the names of the queues that the submission is in.
func queues(t *testing.T, s *store.Store, sub casework.Submission) []string {
	t.Helper()
	var found []string
	for _, ix := range []record.Index{
		{Name: record.Pool},
		{Name: record.Inbox, Arg: sub.Assignee},
		{Name: record.Answered, Arg: sub.Assignee},
		{Name: record.ClosedBy, Arg: sub.Assignee},
		{Name: record.GoneFrom, Arg: sub.Assignee},
	} {
		if slices.Contains(ids(t, s, ix, 100), sub.ID) {
			found = append(found, string(ix.Name))
		}
	}
	return found
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: (-want +got)\n%s", what, d)
	}
}

func wantCode(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if got := fault.CodeOf(err); got != code {
		t.Errorf("%s: %v, want code %q", what, err, code)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// open gives the test a server and a store on it.
func open(t *testing.T, options ...storetest.Option) (*store.Store, *storetest.Server) {
	t.Helper()
	server := storetest.New(t, options...)
	return server.Open(t), server
}

// each runs f for 0 to n-1 concurrently and waits for all.
func each(t *testing.T, n int, f func(ctx context.Context, i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- f(t.Context(), i) }()
	}
	for range n {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// found stores the station's first roster, with members m1 to m3.
func found(t *testing.T, s *store.Store) *station.Station {
	t.Helper()
	roster := &station.Station{ID: st, Name: "龙汇委员工作站", Phone: "0930-1234567", Version: 1, Members: []station.Member{
		{ID: "m1", Name: "马委员", Sector: "文化旅游", Absences: []station.Absence{{From: "2026-07-01", To: "2026-07-02"}}},
		{ID: "m2", Name: "李委员", Sector: "经济", Capacity: 3},
		{ID: "m3", Name: "祁委员", Sector: "农业"},
	}}
	if ok, err := s.PutStation(t.Context(), roster, 0); err != nil || !ok {
		t.Fatal(ok, err)
	}
	return roster
}

package figures_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/intake"
	"mashang/domain/rating"
	"mashang/domain/station"
)

var filed = time.Date(2026, 7, 15, 9, 0, 0, 0, station.Zone)

func at(minutes int) casework.Millis {
	return casework.At(filed.Add(time.Duration(minutes) * time.Minute))
}

// matter is a complaint due in a week, with what was done to it.
func matter(state casework.State, thread ...casework.Entry) casework.Submission {
	s := casework.Submission{
		ID: "hh-x", Number: "260715-0001", Station: "hh", State: state, Assignee: "m1", Kind: casework.Complaint, Visitor: casework.Resident,
		FiledAt: at(0), DueAt: at(7 * 24 * 60), Thread: thread, Target: station.Target{Kind: station.ForPlace, ID: "p1"},
		Clocks: &casework.Clocks{FirstDueAt: at(30)},
	}
	for _, e := range thread {
		switch e.What {
		case access.Accept, access.Ask, access.Reply, access.Close:
			if s.Clocks.ContactedAt == 0 {
				s.Clocks.ContactedAt = e.At
			}
		}
	}
	return s
}

func did(what access.Action, minute int) casework.Entry {
	return casework.Entry{At: at(minute), What: what, By: casework.Actor{Role: access.Member, ID: "m1"}}
}

func TestWhatCounts(t *testing.T) {
	t.Parallel()
	week := 7 * 24 * 60
	closed := func(outcome casework.Outcome, thread ...casework.Entry) casework.Submission {
		s := matter(casework.Closed, thread...)
		s.Outcome, s.ClosedAt = outcome, s.Thread[len(s.Thread)-1].At
		return s
	}
	for name, tc := range map[string]struct {
		s             casework.Submission
		now           int
		first, answer figures.Standing
		out           figures.Exclusion
		answered      bool
	}{
		"fresh":                    {matter(casework.Assigned), 5, figures.Open, figures.Open, "", false},
		"nobody in touch":          {matter(casework.Assigned), 31, figures.Late, figures.Open, "", false},
		"in touch in time":         {matter(casework.Accepted, did(access.Accept, 30)), 40, figures.OnTime, figures.Open, "", false},
		"in touch late":            {matter(casework.Accepted, did(access.Accept, 31)), 40, figures.Late, figures.Open, "", false},
		"never answered":           {matter(casework.Accepted, did(access.Accept, 9)), week + 1, figures.OnTime, figures.Late, "", false},
		"answered in time":         {matter(casework.Answered, did(access.Reply, 20)), week + 1, figures.OnTime, figures.OnTime, "", true},
		"answered late":            {matter(casework.Answered, did(access.Accept, 20), did(access.Reply, week+1)), week + 2, figures.OnTime, figures.Late, "", true},
		"waits for the visitor":    {matter(casework.Waiting, did(access.Ask, 20)), week + 5, figures.OnTime, figures.Open, "", false},
		"solved":                   {closed(casework.Solved, did(access.Reply, 20), did(access.Close, 50)), week, figures.OnTime, figures.OnTime, "", true},
		"closed without an answer": {closed(casework.Explained, did(access.Accept, 1), did(access.Close, 50)), week, figures.OnTime, figures.OnTime, "", true},
		"referred":                 {closed(casework.Referred, did(access.Close, 50)), week, figures.Late, figures.OnTime, figures.Referred, true},
		"impossible":               {closed(casework.Impossible, did(access.Close, 5)), week, figures.OnTime, figures.OnTime, figures.Impossible, true},
		"merged":                   {closed(casework.Merged, did(access.Close, 5)), week, figures.OnTime, figures.OnTime, figures.Merged, true},
		"reopened":                 {matter(casework.Assigned, did(access.Close, 5), did(access.Reopen, 9)), week - 1, figures.OnTime, figures.Open, "", false},
	} {
		f := figures.Of(tc.s, at(tc.now))
		if f.First != tc.first || f.Answer != tc.answer || f.Out != tc.out || f.Answered != tc.answered {
			t.Errorf("%s: first %v, answer %v, out %q, answered %v", name, f.First, f.Answer, f.Out, f.Answered)
		}
	}
	gone := matter(casework.Withdrawn)
	gone.ClosedAt = at(10)
	if f := figures.Of(gone, at(week*2)); f.First != figures.Open || f.Answer != figures.Open || f.Out != figures.Withdrawn {
		t.Errorf("withdrawn before anything was due: %+v", f)
	}
	gone.ClosedAt = at(40)
	if f := figures.Of(gone, at(week*2)); f.First != figures.Late {
		t.Errorf("withdrawn after half an hour of silence: %+v", f)
	}
	old := matter(casework.Accepted, did(access.Accept, 3))
	old.Clocks = nil
	if f := figures.Of(old, at(week)); f.First != figures.Unknown || f.FirstMinutes != 3 {
		t.Errorf("from before there was a deadline: %+v", f)
	}
}

// TestWhoWasRungBack: of those that were rated low, also of one that was reopened since; a call in vain is none.
func TestWhoWasRungBack(t *testing.T) {
	t.Parallel()
	low := casework.Entry{At: at(60), What: access.Rate, Rating: &rating.Rating{Attitude: 1, Speed: 1}}
	good := casework.Entry{At: at(60), What: access.Rate, Rating: &rating.Rating{Verdict: rating.Solved}}
	call := func(r rating.FollowUp) casework.Entry {
		return casework.Entry{At: at(90), What: access.FollowUp, FollowUp: r}
	}
	closed := did(access.Close, 50)
	var sum figures.Tally
	for _, s := range []casework.Submission{
		matter(casework.Closed, closed, good),
		matter(casework.Closed, closed, low),
		matter(casework.Closed, closed, low, call(rating.NotReached)),
		matter(casework.Closed, closed, low, call(rating.NotReached), call(rating.NowSatisfied)),
		matter(casework.Assigned, closed, low, call(rating.ToReopen)),
	} {
		sum.Add(figures.Of(s, at(120)))
	}
	if want := (figures.Rate{Yes: 2, Of: 4}); sum.FollowedUp != want {
		t.Errorf("rung back %+v, want %+v", sum.FollowedUp, want)
	}
	if want := (figures.Rate{Yes: 1, Of: 5}); sum.Reopened != want {
		t.Errorf("reopened %+v, want %+v", sum.Reopened, want)
	}
}

// TestAgreedFulfilledAndSolvedAreApart: what was agreed is owed, then fulfilled in
// time or late, and solved from then on.
func TestAgreedFulfilledAndSolvedAreApart(t *testing.T) {
	t.Parallel()
	const day = 24 * 60
	agreed := func(due, done int) casework.Submission {
		s := matter(casework.Closed, did(access.Close, 50))
		s.ClosedAt, s.Outcome, s.Promise = at(50), casework.Agreed, &casework.Promise{DueAt: at(due)}
		if done > 0 {
			s.Outcome, s.Promise.DoneAt = casework.Solved, at(done)
		}
		return s
	}
	solved, old := matter(casework.Closed, did(access.Close, 50)), agreed(0, 0)
	solved.ClosedAt, solved.Outcome, old.Promise = at(50), casework.Solved, nil
	var sum figures.Tally
	for _, s := range []casework.Submission{
		solved, old, agreed(20*day, 0), agreed(5*day, 0), agreed(20*day, 50+3*day), agreed(5*day, 50+7*day), agreed(20*day, 50+7*day),
	} {
		sum.Add(figures.Of(s, at(10*day)))
	}
	for name, tc := range map[string]struct{ got, want figures.Rate }{
		"fulfilled": {sum.Fulfilled, figures.Rate{Yes: 3, Of: 6}}, "kept": {sum.Kept, figures.Rate{Yes: 2, Of: 4}}, "solved": {sum.Solved, figures.Rate{Yes: 4, Of: 7}},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: %v, want %v", name, tc.got, tc.want)
		}
	}
	if n := figures.SolvedAtOnce.Value(&sum, figures.PartYes); n != 1 {
		t.Errorf("%d solved at once", n)
	}
	if m := sum.FulfilMedian(); m != (figures.Median{Minutes: 7 * day, Of: 3}) {
		t.Errorf("%+v", m)
	}
}

// TestSilenceIsNotSatisfaction, and a rate says of how many it is.
func TestSilenceIsNotSatisfaction(t *testing.T) {
	t.Parallel()
	var sum figures.Tally
	for i := range 10 {
		s := matter(casework.Closed, did(access.Reply, 10+i), did(access.Close, 100))
		s.Outcome, s.ClosedAt = casework.Solved, at(100)
		switch i {
		case 0:
			s.Rating = &rating.Rating{Solved: true, Attitude: 5, Speed: 4}
		case 1:
			s.Rating = &rating.Rating{Solved: true, Attitude: 3, Speed: 5}
		case 2:
			s.Rating = &rating.Rating{Solved: false, Attitude: 5, Speed: 5}
		case 3:
			s.Outcome = casework.Impossible
		case 4:
			s.Outcome = casework.Explained
		case 5:
			s.Lead = "hh-lead"
		case 6:
			s.Rating = &rating.Rating{Verdict: rating.Solved}
		case 7:
			s.Rating = &rating.Rating{Verdict: rating.Partly, Satisfaction: rating.Satisfied}
		case 8:
			s.Rating = &rating.Rating{Verdict: rating.Unknown, Satisfaction: rating.Dissatisfied}
		}
		sum.Add(figures.Of(s, at(200)))
	}
	spam := matter(casework.Closed, did(access.Close, 100))
	spam.Outcome, spam.ClosedAt = casework.Invalid, at(100)
	sum.Add(figures.Of(spam, at(200)))
	want := map[string][2]figures.Rate{
		"solved": {sum.Solved, {Yes: 7, Of: 8}}, "rated": {sum.Rated, {Yes: 6, Of: 9}}, "satisfied": {sum.Satisfied, {Yes: 2, Of: 5}},
		"confirmed": {sum.Confirmed, {Yes: 3, Of: 5}},
		"answered":  {sum.Answered, {Yes: 9, Of: 9}}, "reopened": {sum.Reopened, {Yes: 0, Of: 9}},
	}
	for name, w := range want {
		if w[0] != w[1] {
			t.Errorf("%s is %v, want %v", name, w[0], w[1])
		}
	}
	if sum.Filed != 10 || sum.Out[figures.Invalid] != 1 || sum.Out[figures.Impossible] != 1 || sum.Out[figures.Joint] != 1 {
		t.Errorf("%d filed, left out %v", sum.Filed, sum.Out)
	}
	// 10 to 19 without the fifth's 15: the middle of nine is 14.
	if m := sum.AnswerMedian(); m != (figures.Median{Minutes: 14, Of: 9}) {
		t.Errorf("median %+v", m)
	}
}

func TestRange(t *testing.T) {
	t.Parallel()
	for r, want := range map[figures.Rate][2]float64{
		{Yes: 0, Of: 0}: {0, 1}, {Yes: 1, Of: 1}: {.2065, 1}, {Yes: 96, Of: 100}: {.9016, .9843}, {Yes: 0, Of: 10}: {0, .2775},
	} {
		low, high := r.Range()
		if math.Abs(low-want[0]) > 1e-3 || math.Abs(high-want[1]) > 1e-3 {
			t.Errorf("%v: %.4f to %.4f, want %v", r, low, high, want)
		}
	}
	if every := (figures.Rate{}).Share(); every != 0 {
		t.Error(every)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	s := matter(casework.Assigned)
	// The last evening of a month here is still that month, not UTC's.
	s.FiledAt, s.Category = casework.At(time.Date(2026, 8, 1, 0, 30, 0, 0, station.Zone)), "market"
	f := figures.Of(s, s.FiledAt)
	ties := figures.NewRosterLookup(&station.Station{
		Members: []station.Member{{ID: "m1", Sector: "经济"}}, Places: []station.Place{{ID: "p1", Village: "下滩村"}},
	})
	for by, want := range map[figures.By]string{
		figures.ByStation: "hh", figures.ByMonth: "2026-08", figures.ByKind: "complaint", figures.ByCategory: "market",
		figures.ByVisitor: "resident", figures.ByTarget: "place/p1", figures.BySector: "经济", figures.ByMember: "m1",
		figures.ByVillage: "下滩村", figures.ByChannel: "scan",
	} {
		if got := by.Key(f, ties); got != want {
			t.Errorf("%s: %s, want %s", by, got, want)
		}
	}
}

// TestPersonsOfACase: 121 cases for 168 persons, by channel; what was no matter counts nobody.
func TestPersonsOfACase(t *testing.T) {
	t.Parallel()
	var facts []figures.Fact
	add := func(c intake.Channel, persons, times int, outcome casework.Outcome) {
		for range times {
			s := matter(casework.Assigned)
			if c != intake.Scan {
				s.Intake = &intake.Intake{Channel: c, Persons: persons}
			}
			if outcome != "" {
				s.State, s.Outcome = casework.Closed, outcome
			}
			facts = append(facts, figures.Of(s, s.FiledAt))
		}
	}
	add(intake.Scan, 1, 74, "")
	add(intake.Reception, 2, 47, "")
	add(intake.Call, 9, 1, casework.Invalid)
	var whole, half figures.Tally
	for i, f := range facts {
		whole.Add(f)
		if i%2 == 0 {
			half.Add(f)
		}
	}
	if whole.Filed != 121 || whole.Persons != 168 {
		t.Errorf("%d cases for %d persons", whole.Filed, whole.Persons)
	}
	var rest figures.Tally
	for i, f := range facts {
		if i%2 == 1 {
			rest.Add(f)
		}
	}
	if half.Merge(rest); half.Persons != whole.Persons {
		t.Errorf("the parts have %d persons", half.Persons)
	}
	rows := figures.ByChannel.Rows(&station.Station{}, facts)
	if len(rows) != 2 || rows[0].Name != "扫码" || rows[0].Persons != 74 || rows[1].Name != "接待日" || rows[1].Filed != 47 || rows[1].Persons != 94 {
		t.Errorf("%+v", rows)
	}
}

// drawRating draws one of today, or one with marks.
func drawRating(t *rapid.T) *rating.Rating {
	if rapid.Bool().Draw(t, "with marks") {
		return &rating.Rating{Solved: rapid.Bool().Draw(t, "solved"), Attitude: rapid.IntRange(1, 5).Draw(t, "attitude"), Speed: 3}
	}
	return &rating.Rating{
		Verdict:      rapid.SampledFrom(rating.Verdicts).Draw(t, "verdict"),
		Satisfaction: rapid.SampledFrom(append([]rating.Satisfaction{""}, rating.Satisfactions...)).Draw(t, "satisfaction"),
	}
}

func draw(t *rapid.T) casework.Submission {
	s := matter(rapid.SampledFrom(casework.States).Draw(t, "state"))
	minute := 0
	for range rapid.IntRange(0, 6).Draw(t, "entries") {
		minute += rapid.IntRange(0, 5000).Draw(t, "minutes")
		s.Thread = append(s.Thread, did(rapid.SampledFrom([]access.Action{
			access.Accept, access.Ask, access.Reply, access.Close, access.Reopen, access.Message,
		}).Draw(t, "act"), minute))
	}
	if s.State == casework.Closed {
		s.Outcome, s.ClosedAt = rapid.SampledFrom(casework.Outcomes).Draw(t, "outcome"), at(minute)
		if rapid.Bool().Draw(t, "rated") {
			s.Rating = drawRating(t)
		}
	}
	if s.Outcome == casework.Agreed {
		switch rapid.IntRange(0, 2).Draw(t, "promise") {
		case 1:
			s.Promise = &casework.Promise{DueAt: s.ClosedAt + casework.Millis(rapid.IntRange(1, 90).Draw(t, "days"))*86_400_000}
		case 2:
			s.Outcome = casework.Solved
			s.Promise = &casework.Promise{DueAt: at(minute + 5000), DoneAt: at(minute + rapid.IntRange(0, 9000).Draw(t, "done"))}
		}
	}
	if rapid.IntRange(0, 5).Draw(t, "lead") == 0 {
		s.Lead = "hh-lead"
	}
	if rapid.Bool().Draw(t, "contacted") {
		s.Clocks.ContactedAt = at(rapid.IntRange(0, 60).Draw(t, "contact"))
	}
	return s
}

// TestPartsMakeTheWhole: in any order, in any parts, and nobody is counted twice or
// lost.
func TestPartsMakeTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := at(rapid.IntRange(0, 40_000).Draw(t, "now"))
		var whole, first, second, merged figures.Tally
		var facts []figures.Fact
		for range rapid.IntRange(0, 30).Draw(t, "n") {
			f := figures.Of(draw(t), now)
			facts = append(facts, f)
			whole.Add(f)
			if rapid.Bool().Draw(t, "part") {
				first.Add(f)
			} else {
				second.Add(f)
			}
		}
		merged.Merge(second)
		merged.Merge(first)
		var shuffled figures.Tally
		for _, i := range rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Perm(len(facts)) {
			shuffled.Add(facts[i])
		}
		if !reflect.DeepEqual(whole, merged) || !reflect.DeepEqual(whole, shuffled) {
			t.Fatalf("%+v\n%+v\n%+v", whole, merged, shuffled)
		}
		// The slow and obvious count.
		counted, out, solved, of := 0, 0, 0, 0
		for _, f := range facts {
			if f.Out == figures.Counted {
				counted++
				if f.Closed {
					if of++; f.Solved {
						solved++
					}
				}
			} else {
				out++
			}
		}
		left := 0
		for _, n := range whole.Out {
			left += n
		}
		if counted+out-whole.Out[figures.Invalid] != whole.Filed || left != out || whole.Solved != (figures.Rate{Yes: solved, Of: of}) {
			t.Fatalf("%d and %d of %d, left out %d, solved %v", counted, out, whole.Filed, left, whole.Solved)
		}
		owed, done, agreed := 0, 0, 0
		for _, f := range facts {
			if f.Agreed && f.Out != figures.Joint && f.Out != figures.Invalid {
				if agreed++; f.Fulfilled {
					done++
				} else {
					owed++
				}
			}
		}
		if whole.Fulfilled != (figures.Rate{Yes: done, Of: agreed}) || owed+done != agreed || whole.Kept.Of > agreed || whole.Solved.Yes < done {
			t.Fatalf("%d owed, %d fulfilled of %d: %v, %v", owed, done, agreed, whole.Fulfilled, whole.Kept)
		}
		for _, r := range []figures.Rate{whole.Fulfilled, whole.Kept, whole.First, whole.Answer, whole.Answered, whole.Solved, whole.Rated, whole.Confirmed, whole.Satisfied, whole.Reopened} {
			low, high := r.Range()
			if r.Yes < 0 || r.Yes > r.Of || r.Of > whole.Filed || low < 0 || high > 1 || r.Of > 0 && (r.Share() < low-1e-9 || r.Share() > high+1e-9) {
				t.Fatalf("%v from %v to %v", r, low, high)
			}
		}
		if whole.Satisfied.Of > whole.Rated.Yes || whole.Confirmed.Of > whole.Rated.Yes {
			t.Fatalf("%v satisfied and %v confirmed of %v rated", whole.Satisfied, whole.Confirmed, whole.Rated)
		}
	})
}

package overview

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"mashang/desk/matters"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

const (
	// maxTrial is how many submissions one trial decides again, newest first.
	maxTrial = 5000
	// maxTrialSample is how many of the rerouted ones are listed.
	maxTrialSample = 200
	// maxTrialTime bounds a trial; it returns what it has by then.
	maxTrialTime = 10 * time.Second
	// trialPage is how many are read at once.
	trialPage = 100
)

// Trial is the result of applying other rules to what was filed from From (inclusive) to To (exclusive).
type Trial struct {
	From, To time.Time
	// Total counts the repeated decisions, Changed those that go to somebody else, OtherRosters those that were
	// made with another roster than today's.
	Total, Changed, OtherRosters int
	// Categories has the counts by category, most changed first.
	Categories []TrialCategory
	// Sample lists at most maxTrialSample rerouted submissions, newest first.
	Sample []Rerouted
	// Partial is set when older submissions of the period were left out, because of maxTrial or maxTrialTime.
	Partial bool
}

// TrialCategory has the counts of a category; Key is "" for none.
type TrialCategory struct {
	Key, Name      string
	Total, Changed int
}

// Rerouted is a submission that other rules would assign to somebody else. It has nothing of what was filed.
type Rerouted struct {
	ID, Number, Category string
	FiledAt              time.Time
	// Was is who got it at filing, Would who would get it; the ID "" is the pool.
	Was, Would MemberRef
	// Why has the reasons for Would, in Chinese.
	Why string
}

// MemberRef names a member or the pool.
type MemberRef struct{ ID, Name string }

// Redecided is one repeated decision.
type Redecided struct {
	Rerouted

	// Same is set when the result is the same; OtherRoster when the roster at filing is not today's.
	Same, OtherRoster bool
}

// TryRules repeats the decisions of a period by other rules, for the station's liaison and administrator.
// Nothing is changed and no text is shown. A zero from is a month before to, a zero to is now. progress, which
// may be nil, is called with the number done. Errors: Invalid by field.
func (svc *Service) TryRules(ctx context.Context, c access.Caller, r station.Rules, from, to time.Time, progress func(done int)) (Trial, error) {
	if err := access.RequireStaff(c, true); err != nil {
		return Trial{}, err
	}
	r = roster.WithCleanWords(r)
	stored, err := svc.store.Station(ctx, c.Station)
	if err != nil {
		return Trial{}, err
	}
	if err := stored.CheckRules(r); err != nil {
		return Trial{}, err
	}
	st := *stored
	st.Rules = &r
	now := svc.kit.Now()
	if to.IsZero() {
		to = now
	}
	if from.IsZero() {
		from = to.AddDate(0, -1, 0)
	}
	if from, to, err = svc.kit.Span(from, to); err != nil {
		return Trial{}, err
	}
	t := Trial{From: from, To: to}
	counts, done := map[string]*TrialCategory{}, 0
	err = svc.Redecide(ctx, &st, from, to, func(x Redecided) bool {
		if t.Partial = done >= maxTrial || svc.kit.Now().Sub(now) > maxTrialTime; t.Partial {
			return false
		}
		t.add(x, counts)
		if done++; progress != nil && done%trialPage == 0 {
			progress(done)
		}
		return true
	})
	if err != nil {
		return Trial{}, err
	}
	for _, x := range counts {
		x.Name = categoryName(&st, x.Key)
		t.Categories = append(t.Categories, *x)
	}
	slices.SortFunc(t.Categories, func(a, b TrialCategory) int {
		return cmp.Or(cmp.Compare(b.Changed, a.Changed), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Key, b.Key))
	})
	return t, nil
}

func (t *Trial) add(x Redecided, counts map[string]*TrialCategory) {
	n := counts[x.Category]
	if n == nil {
		n = &TrialCategory{Key: x.Category}
		counts[x.Category] = n
	}
	t.Total++
	n.Total++
	if x.OtherRoster {
		t.OtherRosters++
	}
	if x.Same {
		return
	}
	t.Changed++
	n.Changed++
	if len(t.Sample) < maxTrialSample {
		t.Sample = append(t.Sample, x.Rerouted)
	}
}

func categoryName(st *station.Station, key string) string {
	c, _ := st.Category(key)
	return cmp.Or(c.Name, key, "未分类")
}

// Redecide repeats the stored decisions of a period with the station as given, newest first, and calls visit
// for each until it returns false. Submissions that were held, or were no matter at all, are left out. It is for
// callers that may see all of the station: its staff, or an operator at the command line. What a decision does not
// store (other members' loads, who the filer is) is today's.
func (svc *Service) Redecide(ctx context.Context, st *station.Station, from, to time.Time, visit func(Redecided) bool) error {
	known, err := svc.snapshot(ctx, st)
	if err != nil {
		return err
	}
	person := matters.PeopleOnce(func(id string) (record.Person, error) { return svc.store.Person(ctx, id) })
	first, last := casework.At(from), casework.At(to)
	for after, more := (record.Cursor{Score: float64(last), ID: st.ID + "-~"}), true; more; {
		var list []casework.Submission
		if list, after, more, err = svc.kit.Records.Page(ctx, st.ID, record.Index{Name: record.All}, after, trialPage); err != nil {
			return err
		}
		for _, s := range list {
			switch {
			case s.FiledAt < first:
				return nil
			case s.FiledAt >= last, s.Hold != "", s.State == casework.Held, s.Outcome == casework.Invalid:
				continue
			}
			if known.Parties, known.Contact, err = matters.PartiesOf(s, person); err != nil {
				return err
			}
			if !visit(redecided(s, known)) {
				return nil
			}
		}
	}
	return nil
}

// snapshot returns the present state that repeated decisions use.
func (svc *Service) snapshot(ctx context.Context, st *station.Station) (k routing.Snapshot, err error) {
	k.Station = st
	members := make([]string, len(st.Members))
	for i, m := range st.Members {
		members[i] = m.ID
	}
	if k.Loads, err = svc.store.Loads(ctx, st.ID, members); err != nil {
		return k, err
	}
	k.LastAssigned, err = svc.store.LastAssigned(ctx, st.ID)
	return k, err
}

func redecided(s casework.Submission, known routing.Snapshot) Redecided {
	r := routing.Replay(s, known)
	why := make([]string, len(r.Now.Reasons))
	for i, reason := range r.Now.Reasons {
		why[i] = reason.ForStaff()
	}
	if r.Now.Member == "" {
		why = []string{"没有合适而又有余量的委员"}
	}
	return Redecided{
		Rerouted: Rerouted{
			ID: s.ID, Number: s.Number, Category: s.Category, FiledAt: s.FiledAt.Time(),
			Was: refOf(r.AtFiling), Would: refOf(r.Now), Why: strings.Join(why, "，"),
		},
		Same: r.Same, OtherRoster: s.Decision.Roster != known.Station.Version,
	}
}

func refOf(c casework.Candidate) MemberRef {
	if c.Member == "" {
		return MemberRef{Name: "待分派"}
	}
	return MemberRef{ID: c.Member, Name: c.Name}
}

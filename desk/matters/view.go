package matters

import (
	"context"
	"slices"
	"time"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// View is a submission as one caller may see it. It is built from nothing: what is
// not put in for their relation is not in it, and without a relation it is empty.
type View struct {
	casework.Submission
	// As is what the caller is to it, "" for nothing.
	As access.Role
	// AssigneeCard is the member who has it, nil for none.
	AssigneeCard *codes.MemberCard
	StationName  string
	StationPhone string
	CategoryName string
	TargetName   string
	// FilerCount is how many filed the matter, this one included, as far as this one
	// leads it.
	FilerCount int
	// CategoryOffers are what the text was taken for, for the liaison.
	CategoryOffers []CategoryOffer
	// Replayed is set on a receipt that was given before: of the submission it has
	// the id, the number and the state it was filed into.
	Replayed bool
	// Why holds at least one Chinese sentence.
	Why []string
	// Advice is what the filer should know or do now, in Chinese; set while the
	// matter is open.
	Advice []string
	// Broken tells that what was agreed was not carried out by the day promised.
	Broken bool
	// Return is set for the member who has it: whether they can return it.
	Return *casework.ReturnStatus
	// TakeBackLeft is for how many seconds the member can still take back their
	// newest answer, 0 for no longer.
	TakeBackLeft int
	// Assists are the submission's, as the caller may see them.
	Assists []AssistView
	// HeldPhotos are those of its photos that not all its readers may see yet;
	// set where one submission is looked at, not in lists.
	HeldPhotos []PhotoState
}

// Empty reports whether the submission is not there for the caller.
func (v *View) Empty() bool { return v.ID == "" }

// View shows of a submission what the relation lets be seen. Sealed fields never leave:
// the number is shown only by Phone.
func (svc *Service) View(x kit.Scoped) View {
	if x.Relation().None() {
		return View{}
	}
	s, st := x.Submission(), x.Station()
	v := View{Submission: ofAll(s), As: x.Role(), StationName: st.Name, StationPhone: st.Phone, Why: s.Reasons(), FilerCount: s.People()}
	if m, ok := st.Member(s.Assignee); ok {
		card := codes.CardOf(m)
		v.AssigneeCard = &card
	}
	if cat, ok := st.Category(s.Category); ok {
		v.CategoryName = cat.Name
	}
	v.TargetName, _ = st.Resolve(s.Target)
	v.Thread = visible(x)
	v.Assists = svc.assists(x)
	if s.Follows() {
		v.Why = []string{"与反映同一问题的其他诉求一起办理，有进展都会告诉您"}
	}
	switch {
	case v.As == access.Visitor:
		v.putContact(s)
		v.Rating, v.Advice = s.Rating, svc.advice(st, s)
	case x.Relation().Assistant():
		if x.Relation().Allows(access.Reveal) {
			v.putContact(s)
		}
	case v.As == access.Member:
		v.putHandling(s)
		if !s.Anonymous {
			v.putContact(s)
		}
		if s.State.Open() && s.Assignee == x.Caller().ID && !s.Follows() {
			r := s.ReturnStatus(svc.kit.ClockOf(st, svc.kit.Now()), casework.At(svc.kit.Now()))
			v.Return = &r
			if at, ok := s.RetractableAnswer(casework.ActorFor(x.Caller(), access.TakeBack), svc.kit.Now()); ok {
				v.TakeBackLeft = casework.TakeBackSeconds - int(svc.kit.Now().Sub(at.Time())/time.Second)
			}
		}
	case v.As == access.Liaison:
		v.putHandling(s)
		v.putContact(s)
		v.Hold, v.Decision, v.Pick, v.Full, v.Past = s.Hold, s.Decision, s.Pick, s.Full, s.Past
		if s.Classification != nil {
			v.CategoryOffers = offersOf(st, s.Classification)
		}
	}
	v.Broken = s.Broken(casework.At(svc.kit.Now()))
	return v
}

// ofAll is what everybody with a relation sees of a submission.
func ofAll(s casework.Submission) casework.Submission {
	return casework.Submission{
		ID: s.ID, Number: s.Number, Version: s.Version, State: s.State, Assignee: s.Assignee, DueAt: s.DueAt,
		Station: s.Station, FiledAt: s.FiledAt, Kind: s.Kind, Category: s.Category, Visitor: s.Visitor,
		Text: s.Text, Photos: s.Photos, Voice: s.Voice, Place: s.Place, Target: s.Target, Until: s.Until,
		Anonymous: s.Anonymous, Against: s.Against, AboutMember: s.AboutMember,
		Outcome: s.Outcome, ClosedAt: s.ClosedAt, PausedAt: s.PausedAt, Clocks: s.Clocks,
		Dangers: s.Dangers, DangerHandledAt: s.DangerHandledAt, Surge: s.Surge, Promise: s.Promise,
	}
}

// putContact shows whom it was filed for and the number's mask.
func (v *View) putContact(s casework.Submission) {
	v.PhoneMask = s.PhoneMask
	if s.OnBehalf != nil {
		v.OnBehalf = &casework.OnBehalf{Name: s.OnBehalf.Name, Relation: s.OnBehalf.Relation}
	}
}

// putHandling shows what its members and staff work with: how it was judged, and
// the submissions of others it goes on with.
func (v *View) putHandling(s casework.Submission) {
	v.Rating, v.Into, v.Lead, v.Followers = s.Rating, s.Into, s.Lead, s.Followers
	v.CoverFor, v.Returns = s.CoverFor, s.Returns
}

// After is what somebody sees once they have changed a submission: as much as if
// they asked for it now, and nothing when it is theirs no more.
func (svc *Service) After(ctx context.Context, c access.Caller, st *station.Station, next casework.Submission) View {
	return svc.filedView(ctx, svc.View(svc.kit.Scope(c, st, next)))
}

// Views are those of a list that are there for the caller.
func (svc *Service) Views(c access.Caller, st *station.Station, list []casework.Submission) []View {
	out := make([]View, 0, len(list))
	for _, s := range list {
		if v := svc.View(svc.kit.Scope(c, st, s)); !v.Empty() {
			out = append(out, v)
		}
	}
	return out
}

// forOutside is a submission's thread for a body outside the station: what its filer
// reads of it.
func forOutside(s casework.Submission) []casework.Entry {
	return visibleEntries(s.Thread, casework.Entry.ForVisitor)
}

// visible is a submission's thread as the caller may read it.
func visible(x kit.Scoped) []casework.Entry {
	switch {
	case x.Relation().None():
		return nil
	case x.Role() == access.Visitor:
		return forOutside(x.Submission())
	case x.Relation().Assistant():
		return visibleEntries(x.Submission().Thread, func(e casework.Entry) (casework.Entry, bool) { return forAssistant(x, e) })
	default:
		return visibleEntries(x.Submission().Thread, func(e casework.Entry) (casework.Entry, bool) {
			e.Was = ""
			if e.RetractedAt != 0 && x.Role() != access.Liaison {
				e.Text, e.Photos, e.Parts = "", nil, nil // it may have been meant for another filer
			}
			return e, true
		})
	}
}

// visibleEntries are the entries that are shown, without visitors' ids: by a person's id
// two unnamed matters could be told to be one's.
func visibleEntries(thread []casework.Entry, show func(casework.Entry) (casework.Entry, bool)) []casework.Entry {
	var list []casework.Entry
	for _, e := range thread {
		shown, ok := show(e)
		if !ok {
			continue
		}
		if shown.By.Role == access.Visitor {
			shown.By.ID = ""
		}
		list = append(list, shown)
	}
	return slices.Clip(list)
}

package matters

import (
	"context"
	"slices"
	"time"

	"mashang/desk/codes"
	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/followup"
	"mashang/domain/handover"
	"mashang/domain/language"
	"mashang/domain/station"
)

// View is a submission as one caller may see it. It starts empty, and only what the caller's relation allows is
// copied into it. Without a relation it is empty.
type View struct {
	casework.Submission
	// As is the caller's role towards the submission, "" for none.
	As access.Role
	// AssigneeCard is the assignee, nil for none.
	AssigneeCard *codes.MemberCard
	StationName  string
	StationPhone string
	CategoryName string
	TargetName   string
	// FilerCount is the number of people who filed the concern: this submission's filer, and its followers' if
	// it leads.
	FilerCount int
	// CategoryOffers are the classifier's guesses, for the liaison.
	CategoryOffers []CategoryOffer
	// Replayed is set on a repeated receipt. Its submission has only the id, the number and the state it was
	// filed into.
	Replayed bool
	// Why has at least one Chinese sentence.
	Why []string
	// Advice is what the filer should know or do now, in each language. It is set while the submission is open.
	Advice map[language.Language][]string
	// Missing is what would make it go faster, for the filer of an open submission.
	Missing []casework.Evidence
	// Broken means that the promised day has passed without fulfilment.
	Broken bool
	// Return says whether the assignee can return it; set for the assignee only.
	Return *casework.ReturnStatus
	// Call says whether the assignee can see the filer's number, nil if there is nobody to call.
	Call *casework.CallStatus
	// TakeBackLeft is the seconds for which the member can still retract their newest answer, 0 for none.
	TakeBackLeft int
	// Assists are the submission's assists as the caller may see them.
	Assists []AssistView
	// HandedOver is set for the filer who took it over, and for who filed it for them and still follows it.
	HandedOver *HandedOver
	// FollowUp tells the liaison that who rated it low is still to be called.
	FollowUp bool
	// HeldPhotos are the photos that not all readers may see yet. They are set for a single submission, not in
	// lists.
	HeldPhotos []PhotoState
}

// Empty reports whether the submission does not exist for the caller.
func (v *View) Empty() bool { return v.ID == "" }

// View returns what the caller's relation allows of a submission. Sealed fields are never in it: only Phone
// shows the number.
func (svc *Service) View(x kit.Scoped) View {
	if x.Relation().None() {
		return View{}
	}
	s, st := x.Submission(), x.Station()
	v := View{Submission: commonFields(s), As: x.Role(), StationName: st.Name, StationPhone: st.Phone, Why: s.Reasons(), FilerCount: s.People()}
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
	case x.Relation().Proxy() && v.As == access.Visitor: // the number is the filer's
		v.Rating = s.Rating
	case v.As == access.Visitor:
		v.putContact(s)
		v.Rating, v.Missing = s.Rating, missingEvidence(s)
		v.Advice = svc.advice(st, s)
	case x.Relation().Assistant():
		if x.Relation().Allows(access.Reveal) {
			v.putContact(s)
		}
	case v.As == access.Member:
		v.putHandling(s)
		if !s.Anonymous {
			v.putContact(s)
		}
		if s.Assignee == x.Caller().ID {
			if c, ok := s.CallStatus(casework.ActorFor(x.Caller(), access.Reveal), svc.kit.Now()); ok {
				v.Call = &c
			}
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
		v.Hold, v.Decision, v.Pick, v.Full, v.Past, v.FollowUp = s.Hold, s.Decision, s.Pick, s.Full, s.Past, followup.Needed(s, svc.kit.Now())
		if s.Classification != nil {
			v.CategoryOffers = offersOf(st, s.Classification)
		}
	}
	v.putHandedOver(x)
	v.Broken = s.Broken(casework.At(svc.kit.Now()))
	return v
}

// HandedOver says that somebody filed it for its filer and handed it over.
type HandedOver struct {
	At casework.Millis
	// Own: the caller is the filer. Otherwise they filed it for the filer, of the name and relation that they gave.
	Own            bool
	Name, Relation string
	// Followed means that who filed it still follows it.
	Followed bool
}

// putHandedOver adds it for the filer and for who filed it for them.
func (v *View) putHandedOver(x kit.Scoped) {
	s := x.Submission()
	switch p := s.Proxy; {
	case p.Is(x.Caller().Person):
		v.HandedOver = &HandedOver{At: p.Since, Name: p.Name, Relation: p.Relation, Followed: true}
	case x.Relation().Filer() && handover.GivenAt(s) != 0:
		v.HandedOver = &HandedOver{At: handover.GivenAt(s), Own: true, Followed: p != nil}
	}
}

// commonFields returns the fields that every caller with a relation sees.
func commonFields(s casework.Submission) casework.Submission {
	return casework.Submission{
		ID: s.ID, Number: s.Number, Version: s.Version, State: s.State, Assignee: s.Assignee, DueAt: s.DueAt,
		Station: s.Station, FiledAt: s.FiledAt, Kind: s.Kind, Category: s.Category, Visitor: s.Visitor, Intake: s.Intake,
		Text: s.Text, Photos: s.Photos, Voice: s.Voice, Place: s.Place, Target: s.Target, Until: s.Until,
		Anonymous: s.Anonymous, Against: s.Against, AboutMember: s.AboutMember,
		Outcome: s.Outcome, ClosedAt: s.ClosedAt, PausedAt: s.PausedAt, Clocks: s.Clocks,
		Dangers: s.Dangers, DangerHandledAt: s.DangerHandledAt, Surge: s.Surge, Promise: s.Promise,
	}
}

// putContact adds the person it was filed for and the masked number.
func (v *View) putContact(s casework.Submission) {
	v.PhoneMask = s.PhoneMask
	if s.OnBehalf != nil {
		v.OnBehalf = &casework.OnBehalf{Name: s.OnBehalf.Name, Relation: s.OnBehalf.Relation}
	}
}

// putHandling adds what members and staff work with: the rating, and the submissions that it goes on with.
func (v *View) putHandling(s casework.Submission) {
	v.Rating, v.Into, v.Lead, v.Followers = s.Rating, s.Into, s.Lead, s.Followers
	v.CoverFor, v.Returns = s.CoverFor, s.Returns
}

// After returns the caller's view of a submission they have just changed. It is empty when they may no longer
// see it.
func (svc *Service) After(ctx context.Context, c access.Caller, st *station.Station, next casework.Submission) View {
	return svc.filedView(ctx, svc.View(svc.kit.Scope(c, st, next)))
}

// Views returns the views of a list, without those that do not exist for the caller.
func (svc *Service) Views(c access.Caller, st *station.Station, list []casework.Submission) []View {
	out := make([]View, 0, len(list))
	for _, s := range list {
		if v := svc.View(svc.kit.Scope(c, st, s)); !v.Empty() {
			out = append(out, v)
		}
	}
	return out
}

// outsideThread returns a submission's thread for a body outside the station: what the filer reads of it.
func outsideThread(s casework.Submission) []casework.Entry {
	return visibleEntries(s.Thread, casework.Entry.ForVisitor)
}

// visible returns a submission's thread as the caller may read it.
func visible(x kit.Scoped) []casework.Entry {
	switch {
	case x.Relation().None():
		return nil
	case x.Role() == access.Visitor:
		return outsideThread(x.Submission())
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

// visibleEntries filters a thread and removes visitors' ids. The same id at two anonymous submissions would
// show that one person filed both.
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

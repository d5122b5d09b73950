package desk

import (
	"slices"

	"mashang/access"
	"mashang/casework"
	"mashang/station"
)

// View is a submission as one caller may see it: what is not theirs to know
// has been taken out, not merely left for the face to skip.
type View struct {
	casework.Submission
	// As is what the caller is to it.
	As access.Role
	// AssigneeCard is the member who has it, nil for none.
	AssigneeCard *MemberCard
	StationName  string
	StationPhone string
	CategoryName string
	TargetName   string
	// Together is how many filed the matter, this one included, as far as this one
	// leads it.
	Together int
	// Topics are what the text was taken for, for the liaison.
	Topics []TopicOffer
	// Replayed is set on a receipt that was given before.
	Replayed bool
	// Why holds at least one Chinese sentence.
	Why []string
	// Advice is what the filer should know or do now, in Chinese; set while the
	// matter is open.
	Advice []string
	// Broken tells that what was agreed was not carried out by the day promised.
	Broken bool
	// Return is set for the member who has it: whether they can return it.
	Return *casework.Returning
	// Assists are the submission's, as the caller may see them.
	Assists []Assisting
	// HeldPhotos are those of its photos that not all its readers may see yet;
	// set where one submission is looked at, not in lists.
	HeldPhotos []PhotoState
}

// view takes out what the caller may not see. Sealed fields never leave: the
// number is shown only by Phone.
func (d *Desk) view(c access.Caller, st *station.Station, s casework.Submission) View {
	v := View{Submission: s, As: c.Role, StationName: st.Name, StationPhone: st.Phone, Why: s.Reasons()}
	if access.AsFiler(c, s.Thing()) && !written(c, s) {
		v.As = access.Visitor
	}
	if m, ok := st.Member(s.Assignee); ok {
		card := cardOf(m)
		v.AssigneeCard = &card
	}
	if cat, ok := st.Category(s.Category); ok {
		v.CategoryName = cat.Name
	}
	v.TargetName, _ = st.Resolve(s.Target)
	v.Thread = visible(c, s, v.As)
	v.Submission.Assists, v.Assists = nil, d.assists(c, s, v.As)
	v.Phone = ""
	if s.OnBehalf != nil {
		o := *s.OnBehalf
		o.Phone = ""
		v.OnBehalf = &o
	}
	switch v.As {
	case access.Visitor:
		v.Hold = ""
		v.Advice = d.advice(st, s)
		v.Into = "" // somebody else's submission; the words say what became of it
	case access.Member:
		if s.Anonymous {
			v.PhoneMask, v.OnBehalf = "", nil
		}
		if s.State.Open() && s.Assignee == c.ID && !s.Follows() {
			r := s.Returning(d.clockOf(st, d.now()), casework.At(d.now()))
			v.Return = &r
		}
	}
	if access.AsAssistant(c, s.Thing()) {
		v.Rating, v.Hold = nil, ""
		if access.May(c, access.Reveal, s.Thing()) != nil {
			v.PhoneMask, v.OnBehalf = "", nil
		}
	}
	if v.Topic != nil && v.As == access.Liaison {
		v.Topics = offersOf(st, v.Topic)
	}
	v.Topic = nil
	if v.As != access.Liaison {
		v.Decision, v.Past = casework.Decision{}, nil
	}
	v.Filer, v.Heard = "", 0
	if s.Follows() {
		v.Why = []string{"与反映同一问题的其他诉求一起办理，有进展都会告诉您"}
	}
	if v.As == access.Visitor || access.AsAssistant(c, s.Thing()) {
		v.Lead, v.Same = "", nil // other people's
	}
	v.Together, v.Broken = s.People(), s.Broken(casework.At(d.now()))
	return v
}

// written reports whether a liaison wrote it down for somebody who called or came:
// that is their work, and they go on seeing it as the station's.
func written(c access.Caller, s casework.Submission) bool {
	return c.Role == access.Liaison && c.Station == s.Station && s.OnBehalf != nil
}

// thread leaves out what is not for the visitor, and from every entry who the
// visitor is: by a person's id two unnamed matters could be told to be one's.
func thread(list []casework.Entry, as access.Role) []casework.Entry {
	list = slices.Clone(list)
	if as == access.Visitor {
		list = slices.DeleteFunc(list, func(e casework.Entry) bool { return e.Private })
	}
	for i := range list {
		if list[i].By.Role == access.Visitor {
			list[i].By.ID = ""
		}
	}
	return list
}

package wire

import (
	"time"

	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/intake"
	"mashang/domain/language"
	"mashang/domain/rating"
)

// Submission is a submission as its reader may see it. Lists have no timeline.
type Submission struct {
	ID           string           `json:"id"`
	Number       string           `json:"number" doc:"The receipt number, to be read aloud."`
	Station      string           `json:"station" doc:"The station's id."`
	StationName  string           `json:"station_name"`
	StationPhone string           `json:"station_phone"`
	Target       Target           `json:"target" doc:"What was scanned."`
	Kind         casework.Kind    `json:"kind" enum:"complaint,suggestion,inquiry,help,dispute"`
	KindName     string           `json:"kind_name"`
	Category     string           `json:"category"`
	CategoryName string           `json:"category_name,omitempty"`
	Visitor      casework.Visitor `json:"visitor" enum:"resident,tourist,business"`
	State        casework.State   `json:"state" enum:"held,pooled,assigned,accepted,waiting,answered,closed,withdrawn"`
	StateName    string           `json:"state_name"`
	Version      int              `json:"version" minimum:"1" doc:"Raised by each act and by nothing else."`
	Text         string           `json:"text"`
	Photos       []string         `json:"photos" nullable:"false" doc:"Upload ids."`
	Voice        string           `json:"voice,omitempty" doc:"An upload id."`
	Place        *Place           `json:"place,omitempty"`
	PhoneMask    string           `json:"phone_mask,omitempty" doc:"138****1234; the number itself is shown to the liaison and to assistants asked to call, and that is written down."`
	Until        *time.Time       `json:"until,omitempty" doc:"Until when a tourist can be reached."`
	Anonymous    bool             `json:"anonymous" doc:"The visitor stays unnamed towards the member."`
	OnBehalfOf   *OnBehalf        `json:"on_behalf_of,omitempty"`
	HandedOver   *HandedOver      `json:"handed_over,omitempty" doc:"For the visitor whom it was handed over to, and for who filed it for them and follows it."`
	Against      *Against         `json:"against,omitempty"`
	AboutMember  bool             `json:"about_member"`
	Assignee     *Assignee        `json:"assignee" doc:"Null while nobody has it."`
	Reasons      []string         `json:"reasons" nullable:"false" doc:"Chinese sentences, at least one: why it is where it is."`
	Channel      intake.Channel   `json:"channel" enum:"scan,call,visit,reception" doc:"How it reached the station: by the filer's own phone, or written down by a liaison."`
	ChannelName  string           `json:"channel_name"`
	Persons      int              `json:"persons" minimum:"1" doc:"How many raised it together."`
	HeardAt      *time.Time       `json:"heard_at,omitempty" doc:"When it was said, if it was written down afterwards. Deadlines run from filed_at."`
	FiledAt      time.Time        `json:"filed_at"`
	DueAt        time.Time        `json:"due_at"`
	DueUncertain bool             `json:"due_uncertain,omitempty" doc:"The holidays of a year it falls into are not announced yet: it may move by some days."`
	FirstDueAt   *time.Time       `json:"first_due_at,omitempty" doc:"By when somebody is to have been in touch; absent for what was filed before there was such a deadline."`
	ContactedAt  *time.Time       `json:"contacted_at,omitempty" doc:"When somebody first was."`
	ExtendedDays int              `json:"extended_days,omitempty" doc:"By how many working days the answer was put off, with a reason in the timeline."`
	PausedAt     *time.Time       `json:"paused_at,omitempty" doc:"While the visitor is waited for: since when the clock stands still."`
	Hold         string           `json:"hold,omitempty" enum:"review,risky,inactive,unchecked" doc:"For the liaison: why the content check held it."`
	Outcome      casework.Outcome `json:"outcome,omitempty" enum:"solved,agreed,explained,referred,impossible,merged,invalid"`
	OutcomeName  string           `json:"outcome_name,omitempty"`
	Into         string           `json:"into,omitempty" doc:"With outcome merged: the submission it goes on in."`
	ClosedAt     *time.Time       `json:"closed_at,omitempty" doc:"Of a closed or withdrawn submission."`
	Promise      *Promise         `json:"promise,omitempty" doc:"Of what was closed as agreed: by when it is to be carried out, and when it was."`
	Rating       *Rating          `json:"rating,omitempty" doc:"The last; one from before what was agreed was carried out can be followed by another."`
	FollowUp     bool             `json:"follow_up,omitempty" doc:"For the liaison: who rated it low is still to be called."`
	Together     int              `json:"together,omitempty" doc:"How many filed the matter that this one leads, when several did."`
	Lead         string           `json:"lead,omitempty" doc:"For members and staff: the submission it goes on with; what is done to one is done to that."`
	Same         []string         `json:"same,omitempty" nullable:"false" doc:"For members and staff: those that go on with it."`
	Topics       []TopicOffer     `json:"topics,omitempty" nullable:"false" doc:"For the liaison: what the text was taken for when the visitor chose no category, the likeliest first."`
	Return       *Return          `json:"return,omitempty" doc:"Not in lists. For the member who has it while it is open: whether it can be returned."`
	Call         *Call            `json:"call,omitempty" doc:"Not in lists. For the member who has it while it is open and the visitor left a number: whether they can see it."`
	TakeBackLeft int              `json:"take_back_seconds,omitempty" doc:"Not in lists. For the member who answered a moment ago: for how many seconds they can still take that answer back."`
	Assists      []Assist         `json:"assists,omitempty" nullable:"false" doc:"Who was asked to take part, as far as the caller may know."`
	Advice       []string         `json:"advice,omitempty" nullable:"false" doc:"Not in lists. For the filer of an open matter: what to know or do now, in plain Chinese, or in English for whoever reads no Chinese (Accept-Language)."`
	Emergency    *Emergency       `json:"emergency,omitempty" doc:"When it speaks of a danger: whom to call at once."`
	PhotoChecks  []PhotoCheck     `json:"photo_checks,omitempty" nullable:"false" doc:"Not in lists. Photos that not everybody concerned may see yet."`
	Timeline     []Event          `json:"timeline,omitempty" nullable:"false" doc:"Not in lists. Begins with the filing."`

	Missing []casework.Evidence `json:"missing,omitempty" nullable:"false" enum:"photo,place,name,amount,phone" doc:"Not in lists. For the filer of an open matter: what would make it go faster, as advice says."`
}

// Target is the target of a code.
type Target struct {
	Kind string `json:"kind" enum:"member,room,place,station,reception"`
	ID   string `json:"id,omitempty" doc:"Empty for the station itself."`
	Name string `json:"name"`
}

// Assignee is the member who has a submission.
type Assignee struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Sector string `json:"sector"`
}

// Place is where it happened.
type Place struct {
	Text  string  `json:"text,omitempty" doc:"At most 100 characters."`
	Lat   float64 `json:"lat,omitempty"`
	Lng   float64 `json:"lng,omitempty"`
	Coord string  `json:"coord,omitempty" enum:"gcj02,wgs84"`
}

// OnBehalf is the person for whom somebody else filed, without their number.
type OnBehalf struct {
	Name     string `json:"name"`
	Relation string `json:"relation"`
}

// HandedOver says that somebody filed a submission for its visitor and handed it over.
type HandedOver struct {
	At       time.Time `json:"at"`
	Own      bool      `json:"own" doc:"The caller is the visitor: everything is theirs to do. Otherwise they filed it for the visitor: they read it, may add to it and may stop following it."`
	Name     string    `json:"name,omitempty" doc:"Unless own: the visitor's name, as the caller gave it."`
	Relation string    `json:"relation,omitempty"`
	Followed bool      `json:"followed" doc:"Who filed it still follows it."`
}

// Against is whom or what a submission complains about.
type Against struct {
	Name      string `json:"name" doc:"At most 100 characters."`
	Place     string `json:"place,omitempty" doc:"At most 100 characters."`
	AmountFen int64  `json:"amount_fen,omitempty" minimum:"0" doc:"Money in fen."`
}

// Return says whether the assignee can return a submission.
type Return struct {
	Allowed bool      `json:"allowed"`
	Until   time.Time `json:"until" doc:"The end of the time for it."`
	Left    int       `json:"left" doc:"How often the submission can still be returned."`
	Why     string    `json:"why,omitempty" doc:"When it cannot: why not and what to do instead, in Chinese."`
}

// Promise is the state of an agreement.
type Promise struct {
	Day         string     `json:"day,omitempty" format:"date" doc:"The day by which it is to be carried out; absent when none was given before it was."`
	Assumed     bool       `json:"assumed,omitempty" doc:"Nobody named the day."`
	Moves       int        `json:"moves,omitempty" doc:"How often the day was moved, each time with a reason in the timeline."`
	Late        bool       `json:"late,omitempty" doc:"The day has passed, and it is not carried out; or it was, later than on that day."`
	FulfilledAt *time.Time `json:"fulfilled_at,omitempty" doc:"When it was carried out."`
	TookDays    int        `json:"took_days,omitempty" doc:"How many days that took from the closing, a part of one counting as one."`
}

// Call says whether the member in charge can see the visitor's number to call them.
type Call struct {
	Allowed bool   `json:"allowed"`
	Asked   bool   `json:"asked,omitempty" doc:"The member asked the liaison to call within the last 24 hours."`
	Why     string `json:"why,omitempty" doc:"When it cannot be seen: why not and what to do instead, in Chinese."`
}

// Rating is the visitor's judgement.
type Rating struct {
	Solved       rating.Verdict      `json:"solved" enum:"solved,partly,not,unknown"`
	Satisfaction rating.Satisfaction `json:"satisfaction,omitempty" enum:"satisfied,neutral,dissatisfied" doc:"Absent when they did not say."`
	Words        string              `json:"words" doc:"What was said, in plain Chinese."`
	Reason       string              `json:"reason,omitempty"`
	At           time.Time           `json:"at"`
	Attitude     int                 `json:"attitude,omitempty" minimum:"1" maximum:"5" doc:"Only of a rating from before satisfaction was asked: a mark of five."`
	Speed        int                 `json:"speed,omitempty" minimum:"1" maximum:"5" doc:"Likewise."`
}

// BriefOf converts a view without its timeline, for lists.
func BriefOf(v *matters.View) Submission {
	s := Submission{
		ID: v.ID, Number: v.Number, Station: v.Station, StationName: v.StationName, StationPhone: v.StationPhone,
		Target: Target{Kind: string(v.Target.Kind), ID: v.Target.ID, Name: v.TargetName},
		Kind:   v.Kind, KindName: v.Kind.Chinese(), Category: v.Category, CategoryName: v.CategoryName,
		Visitor: v.Visitor, State: v.State, StateName: v.State.Chinese(), Version: v.Version,
		Text: v.Text, Photos: Filled(v.Photos), Voice: v.Voice, PhoneMask: v.PhoneMask,
		Until: momentOf(v.Until), Anonymous: v.Anonymous, AboutMember: v.AboutMember,
		Reasons: v.Why, FiledAt: v.FiledAt.Time(), DueAt: v.DueAt.Time(),
		Outcome: v.Outcome, OutcomeName: v.Ending(), Into: v.Into, ClosedAt: momentOf(v.ClosedAt),
	}
	s.Channel, s.ChannelName, s.Persons = v.Intake.Via(), v.Intake.Via().Chinese(), v.Intake.People()
	s.HeardAt = momentOf(casework.Millis(v.Intake.Heard()))
	s.Emergency, s.Assists = emergencyOf(v), assistsOf(v.Assists)
	s.PausedAt, s.Promise = momentOf(v.PausedAt), promiseOf(v)
	if k := v.Clocks; k != nil {
		s.FirstDueAt, s.ContactedAt = momentOf(k.FirstDueAt), momentOf(k.ContactedAt)
		s.ExtendedDays, s.DueUncertain = k.Extended, k.UnknownYear != 0
	}
	if v.As == access.Liaison {
		s.Hold, s.FollowUp = v.Hold, v.FollowUp
	}
	if s.Lead, s.Same = v.Lead, v.Followers; v.FilerCount > 1 {
		s.Together = v.FilerCount
	}
	s.Topics = TopicOffersOf(v.CategoryOffers)
	if p := v.Place; p != nil {
		s.Place = &Place{Text: p.Text, Lat: p.Lat, Lng: p.Lng, Coord: p.Coord}
	}
	if o := v.OnBehalf; o != nil {
		s.OnBehalfOf = &OnBehalf{Name: o.Name, Relation: o.Relation}
	}
	if h := v.HandedOver; h != nil {
		s.HandedOver = &HandedOver{At: h.At.Time(), Own: h.Own, Name: h.Name, Relation: h.Relation, Followed: h.Followed}
	}
	if a := v.Against; a != nil {
		s.Against = &Against{Name: a.Name, Place: a.Place, AmountFen: a.AmountFen}
	}
	if m := v.AssigneeCard; m != nil {
		s.Assignee = &Assignee{ID: m.ID, Name: m.Name, Sector: m.Sector}
	}
	if r := v.Rating; r != nil {
		s.Rating = &Rating{
			Solved: r.SolvedVerdict(), Satisfaction: r.Satisfaction, Words: r.Chinese(), Reason: r.Reason,
			At: casework.Millis(r.At).Time(), Attitude: r.Attitude, Speed: r.Speed,
		}
	}
	return s
}

// WholeOf converts a view with its timeline, for a reader of a language.
func WholeOf(v *matters.View, l language.Language) Submission {
	s := BriefOf(v)
	s.Timeline = timelineOf(v)
	s.PhotoChecks, s.Advice, s.Missing = photoChecksOf(v), v.Advice[l], v.Missing
	for i, a := range v.Assists {
		s.Assists[i].Answers = answersOf(a)
	}
	if r := v.Return; r != nil {
		s.Return = &Return{Allowed: r.Allowed, Until: r.Until.Time(), Left: r.Left, Why: r.Why}
	}
	if c := v.Call; c != nil {
		s.Call = &Call{Allowed: c.Allowed, Asked: c.Asked, Why: c.Why}
	}
	s.TakeBackLeft = v.TakeBackLeft
	return s
}

func promiseOf(v *matters.View) *Promise {
	if !v.Owed() && !v.Fulfilled() {
		return nil
	}
	out := &Promise{Late: v.Broken}
	by := v.PromisedBy()
	if p := v.Promise; p != nil {
		by, out.Assumed, out.Moves, out.FulfilledAt = p.DueAt, p.Assumed, p.Moves, momentOf(p.DoneAt)
	}
	if by != 0 {
		out.Day = by.Time().Format(time.DateOnly)
	}
	if v.Fulfilled() {
		out.TookDays = v.TookDays()
	}
	return out
}

func momentOf(m casework.Millis) *time.Time {
	if m == 0 {
		return nil
	}
	t := m.Time()
	return &t
}

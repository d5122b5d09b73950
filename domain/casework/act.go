package casework

import (
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
)

// Act is what somebody does to a submission; also the name of an entry in its
// thread.
type Act string

// The acts. File and Urge are entries only: filing makes a submission, and an
// urge changes nothing.
const (
	File     Act = "file"
	Accept   Act = "accept"
	Ask      Act = "ask"
	Reply    Act = "reply"
	Transfer Act = "transfer"
	Return   Act = "return"
	// Release is the system's: a member who left the station holds it no more.
	Release   Act = "release"
	Close     Act = "close"
	Message   Act = "messages"
	Withdraw  Act = "withdraw"
	Rate      Act = "rate"
	Reopen    Act = "reopen"
	AssignAct Act = "assign"
	// Attend is the liaison's: they have seen to the danger it speaks of.
	Attend Act = "attend"
	// Cover and Resume are the system's: a member who is away is stood in for,
	// and has it back on their return.
	Cover  Act = "cover"
	Resume Act = "resume"
	// Extend gives more working days for the final answer, once.
	Extend Act = "extend"
	// Recount is the system's: a deadline that was provisional is certain, since
	// the holidays of its year are known.
	Recount Act = "recount"
	// Merge and Split are entries of one that goes on with another and of one that
	// is on its own again; Gather and Ungather stand in the other's thread. Apply
	// does none of them: they change two submissions.
	Merge    Act = "merge"
	Split    Act = "split"
	Gather   Act = "gather"
	Ungather Act = "ungather"

	// TakeOver is said of the person it was filed for, Correct of the filer, who
	// changed their number, and Erase of everything that was the filer's. Apply
	// knows none of them.
	TakeOver Act = "takeover"
	Correct  Act = "correct"
	Erase    Act = "erase"
	// AskAssist asks a department or member to take part, Contribute is their
	// answer, Decline says that they cannot, and Recall that they need not.
	AskAssist  Act = "assist"
	Contribute Act = "contribute"
	Decline    Act = "decline"
	Recall     Act = "recall"
	// Fulfil tells that what was agreed at closing is carried out, and PromiseAct
	// moves the day by which it is to be.
	Fulfil     Act = "fulfil"
	PromiseAct Act = "promise"
	// TakeBack unsays an answer that was given a moment ago.
	TakeBack Act = "takeback"
)

// Assign is AssignAct under the name the other acts follow.
const Assign = AssignAct

// ReopenDays is how long a closed submission can be reopened.
const ReopenDays = 15

// MaxThread is where a thread takes no more talk; a matter that needs more is
// no longer one matter.
const MaxThread = 300

// unbounded are the acts a full thread still takes: without them a full matter
// could never be brought to an end.
var unbounded = []Act{
	Release, Assign, Accept, Close, Withdraw, Rate, Attend, Cover, Resume, Extend, Recount, Decline, Recall,
	Fulfil, TakeBack,
}

// Step is an act with what it carries.
type Step struct {
	Act    Act
	By     Actor
	Text   string // the answer, question, message or closing words
	Photos []string
	// Reason is why; of a transfer or assignment it is for members and staff, and
	// Note is what the visitor is told.
	Reason, Note string
	// To and ToName are the member it goes to, for transfer and assign.
	To      string
	ToName  string
	Outcome Outcome
	Into    string
	Rating  *Rating
	// Days are the working days of an extension.
	Days int
	// Promised is the end of the day by which what is agreed is to be carried out;
	// 0 with a closing leaves it to the default.
	Promised Millis
	// Category is what it is about after all, with assign; "" leaves it.
	Category string
	// Ask is whom to ask to assist; Text is then what is asked. Assist is which
	// one to recall.
	Ask    *Asking
	Assist int
	// Include are the assists whose answers a reply or closing shows the
	// visitor, and Without that some have not answered.
	Include []int
	Without bool
	// Alone keeps a reply from those that go on with it.
	Alone bool
	// Warns has the danger that the text speaks of alarm the station though no
	// visitor said it.
	Warns bool
}

// rule says from which states an act is allowed and where it leads. An empty
// next keeps the state.
type rule struct {
	from []State
	next State
}

var (
	open   = []State{Held, Pooled, Assigned, Accepted, Waiting, Answered}
	inHand = []State{Assigned, Accepted, Waiting, Answered}
	// assisted is where assistants go on, whoever leads.
	assisted = []State{Pooled, Assigned, Accepted, Waiting, Answered}
	rules    = map[Act]rule{
		Accept:   {[]State{Assigned}, Accepted},
		Ask:      {inHand, Waiting},
		Reply:    {inHand, Answered},
		Transfer: {open, Assigned},
		Return:   {[]State{Assigned, Accepted}, Pooled},
		Release:  {inHand, Pooled},
		Close:    {[]State{Accepted, Waiting, Answered}, Closed},
		Message:  {open, ""},
		Withdraw: {open, Withdrawn},
		Rate:     {[]State{Closed}, ""},
		Reopen:   {[]State{Closed}, Assigned},
		Assign:   {open, Assigned},
		Attend:   {States, ""},
		Cover:    {coverable, ""},
		Resume:   {coverable, ""},
		Extend:   {coverable, ""},
		Recount:  {open, ""},
		TakeBack: {inHand, ""},

		AskAssist:  {inHand, ""},
		Contribute: {assisted, ""},
		Decline:    {assisted, ""},
		Recall:     {assisted, ""},

		Fulfil:     {[]State{Closed}, ""},
		PromiseAct: {[]State{Closed}, ""},
	}
)

// Apply returns the submission after the step, one version later. Faults:
// WrongState when the state forbids it, Invalid when what it carries is wrong.
// Whether the actor may do it is access's question, asked before.
func (s Submission) Apply(step Step, clock Clock, now time.Time) (Submission, error) {
	r, ok := rules[step.Act]
	if !ok || !slices.Contains(r.from, s.State) {
		return s, fault.New(fault.WrongState, "这件诉求现在是“%s”，不能这样操作", s.State.Chinese())
	}
	if err := step.check(s, now); err != nil {
		return s, err
	}
	if err := s.mayHand(step, clock, At(now)); err != nil {
		return s, err
	}
	if err := s.mayAssist(step, At(now)); err != nil {
		return s, err
	}
	if err := s.mayPromise(step); err != nil {
		return s, err
	}
	if len(s.Thread) >= MaxThread && !slices.Contains(unbounded, step.Act) {
		return s, fault.New(fault.WrongState, "这件诉求往来已达上限，请办结后另行提交")
	}
	was := s.State
	s.Version++
	if r.next != "" {
		s.State = r.next
	}
	entry := step.entry(now)
	entry.Assist, entry.Parts = s.assistOf(step), s.parts(step)
	if step.Act == Reply {
		entry.Was = was
	}
	s.Thread = append(slices.Clone(s.Thread), entry)
	move(&s, step, was, now)
	s = clock.promised(s, step, now)
	assistAfter(&s, step, clock, now)
	if step.Act == Recount {
		next, certain := clock.Certain(s, now)
		if !certain {
			return s, fault.New(fault.WrongState, "这件诉求的期限没有变化")
		}
		return next, nil
	}
	return clock.tick(s, step, was, now), nil
}

// move changes what depends on the act beside state and thread.
func move(s *Submission, step Step, was State, now time.Time) {
	s.CoverFor = s.coverAfter(step.Act)
	switch step.Act {
	case Transfer, Assign, Cover, Resume:
		handTo(s, step.To)
		s.Hold = ""
		if step.Act == Assign && step.Category != "" {
			s.Category = step.Category
		}
	case Return:
		handTo(s, "")
		s.Returns++
	case Release:
		handTo(s, "")
	case Close:
		s.Outcome, s.Into, s.ClosedAt = step.Outcome, step.Into, At(now)
	case Withdraw:
		s.ClosedAt, s.Lead, s.Heard = At(now), "", 0
	case Rate:
		s.Rating = step.rating(now)
	case TakeBack:
		takeBack(s, step.By, now)
	case Reopen:
		s.Outcome, s.Into, s.ClosedAt, s.Rating, s.Promise = "", "", 0, nil, nil
		s.Lead, s.Heard = "", 0
		if s.Assignee == "" {
			s.State = Pooled
		}
	case Message:
		if (was == Waiting || was == Answered) && s.Lead == "" {
			s.State = Accepted // a follower is where its lead is
		}
	}
	switch {
	case step.By.Role == access.Liaison && s.Alarming():
		s.AttendedAt = At(now) // whatever they did, they have seen it
	case step.By.Role == access.Visitor || step.Warns:
		*s = s.Warned(step.Text + "\n" + step.Reason)
	}
}

func handTo(s *Submission, member string) {
	if s.Assignee != "" && s.Assignee != member && !slices.Contains(s.Past, s.Assignee) {
		s.Past = append(slices.Clone(s.Past), s.Assignee)
	}
	s.Assignee = member
}

// entry keeps of a step what its act means and nothing else.
func (st Step) entry(now time.Time) Entry {
	e := Entry{At: At(now), What: st.Act, By: st.By}
	switch st.Act {
	case Reply, Message, Contribute, Fulfil:
		e.Text, e.Photos, e.Private = st.Text, slices.Clone(st.Photos), st.Act == Contribute
		e.Alone = st.Alone && st.Act == Reply
	case AskAssist:
		e.Text, e.To, e.ToName, e.Private = st.Text, st.Ask.Who, st.Ask.Name, true
	case Decline, Recall:
		e.Text, e.Private = st.Reason, true
	case Ask:
		e.Text = st.Text
	case Close:
		e.Text, e.Outcome = st.Text, st.Outcome
	case Transfer, Assign, Cover, Resume:
		e.To, e.ToName, e.Text = st.To, st.ToName, st.Reason
		if st.Act == Assign {
			e.Category = st.Category
		}
		if st.Act == Assign || st.Act == Transfer {
			e.Note = st.Note
		}
	case Return, Release, Withdraw, Reopen, Attend, Extend, PromiseAct:
		e.Text, e.Private, e.Days = st.Reason, st.Act == Return || st.Act == Attend, st.Days
	case Rate:
		e.Text, e.Rating = st.Rating.Reason, st.rating(now)
		e.Rating.Reason = "" // it is the text
	}
	return e
}

// rating is a copy of the step's, stamped.
func (st Step) rating(now time.Time) *Rating {
	r := *st.Rating
	r.At = At(now)
	return &r
}

// check looks at what the step carries.
func (st Step) check(s Submission, now time.Time) error {
	var c fault.Check
	switch st.Act {
	case Ask, Reply, Message:
		c.Require(st.Text != "" || st.Act != Ask && len(st.Photos) > 0, "text", "请填写内容")
	case Close:
		c.Require(slices.Contains(Outcomes, st.Outcome), "outcome", "请选择办理结果")
		c.Require(st.Text != "", "text", "请写明办理情况，群众会看到")
		c.Require((st.Outcome == Merged) == (st.Into != ""), "into", "合并办理时请选择并入的诉求，其他结果不填")
		c.Require(st.Into != s.ID || st.Into == "", "into", "不能并入自身")
		if c.Require(st.Promised == 0 || st.Outcome == Agreed, "promised", "只有“待落实”才约定日期，其他结果不填"); st.Promised != 0 {
			st.checkDay(&c, now)
		}
	case Fulfil:
		c.Require(st.Text != "", "text", "请写明落实的情况，群众会看到")
	case PromiseAct:
		st.checkDay(&c, now)
		c.Require(st.Reason != "", "reason", "请写明改期的原因，群众会看到")
	case Transfer, Assign, Cover, Resume:
		c.Require(st.To != "", "to", "请选择接办的委员")
		c.Require(st.To != s.Assignee, "to", "这件诉求已由该委员办理，请选择其他委员")
		c.Require(st.Reason != "", "reason", "请写明原因")
	case Return, Release, Reopen:
		c.Require(st.Reason != "", "reason", "请写明原因")
	case Extend:
		c.Require(st.Days >= 1 && st.Days <= MaxExtension, "days", "延期须为 1 至 %d 个工作日", MaxExtension)
		c.Require(st.Reason != "", "reason", "请写明延期的原因，群众会看到")
	case Attend:
		c.Require(st.Reason != "", "reason", "请写明怎样处置的")
	case Rate:
		c.Require(st.Rating != nil, "attitude", "请先评价")
		if st.Rating != nil {
			c.Require(st.Rating.Attitude >= 1 && st.Rating.Attitude <= 5, "attitude", "态度评分为 1 至 5")
			c.Require(st.Rating.Speed >= 1 && st.Rating.Speed <= 5, "speed", "速度评分为 1 至 5")
			c.Require(Runes(st.Rating.Reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
		}
	}
	c.Require(Runes(st.Text) <= MaxText, "text", "内容最多 %d 字", MaxText)
	c.Require(Runes(st.Reason) <= MaxReason, "reason", "原因最多 %d 字", MaxReason)
	c.Require(Runes(st.Note) <= MaxReason, "note", "给群众的说明最多 %d 字", MaxReason)
	c.Require(len(st.Photos) <= MaxPhotos, "photos", "照片最多 %d 张", MaxPhotos)
	if err := c.Err(); err != nil {
		return err
	}
	if st.Act == Extend {
		return s.checkExtension(now)
	}
	switch {
	case st.Act == TakeBack && s.takeable(st.By, now) < 0:
		return fault.New(fault.WrongState, "答复只能在发出后 %d 秒内撤回。现在请另发一条答复说明情况", TakeBackSeconds)
	case st.Act == Attend && !s.Alarming():
		return fault.New(fault.WrongState, "这件诉求没有待处置的险情")
	case st.Act == Rate && s.Judged():
		return fault.New(fault.WrongState, "您已经评价过了，谢谢")
	case st.Act == Reopen && s.lapsed(now):
		return fault.New(fault.WrongState, "办结已超过 %d 天，请重新提交一件诉求", ReopenDays)
	}
	return nil
}

// Clean is what is kept of a text of a person; see [fold.Stored]. A text in which
// there is nothing to see is "".
func Clean(text string) string { return fold.Stored(text) }

// visitorActs are done by the filer, whatever else that person is.
var visitorActs = []Act{File, Message, Withdraw, Rate, Reopen}

// ActorFor returns the caller as the doer of the act.
func ActorFor(c access.Caller, act Act) Actor {
	if slices.Contains(visitorActs, act) {
		return Actor{Role: access.Visitor, ID: c.Person}
	}
	return Actor{Role: c.Role, ID: c.ID, Name: c.Name}
}

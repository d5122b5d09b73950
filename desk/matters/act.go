package matters

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/desk/roster"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// ActRequest is what somebody wants to do to a submission.
type ActRequest struct {
	Act access.Action
	// Version is the one the caller saw. A visitor's message and withdrawal
	// need none, nor does an assistant's answer: nothing that happened meanwhile
	// makes them wrong.
	Version *int
	Text    string
	Photos  []string
	To      string
	// Reason is why; with transfer and assign it is for members and staff, and Note
	// is what the visitor is told.
	Reason, Note string
	Outcome      casework.Outcome
	Into         string
	// Promised is the day by which what is agreed is to be carried out, as
	// YYYY-MM-DD, with a closing and with promise.
	Promised string
	Rating   *casework.Rating
	// Days are the working days of an extension.
	Days int
	// Category is what it is about after all, with assign.
	Category string
	// Assist is whom to ask to take part, and AssistID whom to recall.
	Assist   AssistRequest
	AssistID int
	// Include are the assists whose answers a reply or closing shows the
	// visitor; Without confirms that some have not answered.
	Include []int
	Without bool
	// Alone keeps a reply from those that go on with the submission.
	Alone bool
	// Warns has a danger that the text speaks of alarm the station, as a visitor's
	// words do.
	Warns bool

	// notBefore holds the member's first notice back until then; zero is at once.
	notBefore time.Time
}

// freely are the acts without a version.
var freely = []access.Action{access.Message, access.Withdraw, access.Contribute, access.Decline}

// Act does one act. It answers Conflict, naming who acted and when, if the
// submission is no longer as the caller saw it.
func (svc *Service) Act(ctx context.Context, c access.Caller, id string, r ActRequest) (View, error) {
	if err := access.Can(c, r.Act); err != nil {
		return View{}, err
	}
	if r.Version == nil && !slices.Contains(freely, r.Act) {
		return View{}, kit.Field("version", "请带上您看到的版本号 version")
	}
	for try := range kit.Rounds {
		x, err := svc.kit.SubmissionAt(ctx, c, r.Act, id, r.Version)
		if err != nil {
			return View{}, err
		}
		s, st := x.Submission(), x.Station()
		if s.Filer == c.Person && slices.Contains(impartial, r.Act) {
			return View{}, fault.New(fault.Denied, "这件诉求是您自己提交的，应当回避：请转给其他委员")
		}
		if slices.Contains(onLead, r.Act) {
			if lead, err := svc.leadOf(ctx, s); lead != "" || err != nil {
				if err != nil {
					return View{}, err
				}
				return svc.actOnLead(ctx, c, lead, r)
			}
		}
		next, err := svc.step(ctx, c, st, s, r)
		if err != nil {
			return View{}, err
		}
		if try == 0 { // the words stay the same
			if err := svc.checkSaid(ctx, c, r); err != nil {
				return View{}, err
			}
		}
		tell, err := svc.Entries(next)
		if err != nil {
			return View{}, err
		}
		holdBack(tell, r.notBefore)
		alarms, err := svc.AlarmEntries(st, next, s)
		if err != nil {
			return View{}, err
		}
		tell = append(tell, alarms...)
		ok, err := svc.keep(ctx, s, next, tell)
		if err != nil {
			return View{}, err
		}
		if ok {
			svc.kit.Config.Observe("act", string(r.Act))
			svc.delivery.Knows(ctx, c, s)
			svc.delivery.Moved(ctx, s, next)
			svc.reopened(ctx, s, next)
			svc.carriedOut(ctx, s, next)
			if len(tell) > 0 {
				svc.kit.Wake(st.ID)
			}
			if len(alarms) > 0 {
				svc.kit.Config.Observe("alarm", "")
			}
			return svc.After(ctx, c, st, next), nil
		}
		if r.Version != nil {
			// The newer version is what the next round's check will name.
			continue
		}
	}
	return View{}, fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}

// leadOf is the lead to which is done what is asked of one that follows it, "" for
// none. What is owed to both is carried out once, as long as the lead still owes
// it.
func (svc *Service) leadOf(ctx context.Context, s casework.Submission) (string, error) {
	if s.Follows() {
		return s.Lead, nil
	}
	if s.Lead == "" || !s.Owed() {
		return "", nil
	}
	lead, _, err := svc.kit.Load(ctx, s.Lead)
	if fault.Is(err, fault.NotFound) || err == nil && !lead.Owed() {
		return "", nil
	}
	return s.Lead, err
}

// actOnLead does to the lead what was asked of one that follows it, as it is now:
// whoever asked saw the follower.
func (svc *Service) actOnLead(ctx context.Context, c access.Caller, lead string, r ActRequest) (View, error) {
	x, err := svc.kit.Submission(ctx, c, r.Act, lead)
	if err != nil {
		return View{}, err
	}
	r.Version = new(x.Submission().Version)
	return svc.Act(ctx, c, lead, r)
}

// keep commits an act, with what it changes of a lead, and lets followers hear.
func (svc *Service) keep(ctx context.Context, was, next casework.Submission, tell []notice.Entry) (ok bool, err error) {
	if was.Lead != "" && next.Lead == "" {
		list, err := svc.leave(ctx, was, next)
		if err != nil {
			return false, err
		}
		return svc.store.CommitAll(ctx, was.Station, list, tell)
	}
	ok, err = svc.store.Commit(ctx, was, next, tell)
	if ok && next.Leads() {
		if err := svc.RelayOne(ctx, next.ID); err != nil {
			// It is on the list: the next round tells them.
			svc.kit.Log.WarnContext(ctx, "followers not told yet", slog.String("submission", next.ID), slog.Any("err", err))
		}
	}
	return ok, err
}

// impartial are the acts nobody does on what they filed themselves. Handing it
// to somebody else is not among them.
var impartial = []access.Action{access.Accept, access.Ask, access.Reply, access.Close, access.Assist, access.Contribute, access.Fulfil}

// step builds the casework step and applies it.
func (svc *Service) step(ctx context.Context, c access.Caller, st *station.Station, s casework.Submission, r ActRequest) (casework.Submission, error) {
	step := casework.Step{
		Act: casework.Act(r.Act), By: casework.ActorFor(c, casework.Act(r.Act)),
		Text: casework.Clean(r.Text), Photos: r.Photos, Reason: casework.Clean(r.Reason),
		Note: casework.Clean(r.Note), Alone: r.Alone, To: r.To, Outcome: r.Outcome, Into: r.Into, Rating: r.Rating, Days: r.Days, Category: r.Category,
		Assist: r.AssistID, Include: r.Include, Without: r.Without, Warns: r.Warns,
	}
	if r.Act == access.Assist {
		var err error
		if step.Ask, err = svc.asking(ctx, st, s, r.Assist); err != nil {
			return s, err
		}
	}
	if r.Promised != "" {
		var check fault.Check
		step.Promised = casework.EndOf(kit.Day(&check, "promised", r.Promised))
		if err := check.Err(); err != nil {
			return s, err
		}
	}
	if r.Rating != nil {
		rating := *r.Rating
		rating.Reason = casework.Clean(rating.Reason)
		step.Rating = &rating
	}
	if m, ok := st.Member(step.To); ok {
		step.ToName = m.Name
	}
	if _, ok := st.Category(r.Category); r.Category != "" && !ok {
		return s, kit.Field("category", "本站没有这个类别，请重新选择")
	}
	now := svc.kit.Now()
	next, err := s.Apply(step, svc.kit.ClockOf(st, now), now)
	if err != nil {
		return s, err
	}
	if step.To != "" {
		if err := svc.mayTake(ctx, st, s, step.To, now); err != nil {
			return s, err
		}
	}
	if step.Into != "" {
		if err := svc.mayMerge(ctx, c, s, step.Into); err != nil {
			return s, err
		}
	}
	if step.Act == casework.Reopen {
		next = svc.reopen(st, next)
	}
	if err := svc.uploads.Owned(ctx, c, step.Photos, "photo", "photos"); err != nil {
		return s, err
	}
	return next, svc.uploads.Attach(ctx, s.ID, step.Photos...)
}

// mayTake refuses to hand a matter to somebody who is not there, or whom it
// concerns: who filed it, or whom it is about.
func (svc *Service) mayTake(ctx context.Context, st *station.Station, s casework.Submission, to string, now time.Time) error {
	m, ok := st.Member(to)
	switch {
	case !ok || m.Gone:
		return kit.Field("to", "本站没有这位委员，请重新选择")
	case m.Away(now):
		return kit.Field("to", m.Name+"委员外出，请选择其他委员"+roster.InsteadOf(st, m.ID, now))
	}
	person, err := svc.store.Bound(ctx, record.Invite{Station: st.ID, Role: string(access.Member), Ref: to})
	if err != nil {
		return err
	}
	if person == s.Filer || routing.Concerns(st, s, to) {
		return kit.Field("to", m.Name+"委员与此事有关，应当回避，请选择其他委员")
	}
	return nil
}

// mayMerge refuses to merge into what the caller cannot see or what is over.
func (svc *Service) mayMerge(ctx context.Context, c access.Caller, s casework.Submission, id string) error {
	into, err := svc.kit.Submission(ctx, c, access.Read, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || into.Submission().Station != s.Station {
		return kit.Field("into", "没有找到要并入的诉求，请核对")
	}
	if !into.Submission().State.Open() {
		return kit.Field("into", "要并入的诉求已经办结或撤回，请选择在办的诉求")
	}
	return nil
}

// reopen sends it back to the member who had it, or to the pool when they are
// no longer there.
func (svc *Service) reopen(st *station.Station, s casework.Submission) casework.Submission {
	m, ok := st.Member(s.Assignee)
	if !ok || m.Gone {
		s.Assignee, s.State = "", casework.Pooled
		return s
	}
	last := &s.Thread[len(s.Thread)-1]
	last.To, last.ToName = m.ID, m.Name
	return s
}

// checkSaid refuses what the platform would never let stand of what a visitor
// says to others; the person still has the text and can say it otherwise.
func (svc *Service) checkSaid(ctx context.Context, c access.Caller, r ActRequest) error {
	name, text := "text", r.Text
	switch r.Act {
	case access.Message:
	case access.Withdraw, access.Reopen:
		name, text = "reason", r.Reason
	case access.Rate:
		if name, text = "reason", ""; r.Rating != nil {
			text = r.Rating.Reason
		}
	default:
		return nil
	}
	hold, err := svc.uploads.CheckText(ctx, c, casework.Clean(text))
	if err != nil {
		return err
	}
	// A cry for help is heard in any words.
	if hold == casework.HoldRisky && len(casework.Dangers(text)) == 0 {
		return kit.Field(name, "这段话没有通过平台的内容检查，请换一种说法再发")
	}
	return nil
}

// Entries are the notices the newest step causes, each with an id.
func (svc *Service) Entries(s casework.Submission) ([]notice.Entry, error) {
	tell := notice.After(s)
	for i := range tell {
		id, err := svc.kit.NewID("")
		if err != nil {
			return nil, err
		}
		tell[i].ID = id
	}
	return tell, nil
}

// AlarmEntries tell every liaison of the station of a danger that next speaks of and
// was did not, or that was seen to before.
func (svc *Service) AlarmEntries(st *station.Station, next, was casework.Submission) ([]notice.Entry, error) {
	if !next.Alarming() || was.Alarming() && len(was.Dangers) == len(next.Dangers) {
		return nil, nil
	}
	var tell []notice.Entry
	for _, l := range st.Liaisons {
		if l.Gone || l.Admin {
			continue
		}
		id, err := svc.kit.NewID("")
		if err != nil {
			return nil, err
		}
		tell = append(tell, notice.Entry{
			ID: id, Submission: next.ID, Purpose: notice.LiaisonAlarm, Liaison: l.ID,
			Version: max(next.Version, 1), At: int64(next.Last().At),
		})
	}
	return tell, nil
}

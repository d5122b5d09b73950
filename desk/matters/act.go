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
	"mashang/domain/danger"
	"mashang/domain/fault"
	"mashang/domain/handover"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/routing"
	"mashang/domain/station"
)

// versionless are the acts that need no version, because no concurrent change makes them wrong.
var versionless = []access.Action{access.Message, access.Withdraw, access.Contribute, access.Decline}

// Act does one act. version is the one that the caller saw; it may be nil for the versionless acts. If the
// submission has changed since, Act returns a Conflict that names who acted and when.
func (svc *Service) Act(ctx context.Context, c access.Caller, id string, version *int, act casework.Act) (View, error) {
	return svc.act(ctx, c, id, version, act, time.Time{})
}

// act is Act. The member's first notice is not sent before notBefore; zero is at once.
func (svc *Service) act(ctx context.Context, c access.Caller, id string, version *int, act casework.Act, notBefore time.Time) (View, error) {
	name := casework.NameOf(act)
	if err := access.Can(c, name); err != nil {
		return View{}, err
	}
	if version == nil && !slices.Contains(versionless, name) {
		return View{}, kit.Field("version", "请带上您看到的版本号 version")
	}
	for try := range kit.MaxConflictRetries {
		x, err := svc.kit.SubmissionAt(ctx, c, name, id, version)
		if err != nil {
			return View{}, err
		}
		s, st := x.Submission(), x.Station()
		if handover.IsParty(s, c.Person) && slices.Contains(notOnOwn, name) {
			return View{}, fault.New(fault.Denied, "这件诉求是您提交的，应当回避：请转给其他委员")
		}
		if slices.Contains(leadActs, name) {
			lead, err := svc.leadOf(ctx, s, act)
			if err != nil {
				return View{}, err
			}
			if lead != "" { // the lead's present version: the caller saw the follower's
				x, err := svc.kit.Submission(ctx, c, name, lead)
				if err != nil {
					return View{}, err
				}
				return svc.act(ctx, c, lead, new(x.Submission().Version), act, notBefore)
			}
		}
		next, err := svc.applyAct(ctx, c, st, s, act)
		if err != nil {
			return View{}, err
		}
		if try == 0 { // the text is the same in later tries
			if err := svc.checkVisitorText(ctx, c, act); err != nil {
				return View{}, err
			}
		}
		notices, err := svc.Entries(next)
		if err != nil {
			return View{}, err
		}
		delayNotices(notices, notBefore)
		alarms, err := svc.AlarmEntries(st, next, s)
		if err != nil {
			return View{}, err
		}
		notices = append(notices, alarms...)
		if name == access.AskCall {
			// Listed before it is said to be asked: nobody would call otherwise. A repeated call is the same entry.
			if err := svc.delivery.ListCall(ctx, next); err != nil {
				return View{}, err
			}
		}
		ok, err := commitAudited(ctx, svc, c, act, s, next, notices)
		if err != nil {
			return View{}, err
		}
		if ok {
			svc.kit.Config.Observe("act", string(name))
			svc.delivery.ClearUndelivered(ctx, c, s)
			svc.delivery.ClearStaleUndelivered(ctx, s, next)
			svc.results.UnpublishReopened(ctx, s, next)
			svc.results.PublishFulfilled(ctx, s, next)
			if len(notices) > 0 {
				svc.kit.Wake(st.ID)
			}
			if len(alarms) > 0 {
				svc.kit.Config.Observe("alarm", "")
			}
			return svc.After(ctx, c, st, next), nil
		}
		if version != nil {
			// The next try reports the newer version as a Conflict.
			continue
		}
	}
	return View{}, fault.New(fault.Unavailable, "多人正在同时处理这件诉求，请稍后再试")
}

// leadOf returns the lead to which an act on a follower is applied, "" for none. A promise of both is fulfilled
// once, at the lead, as long as the lead still owes it. That one is Invalid says nothing of its lead.
func (svc *Service) leadOf(ctx context.Context, s casework.Submission, act casework.Act) (string, error) {
	if a, ok := act.(casework.Close); ok && a.Outcome == casework.Invalid {
		return "", nil
	}
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

// commitAct commits an act together with its changes to a lead, and passes a lead's step on to its followers.
func (svc *Service) commitAct(ctx context.Context, was, next casework.Submission, notices []notice.Entry) (ok bool, err error) {
	if was.Lead != "" && next.Lead == "" {
		list, err := svc.leaveLead(ctx, was, next)
		if err != nil {
			return false, err
		}
		return svc.store.CommitAll(ctx, was.Station, list, notices)
	}
	ok, err = svc.store.Commit(ctx, was, next, notices)
	if ok && next.Leads() {
		if err := svc.NotifyFollowers(ctx, next.ID); err != nil {
			// The lead stays on the relay list: the next round notifies them.
			svc.kit.Log.WarnContext(ctx, "followers not told yet", slog.String("submission", next.ID), slog.Any("err", err))
		}
	}
	return ok, err
}

// notOnOwn are the acts that nobody may do on their own filing. Handing it to somebody else is allowed.
var notOnOwn = []access.Action{access.Accept, access.Ask, access.Reply, access.Close, access.Assist, access.Contribute, access.Fulfil}

// applyAct returns the submission after the act.
func (svc *Service) applyAct(ctx context.Context, c access.Caller, st *station.Station, s casework.Submission, act casework.Act) (casework.Submission, error) {
	act, err := svc.resolve(ctx, st, s, casework.Cleaned(act))
	if err != nil {
		return s, err
	}
	now := svc.kit.Now()
	next, err := s.Apply(act, casework.ActorFor(c, casework.NameOf(act)), svc.kit.ClockOf(st, now), now)
	if err != nil {
		return s, err
	}
	switch a := act.(type) {
	case casework.Transfer:
		err = svc.checkAssignee(ctx, st, s, a.To, now)
	case casework.Assign:
		err = svc.checkAssignee(ctx, st, s, a.To, now)
	case casework.Close:
		err = svc.checkMergeTarget(ctx, c, s, a.Into)
	case casework.Reopen, casework.FollowUp:
		if next.Last().Reopens() {
			next = reopen(st, next)
		}
	}
	if err != nil {
		return s, err
	}
	photos := casework.PhotosOf(act)
	if err := svc.uploads.CheckOwned(ctx, c, photos, "photo", "photos"); err != nil {
		return s, err
	}
	return next, svc.uploads.Attach(ctx, s.ID, photos...)
}

// resolve returns the act completed from the roster and the calendar, which casework does not know: members'
// names, the end of the promised day, and whether the category exists.
func (svc *Service) resolve(ctx context.Context, st *station.Station, s casework.Submission, act casework.Act) (casework.Act, error) {
	var err error
	switch a := act.(type) {
	case casework.AskAssist:
		return svc.assistTask(ctx, st, s, a)
	case casework.Close:
		a.Promised, err = promised(a.Day)
		return a, err
	case casework.Redate:
		a.Promised, err = promised(a.Day)
		return a, err
	case casework.Transfer:
		m, _ := st.Member(a.To)
		a.ToName = m.Name
		return a, nil
	case casework.Assign:
		m, _ := st.Member(a.To)
		a.ToName = m.Name
		if _, ok := st.Category(a.Category); a.Category != "" && !ok {
			err = kit.Field("category", "本站没有这个类别，请重新选择")
		}
		return a, err
	default:
		return act, nil
	}
}

// promised returns the end of a day YYYY-MM-DD, 0 for none.
func promised(day string) (casework.Millis, error) {
	if day == "" {
		return 0, nil
	}
	var check fault.Check
	end := casework.EndOfDay(kit.Day(&check, "promised", day))
	return end, check.Err()
}

// checkAssignee refuses to hand a submission to somebody who is not available, who filed it, or whom it
// concerns.
func (svc *Service) checkAssignee(ctx context.Context, st *station.Station, s casework.Submission, to string, now time.Time) error {
	m, ok := st.Member(to)
	switch {
	case !ok || m.Left:
		return kit.Field("to", "本站没有这位委员，请重新选择")
	case m.Away(now):
		return kit.Field("to", m.Name+"委员外出，请选择其他委员"+roster.SubstituteName(st, m.ID, now))
	}
	person, err := svc.store.Bound(ctx, record.Invite{Station: st.ID, Role: string(access.Member), Ref: to})
	if err != nil {
		return err
	}
	if handover.IsParty(s, person) || routing.Concerns(st, s, to) {
		return kit.Field("to", m.Name+"委员与此事有关，应当回避，请选择其他委员")
	}
	return nil
}

// checkMergeTarget refuses to merge into a submission that the caller cannot read or that is no longer open. ""
// merges into nothing.
func (svc *Service) checkMergeTarget(ctx context.Context, c access.Caller, s casework.Submission, id string) error {
	if id == "" {
		return nil
	}
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

// reopen returns a submission to the member who had it, or to the pool when they have left.
func reopen(st *station.Station, s casework.Submission) casework.Submission {
	m, ok := st.Member(s.Assignee)
	if !ok || m.Left {
		s.Assignee, s.State = "", casework.Pooled
		return s
	}
	last := &s.Thread[len(s.Thread)-1]
	last.To, last.ToName = m.ID, m.Name
	return s
}

// checkVisitorText refuses a visitor's text that the platform judges risky. The client keeps the text, so that
// the person can rephrase it.
func (svc *Service) checkVisitorText(ctx context.Context, c access.Caller, act casework.Act) error {
	var name, text string
	switch a := act.(type) {
	case casework.Message:
		name, text = "text", a.Text
	case casework.Withdraw:
		name, text = "reason", a.Reason
	case casework.Reopen:
		name, text = "reason", a.Reason
	case casework.Rate:
		name, text = "reason", a.Reason
	default:
		return nil
	}
	hold, err := svc.uploads.CheckText(ctx, c, casework.Clean(text))
	if err != nil {
		return err
	}
	// A text that speaks of a danger is accepted in any wording.
	if hold == casework.HoldRisky && len(danger.Find(text)) == 0 {
		return kit.Field(name, "这段话没有通过平台的内容检查，请换一种说法再发")
	}
	return nil
}

// Entries returns the notices that the newest step causes, each with an id.
func (svc *Service) Entries(s casework.Submission) ([]notice.Entry, error) {
	return svc.withIDs(notice.After(s))
}

// withIDs gives each of the notices an id.
func (svc *Service) withIDs(notices []notice.Entry) ([]notice.Entry, error) {
	for i := range notices {
		id, err := svc.kit.NewID("")
		if err != nil {
			return nil, err
		}
		notices[i].ID = id
	}
	return notices, nil
}

// AlarmEntries returns an alarm notice to each liaison when next has an open danger that was did not have, or
// when was had none open.
func (svc *Service) AlarmEntries(st *station.Station, next, was casework.Submission) ([]notice.Entry, error) {
	if !next.HasOpenDanger() || was.HasOpenDanger() && len(was.Dangers) == len(next.Dangers) {
		return nil, nil
	}
	var notices []notice.Entry
	for _, l := range st.Liaisons {
		if l.Left || l.Admin {
			continue
		}
		id, err := svc.kit.NewID("")
		if err != nil {
			return nil, err
		}
		notices = append(notices, notice.Entry{
			ID: id, Submission: next.ID, Purpose: notice.LiaisonAlarm, Liaison: l.ID,
			Version: max(next.Version, 1), At: int64(next.Last().At),
		})
	}
	return notices, nil
}

package desk

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// Who could not be told of something, for the liaison to tell them.

// Untold is one of them. Phones are not shown: the liaison has them on paper,
// and a visitor's is looked up where a reason is asked for.
type Untold struct {
	ID   string
	View View
	// Role is the receiver's; Name is "" for a visitor.
	Role    access.Role
	Name    string
	Purpose notice.Purpose
	// Why says in Chinese what happened and what to do.
	Why   string
	Since time.Time
}

// UntoldList lists the station's, the longest waiting first.
func (d *Desk) UntoldList(ctx context.Context, c access.Caller, cursor string, limit int) (PageOf[Untold], error) {
	return staffList(ctx, d, c, cursor, limit, d.store.Untold,
		func(u record.Untold) string { return u.Submission },
		func(st *station.Station, s casework.Submission, u record.Untold) (Untold, error) {
			row := Untold{ID: u.ID(), View: d.view(d.see(c, st, s)), Purpose: u.Purpose, Since: u.Since}
			row.Role, row.Name, row.Why = receiverOf(st, u)
			return row, nil
		},
		func(record.Untold) error { return nil }) // the data were restored from before it was filed
}

// receiverOf says who the receiver is, and what to do about them.
func receiverOf(st *station.Station, u record.Untold) (role access.Role, name, why string) {
	role, id := record.UntoldBy(u.Receiver)
	switch role {
	case access.Member:
		m, ok := st.Member(id)
		if !ok || m.Gone {
			return access.Member, m.Name, "该委员已不在本站名单里，请改派其他委员"
		}
		return access.Member, m.Name, whys[access.Member][u.Why]
	case access.Liaison:
		l, _ := st.Liaison(id)
		return access.Liaison, l.Name, whys[access.Liaison][u.Why]
	case access.Department:
		dep, _ := st.Department(id)
		return access.Department, dep.Name, whys[access.Department][u.Why]
	default:
		return access.Visitor, "", whys[access.Visitor][u.Why]
	}
}

// whys say what happened and what to do.
var whys = map[access.Role]map[notice.Outcome]string{
	access.Member: {
		notice.NoConsent:   "该委员的微信提醒次数已用完，请电话告知，并请他在小程序里再点一次允许",
		notice.NoAddress:   "该委员还没有绑定微信，请电话告知，并发邀请码请他绑定",
		notice.Refused:     "微信不接受这条提醒，请电话告知该委员，并请管理员运行检查（mashang doctor）",
		notice.Dead:        "多次发送都没有成功，请电话告知该委员",
		record.FailedLater: "微信没有送达，请电话告知该委员，并请他在微信里打开本小程序的消息接收",
	},
	access.Liaison: {
		notice.NoConsent:   "该联络员的微信提醒次数已用完，请当面或电话告知，并请他在小程序里再点一次允许",
		notice.NoAddress:   "该联络员还没有绑定微信，请当面或电话告知，并请管理员发邀请码",
		notice.Refused:     "微信不接受这条提醒，请当面或电话告知，并请管理员运行检查（mashang doctor）",
		notice.Dead:        "多次发送都没有成功，请当面或电话告知该联络员",
		record.FailedLater: "微信没有送达，请当面或电话告知该联络员",
	},
	access.Department: {
		notice.NoConsent:   "该部门的微信提醒次数已用完，请电话告知，并请经办人在小程序里再点一次允许",
		notice.NoAddress:   "该部门还没有绑定微信，请电话告知，并发邀请码请经办人绑定",
		notice.Refused:     "微信不接受这条提醒，请电话告知该部门，并请管理员运行检查（mashang doctor）",
		notice.Dead:        "多次发送都没有成功，请电话告知该部门",
		record.FailedLater: "微信没有送达，请电话告知该部门",
	},
	access.Visitor: {
		notice.NoConsent:   "群众没有允许微信提醒或次数已用完，请打他留的电话告知",
		notice.NoAddress:   "找不到这位群众的微信，请打他留的电话告知",
		notice.Refused:     "微信不接受这条提醒，请打群众留的电话告知，并请管理员运行检查（mashang doctor）",
		notice.Dead:        "多次发送都没有成功，请打群众留的电话告知",
		record.FailedLater: "微信没有送达，请打群众留的电话告知",
	},
}

// TickUntold takes one off the list: the liaison has told them, or will not. Who
// did so, and their note, is written down first.
func (d *Desk) TickUntold(ctx context.Context, c access.Caller, id, note string) error {
	if err := access.Staff(c, false); err != nil {
		return err
	}
	note = casework.Clean(note)
	if casework.Runes(note) > casework.MaxReason {
		return field("note", "备注最多 500 字")
	}
	u, err := d.store.UntoldEntry(ctx, c.Station, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "这一条已经不在待告知名单里")
	}
	if err != nil {
		return err
	}
	if err := d.Record(ctx, c.Station, Audited{
		At: d.now(), Role: string(c.Role), ID: c.ID, Person: c.Person, What: "untold_done", Thing: u.Submission, Why: note,
	}); err != nil {
		return err
	}
	return d.store.TickUntold(ctx, c.Station, id)
}

// knows takes the caller off the list of the untold, as they have the submission
// before them. What fails here leaves a line too many on the liaison's list.
func (d *Desk) knows(ctx context.Context, c access.Caller, s casework.Submission) {
	if len(entriesOf(c, s)) == 0 {
		return
	}
	// Nearly nobody is on the list. Asking first spares the others a write.
	listed, err := d.store.UntoldAbout(ctx, s.ID)
	if err != nil {
		d.log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
	}
	d.told(ctx, c, s, listed)
}

// told is knows where the listed receivers are known already.
func (d *Desk) told(ctx context.Context, c access.Caller, s casework.Submission, listed []string) {
	if len(listed) == 0 {
		return
	}
	for _, e := range entriesOf(c, s) {
		if receiver := record.Receiver(e); slices.Contains(listed, receiver) {
			d.dropUntold(ctx, s.ID, receiver)
		}
	}
}

// entriesOf are the entries that name the caller among those of a submission.
func entriesOf(c access.Caller, s casework.Submission) (who []notice.Entry) {
	if c.Person == s.Filer {
		who = append(who, notice.Entry{Person: c.Person})
	}
	switch {
	case c.Station != s.Station:
	case c.Role == access.Member && c.ID == s.Assignee:
		who = append(who, notice.Entry{Member: c.ID})
	case c.To(s.Thing()).Assistant():
		who = append(who, assistant(c.Role, c.ID))
	case c.Role == access.Liaison && len(s.Dangers) > 0: // of nothing else they are told
		who = append(who, notice.Entry{Liaison: c.ID})
	}
	return who
}

// assistant is an entry that names a body that assists.
func assistant(role access.Role, id string) notice.Entry {
	if role == access.Department {
		return notice.Entry{Department: id}
	}
	return notice.Entry{Member: id}
}

// moved takes off the list who need not be told any more: everybody when the
// submission is over, else the member who had it and who need not assist.
func (d *Desk) moved(ctx context.Context, was, next casework.Submission) {
	for i, a := range was.Assists {
		if next.State.Open() && a.State == casework.Asked && next.Assists[i].State != casework.Asked {
			d.dropUntold(ctx, was.ID, record.Receiver(assistant(a.Role, a.Who)))
		}
	}
	switch {
	case !next.State.Open():
		d.dropUntold(ctx, was.ID, "")
	case was.Assignee != "" && was.Assignee != next.Assignee:
		d.dropUntold(ctx, was.ID, record.Receiver(notice.Entry{Member: was.Assignee}))
	}
}

// untoldTerm is how long somebody stays on the list after their matter is over. By
// then the liaison has called them or never will.
const untoldTerm = 60 * 24 * time.Hour

// ExpireUntold takes off a station's list the entries of matters that have been
// over for untoldTerm, and of matters that are not there any more, and returns how
// many entries it looked at. Entries of open matters stay, however old they are.
func (d *Desk) ExpireUntold(ctx context.Context, st string) (int, error) {
	old := d.now().Add(-untoldTerm)
	looked := 0
	for after, more := (Cursor{}), true; more; {
		var list []record.Untold
		var err error
		if list, after, more, err = d.store.Untold(ctx, st, after, sweepSize); err != nil {
			return looked, err
		}
		// The longest waiting come first, and nobody is listed before there is
		// something to tell: behind a young entry are only young ones.
		if i := slices.IndexFunc(list, func(u record.Untold) bool { return u.Since.After(old) }); i >= 0 {
			list, more = list[:i], false
		}
		ids := make([]string, len(list))
		for i, u := range list {
			ids[i] = u.Submission
		}
		found, err := d.records.Several(ctx, st, ids)
		if err != nil {
			return looked, err
		}
		over := map[string]bool{}
		for _, s := range found {
			over[s.ID] = !s.State.Open() && !s.ClosedAt.Time().After(old)
		}
		for _, u := range list {
			looked++
			ended, known := over[u.Submission]
			if !known {
				if ended, err = d.isGone(ctx, u.Submission); err != nil {
					return looked, err
				}
			}
			if !ended {
				continue
			}
			if err := d.store.TickUntold(ctx, st, u.ID()); err != nil {
				return looked, err
			}
		}
	}
	return looked, nil
}

// isGone reports whether a submission is surely not there any more. One that cannot
// be read is: it may be open.
func (d *Desk) isGone(ctx context.Context, id string) (bool, error) {
	_, err := d.records.Load(ctx, id)
	if fault.Is(err, fault.Unavailable) {
		return false, err
	}
	return fault.Is(err, fault.NotFound), nil
}

func (d *Desk) dropUntold(ctx context.Context, submission, receiver string) {
	if err := d.store.DropUntold(ctx, submission, receiver); err != nil {
		d.log.WarnContext(ctx, "still listed as untold", slog.Any("err", err))
	}
}

// failedLater puts the receiver of a message that the platform took and did not
// deliver on the list of the untold.
func (d *Desk) failedLater(ctx context.Context, p Person, a Arrival) error {
	if a.ErrorCode == 0 || a.MsgID == "" {
		return nil
	}
	stations, err := d.store.Visited(ctx, p.ID)
	if err != nil {
		return err
	}
	if p.Station != "" && !slices.Contains(stations, p.Station) {
		stations = append([]string{p.Station}, stations...)
	}
	for _, st := range stations {
		told, err := d.store.ToldBy(ctx, st, a.MsgID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		d.cfg.Observe("notice", string(record.FailedLater))
		for _, e := range told {
			if err := d.listFailed(ctx, p, e); err != nil {
				return err
			}
		}
		return nil
	}
	if a.Attempts <= earlyTries {
		return errEarly // what became of the sending is being written
	}
	return nil
}

// awaited reports whether a body is still to answer as an assistant.
func awaited(s casework.Submission, role access.Role, id string) bool {
	a, ok := s.AssistOf(role, id)
	return ok && a.State == casework.Asked
}

// listFailed lists the person for a notice, unless it no longer holds.
func (d *Desk) listFailed(ctx context.Context, p Person, e notice.Entry) error {
	s, st, err := d.load(ctx, e.Submission)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	here := p.Station == st.ID && p.Role == e.Purpose.Audience()
	switch {
	case here && p.Role == string(access.Member) && p.Ref == s.Assignee:
		e.Member = p.Ref
	case here && awaited(s, access.Role(p.Role), p.Ref):
		to := assistant(access.Role(p.Role), p.Ref)
		e.Member, e.Department = to.Member, to.Department
	case here && p.Role == string(access.Liaison):
		e.Liaison = p.Ref
	case e.Purpose.Audience() == string(access.Visitor) && p.ID == s.Filer:
		e.Person = p.ID
	default:
		return nil // it is somebody else's matter by now
	}
	over := !s.State.Open() && e.Purpose != notice.VisitorClosed
	if over || !slices.Contains(st.Elsewhere(), station.ByLiaison) {
		return nil
	}
	return d.listUntold(ctx, e, record.FailedLater)
}

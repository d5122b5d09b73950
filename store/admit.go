package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store/body"
	"mashang/store/value"
)

// Durations in seconds, as the scripts take them.
const (
	idempotencySeconds = 24 * 60 * 60     // api.md: 24 h a person
	sequenceSeconds    = 3 * 24 * 60 * 60 // a day's numbers end with the day
)

// maxOffered is how many candidates a submission may have: the set of full ones is a 64-bit mask.
const maxOffered = 64

var (
	errTaken     = errors.New("store: a submission with this id exists")
	errAnswer    = errors.New("store: a script answered what it never says")
	errAdmission = errors.New("store: the admission is not complete")
)

// Admit stores, numbers and queues a new submission in one round trip. See
// filing.Store for the contract.
func (s Submissions) Admit(ctx context.Context, a record.Admission) (casework.Submission, bool, error) {
	sub := a.Submission
	sub.Version = 1
	keys, args, err := s.admission(&a)
	if err != nil {
		return sub, false, err
	}
	answer, err := scriptAdmit.run(ctx, s.rdb, keys, args...).Text()
	if err != nil {
		return sub, false, failed(err)
	}
	what, rest, _ := strings.Cut(answer, "\t")
	switch what {
	case "new":
		number, pick, _ := strings.Cut(rest, "\t")
		return completeFiled(sub, a.Hold, number, pick)
	case "old":
		return firstReceipt(sub.Station, rest), true, nil
	case "other":
		return sub, false, fault.New(fault.IdempotencyMismatch, "这次提交与之前用同一编号提交的内容不同，请重新填写后再提交")
	case "taken":
		return sub, false, broken(errTaken, "诉求编号")
	default:
		return sub, false, broken(errAnswer, "诉求")
	}
}

// FindReceipt finds the first receipt for a key that was used with the same body in the last 24 hours. ok is
// false if there is none.
func (s Submissions) FindReceipt(ctx context.Context, st, person, key, bodyHash string) (first casework.Submission, ok bool, err error) {
	if err := checkStation(st); err != nil {
		return first, false, err
	}
	value, err := s.optional(ctx, spaceOf(st).idempotency(person, key))
	if err != nil {
		return first, false, err
	}
	hash, receipt, _ := strings.Cut(value, "\t")
	if receipt == "" || hash != bodyHash {
		return first, false, nil
	}
	return firstReceipt(st, receipt), true, nil
}

// firstReceipt parses a stored receipt: the local id, the number and the state it was filed into. Older
// versions stored the local id only.
func firstReceipt(st, kept string) casework.Submission {
	local, rest, _ := strings.Cut(kept, "\t")
	number, state, _ := strings.Cut(rest, "\t")
	return casework.Submission{ID: st + "-" + local, Station: st, Number: number, State: casework.State(state)}
}

// completeFiled fills in what the script decided.
func completeFiled(sub casework.Submission, hold bool, number, pick string) (casework.Submission, bool, error) {
	n, full, err := value.ParsePick(pick)
	offered := sub.Decision.Offered()
	if err != nil || n > len(offered) {
		return sub, false, broken(errAnswer, "诉求")
	}
	sub.Number, sub.Pick, sub.Full, sub.Assignee = number, n, full, ""
	switch {
	case n > 0:
		sub.State, sub.Assignee = casework.Assigned, offered[n-1].Member
	case hold:
		sub.State = casework.Held
	default:
		sub.State = casework.Pooled
	}
	return sub, false, nil
}

// admission returns the KEYS and ARGV of scripts/admit.lua.
func (s Submissions) admission(a *record.Admission) (keys []string, args []any, err error) {
	sub := &a.Submission
	st, local, ok := split(sub.ID)
	offered := sub.Decision.Offered()
	if !ok || st != sub.Station || len(offered) > maxOffered || len(a.Capacities) != len(offered) || a.Key == "" || sub.Clocks == nil ||
		strings.ContainsAny(sub.Filer+a.BodyHash, "\t\n") {
		return nil, nil, broken(errAdmission, "诉求")
	}
	body, err := body.Append(make([]byte, 0, 1024), sub)
	if err != nil {
		return nil, nil, err
	}
	before, after, err := memberNotice(a)
	if err != nil {
		return nil, nil, err
	}
	without := casework.Pooled
	if a.Hold {
		without, offered = casework.Held, nil
	}
	sp, day := spaceOf(st), a.Now.In(station.Zone).Format("060102")
	members := make([]string, len(offered))
	for i, c := range offered {
		members[i] = c.Member
	}
	body = s.sealer.Load().SealFiling(body, sub, day, without, members)
	alarming := 0
	if sub.HasOpenDanger() {
		alarming = 1
	}
	unsure := 0
	if provisional(sub) {
		unsure = 1
	}
	keys = append(make([]string, 0, 18+len(offered)),
		sp.idempotency(sub.Filer, a.Key), sp.sequence(day), sp.value(local),
		sp.all(), sp.mine(sub.Filer), sp.count(),
		sp.due(), sp.urge(), sp.outbox(), sp.outboxData(),
		sp.inState(casework.Assigned), sp.inState(without), sp.pool(), sp.alarms(), sp.lastAssigned(), sp.unsure(), sp.changed(), sp.filed())
	args = append(make([]any, 0, 18+3*len(offered)+2*len(a.Alarms)),
		local, body, a.BodyHash,
		idempotencySeconds, day+"-",
		sub.Filer, int64(sub.FiledAt), int64(sub.DueAt),
		string(without),
		a.NoticeID, before, after,
		sequenceSeconds, alarming, unsure, int64(sub.Clocks.NextAt), maxChanges, a.Code)
	for i, c := range offered {
		if strings.ContainsAny(c.Member, "\t\n\"\\") {
			return nil, nil, broken(errAdmission, "委员名册")
		}
		keys = append(keys, sp.inbox(c.Member))
		args = append(args, c.Member, a.Capacities[i], c.Score)
	}
	for _, e := range a.Alarms {
		text, err := entryText(e)
		if err != nil {
			return nil, nil, err
		}
		args = append(args, e.ID, text)
	}
	return keys, args, nil
}

// memberNotice returns the text of the assignee's notice, split where the script inserts the member's id.
func memberNotice(a *record.Admission) (before, after []byte, err error) {
	const here = "@" // in no id
	text, err := json.Marshal(notice.Entry{
		ID: a.NoticeID, Submission: a.Submission.ID, Purpose: notice.MemberNew,
		Member: here, Version: 1, At: int64(a.Submission.FiledAt),
	})
	before, after, ok := bytes.Cut(text, []byte(`"m":"`+here))
	if err != nil || !ok {
		return nil, nil, broken(errors.Join(err, errAdmission), "通知")
	}
	return append(before, `"m":"`...), after, nil
}

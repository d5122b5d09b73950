package delivery

import (
	"context"
	"log/slog"

	"mashang/domain/notice"
)

// Several notices to a member that are due together go in one message: it is about the most urgent submission,
// gives the number of the others and leads to the inbox.

// joinedEntry is an entry whose message also covers others.
type joinedEntry struct {
	notice.Entry

	others []notice.Entry
}

// plan groups the entries that one message can cover. All others stay single and everything keeps its order.
// After an error entries stay single, and their delivery reports it.
func (svc *Service) plan(ctx context.Context, st string, list []notice.Entry) []joinedEntry {
	type key struct {
		member  string
		purpose notice.Purpose
	}
	waiting := map[key][]notice.Entry{}
	for _, e := range list {
		// An entry whose answer was lost may already have been sent.
		if e.Member != "" && e.Unsure == 0 {
			k := key{e.Member, e.Purpose}
			waiting[k] = append(waiting[k], e)
		}
	}
	others, joined := map[string][]notice.Entry{}, map[string]bool{}
	for _, same := range waiting {
		lead, rest := svc.join(ctx, st, same)
		for _, e := range rest {
			joined[e.ID] = true
		}
		others[lead.ID] = rest
	}
	var groups []joinedEntry
	for _, e := range list {
		if !joined[e.ID] {
			groups = append(groups, joinedEntry{e, others[e.ID]})
		}
	}
	return groups
}

// join chooses the leading entry among one member's entries of one purpose, and the others that its message
// covers. There are none if nothing can be joined or sent.
func (svc *Service) join(ctx context.Context, st string, same []notice.Entry) (lead notice.Entry, others []notice.Entry) {
	if len(same) < 2 {
		return same[0], nil
	}
	person, err := svc.bound(ctx, st, same[0])
	if err != nil || person == "" {
		return same[0], nil
	}
	left, err := svc.store.ConsentsLeft(ctx, person)
	if err != nil {
		return same[0], nil
	}
	var list []notice.Waiting
	for _, e := range same {
		if w, ok := svc.waiting(ctx, st, e); ok {
			list = append(list, w)
		}
	}
	list, ok := notice.Join(list, left)
	if !ok {
		return same[0], nil
	}
	for _, w := range list[1:] {
		others = append(others, w.Entry)
	}
	return list[0].Entry, others
}

// waiting returns an entry that one message may cover with others.
func (svc *Service) waiting(ctx context.Context, st string, e notice.Entry) (w notice.Waiting, ok bool) {
	if e.Day != "" {
		t, err := svc.loadDay(ctx, st, e)
		if err != nil || !e.JoinsDay() || t.stale(e, svc.kit.Now()) {
			return w, false
		}
		return notice.Waiting{Entry: e, Day: t.day.Start()}, true
	}
	s, _, err := svc.kit.Load(ctx, e.Submission)
	w = notice.Waiting{Entry: e, Submission: s}
	return w, err == nil && w.Joins()
}

// deliverGroup delivers an entry with those that its message covers. If the message is not sent, each of the
// others is delivered by itself.
func (svc *Service) deliverGroup(ctx, begin context.Context, st string, b joinedEntry) {
	if begin.Err() != nil {
		svc.logFailure(ctx, b.Entry, svc.requeue(ctx, st, b.Entry))
		for _, e := range b.others {
			svc.logFailure(ctx, e, svc.requeue(ctx, st, e))
		}
		return
	}
	sent, err := svc.deliver(ctx, st, b)
	svc.logFailure(ctx, b.Entry, err)
	if sent {
		return
	}
	for _, next := range svc.plan(ctx, st, b.others) {
		svc.deliverGroup(ctx, begin, st, next)
	}
}

// settleJoined finishes the entries that a message has covered.
func (svc *Service) settleJoined(ctx context.Context, st string, others []notice.Entry, r notice.Receipt) {
	r.Outcome = notice.Joined
	for _, e := range others {
		svc.logFailure(ctx, e, svc.finish(ctx, st, e, r))
	}
}

// logFailure logs why an entry was not settled. It becomes due again when its lease ends.
func (svc *Service) logFailure(ctx context.Context, e notice.Entry, err error) {
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "notice not settled", slog.String("purpose", string(e.Purpose)), slog.Any("err", err))
	}
}

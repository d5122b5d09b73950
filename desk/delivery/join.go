package delivery

import (
	"context"
	"log/slog"

	"mashang/domain/notice"
)

// A member to whom several matters are to be told at once hears of all of them in
// one message: the most urgent says how many more there are and leads to the inbox.

// joinedEntry is an entry whose message also tells of others.
type joinedEntry struct {
	notice.Entry

	others []notice.Entry
}

// plan puts entries together that are told of in one message. All others stay
// alone, and everything in its order; what cannot be found out is left to the
// delivery of each.
func (svc *Service) plan(ctx context.Context, st string, list []notice.Entry) []joinedEntry {
	type key struct {
		member  string
		purpose notice.Purpose
	}
	waiting := map[key][]notice.Entry{}
	for _, e := range list {
		// One whose answer was lost may have been told of before.
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
	var bunches []joinedEntry
	for _, e := range list {
		if !joined[e.ID] {
			bunches = append(bunches, joinedEntry{e, others[e.ID]})
		}
	}
	return bunches
}

// join chooses which of one member's entries of one purpose leads, and of which
// others it tells; none if there is one alone or no message can go.
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
		if s, _, err := svc.kit.Load(ctx, e.Submission); err == nil {
			if w := (notice.Waiting{Entry: e, Submission: s}); w.Joins() {
				list = append(list, w)
			}
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

// tell delivers an entry with those it also tells of. If its message does not go,
// each of them is as before.
func (svc *Service) tell(ctx, begin context.Context, st string, b joinedEntry) {
	if begin.Err() != nil {
		svc.note(ctx, b.Entry, svc.release(ctx, st, b.Entry))
		for _, e := range b.others {
			svc.note(ctx, e, svc.release(ctx, st, e))
		}
		return
	}
	told, err := svc.deliver(ctx, st, b)
	svc.note(ctx, b.Entry, err)
	if told {
		return
	}
	for _, next := range svc.plan(ctx, st, b.others) {
		svc.tell(ctx, begin, st, next)
	}
}

// settleJoined writes down that the others were told of by the message.
func (svc *Service) settleJoined(ctx context.Context, st string, others []notice.Entry, r notice.Receipt) {
	r.Outcome = notice.Joined
	for _, e := range others {
		svc.note(ctx, e, svc.finish(ctx, st, e, r))
	}
}

// note logs what kept an entry from being settled: its lease ends by itself, and
// it comes back.
func (svc *Service) note(ctx context.Context, e notice.Entry, err error) {
	if err != nil {
		svc.kit.Log.WarnContext(ctx, "notice not settled", slog.String("purpose", string(e.Purpose)), slog.Any("err", err))
	}
}

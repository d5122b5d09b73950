package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/casework"
	"mashang/domain/record"
)

// assistPlacements returns the lists of a submission's assists: the station's while an answer is pending, and
// each assistant's.
func assistPlacements(sp space, s *casework.Submission) []placement {
	var list []placement
	if due, ok := s.AssistDue(); ok {
		list = append(list, placement{sp.assists(), int64(due)}, placement{sp.assistUrge(), int64(due)})
	}
	var seen []string
	for _, a := range slices.Backward(s.Assists) {
		body := record.AssistantKey(a.Role, a.Who)
		if slices.Contains(seen, body) {
			continue // asked again later
		}
		seen = append(seen, body)
		switch a.State {
		case casework.Asked:
			list = append(list, placement{sp.helping(body), int64(a.DueAt)})
		case casework.Contributed, casework.EndedUnawaited:
			list = append(list, placement{sp.helped(body), int64(a.EndAt)})
		}
	}
	return list
}

// AssistsDue returns the ids of up to n submissions with an assistant to be reminded, longest due first.
func (s Reminders) AssistsDue(ctx context.Context, st string, now time.Time, n int) ([]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	ids, err := s.rdb.ZRangeArgs(ctx, redis.ZRangeArgs{
		Key: spaceOf(st).assistUrge(), ByScore: true, Start: "-inf", Stop: now.UnixMilli(), Count: int64(n),
	}).Result()
	if err != nil {
		return nil, failed(err)
	}
	for i, local := range ids {
		ids[i] = st + "-" + local
	}
	return ids, nil
}

// SetNextAssistUrge sets the time of the next reminder. ok is false when the submission has another version, or
// the time was set meanwhile.
func (s Reminders) SetNextAssistUrge(ctx context.Context, sub casework.Submission, now, next time.Time) (bool, error) {
	st, local, ok := split(sub.ID)
	if !ok {
		return false, missing(aSubmission)
	}
	sp := spaceOf(st)
	n, err := scriptUrged.run(ctx, s.rdb, []string{sp.value(local), sp.assistUrge(), sp.changed()},
		sub.Version, local, now.UnixMilli(), next.UnixMilli(), maxChanges).Int()
	return n == 1, failed(err)
}

// AssistsLate counts the submissions with an overdue assist.
func (s Reminders) AssistsLate(ctx context.Context, st string, now time.Time) (int, error) {
	if err := checkStation(st); err != nil {
		return 0, err
	}
	n, err := s.rdb.ZCount(ctx, spaceOf(st).assists(), "-inf", "("+strconv.FormatInt(now.UnixMilli(), 10)).Result()
	return int(n), failed(err)
}

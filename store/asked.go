package store

import (
	"context"
	"log/slog"
	"strconv"

	"mashang/domain/casework"
)

// LastAssigned returns when each member of the station was last given something, UTC
// milliseconds; who never was is not there.
func (s *Store) LastAssigned(ctx context.Context, st string) (map[string]casework.Millis, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	fields, err := s.rdb.HGetAll(ctx, spaceOf(st).lastAssigned()).Result()
	if err != nil {
		return nil, failed(err)
	}
	asked := make(map[string]casework.Millis, len(fields))
	for member, text := range fields {
		at, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, broken(err, "委员最近接件时间")
		}
		asked[member] = casework.Millis(at)
	}
	return asked, nil
}

// recordAssignment notes that the member was given something. It decides among equals and
// nothing else, so one that is lost costs nobody anything, and the act it comes
// after stands.
func (s *Store) recordAssignment(ctx context.Context, sp space, member string, at casework.Millis) {
	if err := s.rdb.HSet(ctx, sp.lastAssigned(), member, int64(at)).Err(); err != nil {
		s.log.WarnContext(ctx, "time of the last matter not noted", slog.Any("err", err))
	}
}

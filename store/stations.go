package store

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"mashang/domain/fault"
	"mashang/domain/station"
)

var errVersion = errors.New("store: a roster's version must grow")

// Station returns fault.NotFound for an unknown id.
func (s Stations) Station(ctx context.Context, id string) (*station.Station, error) {
	if err := checkStation(id); err != nil {
		return nil, err
	}
	text, err := s.required(ctx, spaceOf(id).roster(), "这个委员工作站")
	if err != nil {
		return nil, err
	}
	var st station.Station
	if err := s.sealer.Load().Open(spaceOf(id).roster(), text, &st); err != nil {
		return nil, broken(err, "委员工作站 "+id+" ")
	}
	return &st, nil
}

// StationVersion is cheap. It returns 0 for an unknown id.
func (s Stations) StationVersion(ctx context.Context, id string) (int, error) {
	if !validStation(id) {
		return 0, nil
	}
	value, err := s.optional(ctx, spaceOf(id).version())
	if err != nil || value == "" {
		return 0, err
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0, broken(err, "委员工作站 "+id+" ")
	}
	return n, nil
}

// StationIDs lists the stations in no order. A station whose first roster is being written may be listed before
// it can be read.
func (s Stations) StationIDs(ctx context.Context) ([]string, error) {
	ids, err := s.rdb.SMembers(ctx, keyStations).Result()
	return ids, failed(err)
}

// PutStation replaces the roster if its stored version is was (0 for none); ok is false otherwise. The new
// version must be greater. The station is listed before it is written: a listed one without a roster does no
// harm, but an unlisted one would never be swept.
func (s Stations) PutStation(ctx context.Context, st *station.Station, was int) (bool, error) {
	switch {
	case !validStation(st.ID):
		return false, fault.New(fault.Invalid, "委员工作站编号须为 2 至 12 位小写字母或数字")
	case st.Version <= was:
		return false, broken(errVersion, "委员工作站")
	}
	text, err := json.Marshal(st)
	if err != nil {
		return false, broken(err, "委员工作站")
	}
	if err := s.rdb.SAdd(ctx, keyStations, st.ID).Err(); err != nil {
		return false, failed(err)
	}
	sp := spaceOf(st.ID)
	n, err := scriptRoster.run(ctx, s.rdb, []string{sp.roster(), sp.version()}, was, st.Version, s.sealer.Load().Seal(sp.roster(), text)).Int()
	return n == 1, failed(err)
}

// WasSetUp reports whether a station was set up once; now says that it is, and is kept.
func (s Stations) WasSetUp(ctx context.Context, st string, now bool) (bool, error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	if now {
		return true, failed(s.rdb.Set(ctx, spaceOf(st).setUp(), 1, 0).Err())
	}
	n, err := s.rdb.Exists(ctx, spaceOf(st).setUp()).Result()
	return n > 0, failed(err)
}

// SetPortrait stores which upload is a member's portrait; "" removes it.
func (s Stations) SetPortrait(ctx context.Context, st, member, upload string) error {
	if err := checkStation(st); err != nil {
		return err
	}
	key := spaceOf(st).portraits()
	if upload == "" {
		return failed(s.rdb.HDel(ctx, key, member).Err())
	}
	return failed(s.rdb.HSet(ctx, key, member, upload).Err())
}

// Portraits returns the uploads of a station's portraits, by member.
func (s Stations) Portraits(ctx context.Context, st string) (map[string]string, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	m, err := s.rdb.HGetAll(ctx, spaceOf(st).portraits()).Result()
	return m, failed(err)
}

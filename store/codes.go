package store

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/domain/station"
)

// aCode names a code in an error.
const aCode = "这个码，请核对后重试"

// batch is how many values one round trip reads.
const batch = 500

// Code returns fault.NotFound for an unknown key.
func (s Stations) Code(ctx context.Context, key string) (station.Code, error) {
	text, err := s.required(ctx, keyCode(key), aCode)
	if err != nil {
		return station.Code{}, err
	}
	return s.decodeCode(key, text)
}

func (s Stations) decodeCode(key, text string) (c station.Code, err error) {
	if err := s.sealer.Load().Open(keyCode(key), text, &c); err != nil {
		return c, broken(err, "码 "+key+" ")
	}
	return c, nil
}

// PutCode writes or replaces a code. It is listed before it is written, so that every working code is in its
// station's list.
func (s Stations) PutCode(ctx context.Context, c station.Code) error {
	if err := checkStation(c.Station); err != nil {
		return err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return broken(err, "码")
	}
	if err := s.rdb.SAdd(ctx, spaceOf(c.Station).codes(), c.Key).Err(); err != nil {
		return failed(err)
	}
	return failed(s.rdb.Set(ctx, keyCode(c.Key), s.sealer.Load().Seal(keyCode(c.Key), text), 0).Err())
}

// ChangeCode replaces a code by what change returns and retries after concurrent changes. change may be called
// several times; nothing is written when it fails. It returns fault.NotFound for an unknown key.
func (s Stations) ChangeCode(ctx context.Context, key string, change func(station.Code) (station.Code, error)) (station.Code, error) {
	const tries = 5
	for range tries {
		was, err := s.required(ctx, keyCode(key), aCode)
		if err != nil {
			return station.Code{}, err
		}
		c, err := s.decodeCode(key, was)
		if err != nil {
			return station.Code{}, err
		}
		if c, err = change(c); err != nil {
			return station.Code{}, err
		}
		text, err := json.Marshal(c)
		if err != nil {
			return station.Code{}, broken(err, "码")
		}
		ok, err := scriptSwap.run(ctx, s.rdb, []string{keyCode(key)}, was, s.sealer.Load().Seal(keyCode(key), text)).Int()
		if err != nil {
			return station.Code{}, failed(err)
		}
		if ok == 1 {
			return c, nil
		}
	}
	return station.Code{}, fault.New(fault.Unavailable, "多人正在同时修改这个码，请稍后再试")
}

// Codes lists a station's codes by key, including revoked ones.
func (s Stations) Codes(ctx context.Context, st string) ([]station.Code, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	keys, err := s.rdb.SMembers(ctx, spaceOf(st).codes()).Result()
	if err != nil {
		return nil, failed(err)
	}
	slices.Sort(keys)
	list := make([]station.Code, 0, len(keys))
	for part := range slices.Chunk(keys, batch) {
		found, err := s.codesOf(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			if c.Station == st { // another station has it now
				list = append(list, c)
			}
		}
	}
	return list, nil
}

// codesOf reads the codes that exist. Each key is in a slot of its own.
func (s Stations) codesOf(ctx context.Context, keys []string) ([]station.Code, error) {
	named := make([]string, len(keys))
	for i, key := range keys {
		named[i] = keyCode(key)
	}
	answers, err := s.gets(ctx, named)
	if err != nil {
		return nil, err
	}
	list := make([]station.Code, 0, len(keys))
	for i, answer := range answers {
		text, err := answer.Result()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return nil, failed(err)
		}
		c, err := s.decodeCode(keys[i], text)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

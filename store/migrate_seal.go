package store

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
	"mashang/store/value"
)

var errNoKeys = errors.New("store: nothing can be sealed without keys")

// sealedFrom is the format since which a value without a seal is refused.
const sealedFrom = 2

// Keys makes the tags of stored values, and seals single fields for a migration; seal.Keyring implements it.
type Keys = value.Keys

// Seal makes the store seal what it writes and check what it reads. mark tells whether values without seals may
// still exist.
func (s Upkeep) Seal(keys Keys, mark Mark) {
	s.sealer.Store(value.NewSealer(keys, mark.Reached() < sealedFrom))
}

// sealEverything seals the values of format 1. An unreadable value is left as it is, because a seal would
// declare it intact. From then on it is refused, and Verify lists it.
func sealEverything(ctx context.Context, s Upkeep, report func(done, total int)) error {
	if s.sealer.Load() == nil {
		return broken(errNoKeys, "整个数据库")
	}
	ids, err := Stations(s).StationIDs(ctx)
	if err != nil {
		return err
	}
	total, done := 0, 0
	for _, st := range ids {
		n, err := s.rdb.ZCard(ctx, spaceOf(st).all()).Result()
		if err != nil {
			return failed(err)
		}
		total += int(n)
	}
	for _, st := range ids {
		if err := s.sealStation(ctx, st, func(n int) { done += n; report(done, total) }); err != nil {
			return err
		}
	}
	return s.scan(ctx, keyUpload(""), func(keys []string) error { return s.reseal(ctx, keys, s.valueSealed) })
}

func (s Upkeep) sealStation(ctx context.Context, st string, more func(n int)) error {
	sp := spaceOf(st)
	for from := int64(0); ; from += batch {
		locals, err := s.rdb.ZRange(ctx, sp.all(), from, from+batch-1).Result()
		if err != nil {
			return failed(err)
		}
		if len(locals) == 0 {
			break
		}
		keys := make([]string, len(locals))
		for i, local := range locals {
			keys[i] = sp.value(local)
		}
		err = s.reseal(ctx, keys, func(key, value string) (string, bool) {
			return s.sealer.Load().AddSeal(st+"-"+strings.TrimPrefix(key, sp.valuePrefix()), value)
		})
		if err != nil {
			return err
		}
		more(len(locals))
	}
	codes, err := s.rdb.SMembers(ctx, sp.codes()).Result()
	if err != nil {
		return failed(err)
	}
	keys := []string{sp.roster()}
	for _, code := range codes {
		keys = append(keys, keyCode(code))
	}
	return s.reseal(ctx, keys, s.valueSealed)
}

func (s Upkeep) valueSealed(key, value string) (string, bool) {
	if !strings.HasPrefix(value, "{") {
		return "", false
	}
	return string(s.sealer.Load().Seal(key, bytes.Clone([]byte(value)))), true
}

// reseal replaces the values that have no seal yet, each only if it is still what was read.
func (s Upkeep) reseal(ctx context.Context, keys []string, sealed func(key, value string) (string, bool)) error {
	values, err := s.gets(ctx, keys)
	if err != nil {
		return err
	}
	var swaps []*redis.Cmd
	p := s.rdb.Pipeline()
	p.ScriptLoad(ctx, scriptSwap.source) // Redis may have been restarted since
	for i, key := range keys {
		if next, ok := sealed(key, values[i].Val()); ok {
			swaps = append(swaps, scriptSwap.lua.EvalSha(ctx, p, []string{key}, values[i].Val(), next))
		}
	}
	if len(swaps) == 0 {
		return nil
	}
	if _, err := p.Exec(ctx); err != nil {
		return failed(err)
	}
	for _, swap := range swaps {
		if n, err := swap.Int(); err != nil || n != 1 {
			return fault.Wrap(err, fault.Conflict, "升级时有别的进程在改动数据：请停止所有服务，再启动一次，会接着升级")
		}
	}
	return nil
}

package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// What is deleted is gone from Redis' memory at once, and stays in its files until
// they are written anew: the append-only file holds every write since.

// Rewritten is when Redis' files were last written anew.
type Rewritten struct {
	// At is when the last rewriting that finished began: what was deleted before
	// is in no file of Redis'. Zero for never.
	At time.Time
	// Failed is when one was tried since and did not finish, zero for none, and
	// Why, in Chinese for the operator, what stood in its way.
	Failed time.Time
	Why    string
}

const (
	fieldAt     = "at"
	fieldFailed = "failed"
	fieldWhy    = "why"
)

// Rewritten reads it.
func (s Upkeep) Rewritten(ctx context.Context) (Rewritten, error) {
	values, err := s.rdb.HGetAll(ctx, keyRewritten).Result()
	if err != nil {
		return Rewritten{}, failed(err)
	}
	when := func(field string) time.Time {
		if ms, err := strconv.ParseInt(values[field], 10, 64); err == nil {
			return time.UnixMilli(ms)
		}
		return time.Time{}
	}
	return Rewritten{At: when(fieldAt), Failed: when(fieldFailed), Why: values[fieldWhy]}, nil
}

// Rewrite makes Redis write its append-only file anew from what it holds now, and
// the snapshot if it keeps one, and returns when both lie on the disk without
// anything that was deleted before the call. ctx bounds it. What came of it is
// kept (Rewritten). The fault is Unavailable, with what to do in Chinese.
func (s Upkeep) Rewrite(ctx context.Context) error {
	began := s.now()
	err := s.rewriteLog(ctx)
	if err == nil {
		err = s.rewriteSnapshot(ctx)
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return failed(ctx.Err()) // whoever asked went away: nothing is wrong with Redis
	case ctx.Err() != nil:
		err = fault.Wrap(ctx.Err(), fault.Unavailable, "Redis 没有在限定时间内写完新的数据文件：请检查磁盘是否太慢或已满")
	}
	// Kept although ctx may have ended.
	note, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
	defer cancel()
	if err != nil {
		why := err.Error()
		if f, ok := errors.AsType[*fault.Error](err); ok {
			why = f.Message
		}
		return errors.Join(err, failed(s.rdb.HSet(note, keyRewritten, fieldFailed, s.now().UnixMilli(), fieldWhy, why).Err()))
	}
	p := s.rdb.TxPipeline()
	p.HSet(note, keyRewritten, fieldAt, began.UnixMilli())
	p.HDel(note, keyRewritten, fieldFailed, fieldWhy)
	_, err = p.Exec(note)
	return failed(err)
}

// rewritePoll is how often Redis is asked whether it is done.
const rewritePoll = 50 * time.Millisecond

// rewriteLog rewrites the append-only file. One that is under way does not count:
// it began before the call.
func (s Upkeep) rewriteLog(ctx context.Context) error {
	for {
		was, err := s.waitPersistence(ctx, "aof_rewrite_in_progress", "aof_rewrite_scheduled")
		if err != nil || line(was, "aof_enabled") == "0" {
			return err
		}
		err = s.rdb.BgRewriteAOF(ctx).Err()
		if answer, ok := errors.AsType[redis.Error](err); ok && strings.Contains(answer.Error(), "in progress") {
			continue // somebody else's began in between
		}
		if err != nil {
			return refusedBy(err, "BGREWRITEAOF")
		}
		now, err := s.waitPersistence(ctx, "aof_rewrite_in_progress", "aof_rewrite_scheduled")
		if err != nil {
			return err
		}
		return finished(was, now, "aof_rewrites", "aof_last_bgrewrite_status")
	}
}

// rewriteSnapshot replaces the snapshot of a Redis that makes them. Ours makes none.
func (s Upkeep) rewriteSnapshot(ctx context.Context) error {
	pairs, err := s.rdb.Do(ctx, "CONFIG", "GET", "save").StringSlice()
	if _, refused := errors.AsType[redis.Error](err); err != nil && !refused {
		return failed(err)
	}
	if err == nil && (len(pairs) < 2 || pairs[1] == "") {
		return nil
	}
	for {
		was, err := s.waitPersistence(ctx, "rdb_bgsave_in_progress", "aof_rewrite_in_progress")
		if err != nil {
			return err
		}
		err = s.rdb.BgSave(ctx).Err()
		if answer, ok := errors.AsType[redis.Error](err); ok && strings.Contains(answer.Error(), "progress") {
			continue
		}
		if err != nil {
			return refusedBy(err, "BGSAVE")
		}
		now, err := s.waitPersistence(ctx, "rdb_bgsave_in_progress")
		if err != nil {
			return err
		}
		return finished(was, now, "rdb_saves", "rdb_last_bgsave_status")
	}
}

// waitPersistence waits until the fields of INFO persistence are all 0 and returns it.
func (s Upkeep) waitPersistence(ctx context.Context, fields ...string) (info string, err error) {
	ticker := time.NewTicker(rewritePoll)
	defer ticker.Stop()
	for {
		if info, err = s.rdb.Info(ctx, "persistence").Result(); err != nil {
			return "", failed(err)
		}
		busy := false
		for _, field := range fields {
			busy = busy || line(info, field) == "1"
		}
		if !busy {
			return info, nil
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-ticker.C:
		}
	}
}

// finished tells whether what was asked for between two looks at INFO was done:
// the count has grown, which it has not in a Redis that died meanwhile, and the
// outcome is right.
func finished(was, now, count, status string) error {
	before, err1 := strconv.Atoi(line(was, count))
	after, err2 := strconv.Atoi(line(now, count))
	switch {
	case line(now, status) != "ok":
		return fault.New(fault.Unavailable, "Redis 没有写成新的数据文件：请检查它所在的磁盘是否已满、文件夹能否写入")
	case err1 == nil && err2 == nil && after <= before:
		return fault.New(fault.Unavailable, "Redis 在写新的数据文件时重新启动过")
	default:
		return nil
	}
}

// refusedBy is a command that Redis did not take.
func refusedBy(err error, command string) error {
	answer, ok := errors.AsType[redis.Error](err)
	if !ok {
		return failed(err)
	}
	text := answer.Error()
	if strings.HasPrefix(text, "NOPERM") || strings.HasPrefix(text, "ERR unknown command") {
		return fault.Wrap(err, fault.Unavailable, "Redis 不允许本程序用 %s：请给这个账号权限，或每天自己执行一次", command)
	}
	return fault.Wrap(err, fault.Unavailable, "Redis 没有执行 %s：请看它的日志", command)
}

package store

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// Deleted data leave Redis' memory at once, but stay in its append-only file, which has every write since its
// last rewrite.

// Rewritten tells when Redis' files were last rewritten.
type Rewritten struct {
	// At is when the last completed rewrite began: data deleted before are in no file of Redis. Zero for never.
	At time.Time
	// Failed is when a later rewrite failed, zero for none, and Why is the reason, in Chinese for the operator.
	Failed time.Time
	Why    string
}

const (
	fieldAt     = "at"
	fieldFailed = "failed"
	fieldWhy    = "why"
)

// Rewritten reads the stored times.
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

// Rewrite makes Redis rewrite its append-only file from its present data, and its snapshot if it keeps one. It
// returns when both are on disk without anything that was deleted before the call. ctx bounds it. The result is
// stored; Rewritten reads it. The error is Unavailable, with advice in Chinese.
func (s Upkeep) Rewrite(ctx context.Context) error {
	began := s.now()
	err := s.rewriteLog(ctx)
	if err == nil {
		err = s.rewriteSnapshot(ctx)
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return failed(ctx.Err()) // the caller has cancelled: nothing is wrong with Redis
	case err != nil && (ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded)): // a socket may end before its ctx
		err = fault.Wrap(err, fault.Unavailable, "Redis 没有在限定时间内写完新的数据文件：请检查磁盘是否太慢或已满")
	}
	// Stored even if ctx has ended.
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

// rewritePoll is the interval at which Redis is polled for completion.
const rewritePoll = 50 * time.Millisecond

// rewriteLog rewrites the append-only file. A rewrite that is under way does not count, because it began before
// the call.
func (s Upkeep) rewriteLog(ctx context.Context) error {
	for {
		was, err := s.waitPersistence(ctx, "aof_rewrite_in_progress", "aof_rewrite_scheduled")
		if err != nil || line(was, "aof_enabled") == "0" {
			return err
		}
		err = s.rdb.BgRewriteAOF(ctx).Err()
		if answer, ok := errors.AsType[redis.Error](err); ok && strings.Contains(answer.Error(), "in progress") {
			continue // another rewrite began in between
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

// rewriteSnapshot rewrites the snapshot of a Redis that keeps one. Our own keeps none.
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

// finished checks the work between two reads of INFO: the count has grown, which it has not if Redis died
// meanwhile, and the status is ok.
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

// refusedBy is the fault for a command that Redis refused.
func refusedBy(err error, command string) error {
	answer, ok := errors.AsType[redis.Error](err)
	if !ok {
		return failed(err)
	}
	if text := answer.Error(); strings.HasPrefix(text, "NOPERM") || strings.HasPrefix(text, "ERR unknown command") {
		return fault.Wrap(err, fault.Unavailable, "Redis 不允许本程序用 %s：请给这个账号权限，或每天自己执行一次", command)
	}
	return fault.Wrap(err, fault.Unavailable, "Redis 没有执行 %s：请看它的日志", command)
}

package store

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"

	"github.com/redis/go-redis/v9"
)

// errWrongStore means that the Redis which answers is not the one that was verified at the start.
var errWrongStore = errors.New("store: the mark in Redis is not ours: it came up empty, or is another")

// expectedMark is the mark of the verified store, and whether a different one was logged.
type expectedMark struct {
	mark   atomic.Pointer[Mark]
	logged atomic.Bool
}

// RequireMark makes the mark a condition of every connection from now on. A Redis that dies and comes back
// empty does so without an error, but it cannot keep its connections. So each new connection looks for the
// mark; without it every call is fault.Unavailable until the data are back.
func (s Upkeep) RequireMark(mark Mark) { s.expected.mark.Store(&mark) }

// checkMark is run on each new connection.
func (s *conn) checkMark(ctx context.Context, c *redis.Conn) error {
	want := s.expected.mark.Load()
	if want == nil {
		return nil
	}
	got, err := c.Get(ctx, keyMark).Result()
	switch {
	case err != nil && !errors.Is(err, redis.Nil):
		return err
	case got == want.String():
		s.expected.logged.Store(false)
		return nil
	case s.expected.logged.Swap(true): // many connections find out at once
	case strings.HasPrefix(got, want.ID+" "):
		s.log.LogAttrs(ctx, slog.LevelError, "a newer version has migrated our data: nothing is served",
			slog.String("advice", "数据已由更新的版本升级，本程序不能再用它：请停止本进程，换用新版本"))
	default:
		s.log.LogAttrs(ctx, slog.LevelError, "redis lost our data or is another: nothing is served until they are back",
			slog.String("advice", "请停止服务，检查 Redis 的数据目录和 appendonlydir 里的 manifest 文件；找不回时用 mashang restore 恢复备份"))
	}
	return errWrongStore
}

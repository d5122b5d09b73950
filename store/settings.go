package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Settings are the server's settings on which durability depends. "" means that the server does not tell.
type Settings struct {
	Version         string
	AppendOnly      string
	AppendFsync     string
	MaxMemoryPolicy string
	// AOFStatus is the result of the last write to disk: "ok" or "err".
	AOFStatus string
}

// wantedMajor is the oldest Redis that has all commands.
const wantedMajor = 7

// Settings reads the settings and returns warnings in Chinese, for the operator, about those that endanger
// data. A server that does not tell gets a warning too.
func (s Upkeep) Settings(ctx context.Context) (Settings, []string, error) {
	var set Settings
	info, err := s.rdb.Info(ctx, "server", "persistence").Result()
	if err != nil {
		return set, nil, failed(err)
	}
	set.Version, set.AOFStatus = line(info, "redis_version"), line(info, "aof_last_write_status")
	pairs, err := s.rdb.Do(ctx, "CONFIG", "GET", "appendonly", "appendfsync", "maxmemory-policy").StringSlice()
	if _, refused := errors.AsType[redis.Error](err); err != nil && !refused {
		return set, nil, failed(err)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		switch pairs[i] {
		case "appendonly":
			set.AppendOnly = pairs[i+1]
		case "appendfsync":
			set.AppendFsync = pairs[i+1]
		case "maxmemory-policy":
			set.MaxMemoryPolicy = pairs[i+1]
		}
	}
	return set, set.Warnings(), nil
}

// line finds "name:value" in the text of INFO.
func line(info, name string) string {
	for text := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(text, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Warnings returns warnings in Chinese about settings that endanger data.
func (set Settings) Warnings() []string {
	var list []string
	warn := func(bad bool, format string, args ...any) {
		if bad {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	major, _, _ := strings.Cut(set.Version, ".")
	n, err := strconv.Atoi(major)
	warn(err != nil || n < wantedMajor, "Redis 版本为 %q，需要 %d.0 或更高", set.Version, wantedMajor)
	if set.AppendOnly == "" {
		warn(true, "无法读取 Redis 的持久化设置：请自行确认 appendonly yes、appendfsync always、maxmemory-policy noeviction")
		return list
	}
	warn(set.AppendOnly != "yes", "appendonly 为 %s：Redis 停止后全部数据会丢失，请设为 yes", set.AppendOnly)
	warn(set.AppendFsync != "always", "appendfsync 为 %s：断电时会丢失最近约一秒已确认的提交，请设为 always", set.AppendFsync)
	warn(set.MaxMemoryPolicy != "noeviction", "maxmemory-policy 为 %s：内存不足时 Redis 会删除数据，请设为 noeviction", set.MaxMemoryPolicy)
	warn(set.AOFStatus == "err", "Redis 最近一次写盘失败：请检查磁盘空间和权限")
	return list
}

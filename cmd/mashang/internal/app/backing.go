// Package app wires the plugs, the use cases and the HTTP server, and implements each subcommand.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"mashang/adapters/backup"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
	"mashang/store"
	"mashang/store/redisd"
)

// managedStore is the store with the Redis that it may own.
type managedStore struct {
	*store.Store
	// managed is the Redis that we started; nil for an external one, or for that of a running server whose
	// socket we use.
	managed *redisd.Server
	socket  string
}

// connect opens the store: the configured Redis, or our own. With share, the Redis of a running server is used
// through its socket; otherwise it is an error. Only a server needs its Redis exclusively.
func connect(ctx context.Context, cfg config.Config, share bool, log *slog.Logger) (*managedStore, error) {
	if err := os.MkdirAll(cfg.Data.Dir, 0o700); err != nil {
		return nil, err
	}
	if backup.Unfinished(cfg.Data.Dir) {
		return nil, refuse("数据目录 %s 里有一次没有完成的恢复，只可能有一半数据：请清空该目录（保留 keys），重新执行 mashang restore", cfg.Data.Dir)
	}
	// Checked before Redis is started on files of a newer version.
	if _, err := readCanary(cfg.Data.Dir); err != nil {
		return nil, err
	}
	b := &managedStore{}
	opts := store.Options{Pool: cfg.Redis.Pool, Timeout: cfg.Redis.Timeout, Log: log, Clock: time.Now}
	if cfg.Redis.Managed() {
		if err := b.manage(ctx, cfg, share, log); err != nil {
			return nil, err
		}
		opts.Network, opts.Addr = "unix", b.socket
	} else {
		opts.Network, opts.Addr = "tcp", cfg.Redis.Addr
		if filepath.IsAbs(cfg.Redis.Addr) {
			opts.Network = "unix"
		}
		opts.Username, opts.Password, opts.DB = cfg.Redis.Username, cfg.Redis.Password.Reveal(), cfg.Redis.DB
		if cfg.Redis.TLS {
			opts.TLS = &tls.Config{ServerName: hostOf(cfg.Redis.Addr), MinVersion: tls.VersionTLS12}
		}
	}
	s, err := store.Open(ctx, opts)
	if err != nil {
		return nil, errors.Join(unreachable(cfg, err), b.stop(ctx))
	}
	b.Store = s
	return b, nil
}

// hostOf returns the host of host:port, an IPv6 one without brackets, as in certificates.
func hostOf(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}

// unreachable adds for operators which Redis does not answer, and why.
func unreachable(cfg config.Config, err error) error {
	if e, ok := errors.AsType[*fault.Error](err); ok && errors.Unwrap(e) != nil {
		err = errors.Unwrap(e)
	}
	if cfg.Redis.Managed() {
		return fault.Wrap(err, fault.Unavailable, "自带的 Redis 没有应答，请看上面的日志")
	}
	return fault.Wrap(err, fault.Unavailable,
		"连不上 Redis %s：请确认它已启动，并核对 redis.addr、用户名、口令和防火墙", cfg.Redis.Addr)
}

func (b *managedStore) manage(ctx context.Context, cfg config.Config, share bool, log *slog.Logger) error {
	if share {
		if socket, running := redisd.Find(ctx, cfg.Data.Dir); running {
			b.socket = socket
			return nil
		}
	}
	r, err := redisd.Start(ctx, redisd.Config{Dir: cfg.Data.Dir, Binary: cfg.Redis.Binary, Log: log})
	if err != nil {
		return err
	}
	b.managed, b.socket = r, r.Socket()
	return nil
}

// Close closes the connection and stops the Redis we started.
func (b *managedStore) Close(ctx context.Context) error {
	return errors.Join(b.Store.Close(), b.stop(ctx))
}

func (b *managedStore) stop(ctx context.Context) error {
	if b.managed == nil {
		return nil
	}
	return b.managed.Stop(ctx)
}

// count reads the census in the form that the canary compares.
func (b *managedStore) count(ctx context.Context) (map[string]census, error) {
	counts, err := b.Census(ctx)
	if err != nil {
		return nil, err
	}
	m := make(map[string]census, len(counts))
	for st, c := range counts {
		m[st] = census{Counted: c.Counter, Listed: c.Listed}
	}
	return m, nil
}

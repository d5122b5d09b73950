// Package store keeps the product's data in Redis. It is the only package that
// speaks to Redis, and it decides nothing: its callers decide which acts are allowed,
// who gets a submission and when a person is notified.
//
// A submission is one value with a small head in front that scripts read; the
// lists it stands in are sorted sets beside it. Whatever belongs together is
// changed by one script, so that all of it exists or none of it does. keys.go
// has every key; each script in scripts/ begins with a table of what it takes
// and what its answers mean. views.go has the views of the one connection.
package store

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/hex"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"mashang/domain/fault"
)

// Options say how to reach Redis.
type Options struct {
	// Network is "unix" or "tcp"; empty means tcp.
	Network string
	// Addr is a socket's path or host:port.
	Addr     string
	Username string
	Password string
	DB       int
	// TLS is nil for a plain connection.
	TLS *tls.Config
	// Pool is how many connections are kept at most; 64 when zero. Commands on
	// many connections share one fsync of the server, so more than the number
	// of processors is right.
	Pool int
	// Timeout bounds one round trip, and the wait for a connection; 2 s when
	// zero.
	Timeout time.Duration
	// Log receives what is wrong with the data; nil discards it.
	Log *slog.Logger
	// Clock returns the time for records that carry none; never nil.
	Clock func() time.Time
	// Rand makes this process's lock name; crypto/rand when nil.
	Rand io.Reader
}

// Store is all views of one connection. It is safe for concurrent use, and
// satisfies desk.Store.
type Store struct {
	*conn
	Submissions
	Reminders
	Outbox
	People
	Consents
	Sessions
	Stations
	StationDocuments
	Uploads
	AuditLog
	JobRegistry
	Platform
	Upkeep
}

// quiet stops the library from writing to standard error: its errors are returned as values.
var quiet = sync.OnceFunc(logging.Disable)

// Open connects and loads the scripts. The error is Unavailable when Redis cannot be reached or is still
// loading; the caller may retry.
func Open(ctx context.Context, o Options) (*Store, error) {
	quiet()
	if o.Pool == 0 {
		o.Pool = 64
	}
	if o.Timeout == 0 {
		o.Timeout = 2 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	name := make([]byte, 8)
	if _, err := io.ReadFull(o.Rand, name); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "系统随机数不可用，请检查操作系统后重启服务")
	}
	c := &conn{log: o.Log, now: o.Clock, timeout: o.Timeout, name: hex.EncodeToString(name)}
	c.rdb = redis.NewClient(&redis.Options{
		Network: o.Network, Addr: o.Addr, Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLS,
		// A repeated write is done twice when only its answer was lost.
		MaxRetries: -1, DialerRetries: 1,
		DialTimeout: o.Timeout, ReadTimeout: o.Timeout, WriteTimeout: o.Timeout, PoolTimeout: o.Timeout,
		ContextTimeoutEnabled: true,
		PoolSize:              o.Pool, MaxIdleConns: o.Pool,
		Protocol: 2, DisableIdentity: true,
		OnConnect: c.checkMark,
	})
	if err := c.load(ctx); err != nil {
		_ = c.rdb.Close()
		return nil, err
	}
	return &Store{
		conn: c, Submissions: Submissions{c}, Reminders: Reminders{c}, Outbox: Outbox{c}, People: People{c},
		Consents: Consents{c}, Sessions: Sessions{c}, Stations: Stations{c}, StationDocuments: StationDocuments{c}, Uploads: Uploads{c},
		AuditLog: AuditLog{c}, JobRegistry: JobRegistry{c}, Platform: Platform{c}, Upkeep: Upkeep{c},
	}, nil
}

// Close ends all connections.
func (s *Store) Close() error { return s.rdb.Close() }

// load puts every script into the server's cache, where the first request finds it.
func (s *conn) load(ctx context.Context) error {
	p := s.rdb.Pipeline()
	for _, script := range scripts {
		p.ScriptLoad(ctx, script.source)
	}
	_, err := p.Exec(ctx)
	return failed(err)
}

// Package kit has what all areas of the desk share.
package kit

import (
	"context"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"mashang/domain/calendar"
	"mashang/domain/notice"
	"mashang/domain/station"
)

// MaxConflictRetries is how often a change is retried after a concurrent change to the same record. Each lost
// try means that another change was kept.
const MaxConflictRetries = 50

// MaxAssignBatch is the most submissions that one request assigns to a member.
const MaxAssignBatch = 100

// Config is what differs between installations. Every zero value but that of PublicURL is usable.
type Config struct {
	// PublicURL is the address printed in codes, without a trailing slash.
	PublicURL string
	// SessionTTL is how long a token lives; 30 days when zero.
	SessionTTL time.Duration
	// InviteTTL is how long an invitation can be used; 7 days when zero.
	InviteTTL time.Duration
	Quiet     notice.Quiet
	// MaxAttempts is the number of attempts after which a notice is given up; 8 when zero.
	MaxAttempts int
	// Workers is how many of a station's notices are sent concurrently; 4 when zero.
	Workers int
	// Emulated marks printed signs as made with the emulated platform: their codes lead to nobody real.
	Emulated bool
	// Observe receives the outcome of each notice and act for the metrics. Labels hold nothing personal. Nil is
	// allowed.
	Observe func(event, label string)
}

// Parts are the dependencies of a Kit.
type Parts struct {
	Store   Store
	Records Records
	Days    *calendar.Calendar
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
}

// Kit is what all areas need: clock, ids, cached rosters and callers, and submissions scoped to a caller. It is
// safe for concurrent use.
type Kit struct {
	Config Config
	Days   *calendar.Calendar
	Now    func() time.Time
	Rand   io.Reader
	Log    *slog.Logger
	Cache  *Cache
	// Records reads whole submissions; desk/records_test.go lists the functions that use it.
	Records Records

	store Store
	// withDays adds the rosters of single days to a station's; nil adds none.
	withDays func(ctx context.Context, st *station.Station) *station.Station
	// hint carries the ids of stations whose outbox may have work.
	hint chan string
	// roundsFailing is set while background rounds fail, so that the failure is logged once.
	roundsFailing atomic.Bool
}

// New fills in the configuration's defaults.
func New(cfg Config, p Parts) *Kit {
	if cfg.SessionTTL == 0 {
		cfg.SessionTTL = 30 * 24 * time.Hour
	}
	if cfg.InviteTTL == 0 {
		cfg.InviteTTL = 7 * 24 * time.Hour
	}
	if cfg.MaxAttempts == 0 {
		cfg.MaxAttempts = 8
	}
	if cfg.Workers == 0 {
		cfg.Workers = 4
	}
	if cfg.Observe == nil {
		cfg.Observe = func(string, string) {}
	}
	return &Kit{
		Config: cfg, Days: p.Days, Now: p.Now, Rand: p.Rand, Log: p.Log, Cache: newCache(p.Now), Records: p.Records,
		store: p.Store, hint: make(chan string, 1024),
	}
}

// AddDays sets what adds the rosters of single days to each station that Roster returns. It is called once, before the
// first request.
func (k *Kit) AddDays(add func(ctx context.Context, st *station.Station) *station.Station) {
	k.withDays = add
}

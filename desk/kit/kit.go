// Package kit is what every area of the desk stands on.
package kit

import (
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"mashang/domain/calendar"
	"mashang/domain/notice"
)

// MaxConflictRetries is how often a change is tried while others change the same thing. Each
// round is lost to somebody's change that was kept, so who runs out of rounds
// stood against as many others.
const MaxConflictRetries = 50

// MaxAtOnce is how many submissions are given to a member at once.
const MaxAtOnce = 100

// Config is what differs between installations. Every zero value is usable
// but for PublicURL.
type Config struct {
	// PublicURL is the address printed in codes, without a trailing slash.
	PublicURL string
	// SessionTTL is how long a token lives; 30 days when zero.
	SessionTTL time.Duration
	// InviteTTL is how long an invitation can be used; 7 days when zero.
	InviteTTL time.Duration
	Quiet     notice.Quiet
	// MaxAttempts is after how many tries a notice is given up; 8 when zero.
	MaxAttempts int
	// Workers is how many notices of a station are sent at once; 4 when zero.
	Workers int
	// Emulated marks printed signs: the platform is a stand-in, they lead to nobody
	// real.
	Emulated bool
	// Observe is told the outcome of each notice and of each act, for the
	// metrics; labels hold nothing personal. Nil is allowed.
	Observe func(event, label string)
}

// Parts are what a Kit is made of.
type Parts struct {
	Store   Store
	Records Records
	Days    *calendar.Calendar
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
}

// Kit is what every area needs: the clock, ids, rosters and callers from a cache,
// submissions as a caller may see them. It is safe for concurrent use.
type Kit struct {
	Config Config
	Days   *calendar.Calendar
	Now    func() time.Time
	Rand   io.Reader
	Log    *slog.Logger
	Cache  *Cache
	// Records are whole submissions; desk/records_test.go says who reads them.
	Records Records

	store Store
	// hint names stations for which there is something to deliver.
	hint chan string
	// roundsFailing is set while background rounds fail.
	roundsFailing atomic.Bool
}

// New fills in what the configuration leaves open.
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

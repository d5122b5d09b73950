// Package desk is what the product does: open a session, file, read, act,
// deliver, urge. Each use case takes the context and the caller first, asks
// access, lets the ground decide and the plugs carry out.
package desk

import (
	"encoding/base32"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mashang/domain/calendar"
	"mashang/domain/fault"
	"mashang/domain/notice"
)

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

// Parts are the plugs.
type Parts struct {
	Store    Store
	Platform Platform
	Sealer   Sealer
	Media    Media
	Painter  Painter
	Sheets   Sheets
	Reporter Reporter
	// SMS sends one-time codes; nil means there is no login by phone.
	SMS SMS
	// Factors check passwords and codes of authenticator apps; nil means that
	// nobody signs in by them.
	Factors Factors
	Days    *calendar.Calendar
	Now     func() time.Time
	Rand    io.Reader
	Log     *slog.Logger
}

// Desk is the use cases. It is safe for concurrent use.
type Desk struct {
	cfg   Config
	store keeper
	// records are whole submissions; archive.go says who reads them.
	records  Records
	platform Platform
	sealer   Sealer
	media    Media
	painter  Painter
	sheets   Sheets
	reporter Reporter
	sms      SMS
	factors  Factors
	days     *calendar.Calendar
	now      func() time.Time
	rand     io.Reader
	log      *slog.Logger
	cache    *cache
	// images are the platform's code images by key; they never change.
	images *fresh[[]byte]
	// links are the platform's addresses by key.
	links *fresh[Link]
	hint  chan string
	work  *workshop
	scans *scanCounter
	// shelves are the stations' indexes of what submissions speak of.
	shelvesMu sync.Mutex
	shelves   map[string]*shelf
	// catalogues are the stations' indexes for lists and searches; wanted are
	// stations whose index should be made soon.
	cataloguesMu sync.Mutex
	catalogues   map[string]*catalogue
	wanted       chan string
	// writing is taken while a line of the audit is written.
	writing chan struct{}
	// words are the stations' lists of words for their categories.
	wordsMu sync.Mutex
	words   map[string]wordList
	// troubled is set while background rounds fail.
	troubled atomic.Bool
	arrived  chan struct{}
	asked    chan struct{}
	attempts attempts
}

// New joins the parts.
func New(cfg Config, p Parts) *Desk {
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
	return &Desk{
		cfg: cfg, store: p.Store, records: p.Store, platform: p.Platform, sealer: p.Sealer, media: p.Media, painter: p.Painter, sheets: p.Sheets,
		reporter: p.Reporter, sms: p.SMS, factors: p.Factors, days: p.Days, now: p.Now, rand: p.Rand, log: p.Log,
		cache:   newCache(p.Now),
		images:  newFresh[[]byte](500, 24*time.Hour, p.Now),
		links:   newFresh[Link](20_000, freshLink, p.Now),
		hint:    make(chan string, 1024),
		work:    newWorkshop(),
		scans:   newScanCounter(),
		writing: make(chan struct{}, 1),
		arrived: make(chan struct{}, 1),
		asked:   make(chan struct{}, 1),
		shelves: map[string]*shelf{},
		wanted:  make(chan string, 64),

		catalogues: map[string]*catalogue{},
		words:      map[string]wordList{},
	}
}

// ids are written in lower-case letters and digits without those that are
// mistaken for one another.
var ids = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID returns 80 random bits as 16 characters after the prefix.
func (d *Desk) newID(prefix string) (string, error) { return d.random(prefix, 10) }

func (d *Desk) random(prefix string, bytes int) (string, error) {
	b := make([]byte, bytes)
	if _, err := io.ReadFull(d.rand, b); err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	return prefix + ids.EncodeToString(b), nil
}

// stationOf returns the station part of a submission's id, "" if it has none.
func stationOf(id string) string {
	st, _, ok := strings.Cut(id, "-")
	if !ok {
		return ""
	}
	return st
}

package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"mashang/desk/codes"
	"mashang/domain/record"
)

// Options are what cmd passes beside the desk. Now must be set; every other zero value is usable.
type Options struct {
	// PublicURL is the origin that people use, without a trailing slash; https enables HSTS.
	PublicURL string
	// TrustedProxies are addresses or networks whose X-Forwarded-For is trusted. Without any, the header is
	// ignored.
	TrustedProxies []string
	// MaxBody and MaxUpload are the maximum sizes of a JSON body and an upload in bytes; 64 KiB and 12 MiB when
	// zero.
	MaxBody, MaxUpload int64
	Limits             Limits
	// VerifyFiles are the platform's domain verification files, content by
	// file name ("ab12.txt"); served at / and at /q/.
	VerifyFiles map[string]string
	Now         func() time.Time
	// Beat is how often a stream checks for news; a second when zero.
	Beat time.Duration
	// Log logs every request, without anything personal; nil discards.
	Log     *slog.Logger
	Metrics *Metrics
	// MetricsHere serves the metrics on this server. Otherwise they have a listener of their own, which people
	// cannot reach.
	MetricsHere bool
	// MetricsURL is the address of the metrics for the first page of a demonstration; "" omits it.
	MetricsURL string
	// Ready returns nil if all that is needed is there; nil means always.
	Ready func(ctx context.Context) error
	// Disk returns the state of the server's disks and a message for the staff; nil means well.
	Disk func() (state DiskState, words string)
	// Push decodes pushes of the platform; nil refuses all.
	Push Push
	// Template makes the empty roster spreadsheet; nil means there is none.
	Template func() ([]byte, error)
	// Stations lists the stations to contact when a code is invalid, none if there are more than most; nil lists none.
	Stations func(ctx context.Context, most int) ([]codes.StationRef, error)
	// Emulator serves the platform's emulator under /_emulator/; nil with a real AppID.
	Emulator http.Handler
	// Client is the people's client as built for browsers; nil or without an
	// index.html means there is none.
	Client fs.FS
	// Console is the staff's console, in the same form.
	Console fs.FS
	// Demo is set when the cast of the demonstration is seeded.
	Demo bool
	// Version is the program's, for the first page.
	Version string
}

// DiskState is the state of the server's disks; a greater one is worse.
type DiskState int

// The states.
const (
	DiskWell DiskState = iota
	// DiskLow: free some space before the disk is full.
	DiskLow
	// DiskFull: writes fail, or are about to.
	DiskFull
)

// String returns the state on the wire.
func (s DiskState) String() string {
	return map[DiskState]string{DiskLow: "low", DiskFull: "full"}[s]
}

// Push decodes the platform's pushes: a wechat.Receiver with an adapter.
type Push interface {
	// Echo answers the check of the push URL.
	Echo(query url.Values) (string, error)
	// Open checks a push and returns its events; fault.Denied for anything that is not the platform's. There
	// may be an event beside a fault: a refused push that must be recorded all the same.
	Open(query url.Values, body []byte) ([]record.InboundEvent, error)
}

// Limits are the limits of a person or an address. Each is the size of a token bucket that refills over its
// span. Zero means the default.
type Limits struct {
	// PersonPerMinute is for the writes of one person; 30.
	PersonPerMinute int
	// AddressPerMinute is for the requests of one address; 300. A program on this machine is exempt from both
	// address limits where PublicURL is this machine's.
	AddressPerMinute int
	// LoginPerMinute is for the logins of one address, and apart from them for its links to calendars that lead nowhere; 30.
	LoginPerMinute int
	// SubmissionsPerDay is for the filings of one person; 20.
	SubmissionsPerDay int
	// UploadsPerHour is for one person's uploads; 40.
	UploadsPerHour int
	// WrongInvitationsPerHour is for one person's guesses; 5.
	WrongInvitationsPerHour int
	// Demo raises the limits for trying out: 120 writes a minute, a thousand submissions a day and uploads an
	// hour.
	Demo bool
}

// The limits of a demonstration.
const (
	demoWrites = 120
	demoFiles  = 1000
)

func (l Limits) withDefaults() Limits {
	for p, n := range map[*int]int{
		&l.PersonPerMinute: 30, &l.AddressPerMinute: 300, &l.LoginPerMinute: 30,
		&l.SubmissionsPerDay: 20, &l.UploadsPerHour: 40, &l.WrongInvitationsPerHour: 5,
	} {
		if *p == 0 {
			*p = n
		}
	}
	if l.Demo {
		l.PersonPerMinute = max(l.PersonPerMinute, demoWrites)
		l.SubmissionsPerDay = max(l.SubmissionsPerDay, demoFiles)
		l.UploadsPerHour = max(l.UploadsPerHour, demoFiles)
	}
	return l
}

func (o Options) withDefaults() Options {
	if o.MaxBody == 0 {
		o.MaxBody = 64 << 10
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = 12 << 20
	}
	o.Limits.Demo = o.Limits.Demo || o.Demo
	o.Limits = o.Limits.withDefaults()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	if o.Beat == 0 {
		o.Beat = time.Second
	}
	if o.Disk == nil {
		o.Disk = func() (DiskState, string) { return DiskWell, "" }
	}
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	return o
}

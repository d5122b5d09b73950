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

// Options are what cmd gives the face beside the desk. Now must be set; every
// other zero value is usable.
type Options struct {
	// PublicURL is the origin people use, without a trailing slash; https
	// there turns HSTS on.
	PublicURL string
	// TrustedProxies are addresses or networks whose X-Forwarded-For is
	// believed. Without any, the header is never looked at.
	TrustedProxies []string
	// MaxBody and MaxUpload bound a JSON body and an upload in bytes; 64 KiB
	// and 12 MiB when zero.
	MaxBody, MaxUpload int64
	Limits             Limits
	// VerifyFiles are the platform's domain verification files, content by
	// file name ("ab12.txt"); served at / and at /q/.
	VerifyFiles map[string]string
	Now         func() time.Time
	// Beat is how often a stream looks for news; a second when zero.
	Beat time.Duration
	// Log is told of every request, without anything personal; nil discards.
	Log     *slog.Logger
	Metrics *Metrics
	// MetricsHere serves the figures on the server itself. Without it they have an
	// address of their own, which people do not reach.
	MetricsHere bool
	// MetricsURL is where the figures are, for the first page of a demonstration;
	// "" names none.
	MetricsURL string
	// Ready answers nil when everything needed is there; nil means always.
	Ready func(ctx context.Context) error
	// Disk is how the server's disks stand, and what to tell the staff; nil means
	// well.
	Disk func() (state DiskState, words string)
	// Push decodes what the platform sends; nil refuses every push.
	Push Push
	// Template makes the empty roster spreadsheet; nil means there is none.
	Template func() ([]byte, error)
	// Stations lists the stations a person may turn to when a code leads
	// nowhere; nil means none are named.
	Stations func(ctx context.Context) ([]codes.StationRef, error)
	// Emulator plays the platform under /_emulator/; nil with a real AppID.
	Emulator http.Handler
	// Client is the people's client as built for browsers; nil or without an
	// index.html means there is none.
	Client fs.FS
	// Console is the staff's console, likewise.
	Console fs.FS
	// Demo is set when the cast of the demonstration is seeded.
	Demo bool
	// Version is the program's, for the first page.
	Version string
}

// DiskState is how much room the server's disks have, the worse the greater.
type DiskState int

// The states.
const (
	DiskWell DiskState = iota
	// DiskLow is to be seen to before it is full.
	DiskLow
	// DiskFull is when writes fail, or are about to.
	DiskFull
)

// String is the state on the wire.
func (s DiskState) String() string {
	return map[DiskState]string{DiskLow: "low", DiskFull: "full"}[s]
}

// Push is the platform's push, decoded: a wechat.Receiver behind an adapter.
type Push interface {
	// Echo answers the check of the push URL.
	Echo(query url.Values) (string, error)
	// Open checks a push and returns what arrived; fault.Denied for anything
	// that is not the platform's. There may be an arrival beside a fault: what is
	// refused and must be seen all the same.
	Open(query url.Values, body []byte) ([]record.InboundEvent, error)
}

// Limits bound what a person or an address may do. Each is the size of a token
// bucket that fills again over its span. Zero means the default.
type Limits struct {
	// PersonPerMinute bounds what one person writes; 30.
	PersonPerMinute int
	// AddressPerMinute bounds the requests of one address; 300. A program on this
	// machine is exempt from both address limits where PublicURL is this machine's.
	AddressPerMinute int
	// LoginPerMinute bounds the logins of one address; 30.
	LoginPerMinute int
	// SubmissionsPerDay bounds what one person files; 20.
	SubmissionsPerDay int
	// UploadsPerHour bounds one person's uploads; 40.
	UploadsPerHour int
	// WrongInvitationsPerHour bounds one person's guesses; 5.
	WrongInvitationsPerHour int
	// Demo gives a person room to play: 120 writes a minute, a thousand
	// submissions a day and uploads an hour.
	Demo bool
}

// The room a person has in a demonstration.
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

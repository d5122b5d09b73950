package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Mode is how pushes are signed and encrypted.
type Mode string

// The modes of the platform's console.
const (
	Plain      Mode = "plain"
	Compatible Mode = "compatible"
	Safe       Mode = "safe"
)

// Format is the format of pushes.
type Format string

// The formats of the platform's console.
const (
	JSON Format = "json"
	XML  Format = "xml"
)

// Template is a subscribe-message template of the emulated account.
type Template struct {
	ID    string
	Title string
	// Purpose is the program's name for it; the emulator only repeats it.
	Purpose string
	Fields  []Field
	// Type is OneTime (the default), LongTerm, or ServiceCard, which works with neither the popup nor the
	// message call.
	Type int
}

// The platform's types of templates. Its documentation has no number for service cards; this one is made up.
const (
	OneTime     = 2
	LongTerm    = 3
	ServiceCard = 4
)

// Field is one field of a template. Key is its type and a number ("thing3"); the type restricts the value. Name
// is what the phone shows.
type Field struct{ Key, Name string }

// Options configures an emulated account. AppID, AppSecret, Clock and Rand are required.
type Options struct {
	AppID     string
	AppSecret string
	// OfficialAppID and OfficialSecret belong to an official account whose web pages log people in; empty means
	// none.
	OfficialAppID, OfficialSecret string
	// OriginalID is the account's gh_ id; default "gh_emulator".
	OriginalID string
	// Push carries a request to the program's push URL, over HTTP or in process. Nil means that no push URL is
	// configured: the platform then pushes nothing.
	Push func(ctx context.Context, req *http.Request) (*http.Response, error)
	// PushURL is the address of those requests; default "http://localhost/wechat/push".
	PushURL    string
	PushToken  string
	PushAESKey string
	PushMode   Mode   // default Safe
	PushFormat Format // default JSON
	// Clock tells the time; Rand gives tokens, codes and nonces.
	Clock func() time.Time
	Rand  io.Reader
	// Pages are the pages of the released version.
	Pages     []string
	Templates []Template
	// AllowedIPs are the addresses that may fetch tokens, in their shortest form;
	// empty allows all.
	AllowedIPs []string
	// Quotas override the platform's published limits path by path; a zero Quota removes the path's limit.
	// Unlimited removes all.
	Quotas    map[string]Quota
	Unlimited bool
	// State keeps people and grants; nil keeps them in memory only.
	State State
	// Cast answers GET /_emulator/cast, encoded as JSON; nil answers 404.
	Cast func(ctx context.Context) (any, error)
	// SentEvents also pushes subscribe_msg_sent_event after each message, as
	// the platform does. Off by default: it doubles the traffic.
	SentEvents bool
	// ResendAlways sends each push three times, whatever the answer, as the platform may. The program must
	// process it once.
	ResendAlways bool
	// Delivering, if set, is called during each delivery of a message, without a lock. It can slow deliveries
	// down or observe them.
	Delivering func(ctx context.Context, openid string)
	// Fetch downloads the media of media_check_async. Nil fetches nothing: every check ends in errcode -1008.
	Fetch func(ctx context.Context, address string) (status int, contentType string, body []byte, err error)
	// LinkBase is the prefix of the addresses of generate_urllink; default "https://wxaurl.cn/".
	LinkBase string
	// Program is the base path of the program's client for browsers on the origin of Control, such as "/m/". If
	// set, the phones show it in a frame, with its pages at the same paths and "phone", the openid, in the query.
	Program string
	// Texts returns the text messages of all phones, the newest first, for /_emulator/texts; nil for none.
	Texts func() any
	// CountryAsText writes countryCode as a string ("86"), as the platform's table says, and not as a number,
	// as its example shows.
	CountryAsText bool
	// LoginsPerMinute is how often one person may log in; default 100, the platform's limit. Unlimited removes
	// it.
	LoginsPerMinute int
	// Contacts are the pages with a contact button (open-type="contact"), the only ones that can open the chat.
	// With nil it can be opened anywhere.
	Contacts []string
	// Wait implements the delays of the fault plan; default real time.
	Wait func(ctx context.Context, d time.Duration)
	// StrictActivity refuses checks (61010) for people who neither logged in nor used the chat in the last two
	// hours, as the platform does. Off by default: a test that moves its clock would have to log everyone in
	// again.
	StrictActivity bool
	// Log receives the emulator's own errors; default none.
	Log *slog.Logger
}

// Emulator is one emulated account. It is safe for concurrent use. No lock is held during a push, a save or a
// delivery.
type Emulator struct {
	opts      Options
	log       *slog.Logger
	random    *entropy
	tokens    *tokens
	logins    *codes
	phones    *codes
	oauths    *codes
	people    *people
	saver     *saver
	templates map[string]Template
	api       map[string]endpoint
	counters  map[string]*callCounter
	meters    map[string]*meter
	// clears counts the uses of clear_quota in the month.
	clears window
	plan   atomic.Pointer[[]*faultLine]
	links  sync.Map
	media  *mediaStore
	// background are the tasks that the platform does after its answer.
	background sync.WaitGroup
}

var (
	aesKeyShape = regexp.MustCompile(`^[A-Za-z0-9]{43}$`)
	openidShape = regexp.MustCompile(`^[A-Za-z0-9_-]{4,64}$`)
	fieldShape  = regexp.MustCompile(`^[a-z_]+[0-9]+$`)
)

// New returns an emulator with the content of its State. It starts nothing.
func New(ctx context.Context, opts Options) (*Emulator, error) {
	if opts.OriginalID == "" {
		opts.OriginalID = "gh_emulator"
	}
	if opts.PushURL == "" {
		opts.PushURL = "http://localhost/wechat/push"
	}
	if opts.PushMode == "" {
		opts.PushMode = Safe
	}
	if opts.PushFormat == "" {
		opts.PushFormat = JSON
	}
	if opts.LinkBase == "" {
		opts.LinkBase = "https://wxaurl.cn/"
	}
	if opts.Wait == nil {
		opts.Wait = waitReal
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	e := &Emulator{
		opts: opts, log: opts.Log,
		random:    &entropy{source: opts.Rand},
		people:    newPeople(),
		saver:     &saver{state: opts.State},
		templates: make(map[string]Template, len(opts.Templates)),
	}
	e.tokens = &tokens{now: opts.Clock, random: e.random}
	e.logins = newCodes(opts.Clock, e.random)
	e.phones = newCodes(opts.Clock, e.random)
	e.oauths = newCodes(opts.Clock, e.random)
	e.media = newMediaStore(opts.Clock, e.random)
	e.api = e.endpoints()
	e.counters = make(map[string]*callCounter, len(e.api))
	for path := range e.api {
		e.counters[path] = new(callCounter)
	}
	for path, q := range opts.Quotas {
		if e.counters[path] == nil || min(q.PerSecond, q.PerMinute, q.PerDay) < 0 {
			return nil, fmt.Errorf("emulator: quota of %q: no such path, or less than nothing", path)
		}
	}
	e.meters = opts.newMeters()
	for _, t := range opts.Templates {
		e.templates[t.ID] = t
	}
	if err := e.load(ctx); err != nil {
		return nil, fmt.Errorf("emulator: load: %w", err)
	}
	return e, nil
}

func (o Options) check() error {
	var errs []error
	must := func(ok bool, what string) {
		if !ok {
			errs = append(errs, errors.New("emulator: "+what))
		}
	}
	must(o.AppID != "" && o.AppSecret != "", "AppID and AppSecret are required")
	must(o.Clock != nil && o.Rand != nil, "Clock and Rand are required")
	must(slices.Contains([]Mode{Plain, Compatible, Safe}, o.PushMode), "unknown PushMode")
	must(o.PushFormat == JSON || o.PushFormat == XML, "unknown PushFormat")
	if o.Push != nil {
		must(o.PushToken != "", "Push needs a PushToken")
		must(o.PushMode == Plain || aesKeyShape.MatchString(o.PushAESKey), "PushAESKey must be 43 letters or digits")
	}
	for _, ip := range o.AllowedIPs {
		addr, err := netip.ParseAddr(ip)
		must(err == nil && addr.Unmap().String() == ip, "AllowedIPs holds no address in "+ip)
	}
	for _, t := range o.Templates {
		must(t.ID != "" && len(t.Fields) > 0, "a template needs an ID and fields")
		for _, f := range t.Fields {
			must(fieldShape.MatchString(f.Key) && fieldRules[fieldType(f.Key)] != nil, "template field "+f.Key+" has an unknown type")
		}
	}
	return errors.Join(errs...)
}

// Close waits for running saves and closes a State that is an io.Closer.
func (e *Emulator) Close(ctx context.Context) error {
	err := errors.Join(e.WaitIdle(ctx), e.saver.flush(ctx))
	if c, ok := e.opts.State.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	return err
}

// RevokeTokens makes every token invalid at once, as a reset of the secret does.
func (e *Emulator) RevokeTokens() { e.tokens.revoke() }

// LoginCode returns what wx.login would return on the person's phone. It panics on an openid that is not 4 to
// 64 letters, digits, "_" or "-".
func (e *Emulator) LoginCode(openid string) string {
	mustOpenID(openid)
	return e.logins.issue(openid)
}

// PhoneCode returns what the phone button would return for the number.
func (e *Emulator) PhoneCode(phone string) string { return e.phones.issue(phone) }

// Left returns how many more messages of the template the person may get.
func (e *Emulator) Left(openid, template string) int {
	var n int
	e.people.with(openid, func(p *person) { n = p.grants[template] })
	return n
}

// Messages returns what the person was sent, newest first.
func (e *Emulator) Messages(openid string) []Message {
	var out []Message
	e.people.with(openid, func(p *person) { out = slices.Clone(p.messages) })
	slices.Reverse(out)
	return out
}

// Chat returns the person's customer-service chat, oldest first.
func (e *Emulator) Chat(openid string) []Line {
	var out []Line
	e.people.with(openid, func(p *person) { out = slices.Clone(p.chat) })
	return out
}

func mustOpenID(openid string) {
	if !openidShape.MatchString(openid) {
		panic("emulator: bad openid")
	}
}

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

// Mode is how pushes are signed and sealed.
type Mode string

// The modes of the platform's console.
const (
	Plain      Mode = "plain"
	Compatible Mode = "compatible"
	Safe       Mode = "safe"
)

// Format is how pushes are written.
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
	// Purpose is the program's own word for it; the emulator only repeats it.
	Purpose string
	Fields  []Field
	// Type is the platform's number: OneTime (the default), LongTerm, or
	// ServiceCard, with which neither popup nor message call works.
	Type int
}

// The types of templates. Of service cards the platform documents no number;
// this one is made up.
const (
	OneTime     = 2
	LongTerm    = 3
	ServiceCard = 4
)

// Field is one field of a template. Key is its type and a number ("thing3");
// the type decides what a value may be. Name is what the phone shows.
type Field struct{ Key, Name string }

// Options sets up an emulated account. AppID, AppSecret, Clock and Rand are
// required.
type Options struct {
	AppID     string
	AppSecret string
	// OfficialAppID and OfficialSecret are those of an official account whose web
	// pages log people in; empty means there is none.
	OfficialAppID, OfficialSecret string
	// OriginalID is the account's gh_ id; default "gh_emulator".
	OriginalID string
	// Push carries a request to the program's push URL, over HTTP or in
	// process. Nil means that no push URL is configured; then the platform
	// tells nobody.
	Push func(ctx context.Context, req *http.Request) (*http.Response, error)
	// PushURL is the address in those requests; default
	// "http://localhost/wechat/push".
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
	// Quotas replace the platform's published limits path by path; a zero Quota
	// lifts the path's. Unlimited lifts all of them.
	Quotas    map[string]Quota
	Unlimited bool
	// State keeps people and grants; nil keeps them in memory only.
	State State
	// Cast answers GET /_emulator/cast, encoded as JSON; nil answers 404.
	Cast func(ctx context.Context) (any, error)
	// SentEvents also pushes subscribe_msg_sent_event after each message, as
	// the platform does. Off by default: it doubles the traffic.
	SentEvents bool
	// ResendAlways delivers each push three times, whatever the answer, as the
	// platform may: the program must take it once.
	ResendAlways bool
	// Delivering, if set, is called while a message is on its way and no lock
	// is held. It can slow deliveries down or observe them.
	Delivering func(ctx context.Context, openid string)
	// Fetch gets what media_check_async shall look at; nil fetches nothing, and
	// every check ends in errcode -1008.
	Fetch func(ctx context.Context, address string) (status int, contentType string, body []byte, err error)
	// LinkBase begins the addresses that generate_urllink makes; default
	// "https://wxaurl.cn/".
	LinkBase string
	// ProgramAPI is the base path of the program's own API on the origin of
	// Control, such as "/api/v1"; the phones' pages then act through it, too. They
	// speak the API of this product.
	ProgramAPI string
	// CountryAsText writes the country's code of a phone number as a text ("86"),
	// as the platform's table has it, and not as a number, as its example has it.
	CountryAsText bool
	// LoginsPerMinute is how often one person may log in; default 100, the
	// platform's. Unlimited lifts it.
	LoginsPerMinute int
	// Contacts are the pages with a contact button (open-type="contact"), from
	// which alone a phone can open the chat. Nil lets it be opened anywhere, for
	// tests of other things.
	Contacts []string
	// Wait waits out the delays of the fault plan; default real time.
	Wait func(ctx context.Context, d time.Duration)
	// StrictActivity refuses checks (61010) of people who neither logged in nor
	// used the chat in the last two hours, as the platform does. Off by default:
	// a test that moves its clock would have to log everybody in again.
	StrictActivity bool
	// Log takes what goes wrong on the emulator's own side; default none.
	Log *slog.Logger
}

// Emulator is one emulated account. It is safe for use by many goroutines; no
// lock is held during a push, a save or a delivery.
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
	tally     map[string]*tally
	meters    map[string]*meter
	// clears counts the uses of clear_quota within the month.
	clears window
	plan   atomic.Pointer[[]*faultLine]
	links  sync.Map
	media  *mediaStore
	texts  texts
	// later is what the platform does after it has answered.
	later sync.WaitGroup
}

var (
	aesKeyShape = regexp.MustCompile(`^[A-Za-z0-9]{43}$`)
	openidShape = regexp.MustCompile(`^[A-Za-z0-9_-]{4,64}$`)
	fieldShape  = regexp.MustCompile(`^[a-z_]+[0-9]+$`)
)

// New returns an emulator with what its State holds. It starts nothing.
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
	e.tally = make(map[string]*tally, len(e.api))
	for path := range e.api {
		e.tally[path] = new(tally)
	}
	for path, q := range opts.Quotas {
		if e.tally[path] == nil || min(q.PerSecond, q.PerMinute, q.PerDay) < 0 {
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

// Close waits for saves under way and closes a State that can be closed.
func (e *Emulator) Close(ctx context.Context) error {
	err := errors.Join(e.WaitIdle(ctx), e.saver.settle(ctx))
	if c, ok := e.opts.State.(io.Closer); ok {
		err = errors.Join(err, c.Close())
	}
	return err
}

// RevokeTokens makes every token invalid at once, as a reset of the secret does.
func (e *Emulator) RevokeTokens() { e.tokens.revoke() }

// LoginCode returns what wx.login would return on the person's phone. It
// panics on an openid that is not 4 to 64 letters, digits, "_" or "-".
func (e *Emulator) LoginCode(openid string) string {
	mustOpenID(openid)
	return e.logins.issue(openid)
}

// PhoneCode returns what the phone button would return for the number.
func (e *Emulator) PhoneCode(phone string) string { return e.phones.issue(phone) }

// Left returns how many messages of the template the person may still be sent.
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

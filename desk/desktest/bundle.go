// Package desktest builds a whole desk for tests: a real Redis, the emulated platform, a manual clock, and
// short calls for what people do.
package desktest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/adapters/holidays"
	"mashang/adapters/media"
	"mashang/adapters/seal"
	"mashang/adapters/signin"
	"mashang/adapters/sms"
	"mashang/cmd/mashang/adapt"
	"mashang/desk"
	"mashang/desk/filing"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store"
	"mashang/store/storetest"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

// Start is the time at which every test begins: noon of a Wednesday.
var Start = storetest.Noon

// clock is a clock that stands still until it is set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = at
}

// Bundle is a desk on real parts: its own Redis, the emulated platform behind the real client, real keys and
// files. Only the clock is manual.
type Bundle struct {
	*desk.Desk

	T      testing.TB
	Server *storetest.Server
	Store  *store.Store
	Clock  *clock
	Emu    *emulator.Emulator
	Texts  *sms.Inbox
	Line   *line
	Client *wechat.Client
	// account is the configuration of clients of the emulated platform.
	account wechat.Config
	Parts   desk.Parts
	cfg     kit.Config
	Log     *syncBuffer
	Seen    *tally
	// Keys are the codes' keys by "station/kind/id".
	Keys map[string]string
	// People are the callers by openid.
	People map[string]access.Caller
	// Tokens are the tokens by which the platform has fetched photos.
	mu     sync.Mutex
	Tokens []string
}

// tally counts what the desk observes.
type tally struct {
	mu   sync.Mutex
	N    map[string]int
	Each func(event string) // called with every event; may be nil
}

func (o *tally) observe(event, label string) {
	o.mu.Lock()
	o.N[event+" "+label]++
	o.mu.Unlock()
	if o.Each != nil {
		o.Each(event)
	}
}

func (o *tally) Of(event, label string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.N[event+" "+label]
}

// syncBuffer collects the log.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

const (
	appID   = "wx0123456789abcdef"
	secret  = "planted-secret-0123456789abcdef"
	pushKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	Here    = "lj"
	There   = "hz"

	OfficialID     = "wx00000000000000ff"
	officialSecret = "planted-official-secret-0123456789"
)

// Setup starts a server, stores two stations and makes their codes.
func Setup(tb testing.TB, change ...func(*kit.Config)) *Bundle {
	tb.Helper()
	b := &Bundle{
		T: tb, Server: storetest.New(tb), Clock: &clock{now: Start}, Log: &syncBuffer{},
		Seen: &tally{N: map[string]int{}},
		Keys: map[string]string{}, People: map[string]access.Caller{},
	}
	b.Store = b.Server.Open(tb, func(o *store.Options) {
		o.Clock, o.Timeout = b.Clock.Now, 500*time.Millisecond
	})
	b.wechat()
	b.Texts = sms.NewInbox(b.Clock.Now)
	years, err := holidays.Shipped()
	if err != nil {
		tb.Fatal(err)
	}
	ring, _, err := seal.LoadOrCreate(tb.TempDir()+"/keys", rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	folder, err := media.Open(tb.TempDir(), media.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	b.cfg = kit.Config{
		PublicURL: "https://q.example.cn", Quiet: notice.Quiet{From: 22 * 60, To: 7 * 60},
		Observe: b.Seen.observe,
		Workers: 1, // in order; TestTwoDesksDeliver and TestRun use several
	}
	for _, c := range change {
		c(&b.cfg)
	}
	b.Parts = desk.Parts{
		Store: b.Store, Handovers: b.Store, Documents: b.Store, Platform: adapt.Platform{Client: b.Client}, Sealer: ring, Media: adapt.Files{Store: folder}, Painter: painter{},
		Sheets: adapt.Spreadsheets{}, Reporter: adapt.Reporter{}, Calendars: adapt.Calendars{}, SMS: b.Texts, Factors: signin.New(rand.Reader),
		Days: calendar.New(station.Zone, years...), Now: b.Clock.Now, Rand: rand.Reader,
		Log: slog.New(slog.NewTextHandler(b.Log, nil)),
	}
	b.Desk = desk.New(b.cfg, b.Parts)
	tb.Cleanup(b.Jobs.StopJobs)
	for _, st := range []*station.Station{Town(), City()} {
		b.Put(st, 0)
		b.mint(st)
	}
	return b
}

// SecondDesk returns a second desk on the same store, as another process has.
func (b *Bundle) SecondDesk(change ...func(*desk.Parts)) *desk.Desk {
	p := b.Parts
	for _, c := range change {
		c(&p)
	}
	return desk.New(b.cfg, p)
}

// wechat connects the client to the emulated platform.
func (b *Bundle) wechat() {
	b.T.Helper()
	opts := emulator.Options{
		AppID: appID, AppSecret: secret, PushToken: "pushtoken", PushAESKey: pushKey, Push: b.push,
		OfficialAppID: OfficialID, OfficialSecret: officialSecret,
		Clock: b.Clock.Now, Rand: rand.Reader, Pages: wechat.Pages, Fetch: b.fetch,
	}
	cfg := wechat.Config{
		AppID: appID, AppSecret: secret, PushToken: "pushtoken", PushAESKey: pushKey,
		Official:  wechat.Official{AppID: OfficialID, Secret: officialSecret},
		Templates: map[notice.Purpose]wechat.Template{},
	}
	for _, p := range notice.Purposes {
		tpl := emulator.Template{ID: Template(p)}
		keys := wechat.DefaultKeys(p)
		for _, f := range notice.Fields[p] {
			tpl.Fields = append(tpl.Fields, emulator.Field{Key: keys[f.Meaning], Name: f.Label})
		}
		opts.Templates = append(opts.Templates, tpl)
		cfg.Templates[p] = wechat.Template{ID: tpl.ID}
	}
	var err error
	if b.Emu, err = emulator.New(b.T.Context(), opts); err != nil {
		b.T.Fatal(err)
	}
	b.Line = &line{next: wechat.HandlerTransport(b.Emu.API())}
	cfg.Transport = b.Line
	cfg.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	b.account = cfg
	if b.Client, err = wechat.New(cfg, b.Store.Tokens(), b.Clock.Now, slog.New(slog.DiscardHandler)); err != nil {
		b.T.Fatal(err)
	}
	b.T.Cleanup(b.Client.Close)
}

func Template(p notice.Purpose) string { return "template-" + string(p) + "-0123456789" }

// push is our push endpoint: valid pushes arrive at the desk.
func (b *Bundle) push(ctx context.Context, r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	events, err := b.Client.Receiver().Open(r.URL.Query(), body)
	if err != nil {
		return nil, err
	}
	var list []record.InboundEvent
	for _, e := range events {
		switch e.Kind {
		case wechat.Text:
			list = append(list, record.InboundEvent{ID: e.ID, OpenID: e.OpenID, Kind: kit.EventText, Text: e.Text})
		case wechat.Image, wechat.Voice, wechat.Card, wechat.Enter:
			list = append(list, record.InboundEvent{ID: e.ID, OpenID: e.OpenID, Kind: string(e.Kind), Text: e.Text, Media: e.Media, Page: e.Page})
		case wechat.SubscribeSent:
			if e.ErrorCode == 0 {
				continue
			}
			list = append(list, record.InboundEvent{ID: e.ID, OpenID: e.OpenID, Kind: kit.EventSent, MsgID: e.MsgID, ErrorCode: e.ErrorCode})
		case wechat.MediaCheck:
			list = append(list, record.InboundEvent{
				ID: e.ID, OpenID: e.OpenID, Kind: kit.EventMediaCheck,
				Trace: e.Trace, Verdict: e.Verdict, ErrorCode: e.ErrorCode,
			})
		case wechat.SubscribeChange:
			list = append(list, record.InboundEvent{ID: e.ID, OpenID: e.OpenID, Kind: kit.EventConsentOff, Template: e.Template})
		case wechat.SubscribePopup:
			list = append(list, record.InboundEvent{
				ID: e.ID, OpenID: e.OpenID, Kind: kit.EventConsent, Template: e.Template, Accepted: e.Accept,
			})
		}
	}
	if err := b.Inbound.Enqueue(ctx, list); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("success")), Request: r,
	}, nil
}

// painter is the binary's painter, except for codes, whose text tests read.
type painter struct{ adapt.Painter }

func (painter) PNG(url string, _ int) ([]byte, error) { return []byte("png " + url), nil }
func (painter) SVG(url string) ([]byte, error)        { return []byte("svg " + url), nil }

// line is the transport to the platform; tests can replace it for some paths.
type line struct {
	next http.RoundTripper
	mu   sync.Mutex
	trip func(*http.Request) (*http.Response, error)
	n    map[string]int
}

// RoundTrip implements http.RoundTripper.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	if l.n == nil {
		l.n = map[string]int{}
	}
	l.n[r.URL.Path]++
	trip := l.trip
	l.mu.Unlock()
	if trip != nil {
		return trip(r)
	}
	return l.next.RoundTrip(r)
}

// Calls returns how often a path was requested.
func (l *line) Calls(path string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n[path]
}

// Handle replaces the handling of requests for the path; nil restores it.
func (l *line) Handle(path string, do func(*http.Request) (*http.Response, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.trip = nil; do == nil {
		return
	}
	l.trip = func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == path {
			return do(r)
		}
		return l.next.RoundTrip(r)
	}
}

const (
	SendPath  = "/cgi-bin/message/subscribe/send"
	CheckPath = "/wxa/msg_sec_check"
	ChatPath  = "/cgi-bin/message/custom/send"
)

// Busy answers that the platform is busy; nothing was done.
func Busy(r *http.Request) (*http.Response, error) {
	_ = r.Body.Close()
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"errcode":-1,"errmsg":"system error"}`)), Request: r,
	}, nil
}

// LoseAnswer lets the platform act and loses its answer.
func (l *line) LoseAnswer(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	return nil, io.ErrUnexpectedEOF
}

// Put stores a roster over a version.
func (b *Bundle) Put(st *station.Station, was int) {
	b.T.Helper()
	st.Version = was + 1
	if bad := st.Check(); len(bad) > 0 {
		b.T.Fatalf("roster: %v", bad)
	}
	if ok, err := b.Store.PutStation(b.T.Context(), st, was); !ok || err != nil {
		b.T.Fatalf("put station: %v, %v", ok, err)
	}
}

// mint makes a code for everything that a code can point at.
func (b *Bundle) mint(st *station.Station) {
	b.T.Helper()
	targets := []station.Target{{Kind: station.ForStation}}
	for _, m := range st.Members {
		targets = append(targets, station.Target{Kind: station.ForMember, ID: m.ID})
	}
	for _, r := range st.Rooms {
		targets = append(targets, station.Target{Kind: station.ForRoom, ID: r.ID})
	}
	for _, p := range st.Places {
		targets = append(targets, station.Target{Kind: station.ForPlace, ID: p.ID})
	}
	for _, r := range st.Receptions {
		targets = append(targets, station.Target{Kind: station.ForReception, ID: r.ID})
	}
	for _, x := range targets {
		c, err := b.Codes.MintCode(b.T.Context(), st.ID, x)
		if err != nil {
			b.T.Fatal(err)
		}
		b.Keys[st.ID+"/"+string(x.Kind)+"/"+x.ID] = c.Key
	}
}

// Key returns the key of a target of the station Here.
func (b *Bundle) Key(kind station.TargetKind, id string) string {
	b.T.Helper()
	return b.KeyIn(Here, kind, id)
}

func (b *Bundle) KeyIn(st string, kind station.TargetKind, id string) string {
	b.T.Helper()
	k, ok := b.Keys[st+"/"+string(kind)+"/"+id]
	if !ok {
		b.T.Fatalf("no code for %s %s in %s", kind, id, st)
	}
	return k
}

// Open logs in and returns the session.
func (b *Bundle) Open(openid, scene string) identity.OpenedSession {
	b.T.Helper()
	o, err := b.Identity.Open(b.T.Context(), b.Emu.LoginCode(openid), scene)
	if err != nil {
		b.T.Fatalf("open: %v", err)
	}
	return o
}

// Caller returns the present caller of a token.
func (b *Bundle) Caller(token string) access.Caller {
	b.T.Helper()
	c, err := b.Identity.Caller(b.T.Context(), token)
	if err != nil {
		b.T.Fatalf("caller: %v", err)
	}
	return c
}

// Visitor returns a caller without a binding.
func (b *Bundle) Visitor(openid string) access.Caller {
	b.T.Helper()
	if c, ok := b.People[openid]; ok {
		return c
	}
	b.People[openid] = b.Caller(b.Open(openid, "").Token)
	return b.People[openid]
}

// Bound binds a person by an invitation.
func (b *Bundle) Bound(st string, role access.Role, ref string) access.Caller {
	b.T.Helper()
	openid := st + "-" + string(role) + "-" + ref
	if c, ok := b.People[openid]; ok {
		return c
	}
	o := b.Open(openid, "")
	in, err := b.Identity.IssueInvite(b.T.Context(), record.Invite{Station: st, Role: string(role), Ref: ref})
	if err != nil {
		b.T.Fatal(err)
	}
	if _, err := b.Identity.Bind(b.T.Context(), b.Caller(o.Token), in.Code); err != nil {
		b.T.Fatalf("bind: %v", err)
	}
	b.People[openid] = b.Caller(o.Token)
	return b.People[openid]
}

func (b *Bundle) Member(id string) access.Caller { return b.Bound(Here, access.Member, id) }

func (b *Bundle) Liaison() access.Caller { return b.Bound(Here, access.Liaison, "l01") }

func OpenidOf(st string, role access.Role, ref string) string {
	return st + "-" + string(role) + "-" + ref
}

// Request is a plain complaint of a resident.
func Request(key string, change ...func(*filing.Request)) filing.Request {
	r := filing.Request{Scene: key, Filing: casework.Filing{Kind: casework.Complaint, Text: "路灯坏了三天没人修"}}
	for _, c := range change {
		c(&r)
	}
	return r
}

// File submits and fails the test if that fails.
func (b *Bundle) File(c access.Caller, key string, change ...func(*filing.Request)) matters.View {
	b.T.Helper()
	v, err := b.Filing.Submit(b.T.Context(), c, Fresh(), Request(key, change...))
	if err != nil {
		b.T.Fatalf("submit: %v", err)
	}
	return v
}

// Fresh returns an unused idempotency key.
func Fresh() string { return "key-" + rand.Text() }

// Act does an act with the newest version and fails the test if that fails.
func (b *Bundle) Act(c access.Caller, id string, act casework.Act) matters.View {
	b.T.Helper()
	v, err := b.Try(c, id, act)
	if err != nil {
		b.T.Fatalf("%s: %v", casework.NameOf(act), err)
	}
	return v
}

// Try does an act with the newest version.
func (b *Bundle) Try(c access.Caller, id string, act casework.Act) (matters.View, error) {
	b.T.Helper()
	var version *int
	if name := casework.NameOf(act); name != access.Message && name != access.Withdraw {
		version = new(b.Load(id).Version)
	}
	return b.Matters.Act(b.T.Context(), c, id, version, act)
}

// TryAt does an act with the version.
func (b *Bundle) TryAt(c access.Caller, id string, version int, act casework.Act) (matters.View, error) {
	b.T.Helper()
	return b.Matters.Act(b.T.Context(), c, id, &version, act)
}

// Load reads a submission from the store.
func (b *Bundle) Load(id string) casework.Submission {
	b.T.Helper()
	s, err := b.Store.Load(b.T.Context(), id)
	if err != nil {
		b.T.Fatalf("load: %v", err)
	}
	return s
}

// Consent adds n consents for the purpose, at the platform and in our count.
func (b *Bundle) Consent(openid string, p notice.Purpose, n int) {
	b.T.Helper()
	if _, err := b.Emu.Grant(b.T.Context(), openid, Template(p), n); err != nil {
		b.T.Fatal(err)
	}
	b.Receive()
}

// Receive processes all pushed events.
func (b *Bundle) Receive() {
	b.T.Helper()
	for {
		n, err := b.Inbound.ProcessQueue(b.T.Context())
		if err != nil {
			b.T.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// Deliver delivers the due notices of the station Here until none is left.
func (b *Bundle) Deliver() {
	b.T.Helper()
	for {
		n, err := b.Delivery.Deliver(b.T.Context(), Here)
		if err != nil {
			b.T.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

package desk_test

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

	"go.uber.org/goleak"

	"mashang/adapters/holidays"
	"mashang/adapters/media"
	"mashang/adapters/seal"
	"mashang/adapters/sheets"
	"mashang/adapters/signin"
	"mashang/desk"
	"mashang/desk/filing"
	"mashang/desk/identity"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/desk/uploads"
	"mashang/domain/access"
	"mashang/domain/calendar"
	"mashang/domain/casework"
	"mashang/domain/figures"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/qrcodes"
	"mashang/store"
	"mashang/store/storetest"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// start is when every test begins: the noon of a Wednesday.
var start = storetest.Noon

// clock stands still until it is moved.
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

// bundle is a desk on real parts: its own Redis, the platform's stand-in behind
// the real client, real keys and files. Only the clock is ours.
type bundle struct {
	*desk.Desk

	t      testing.TB
	server *storetest.Server
	store  *store.Store
	clock  *clock
	emu    *emulator.Emulator
	line   *line
	client *wechat.Client
	// account is how clients reach the platform's stand-in.
	account wechat.Config
	parts   desk.Parts
	cfg     kit.Config
	log     *syncBuffer
	seen    *tally
	// keys are the printed keys by "station/kind/id".
	keys map[string]string
	// people are the callers by openid.
	people map[string]access.Caller
	// tokens are those by which the platform fetched photos.
	mu     sync.Mutex
	tokens []string
}

// tally counts what the desk observes.
type tally struct {
	mu   sync.Mutex
	n    map[string]int
	each func(event string) // called with every event, nil for nothing
}

func (o *tally) observe(event, label string) {
	o.mu.Lock()
	o.n[event+" "+label]++
	o.mu.Unlock()
	if o.each != nil {
		o.each(event)
	}
}

func (o *tally) of(event, label string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n[event+" "+label]
}

// syncBuffer gathers a log.
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
	here    = "lj"
	there   = "hz"

	officialID     = "wx00000000000000ff"
	officialSecret = "planted-official-secret-0123456789"
)

// setup starts a server, writes two stations and mints their codes.
func setup(tb testing.TB, change ...func(*kit.Config)) *bundle {
	tb.Helper()
	b := &bundle{
		t: tb, server: storetest.New(tb), clock: &clock{now: start}, log: &syncBuffer{},
		seen: &tally{n: map[string]int{}},
		keys: map[string]string{}, people: map[string]access.Caller{},
	}
	b.store = b.server.Open(tb, func(o *store.Options) {
		o.Clock, o.Timeout = b.clock.Now, 500*time.Millisecond
	})
	b.wechat()
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
		Observe: b.seen.observe,
		Workers: 1, // in order; TestTwoDesksDeliver and TestRun use several
	}
	for _, c := range change {
		c(&b.cfg)
	}
	b.parts = desk.Parts{
		Store: b.store, Platform: platform{b.client}, Sealer: ring, Media: files{folder}, Painter: painter{},
		Sheets: spreadsheets{}, Reporter: reporter{}, SMS: b.emu, Factors: signin.New(rand.Reader),
		Days: calendar.New(station.Zone, years...), Now: b.clock.Now, Rand: rand.Reader,
		Log: slog.New(slog.NewTextHandler(b.log, nil)),
	}
	b.Desk = desk.New(b.cfg, b.parts)
	tb.Cleanup(b.Jobs.StopJobs)
	for _, st := range []*station.Station{town(), city()} {
		b.put(st, 0)
		b.mint(st)
	}
	return b
}

// another is a second process on the same store.
func (b *bundle) another(change ...func(*desk.Parts)) *desk.Desk {
	p := b.parts
	for _, c := range change {
		c(&p)
	}
	return desk.New(b.cfg, p)
}

// wechat joins the client to the platform's stand-in.
func (b *bundle) wechat() {
	b.t.Helper()
	opts := emulator.Options{
		AppID: appID, AppSecret: secret, PushToken: "pushtoken", PushAESKey: pushKey, Push: b.push,
		OfficialAppID: officialID, OfficialSecret: officialSecret,
		Clock: b.clock.Now, Rand: rand.Reader, Pages: wechat.Pages, Fetch: b.fetch,
	}
	cfg := wechat.Config{
		AppID: appID, AppSecret: secret, PushToken: "pushtoken", PushAESKey: pushKey,
		Official:  wechat.Official{AppID: officialID, Secret: officialSecret},
		Templates: map[notice.Purpose]wechat.Template{},
	}
	for _, p := range notice.Purposes {
		tpl := emulator.Template{ID: template(p)}
		keys := wechat.DefaultKeys(p)
		for _, f := range notice.Fields[p] {
			tpl.Fields = append(tpl.Fields, emulator.Field{Key: keys[f.Meaning], Name: f.Label})
		}
		opts.Templates = append(opts.Templates, tpl)
		cfg.Templates[p] = wechat.Template{ID: tpl.ID}
	}
	var err error
	if b.emu, err = emulator.New(b.t.Context(), opts); err != nil {
		b.t.Fatal(err)
	}
	b.line = &line{next: wechat.HandlerTransport(b.emu.API())}
	cfg.Transport = b.line
	cfg.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	b.account = cfg
	if b.client, err = wechat.New(cfg, b.store.Tokens(), b.clock.Now, slog.New(slog.DiscardHandler)); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(b.client.Close)
}

func template(p notice.Purpose) string { return "template-" + string(p) + "-0123456789" }

// push is our push endpoint: what is genuine arrives at the desk.
func (b *bundle) push(ctx context.Context, r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	events, err := b.client.Receiver().Open(r.URL.Query(), body)
	if err != nil {
		return nil, err
	}
	var list []record.Arrival
	for _, e := range events {
		switch e.Kind {
		case wechat.Text:
			list = append(list, record.Arrival{ID: e.ID, OpenID: e.OpenID, Kind: kit.ArrivedText, Text: e.Text})
		case wechat.Image, wechat.Voice, wechat.Card, wechat.Enter:
			list = append(list, record.Arrival{ID: e.ID, OpenID: e.OpenID, Kind: string(e.Kind), Text: e.Text, Media: e.Media, Page: e.Page})
		case wechat.SubscribeSent:
			if e.ErrorCode == 0 {
				continue
			}
			list = append(list, record.Arrival{ID: e.ID, OpenID: e.OpenID, Kind: kit.ArrivedSent, MsgID: e.MsgID, ErrorCode: e.ErrorCode})
		case wechat.MediaCheck:
			list = append(list, record.Arrival{
				ID: e.ID, OpenID: e.OpenID, Kind: kit.ArrivedMediaCheck,
				Trace: e.Trace, Verdict: e.Verdict, ErrorCode: e.ErrorCode,
			})
		case wechat.SubscribeChange:
			list = append(list, record.Arrival{ID: e.ID, OpenID: e.OpenID, Kind: kit.ArrivedConsentOff, Template: e.Template})
		case wechat.SubscribePopup:
			list = append(list, record.Arrival{
				ID: e.ID, OpenID: e.OpenID, Kind: kit.ArrivedConsent, Template: e.Template, Accepted: e.Accept,
			})
		}
	}
	if err := b.Inbound.Arrive(ctx, list); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("success")), Request: r,
	}, nil
}

// platform, files and painter are the adapters the binary has.
type platform struct{ *wechat.Client }

func (p platform) CheckText(ctx context.Context, openid, text string) (kit.Verdict, error) {
	v, err := p.Client.CheckText(ctx, openid, text)
	return kit.Verdict(v), err
}

func (p platform) Notify(ctx context.Context, m notice.Message) (notice.Receipt, error) {
	s, err := p.Send(ctx, m)
	return notice.Receipt{Outcome: s.Outcome, MsgID: s.MsgID}, err
}

func (p platform) CheckPhoto(ctx context.Context, openid, address string) (string, error) {
	return p.CheckPicture(ctx, openid, address)
}

func (p platform) Link(ctx context.Context, scene string, life time.Duration) (string, error) {
	return p.URLLink(ctx, wechat.PageScan, "scene="+scene, life)
}

func (p platform) AppLink(ctx context.Context, scene string, life time.Duration) (string, error) {
	return p.Scheme(ctx, wechat.PageScan, "scene="+scene, life)
}

func (p platform) CodeImage(ctx context.Context, scene string) ([]byte, error) {
	return p.Client.CodeImage(ctx, scene, 430)
}

func (p platform) Template(purpose notice.Purpose) string { return p.TemplateID(purpose) }

func (p platform) PurposeOf(id string) (notice.Purpose, bool) { return p.Purpose(id) }

type files struct{ *media.Store }

func (f files) Take(ctx context.Context, r io.Reader) (*uploads.Photo, *uploads.Voice, error) {
	p, v, err := f.Store.Take(ctx, r)
	switch {
	case err != nil:
		return nil, nil, err
	case v != nil:
		return nil, &uploads.Voice{Hash: v.Hash, Seconds: v.Seconds}, nil
	default:
		return &uploads.Photo{Hash: p.Hash, Width: p.Width, Height: p.Height}, nil, nil
	}
}

func (f files) Open(kind, hash string, thumb bool) (*uploads.File, error) {
	variant := kind
	if thumb {
		variant = media.VariantThumb
	}
	r, modified, contentType, err := f.Read(hash, variant)
	if err != nil {
		return nil, err
	}
	return &uploads.File{ReadSeekCloser: r, Type: contentType, ModTime: modified}, nil
}

type painter struct{}

func (painter) PNG(url string, _ int) ([]byte, error) { return []byte("png " + url), nil }
func (painter) SVG(url string) ([]byte, error)        { return []byte("svg " + url), nil }

// spreadsheets is the adapter of the sheets.
type spreadsheets struct{}

func (spreadsheets) Read(name string, data []byte) (*station.Station, []record.SheetProblem, error) {
	return sheets.Read(name, data)
}
func (spreadsheets) Write(s *station.Station) ([]byte, error) { return sheets.Write(s) }
func (spreadsheets) Describe(c station.Change) string         { return sheets.Describe(c) }

func (painter) Signs(ctx context.Context, signs []record.Sign, job record.SignJob, progress func(done, total int)) (record.SignFile, error) {
	return qrcodes.Draw(ctx, signs, job, progress)
}

func (painter) Dossier(d record.Dossier, made time.Time) ([]byte, error) {
	return qrcodes.Dossier(d, made)
}

// reporter makes reports.
type reporter struct{}

func (reporter) Spreadsheet(r figures.Report) ([]byte, error) { return sheets.Report(r) }
func (reporter) Print(r figures.Report) ([]byte, error)       { return qrcodes.Report(r) }

// line is the way to the platform; it can be cut for some paths.
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

// calls is how often a path was asked for.
func (l *line) calls(path string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n[path]
}

// on replaces what happens to requests for the path; nil mends the line.
func (l *line) on(path string, do func(*http.Request) (*http.Response, error)) {
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
	sendPath  = "/cgi-bin/message/subscribe/send"
	checkPath = "/wxa/msg_sec_check"
	chatPath  = "/cgi-bin/message/custom/send"
)

// busy answers that the platform is busy: nothing was done.
func busy(r *http.Request) (*http.Response, error) {
	_ = r.Body.Close()
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"errcode":-1,"errmsg":"system error"}`)), Request: r,
	}, nil
}

// lost lets the platform act and loses its answer.
func (l *line) lost(r *http.Request) (*http.Response, error) {
	answer, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	_ = answer.Body.Close()
	return nil, io.ErrUnexpectedEOF
}

// put writes a roster over the version given.
func (b *bundle) put(st *station.Station, was int) {
	b.t.Helper()
	st.Version = was + 1
	if bad := st.Check(); len(bad) > 0 {
		b.t.Fatalf("roster: %v", bad)
	}
	if ok, err := b.store.PutStation(b.t.Context(), st, was); !ok || err != nil {
		b.t.Fatalf("put station: %v, %v", ok, err)
	}
}

// mint makes a code for everything a code can point at.
func (b *bundle) mint(st *station.Station) {
	b.t.Helper()
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
	for _, x := range targets {
		c, err := b.Codes.MintCode(b.t.Context(), st.ID, x)
		if err != nil {
			b.t.Fatal(err)
		}
		b.keys[st.ID+"/"+string(x.Kind)+"/"+x.ID] = c.Key
	}
}

// key is the printed key of a target of the station here.
func (b *bundle) key(kind station.TargetKind, id string) string {
	b.t.Helper()
	return b.keyIn(here, kind, id)
}

func (b *bundle) keyIn(st string, kind station.TargetKind, id string) string {
	b.t.Helper()
	k, ok := b.keys[st+"/"+string(kind)+"/"+id]
	if !ok {
		b.t.Fatalf("no code for %s %s in %s", kind, id, st)
	}
	return k
}

// open logs in and returns the session.
func (b *bundle) open(openid, scene string) identity.Opened {
	b.t.Helper()
	o, err := b.Identity.Open(b.t.Context(), b.emu.LoginCode(openid), scene)
	if err != nil {
		b.t.Fatalf("open: %v", err)
	}
	return o
}

// caller is who a token belongs to now.
func (b *bundle) caller(token string) access.Caller {
	b.t.Helper()
	c, err := b.Identity.Caller(b.t.Context(), token)
	if err != nil {
		b.t.Fatalf("caller: %v", err)
	}
	return c
}

// visitor is somebody without a binding.
func (b *bundle) visitor(openid string) access.Caller {
	b.t.Helper()
	if c, ok := b.people[openid]; ok {
		return c
	}
	b.people[openid] = b.caller(b.open(openid, "").Token)
	return b.people[openid]
}

// bound binds somebody by an invitation, as in life.
func (b *bundle) bound(st string, role access.Role, ref string) access.Caller {
	b.t.Helper()
	openid := st + "-" + string(role) + "-" + ref
	if c, ok := b.people[openid]; ok {
		return c
	}
	o := b.open(openid, "")
	in, err := b.Identity.IssueInvite(b.t.Context(), record.Invite{Station: st, Role: string(role), Ref: ref})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.Identity.Bind(b.t.Context(), b.caller(o.Token), in.Code); err != nil {
		b.t.Fatalf("bind: %v", err)
	}
	b.people[openid] = b.caller(o.Token)
	return b.people[openid]
}

func (b *bundle) member(id string) access.Caller { return b.bound(here, access.Member, id) }
func (b *bundle) liaison() access.Caller         { return b.bound(here, access.Liaison, "l01") }
func openidOf(st string, role access.Role, ref string) string {
	return st + "-" + string(role) + "-" + ref
}

// request is a plain complaint of a resident.
func request(key string, change ...func(*filing.Request)) filing.Request {
	r := filing.Request{Scene: key, Filing: casework.Filing{Kind: casework.Complaint, Text: "路灯坏了三天没人修"}}
	for _, c := range change {
		c(&r)
	}
	return r
}

// file submits and expects it to succeed.
func (b *bundle) file(c access.Caller, key string, change ...func(*filing.Request)) matters.View {
	b.t.Helper()
	v, err := b.Filing.Submit(b.t.Context(), c, fresh(), request(key, change...))
	if err != nil {
		b.t.Fatalf("submit: %v", err)
	}
	return v
}

// fresh is an idempotency key nobody used.
func fresh() string { return "key-" + rand.Text() }

// act does an act that must succeed, with the newest version.
func (b *bundle) act(c access.Caller, id string, act access.Action, change ...func(*matters.ActRequest)) matters.View {
	b.t.Helper()
	v, err := b.try(c, id, act, change...)
	if err != nil {
		b.t.Fatalf("%s: %v", act, err)
	}
	return v
}

// try does an act with the newest version.
func (b *bundle) try(c access.Caller, id string, act access.Action, change ...func(*matters.ActRequest)) (matters.View, error) {
	b.t.Helper()
	r := matters.ActRequest{Act: act}
	if act != access.Message && act != access.Withdraw {
		r.Version = new(b.load(id).Version)
	}
	for _, c := range change {
		c(&r)
	}
	return b.Matters.Act(b.t.Context(), c, id, r)
}

func text(s string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.Text = s }
}

func reason(s string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.Reason = s }
}

func to(member, why string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.To, r.Reason = member, why }
}

func version(n int) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.Version = &n }
}

func closing(o casework.Outcome, words string) func(*matters.ActRequest) {
	return func(r *matters.ActRequest) { r.Outcome, r.Text = o, words }
}

// load reads a submission as the store has it.
func (b *bundle) load(id string) casework.Submission {
	b.t.Helper()
	s, err := b.store.Load(b.t.Context(), id)
	if err != nil {
		b.t.Fatalf("load: %v", err)
	}
	return s
}

// consent lets the person be told n times of the purpose; both sides count it.
func (b *bundle) consent(openid string, p notice.Purpose, n int) {
	b.t.Helper()
	if _, err := b.emu.Grant(b.t.Context(), openid, template(p), n); err != nil {
		b.t.Fatal(err)
	}
	b.receive()
}

// receive works on everything that arrived.
func (b *bundle) receive() {
	b.t.Helper()
	for {
		n, err := b.Inbound.Receive(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

// deliver works on what is due in the station here until nothing is.
func (b *bundle) deliver() {
	b.t.Helper()
	for {
		n, err := b.Delivery.Deliver(b.t.Context(), here)
		if err != nil {
			b.t.Fatal(err)
		}
		if n == 0 {
			return
		}
	}
}

package handlers_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"mashang/adapters/holidays"
	"mashang/adapters/media"
	"mashang/adapters/seal"
	"mashang/adapters/signin"
	"mashang/adapters/sms"
	"mashang/cmd/mashang/adapt"
	"mashang/desk"
	"mashang/desk/kit"
	"mashang/domain/calendar"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers"
	"mashang/handlers/web"
	"mashang/store"
	"mashang/store/storetest"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appID     = "wx0123456789abcdef"
	appSecret = "secret"
	pushToken = "pushtoken"
	pushKey   = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	publicURL = "https://mashang.example.cn"
)

// The codes of the test's station.
const (
	codeOfMa  = "maxzmaxzma"
	codeOfHe  = "hesyhesyhe"
	codeRoom  = "rmrmrmrmrm"
	codePlace = "pzpzpzpzpz"
	codeSite  = "stststst22"
	codeGone  = "gngngngngn"
	codeOther = "xjxjxjxjxj"
)

// monday is a working day, in the hours of duty.
var monday = time.Date(2026, 5, 11, 10, 0, 0, 0, station.Zone)

// aFriday is the id of a reception day of the rule j01, two days after the tests' Wednesday.
const aFriday = "20260522-j01"

// clock stands still until moved.
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

// testStation is a small town station.
func testStation() *station.Station {
	return &station.Station{
		ID: "hk", Name: "河口镇委员工作站", Phone: "0930-1234567", Address: "河口镇渡口路 1 号", Version: 1,
		Sectors: []station.Sector{{Name: "文化旅游"}, {Name: "农业"}, {Name: "教育"}},
		Rooms:   []station.Room{{ID: "r1", Name: "上滩村协商议事室", Village: "上滩村"}},
		Places:  []station.Place{{ID: "p1", Name: "黄河渡口停车场", Village: "上滩村", Sectors: []string{"文化旅游"}}},
		Members: []station.Member{
			{ID: "m1", Name: "马晓舟", Sector: "文化旅游", Village: "上滩村", Title: "农家乐协会会长", Expertise: []string{"旅游投诉", "食品安全"}, Phone: "13900000001"},
			{ID: "m2", Name: "何淑英", Sector: "教育", Village: "下滩村", Expertise: []string{"入学"}, Phone: "13900000002"},
			{ID: "m3", Name: "赵丰年", Sector: "农业", Village: "上滩村", Phone: "13900000003"},
		},
		Departments: []station.Department{{ID: "d1", Name: "市场监管所"}},
		Liaisons:    []station.Liaison{{ID: "l1", Name: "孙联络"}, {ID: "a1", Name: "钱管理", Admin: true}},
		Categories: []station.Category{
			{Key: "travel", Name: "旅游消费", Sectors: []string{"文化旅游"}, Tourist: true},
			{Key: "school", Name: "教育入学", Sectors: []string{"教育"}},
		},
		Receptions: []station.Reception{{ID: "j01", Name: "委员接待日", Repeat: "每周五", From: 9 * 60, To: 12 * 60, Seats: 2}},
		Duty: []station.DutySlot{
			{Member: "m1", Place: "p1", Weekday: 1, From: 9 * 60, To: 12 * 60},
			{Member: "m2", Weekday: 1, From: 9 * 60, To: 18 * 60},
		},
	}
}

func testCodes() []station.Code {
	return []station.Code{
		{Key: codeOfMa, Station: "hk", Target: station.Target{Kind: station.ForMember, ID: "m1"}, CreatedAt: 1},
		{Key: codeOfHe, Station: "hk", Target: station.Target{Kind: station.ForMember, ID: "m2"}, CreatedAt: 2},
		{Key: codeRoom, Station: "hk", Target: station.Target{Kind: station.ForRoom, ID: "r1"}, CreatedAt: 3},
		{Key: codePlace, Station: "hk", Target: station.Target{Kind: station.ForPlace, ID: "p1"}, CreatedAt: 4},
		{Key: codeSite, Station: "hk", Target: station.Target{Kind: station.ForStation}, CreatedAt: 5},
		{Key: codeGone, Station: "hk", Target: station.Target{Kind: station.ForMember, ID: "m2"}, Revoked: true, CreatedAt: 6},
		{Key: codeOther, Station: "xj", Target: station.Target{Kind: station.ForStation}, CreatedAt: 7},
	}
}

// bundle is the product behind a real server, on a real Redis and the
// platform's stand-in.
type bundle struct {
	t     testing.TB
	clock *clock
	redis *storetest.Server
	store *store.Store
	desk  *desk.Desk
	emu   *emulator.Emulator
	texts *sms.Inbox
	face  *handlers.Server
	log   *syncBuffer
	http  *httptest.Server
}

// packed is a text as gzip has it.
func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// client4browsers is a built client.
var client4browsers = fstest.MapFS{
	"index.html":              {Data: []byte("<!doctype html><title>client</title><div id=app><!--app-html--></div>")},
	"index.html.gz":           {Data: []byte(packed("packed page"))},
	"assets/index-a1b2.js":    {Data: []byte("let a = 1;")},
	"assets/plain-a1b2.css":   {Data: []byte("a{}")},
	"assets/index-a1b2.js.gz": {Data: []byte(packed("packed script"))},
	"assets/index-a1b2.js.br": {Data: []byte("smaller script")},
	"pages/inbox/index.html":  {Data: []byte("<!doctype html><title>inbox</title>")},
}

// setup builds it; change may alter the options.
func setup(tb testing.TB, change ...func(*web.Options)) *bundle {
	tb.Helper()
	b := &bundle{t: tb, clock: &clock{now: monday}, log: &syncBuffer{}}
	b.redis = storetest.New(tb)
	b.store = b.redis.Open(tb, func(o *store.Options) { o.Clock = b.clock.Now })
	b.emu, b.texts = b.emulate(), sms.NewInbox(b.clock.Now)
	metrics := web.NewMetrics()
	client := b.client()
	b.desk = b.newDesk(client, metrics)
	tb.Cleanup(b.desk.Jobs.StopJobs)
	b.seed()
	o := web.Options{
		PublicURL: publicURL, Now: b.clock.Now, Metrics: metrics, Push: adapt.Push{Receiver: client.Receiver()},
		Log:         slog.New(slog.NewJSONHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		VerifyFiles: map[string]string{"Ab12cD.txt": "proof-of-domain"},
		Template:    func() ([]byte, error) { return []byte("PK-sheet"), nil },
		Emulator:    b.emu.Control(),
		Client:      client4browsers,
		Console:     client4browsers,
		Limits: web.Limits{
			PersonPerMinute: 100_000, SubmissionsPerDay: 100_000, UploadsPerHour: 100_000,
			AddressPerMinute: 1_000_000, LoginPerMinute: 1_000_000,
		},
		Version: "test",
		Beat:    5 * time.Millisecond,
	}
	for _, f := range change {
		f(&o)
	}
	var err error
	if b.face, err = handlers.New(b.desk, o); err != nil {
		tb.Fatal(err)
	}
	b.http = httptest.NewServer(b.face.Handler())
	b.http.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	tb.Cleanup(b.http.Close)
	return b
}

func (b *bundle) emulate() *emulator.Emulator {
	b.t.Helper()
	var templates []emulator.Template
	for p, id := range templateIDs() {
		var fields []emulator.Field
		for _, key := range wechat.DefaultKeys(p) {
			fields = append(fields, emulator.Field{Key: key})
		}
		templates = append(templates, emulator.Template{ID: id, Fields: fields})
	}
	e, err := emulator.New(b.t.Context(), emulator.Options{
		AppID: appID, AppSecret: appSecret, PushToken: pushToken, PushAESKey: pushKey,
		Clock: b.clock.Now, Rand: rand.Reader, Pages: wechat.Pages, Templates: templates,
		Push: func(ctx context.Context, r *http.Request) (*http.Response, error) {
			w := httptest.NewRecorder()
			b.face.Handler().ServeHTTP(w, r.WithContext(ctx))
			return w.Result(), nil
		},
		Fetch: b.fetch,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := e.Close(context.WithoutCancel(b.t.Context())); err != nil {
			b.t.Error(err)
		}
	})
	return e
}

// fetch is how the emulated platform gets a picture.
func (b *bundle) fetch(_ context.Context, address string) (int, string, []byte, error) {
	path, ok := strings.CutPrefix(address, publicURL)
	if !ok {
		return 0, "", nil, errors.New("not our address")
	}
	w := httptest.NewRecorder()
	b.face.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Header().Get("Content-Type"), w.Body.Bytes(), nil
}

// checked lets the platform look at every photo that waits for it.
func (b *bundle) checked() {
	b.t.Helper()
	if _, err := b.desk.Uploads.CheckPhotos(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	if err := b.emu.WaitIdle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.desk.Inbound.ProcessQueue(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

func templateIDs() map[notice.Purpose]string {
	ids := make(map[notice.Purpose]string)
	for _, p := range notice.Purposes {
		ids[p] = "template-" + string(p) + "-0123456789"
	}
	return ids
}

func (b *bundle) client() *wechat.Client {
	b.t.Helper()
	templates := make(map[notice.Purpose]wechat.Template)
	for p, id := range templateIDs() {
		templates[p] = wechat.Template{ID: id}
	}
	c, err := wechat.New(wechat.Config{
		AppID: appID, AppSecret: appSecret, PushToken: pushToken, PushAESKey: pushKey,
		Transport: wechat.HandlerTransport(b.emu.API()), Templates: templates,
	}, b.store.Tokens(), b.clock.Now, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(c.Close)
	return c
}

func (b *bundle) newDesk(c *wechat.Client, m *web.Metrics) *desk.Desk {
	b.t.Helper()
	ring, _, err := seal.LoadOrCreate(filepath.Join(b.t.TempDir(), "keys"), rand.Reader)
	if err != nil {
		b.t.Fatal(err)
	}
	folder, err := media.Open(b.t.TempDir(), media.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	years, err := holidays.Shipped()
	if err != nil {
		b.t.Fatal(err)
	}
	return desk.New(kit.Config{PublicURL: publicURL, Observe: m.Observe}, desk.Parts{
		Store: b.store, Handovers: b.store, Documents: b.store, Platform: adapt.Platform{Client: c}, Sealer: ring, Media: adapt.Files{Store: folder}, Painter: adapt.Painter{}, Sheets: adapt.Spreadsheets{},
		Reporter: adapt.Reporter{}, Calendars: adapt.Calendars{}, SMS: b.texts, Factors: signin.New(rand.Reader),
		Days: calendar.New(station.Zone, years...), Now: b.clock.Now, Rand: rand.Reader,
		Log: slog.New(slog.NewJSONHandler(b.log, nil)),
	})
}

func (b *bundle) seed() {
	b.t.Helper()
	other := &station.Station{
		ID: "xj", Name: "新街委员工作站", Phone: "0930-7654321", Version: 1,
		Sectors:  []station.Sector{{Name: "教育"}},
		Members:  []station.Member{{ID: "m9", Name: "田外站", Sector: "教育"}},
		Liaisons: []station.Liaison{{ID: "l9", Name: "周外站"}},
	}
	for _, st := range []*station.Station{testStation(), other} {
		if ok, err := b.store.PutStation(b.t.Context(), st, 0); err != nil || !ok {
			b.t.Fatal("station not stored: ", ok, err)
		}
	}
	for _, c := range testCodes() {
		if err := b.store.PutCode(b.t.Context(), c); err != nil {
			b.t.Fatal(err)
		}
	}
}

// reply is an answer of the server, read to its end.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// JSON decodes the body.
func (r reply) JSON(tb testing.TB) map[string]any {
	tb.Helper()
	var m map[string]any
	if err := json.Unmarshal(r.Body, &m); err != nil {
		tb.Fatalf("status %d, not JSON: %v\n%s", r.Status, err, r.Body)
	}
	return m
}

// at returns a field of an object, zero when it is missing or of another type.
func at[T any](m map[string]any, field string) T {
	v, _ := m[field].(T)
	return v
}

// obj returns an item of a list as an object.
func obj(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// send makes a request. body is nil, a string sent as it is, or a value sent
// as JSON.
func (b *bundle) send(method, path, token string, body any, headers ...string) reply {
	b.t.Helper()
	var in io.Reader
	switch v := body.(type) {
	case nil:
	case string:
		in = strings.NewReader(v)
	default:
		data, err := json.Marshal(v)
		if err != nil {
			b.t.Fatal(err)
		}
		in = bytes.NewReader(data)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.http.URL+path, in)
	if err != nil {
		b.t.Fatal(err)
	}
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

func (b *bundle) do(r *http.Request) reply {
	b.t.Helper()
	resp, err := b.http.Client().Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, data}
}

// login gives the person a session; their openid is person- and the name.
func (b *bundle) login(name string) string {
	b.t.Helper()
	r := b.send("POST", "/api/v1/sessions", "", map[string]any{"code": b.emu.LoginCode("person-" + name)})
	b.want(r, 201)
	return at[string](r.JSON(b.t), "token")
}

// as gives the person a session with a role of the station.
func (b *bundle) as(name, st, role, ref string) string {
	b.t.Helper()
	token := b.login(name)
	inv, err := b.desk.Identity.IssueInvite(b.t.Context(), record.Invite{Station: st, Role: role, Ref: ref})
	if err != nil {
		b.t.Fatal(err)
	}
	b.want(b.send("POST", "/api/v1/bindings", token, map[string]any{"invitation": inv.Code}), 200)
	return token
}

// want checks the status.
func (b *bundle) want(r reply, status int) {
	b.t.Helper()
	if r.Status != status {
		b.t.Fatalf("status %d, want %d: %s", r.Status, status, r.Body)
	}
}

// got is the body of an answer that must be 200.
func (b *bundle) got(r reply) map[string]any {
	b.t.Helper()
	b.want(r, 200)
	return r.JSON(b.t)
}

// problem checks that the answer is a problem with the status and the code,
// and returns it.
func (b *bundle) problem(r reply, status int, code string) map[string]any {
	b.t.Helper()
	b.want(r, status)
	m := r.JSON(b.t)
	if got := r.Header.Get("Content-Type"); got != "application/problem+json" {
		b.t.Errorf("Content-Type %q", got)
	}
	if m["code"] != code || m["status"] != float64(status) || m["type"] != "about:blank" || m["title"] != http.StatusText(status) {
		b.t.Errorf("problem %s, want code %s", r.Body, code)
	}
	if detail := at[string](m, "detail"); !hasHan(detail) {
		b.t.Errorf("detail %q is not for a Chinese reader", detail)
	}
	return m
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4e00 && r <= 0x9fff })
}

// fields are the names of an invalid problem's fields.
func fields(m map[string]any) []string {
	var list []string
	errs := at[[]any](m, "errors")
	for _, e := range errs {
		list = append(list, fmt.Sprint(obj(e)["field"]))
	}
	return list
}

// filing is a body that passes; change sets and (with nil) removes fields.
func filing(change map[string]any) map[string]any {
	m := map[string]any{
		"scene": codeOfMa, "kind": "complaint", "text": "停车场乱收费，每车多收二十元",
	}
	for k, v := range change {
		if v == nil {
			delete(m, k)
		} else {
			m[k] = v
		}
	}
	return m
}

// keys make idempotency keys that never repeat.
var keys struct {
	sync.Mutex
	n int
}

func newKey() string {
	keys.Lock()
	defer keys.Unlock()
	keys.n++
	return fmt.Sprintf("key-%08d", keys.n)
}

// file files and returns the receipt.
func (b *bundle) file(token string, change map[string]any) map[string]any {
	b.t.Helper()
	r := b.send("POST", "/api/v1/submissions", token, filing(change), "Idempotency-Key", newKey())
	b.want(r, 201)
	return r.JSON(b.t)
}

// act does one act and returns the answer.
func (b *bundle) act(token string, s map[string]any, act string, body map[string]any) reply {
	b.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	if _, ok := body["version"]; !ok {
		body["version"] = s["version"]
	}
	return b.send("POST", "/api/v1/submissions/"+at[string](s, "id")+"/"+act, token, body)
}

// done does an act that must succeed and returns the submission after it.
func (b *bundle) done(token string, s map[string]any, act string, body map[string]any) map[string]any {
	b.t.Helper()
	r := b.act(token, s, act, body)
	b.want(r, 200)
	return r.JSON(b.t)
}

// over does an act after which its doer sees the submission no more, and returns what
// reader sees of it.
func (b *bundle) over(token string, s map[string]any, act string, body map[string]any, reader string) map[string]any {
	b.t.Helper()
	if r := b.act(token, s, act, body); r.Status != 204 || len(r.Body) > 0 {
		b.t.Fatalf("%s: %d %s", act, r.Status, r.Body)
	}
	return b.got(b.send("GET", "/api/v1/submissions/"+at[string](s, "id"), reader, nil))
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

func (s *syncBuffer) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Reset()
}

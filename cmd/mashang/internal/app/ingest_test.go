package app_test

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
	"mashang/cmd/mashang/internal/demo"
	"mashang/desk/roster"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/store/storetest"
)

// product is everything joined over a Redis of its own.
func product(t *testing.T) (app.Product, *storetest.Server) {
	t.Helper()
	server := storetest.New(t)
	cfg := on(t, server)
	return built(t, cfg), server
}

// on is the configuration of an installation on a Redis of its own.
func on(t *testing.T, server *storetest.Server) config.Config {
	t.Helper()
	dir := t.TempDir()
	cfg, _, err := config.Load(config.Source{Dir: dir, Environ: []string{
		"MASHANG_DATA_DIR=" + dir, "MASHANG_REDIS_ADDR=" + server.Socket(),
	}})
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func built(t *testing.T, cfg config.Config) app.Product {
	t.Helper()
	p, err := app.Build(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return p
}

func testRoster() *station.Station {
	return &station.Station{
		ID: "lj", Name: "临江镇委员工作站", Phone: "0930-0000001",
		Sectors: []station.Sector{{Name: "经济"}},
		Rooms:   []station.Room{{ID: "r1", Name: "上滩村议事室"}},
		Places:  []station.Place{{ID: "p1", Name: "一号码头"}},
		Members: []station.Member{
			{ID: "m01", Name: "陈一", Sector: "经济", Phone: "13800138000"},
			{ID: "m02", Name: "陈二", Sector: "经济"},
		},
		Liaisons: []station.Liaison{{ID: "l01", Name: "周联络", Phone: "13900139000"}},
	}
}

// ingest takes a roster in and expects it to work.
func ingest(t *testing.T, p app.Product, st *station.Station) (*station.Station, []station.Change, []station.Code) {
	t.Helper()
	got, changes, codes, err := p.Ingest(t.Context(), st, false)
	if err != nil {
		t.Fatal(err)
	}
	return got, changes, codes
}

func TestIngest(t *testing.T) {
	t.Parallel()
	p, server := product(t)
	listed := testRoster()
	st, changes, codes := ingest(t, p, listed)
	if st.Version != 1 || len(changes) == 0 {
		t.Errorf("version %d, %d changes", st.Version, len(changes))
	}
	var got []station.Target
	for _, c := range codes {
		got = append(got, c.Target)
	}
	if diff := cmp.Diff(roster.Targets(st), got); diff != "" || len(got) != 5 {
		t.Errorf("codes: %s", diff)
	}
	if diff := cmp.Diff(testRoster(), listed); diff != "" {
		t.Errorf("what was listed has changed: %s", diff)
	}
	// Phones are sealed in the store and open again there only.
	stored, err := p.Store().Station(t.Context(), "lj")
	if err != nil {
		t.Fatal(err)
	}
	for _, sealed := range []string{stored.Members[0].Phone, stored.Liaisons[0].Phone} {
		open, err := p.Ring().Open(sealed, "roster/lj")
		if err != nil || open != "13800138000" && open != "13900139000" {
			t.Errorf("%q, %v", open, err)
		}
		if _, err := p.Ring().Open(sealed, "roster/hz"); err == nil {
			t.Error("it opens in another station")
		}
	}
	raw, err := server.Client(t).Get(t.Context(), "{lj}:roster").Result()
	if err != nil || strings.Contains(raw, "13800138000") || strings.Contains(raw, "13900139000") {
		t.Errorf("a phone lies open, or %v", err)
	}
	// The same again changes nothing.
	st, changes, codes = ingest(t, p, testRoster())
	if st.Version != 1 || len(changes) != 0 || len(codes) != 0 {
		t.Errorf("again: version %d, %v, %d codes", st.Version, changes, len(codes))
	}
}

func TestIngestAgain(t *testing.T) {
	t.Parallel()
	p, server := product(t)
	_, _, before := ingest(t, p, testRoster())
	next := testRoster()
	next.Members = []station.Member{{ID: "m01", Name: "陈一", Sector: "经济", Phone: "13700137000"}, {ID: "m03", Name: "陈三", Sector: "经济"}}
	// A dry run says the same and does nothing.
	_, would, made, err := p.Ingest(t.Context(), next, true)
	if err != nil || len(would) == 0 || made != nil {
		t.Fatal(would, made, err)
	}
	if v, err := p.Store().StationVersion(t.Context(), "lj"); v != 1 || err != nil {
		t.Errorf("a dry run left version %d, %v", v, err)
	}
	st, changes, codes := ingest(t, p, next)
	if diff := cmp.Diff(would, changes); diff != "" {
		t.Error(diff)
	}
	if m, ok := st.Member("m02"); !ok || !m.Left || m.Name != "陈二" || st.Version != 2 {
		t.Errorf("version %d, gone: %+v", st.Version, m)
	}
	if len(codes) != 1 || codes[0].Target != (station.Target{Kind: station.ForMember, ID: "m03"}) {
		t.Errorf("new codes %+v", codes)
	}
	// What a crash left out is made up for, and no printed code is replaced.
	client := server.Client(t)
	lost := codes[0].Key
	if n, err := client.Del(t.Context(), "code:"+lost).Result(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, _, codes = ingest(t, p, next); len(codes) != 1 || codes[0].Target.ID != "m03" {
		t.Errorf("after a crash: %+v", codes)
	}
	all, err := p.Store().Codes(t.Context(), "lj")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range before {
		if !slices.Contains(all, c) {
			t.Errorf("the code of %v was replaced", c.Target)
		}
	}
}

func TestUnbound(t *testing.T) {
	t.Parallel()
	p, _ := product(t)
	st, _, _ := ingest(t, p, testRoster())
	list, err := p.Unbound(t.Context(), st)
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	o, err := p.Desk().Identity.Open(t.Context(), p.LoginCode("somebody"), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Store().Bind(t.Context(), o.User.ID, record.Invite{Station: "lj", Role: "member", Ref: "m01"}); err != nil {
		t.Fatal(err)
	}
	list, err = p.Unbound(t.Context(), st)
	if want := []record.Invite{{Station: "lj", Role: "liaison", Ref: "l01"}, {Station: "lj", Role: "member", Ref: "m02"}}; err != nil || !slices.Equal(list, want) {
		t.Errorf("%v, %v", list, err)
	}
}

// TestSeed fills a store, plays its cast, and mends a seeding cut short.
func TestSeed(t *testing.T) {
	t.Parallel()
	p, server := product(t)
	if err := p.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	st, err := demo.Station()
	if err != nil {
		t.Fatal(err)
	}
	cast, err := p.Cast(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(cast.Members) != 31 || len(cast.Liaisons) != len(st.Liaisons) || len(cast.Codes) != len(roster.Targets(st)) || len(cast.Templates) != len(notice.Purposes) {
		t.Fatalf("%d members, %d liaisons, %d codes, %d templates", len(cast.Members), len(cast.Liaisons), len(cast.Codes), len(cast.Templates))
	}
	for _, m := range cast.Members {
		o, err := p.Desk().Identity.Open(t.Context(), p.LoginCode(m.OpenID), "")
		if err != nil || o.User.Role != "member" || o.User.Member != m.ID || o.User.Name != m.Name {
			t.Errorf("%s: %+v, %v", m.OpenID, o.User, err)
		}
		wantConsents(t, server, o.User.ID)
	}
	if len(cast.Departments) != len(st.Departments) {
		t.Errorf("%d departments", len(cast.Departments))
	}
	for _, d := range cast.Departments {
		o, err := p.Desk().Identity.Open(t.Context(), p.LoginCode(d.OpenID), "")
		if err != nil || o.User.Role != "department" || o.User.Name != d.Name {
			t.Errorf("%s: %+v, %v", d.OpenID, o.User, err)
		}
	}
	scanned := map[string]bool{}
	for _, c := range cast.Codes {
		o, err := p.Desk().Identity.Open(t.Context(), p.LoginCode("a-visitor"), c.Key)
		if err != nil || o.Target == nil || o.Target.Name != c.Name || string(o.Target.Kind) != c.Kind || (c.MemberOpenID != "") != (c.Kind == "member") {
			t.Errorf("%+v: %+v, %v", c, o.Target, err)
		}
		if scanned[c.Key] {
			t.Errorf("%s stands twice", c.Key)
		}
		scanned[c.Key] = true
	}
	for i, x := range cast.Templates {
		if x.Purpose != string(notice.Purposes[i]) || x.For != notice.Purposes[i].Audience() || x.ID == "" {
			t.Errorf("template %+v", x)
		}
	}
	// Killed after the consents and before the binding: the next start ends it.
	first := cast.Members[0]
	if n, err := server.Client(t).Del(t.Context(), "bound:"+st.ID+":member:"+first.ID).Result(); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	for range 2 {
		if err := p.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	person, err := p.Store().Bound(t.Context(), record.Invite{Station: st.ID, Role: "member", Ref: first.ID})
	if err != nil || person == "" {
		t.Errorf("%q is bound, %v", person, err)
	}
	again, err := p.Cast(t.Context())
	if diff := cmp.Diff(cast, again); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
}

// wantConsents expects twenty of each of a member's purposes.
func wantConsents(t *testing.T, server *storetest.Server, person string) {
	t.Helper()
	got, err := server.Client(t).HGetAll(t.Context(), "consent:"+person).Result()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, p := range notice.Purposes {
		if p.Audience() == "member" {
			want[string(p)] = "20"
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSeedLeavesOthersAlone: a store that has a station of its own.
func TestSeedLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	p, _ := product(t)
	ingest(t, p, testRoster())
	if err := p.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ids, err := p.Store().StationIDs(t.Context()); err != nil || !slices.Equal(ids, []string{"lj"}) {
		t.Errorf("%v, %v", ids, err)
	}
}

// TestRemembered: what the folder remembers after a stop guards the next start.
func TestRemembered(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	cfg := on(t, server)
	p, err := app.Build(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ingest(t, p, testRoster())
	if err := p.Remember(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := app.ReadCanary(cfg.Data.Dir)
	if err != nil || c.Store == "" || len(c.Counts) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if err := server.Client(t).FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	// Whoever served meanwhile does not write the loss down as the truth.
	if err := p.Close(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "canary") {
		t.Errorf("stopped beside an emptied store: %v", err)
	}
	q, err := app.Build(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("an emptied store is served: %v", err)
		_ = q.Close(t.Context())
	}
}

// The made-up station and its emulated people have no place beside a real
// AppID, and nothing is opened to find that out.
func TestNoDemoBesideARealPlatform(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	cfg, _, err := config.Load(config.Source{Dir: t.TempDir(), Environ: []string{
		"MASHANG_DATA_DIR=" + dir, "MASHANG_HTTP_ADDR=127.0.0.1:0", "MASHANG_WECHAT_APP_ID=wx1234567890abcdef",
		"MASHANG_WECHAT_APP_SECRET=0123456789abcdef0123456789abcdef", "MASHANG_WECHAT_PUSH_TOKEN=token123", "MASHANG_WECHAT_PUSH_MODE=plain",
	}})
	if err != nil {
		t.Fatal(err)
	}
	err = app.Serve{Config: cfg, Demo: true, Log: slog.New(slog.DiscardHandler)}.Run(t.Context())
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "--demo") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the data folder: %v", err)
	}
}

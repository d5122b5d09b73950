package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestMemory(t *testing.T) {
	t.Parallel()
	ctx, m := t.Context(), &app.Memory{}
	want := func(value string) {
		t.Helper()
		if got, err := m.Get(ctx, "token"); got != value || err != nil {
			t.Errorf("%q, %v, want %q", got, err, value)
		}
	}
	want("")
	if err := m.DeleteIf(ctx, "token", ""); err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{"a", "b"} {
		if err := m.Set(ctx, "token", v, time.Minute); err != nil {
			t.Fatal(err)
		}
		want(v)
	}
	if err := m.DeleteIf(ctx, "token", "a"); err != nil {
		t.Fatal(err)
	}
	want("b") // somebody has renewed it since
	if err := m.DeleteIf(ctx, "token", "b"); err != nil {
		t.Fatal(err)
	}
	want("")
}

func TestHostOf(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"redis.example:6379": "redis.example", "10.0.0.7:6379": "10.0.0.7", "[fd00::7]:6379": "fd00::7", "redis": "redis",
	} {
		if got := app.HostOf(addr); got != want {
			t.Errorf("%s: %q, want %q", addr, got, want)
		}
	}
}

func TestSkew(t *testing.T) {
	t.Parallel()
	date := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			t.Errorf("asked by %s", r.Method)
		}
		w.Header()["Date"] = nil // the server would add its own
		if date != "" {
			w.Header().Set("Date", date)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	cfg := config.Defaults()
	cfg.WeChat.APIBase = server.URL
	d := app.Checkup{Config: cfg}
	for _, off := range []time.Duration{0, -time.Hour, 90 * time.Second} {
		date = time.Now().Add(-off).UTC().Format(http.TimeFormat)
		got, err := d.Skew(t.Context())
		if err != nil || (got-off).Abs() > 10*time.Second {
			t.Errorf("off by %v: %v, %v", off, got, err)
		}
	}
	for _, date = range []string{"", "yesterday"} {
		if got, err := d.Skew(t.Context()); err == nil {
			t.Errorf("date %q: %v", date, got)
		}
	}
	server.Close()
	if _, err := d.Skew(t.Context()); err == nil {
		t.Error("nobody answers")
	}
}

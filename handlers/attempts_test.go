package handlers_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"mashang/handlers/web"
)

// noted are the attempts that an administrator reads, "kind action account times".
func (b *bundle) noted(admin, query string) []string {
	b.t.Helper()
	if _, err := b.desk.Login.WriteAttempts(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	list := []string{}
	for _, item := range at[[]any](b.send("GET", "/api/v1/station/attempts"+query, admin, nil).JSON(b.t), "items") {
		a := obj(item)
		account, _ := a["account_name"].(string)
		list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%v %v %v %v", a["kind"], a["action"], account, a["times"])), " "))
	}
	return list
}

// What is refused is seen: in the log, by the administrator, and, when somebody
// tried to be one of the staff, in the audit.
func TestRefusalsLeaveATrace(t *testing.T) {
	t.Parallel()
	b := setup(t, func(o *web.Options) {
		o.Limits = web.Limits{PersonPerMinute: 100, AddressPerMinute: 200, LoginPerMinute: 200}
	})
	visitor, admin := b.login("villager"), b.as("qian", "hk", "liaison", "a1")
	other := b.as("zhou", "xj", "liaison", "l9")
	for door, ask := range map[string]func() reply{
		"unauthenticated GET /api/v1/me":        func() reply { return b.send("GET", "/api/v1/me", "no such token", nil) },
		"denied GET /api/v1/station/now":        func() reply { return b.send("GET", "/api/v1/station/now", visitor, nil) },
		"not_found GET /api/v1/submissions/:id": func() reply { return b.send("GET", "/api/v1/submissions/hk-0000000000000000", visitor, nil) },
		"not_found GET /q/:key":                 func() reply { return b.send("GET", "/q/2222222222", "", nil) },
		"sign_in POST /api/v1/sessions": func() reply {
			return b.send("POST", "/api/v1/sessions", "", `{"phone":"13800138000","sms_code":"000000"}`)
		},
		"sign_in POST /api/v1/bindings": func() reply { return b.send("POST", "/api/v1/bindings", visitor, `{"invitation":"0000000000000000"}`) },
		"sign_in POST /api/v1/console/sessions 孙联络": func() reply {
			return b.send("POST", "/api/v1/console/sessions", "", `{"account":" L1@hk","password":"guessed","code":"1"}`)
		},
		"sign_in POST /api/v1/console/sessions": func() reply {
			return b.send("POST", "/api/v1/console/sessions", "", `{"account":"my password@hk","password":"x","code":"1"}`)
		},
		"too_many POST /api/v1/sessions/sms": func() reply { return b.send("POST", "/api/v1/sessions/sms", "", `{"phone":"13800138000"}`) },
	} {
		b.log.reset()
		if strings.HasPrefix(door, "too_many") {
			b.want(ask(), 200)
		}
		if r := ask(); r.Status < 400 || r.Status >= 500 {
			t.Errorf("%s: %d", door, r.Status)
		}
		b.clock.Advance(time.Second)
		if got := b.noted(admin, "?limit=1"); len(got) != 1 || got[0] != door+" 1" {
			t.Errorf("%s: the page shows %q", door, got)
		}
		line := ""
		for l := range strings.SplitSeq(b.log.String(), "\n") {
			if strings.Contains(l, `"msg":"refused"`) {
				line = l
			}
		}
		if !strings.Contains(line, `"level":"WARN"`) || !strings.Contains(line, `"address":"127.0.0.1"`) ||
			strings.Contains(door, "submissions") && strings.Contains(line, `"who":""`) {
			t.Errorf("%s: the log says %s", door, line)
		}
		for _, secret := range []string{"13800138000", "0000000000000000", "guessed", "my password", "no such token"} {
			if strings.Contains(line, secret) {
				t.Errorf("%s: the log holds %s", door, secret)
			}
		}
	}
	if got := b.noted(admin, "?kind=denied"); len(got) != 1 {
		t.Errorf("one kind alone: %q", got)
	}
	// What concerns a station is not another's.
	b.want(b.send("GET", "/api/v1/station/attempts", other, nil), 403)
	for _, got := range b.noted(admin, "") {
		if strings.Contains(got, "attempts") {
			t.Errorf("another station's: %s", got)
		}
	}
	failed := 0
	for _, item := range at[[]any](b.send("GET", "/api/v1/station/audit?what=sign-in-failed", admin, nil).JSON(t), "items") {
		if l := obj(item); l["thing_name"] == "孙联络" && l["what_name"] == "登录失败" && strings.Contains(at[string](l, "why"), "127.0.0.1") {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d failed sign-ins in the audit, want 1", failed)
	}
}

// A flood of refusals is one line with a count, and one of different kinds is
// bounded.
func TestAFloodOfRefusalsIsOneLine(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.as("qian", "hk", "liaison", "a1")
	b.noted(admin, "")
	b.log.reset()
	for range 500 {
		b.from("203.0.113.7:1", "", "GET", "/api/v1/me", "")
	}
	if got := b.noted(admin, "?limit=1"); len(got) != 1 || got[0] != "unauthenticated GET /api/v1/me 500" {
		t.Errorf("the page shows %q", got)
	}
	if n := strings.Count(b.log.String(), `"msg":"refused"`); n != 1 {
		t.Errorf("%d lines for 500 refusals", n)
	}
	b.log.reset()
	for n := range 400 {
		b.from(fmt.Sprintf("203.0.%d.%d:1", n/200, n%200), "", "GET", "/api/v1/me", "")
	}
	if _, err := b.desk.Login.WriteAttempts(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.log.String(), `"msg":"refused"`); n != 101 || !strings.Contains(b.log.String(), `"kind":"others","times":300`) {
		t.Errorf("%d lines for 400 addresses", n)
	}
}

// While the store is down every request is refused: the log says so, and how
// often, and does not fill the disk.
func TestAnOutageIsLoggedSampled(t *testing.T) {
	t.Parallel()
	var log syncBuffer
	b := setup(t, func(o *web.Options) { o.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	visitor := b.login("villager")
	b.redis.Kill(t)
	ask := func() {
		b.want(b.send("GET", "/api/v1/codes/"+codeOther, "", nil), 503)
		b.want(b.send("GET", "/api/v1/submissions", visitor, nil), 503)
	}
	for range 200 {
		ask()
	}
	first := log.String()
	if n := strings.Count(first, "\n"); n < 1 || n > 2 || !strings.Contains(first, `"level":"ERROR"`) || !strings.Contains(first, `"err":`) {
		t.Errorf("%d lines for 400 refused requests:\n%s", n, first)
	}
	b.clock.Advance(11 * time.Second)
	ask()
	if later := strings.TrimPrefix(log.String(), first); !strings.Contains(later, `"more":`) || strings.Count(later, "\n") > 2 {
		t.Errorf("ten seconds later: %s", later)
	}
}

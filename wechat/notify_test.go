package wechat_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/domain/notice"
	"mashang/wechat"
	"mashang/wechat/emulator"
)

func TestOutcomeOfEachErrcode(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]notice.Outcome{
		0: notice.Sent, 43101: notice.NoConsent,
		-1: notice.Retry, 43108: notice.Retry, 45011: notice.Retry, 45009: notice.Retry, 40001: notice.Retry,
		40003: notice.Refused, 40037: notice.Refused, 41030: notice.Refused, 43107: notice.Refused,
		45168: notice.Refused, 47003: notice.Refused, 48001: notice.Refused,
	} {
		// It alarms if the cause is neither this person nor these words.
		calls := want == notice.Refused && code != 40003 && code != 45168 || code == 45009 || code == 40001
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			t.Parallel()
			b := stubbed(t, func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":"as told rid: 6a0b-1-2"}`, code)
			})
			got, err := b.Notify(t.Context(), aMessage())
			if got != want {
				t.Errorf("got %q (%v), want %q", got, err, want)
			}
			if silent := want == notice.Sent || want == notice.NoConsent; silent != (err == nil) {
				t.Errorf("error %v with outcome %q", err, got)
			}
			if alarmed := strings.Contains(b.log.String(), "level=ERROR"); alarmed != calls {
				t.Errorf("alarm %v with outcome %q", alarmed, got)
			}
		})
	}
}

func TestLostAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"cut":     func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"html":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"gateway": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"slow":    func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := stubbed(t, answer)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if got, err := b.Notify(ctx, aMessage()); got != notice.Unknown || err == nil {
				t.Errorf("got %q, %v, want unknown and why", got, err)
			}
		})
	}
}

func TestNothingSentIsRetried(t *testing.T) {
	t.Parallel()
	cfg := config(nil)
	cfg.BaseURL = "http://127.0.0.1:1" // nothing listens there
	b := client(t, newClock(), nil, cfg)
	if got, err := b.Notify(t.Context(), aMessage()); got != notice.Retry || err == nil {
		t.Errorf("got %q, %v, want retry and why", got, err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := b.Notify(done, aMessage()); got != notice.Retry || err == nil {
		t.Errorf("cancelled: got %q, %v, want retry and why", got, err)
	}
}

func TestOneSendAtATimeToAPerson(t *testing.T) {
	t.Parallel()
	var under, most atomic.Int64
	c := newClock()
	emu := emulated(t, c, func(o *emulator.Options) {
		o.Delivering = func(context.Context, string) {
			n := under.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				continue
			}
			under.Add(-1)
		}
	})
	b := client(t, c, emu, config(wechat.HandlerTransport(emu.API())))
	const sends = 100
	if _, err := emu.Grant(t.Context(), someone, templateID(notice.MemberNew), sends); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range sends {
		wg.Go(func() {
			if got, err := b.Notify(t.Context(), aMessage()); got != notice.Sent {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	wg.Wait()
	if most.Load() != 1 {
		t.Errorf("%d sends to one person at once", most.Load())
	}
	if n := len(emu.Messages(someone)); n != sends {
		t.Errorf("%d messages arrived, want %d", n, sends)
	}
}

// TestNoTextIsEverRefused: the strict emulator never answers 47003, whatever people write.
func TestNoTextIsEverRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, p := range notice.Purposes {
		if err := b.emu.GrantQuietly(t.Context(), someone, templateID(p), 1000); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := notice.Message{
			OpenID: someone, Purpose: rapid.SampledFrom(notice.Purposes).Draw(rt, "purpose"),
			Data: make(map[string]string),
		}
		for _, f := range notice.Fields[m.Purpose] {
			if f.Type == "time" {
				m.Data[f.Meaning] = time.Unix(rapid.Int64Range(0, 4e9).Draw(rt, "time"), 0).UTC().Format(time.RFC3339)
				continue
			}
			m.Data[f.Meaning] = rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
				"", "\u200b", "\ufeff", "\x00\x01", "\xff\xfe", "　", "👨‍👩‍👧", "第\n一\r\n行", strings.Repeat("很", 500), "<b>&amp;",
			})).Draw(rt, f.Meaning)
		}
		got, err := b.Notify(rt.Context(), m)
		switch got {
		case notice.Sent:
		case notice.NoConsent: // the thousand grants are used up
			if err := b.emu.GrantQuietly(rt.Context(), someone, templateID(m.Purpose), 1000); err != nil {
				rt.Fatal(err)
			}
		default:
			rt.Fatalf("got %q: %v", got, err)
		}
	})
}

func TestFieldTypes(t *testing.T) {
	t.Parallel()
	purpose := notice.MemberNew // its last field gets each type in turn
	for _, tc := range []struct{ kind, text, want string }{
		{"thing", strings.Repeat("字", 20), strings.Repeat("字", 20)},
		{"thing", strings.Repeat("字", 21), strings.Repeat("字", 19) + "…"},
		{"thing", "a\tb\r\nc\x00d", "a b c d"},
		{"phrase", "已办结（满意）", "已办结满意"},
		{"phrase", "待受理中请稍候", "待受理中请"},
		{"phrase", "OK", "无"},
		{"character_string", "受理 2026-0001 号", "2026-0001"},
		{"character_string", "中文", "-"},
		{"name", "张三", "张三"},
		{"name", "李四2号", "李四号"},
		{"name", "", "无"},
		{"number", "12.5", "12.5"},
		{"letter", "Ab1c", "Abc"},
		{"symbol", "a+b", "+"},
		{"phone_number", "电话 0931-1234567", "0931-1234567"},
		{"car_number", "甘A·12345", "甘A12345"},
		{"time", "2026年5月1日 09:30", "2026-05-01 09:30"},
		{"time", "2026-05-01T01:30:00.5Z", "2026-05-01 09:30"},
		{"date", "2026-05-01 09:30", "2026-05-01"},
		{"amount", "¥12.50", "¥12.50"},
		{"number", "many", ""},
		{"amount", "a lot", ""},
		{"time", "", ""},
		{"poem", "an unknown type", ""},
	} {
		t.Run(tc.kind+"/"+tc.text, func(t *testing.T) {
			t.Parallel()
			got := make(chan string, 1)
			handler := func(w http.ResponseWriter, r *http.Request) {
				body := make([]byte, r.ContentLength)
				_, _ = r.Body.Read(body)
				if m := regexp.MustCompile(`"` + tc.kind + `9":\{"value":"([^"]*)"`).FindSubmatch(body); m != nil {
					got <- string(m[1])
				}
				_, _ = w.Write([]byte(`{"errcode":0}`))
			}
			mux := http.NewServeMux()
			mux.HandleFunc("/cgi-bin/stable_token", func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(`{"access_token":"t","expires_in":7200}`))
			})
			mux.HandleFunc("/", handler)
			cfg := config(wechat.HandlerTransport(mux))
			tpl := wechat.Template{ID: templateID(purpose), Keys: map[string]string{notice.Due: tc.kind + "9"}}
			cfg.Templates = map[notice.Purpose]wechat.Template{purpose: tpl}
			b := client(t, newClock(), nil, cfg)
			m := aMessage()
			m.Data[notice.Due] = tc.text
			outcome, err := b.Notify(t.Context(), m)
			if tc.want == "" {
				if outcome != notice.Refused || err == nil {
					t.Fatalf("got %q, %v, want refused", outcome, err)
				}
				return
			}
			if outcome != notice.Sent {
				t.Fatalf("got %q, %v", outcome, err)
			}
			if v := <-got; v != tc.want {
				t.Errorf("got %q, want %q", v, tc.want)
			}
		})
	}
}

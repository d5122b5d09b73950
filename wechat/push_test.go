package wechat_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"mashang/wechat"
	"mashang/wechat/emulator"
)

// pushURL is a small version of the product's push handler: it opens a push and answers success.
type pushURL struct {
	receiver *wechat.Receiver
	events   []wechat.Event
}

func (p *pushURL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		echo, err := p.receiver.Echo(r.URL.Query())
		if err != nil {
			http.Error(w, "", http.StatusForbidden)
			return
		}
		_, _ = io.WriteString(w, echo)
		return
	}
	body, _ := io.ReadAll(r.Body)
	events, err := p.receiver.Open(r.URL.Query(), body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	p.events = append(p.events, events...)
	_, _ = io.WriteString(w, "success")
}

// TestEveryModeAndForm pushes every kind of event, in each of the platform's six settings, to a receiver with
// the same setting.
func TestEveryModeAndForm(t *testing.T) {
	t.Parallel()
	for _, mode := range []emulator.Mode{emulator.Plain, emulator.Compatible, emulator.Safe} {
		for _, format := range []emulator.Format{emulator.JSON, emulator.XML} {
			t.Run(string(mode)+"/"+string(format), func(t *testing.T) {
				t.Parallel()
				face := &pushURL{}
				c := newClock()
				emu := emulated(t, c, func(o *emulator.Options) {
					o.PushMode, o.PushFormat, o.SentEvents = mode, format, true
					rt := wechat.HandlerTransport(face)
					o.Push = func(_ context.Context, r *http.Request) (*http.Response, error) { return rt.RoundTrip(r) }
				})
				cfg := config(wechat.HandlerTransport(emu.API()))
				cfg.PushMode = wechat.PushMode(mode)
				b := client(t, c, emu, cfg)
				face.receiver = b.Receiver()
				everyPush(t, b)
				checkPushed(t, face.events)

				echo := emu.EchoQuery()
				if got, err := b.Receiver().Echo(echo); err != nil || got != echo.Get("echostr") {
					t.Errorf("echo: %q, %v", got, err)
				}
			})
		}
	}
}

const awkward = "第3号：路灯 <坏了> & \"黑\" ]]> 😀\n第二行"

func everyPush(t *testing.T, b *bundle) {
	t.Helper()
	ctx := t.Context()
	template := templateID("member_new")
	left, err := b.emu.Grant(ctx, someone, template, 250)
	if err != nil || left != 250 {
		t.Fatalf("grant: %d, %v", left, err)
	}
	for name, err := range map[string]error{
		"write":  b.emu.Write(ctx, someone, awkward),
		"again":  b.emu.Write(ctx, someone, awkward),
		"enter":  b.emu.Enter(ctx, someone),
		"reject": b.emu.Reject(ctx, someone, template),
	} {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if got, err := b.Notify(ctx, aMessage()); got != "sent" {
		t.Fatalf("notify: %q, %v", got, err)
	}
	if err := b.emu.Withdraw(ctx, someone, template); err != nil {
		t.Fatal(err)
	}
	if got, _ := b.Notify(ctx, aMessage()); got != "no_consent" {
		t.Fatalf("after the withdrawal: %q", got)
	}
}

func checkPushed(t *testing.T, events []wechat.Event) {
	t.Helper()
	count := make(map[wechat.Kind]int)
	ids := make(map[string]bool)
	accepted := 0
	for _, e := range events {
		count[e.Kind]++
		if ids[e.ID] {
			t.Errorf("an id comes twice: %+v", e)
		}
		ids[e.ID] = true
		if e.OpenID != someone {
			t.Errorf("from %q", e.OpenID)
		}
		if e.Kind == wechat.Text && e.Text != awkward {
			t.Errorf("text %q, want %q", e.Text, awkward)
		}
		if e.Accept {
			accepted++
		}
	}
	want := map[wechat.Kind]int{
		wechat.Text: 2, wechat.Enter: 1, wechat.SubscribePopup: 251, wechat.SubscribeChange: 1, wechat.SubscribeSent: 1,
	}
	for kind, n := range want {
		if count[kind] != n {
			t.Errorf("%s: %d, want %d", kind, count[kind], n)
		}
	}
	if accepted != 250 {
		t.Errorf("%d accepted, want 250: both sides must count the same", accepted)
	}
}

// TestWrongSettingIsRefused: a receiver with another mode, key or token accepts nothing.
func TestWrongSettingIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*wechat.Config){
		"token": func(c *wechat.Config) { c.PushToken = "anothertoken" },
		"key":   func(c *wechat.Config) { c.PushAESKey = "A" + pushKey[1:] },
		"plain": func(c *wechat.Config) { c.PushMode = wechat.PushPlain },
		"appid": func(c *wechat.Config) { c.AppID = "wxanotheraccount00" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			face := &pushURL{}
			c := newClock()
			emu := emulated(t, c, func(o *emulator.Options) {
				rt := wechat.HandlerTransport(face)
				o.Push = func(_ context.Context, r *http.Request) (*http.Response, error) { return rt.RoundTrip(r) }
			})
			cfg := config(wechat.HandlerTransport(emu.API()))
			change(&cfg)
			face.receiver = client(t, c, emu, cfg).Receiver()
			if err := emu.Write(t.Context(), someone, "您好"); err == nil {
				t.Error("the push was taken")
			}
			if len(face.events) != 0 {
				t.Errorf("events got through: %+v", face.events)
			}
		})
	}
}

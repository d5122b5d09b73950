package emulator_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"mashang/wechat/emulator"
)

func TestSendRules(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	field := func(key, value string) func(map[string]any) {
		return func(m map[string]any) {
			data, _ := m["data"].(map[string]any)
			data[key] = map[string]any{"value": value}
		}
	}
	set := func(key string, value any) func(map[string]any) {
		return func(m map[string]any) { m[key] = value }
	}
	b.want(b.send(nil), 40003) // nobody by that name yet
	b.grant(1)
	for name, tc := range map[string]struct {
		change func(map[string]any)
		code   int
		text   string
	}{
		"template":        {set("template_id", "nonsense"), 40037, ""},
		"page":            {set("page", "pages/other/index"), 41030, ""},
		"slash":           {set("page", "/pages/index/index"), 41030, ""},
		"state":           {set("miniprogram_state", "beta"), 40097, ""},
		"lang":            {set("lang", "tlh"), 40097, ""},
		"no data":         {set("data", map[string]any{}), 47003, "data.thing1.value is empty"},
		"empty":           {field("thing1", ""), 47003, "argument invalid! data.thing1.value is empty"},
		"blank":           {field("thing1", "  "), 47003, "data.thing1.value is empty"},
		"long thing":      {field("thing1", strings.Repeat("字", 21)), 47003, "data.thing1.value invalid"},
		"line break":      {field("thing1", "一\n二"), 47003, "data.thing1.value invalid"},
		"time":            {field("time2", "soon"), 47003, "data.time2.value invalid"},
		"value no string": {set("data", map[string]any{"thing1": map[string]any{"value": 1}}), 47001, ""},
		"another's grant": {func(m map[string]any) {
			m["template_id"], m["data"] = "template-2", map[string]any{"phrase1": map[string]any{"value": "已办结"}}
		}, 43101, ""},
	} {
		a := b.send(tc.change)
		if a.ErrCode != tc.code || !strings.Contains(a.ErrMsg, tc.text) {
			t.Errorf("%s: errcode %d (%s), want %d %q", name, a.ErrCode, a.ErrMsg, tc.code, tc.text)
		}
	}
	if n := b.Left(someone, tpl); n != 1 {
		t.Fatalf("refused sends cost grants: %d left", n)
	}
	b.want(b.send(field("extra9", "ignored")), 0)
	b.want(b.send(nil), 43101) // one grant, one message
	got := b.Messages(someone)
	if len(got) != 1 || got[0].Data["thing1"].Value != "路灯坏了" || len(got[0].Data) != 2 {
		t.Errorf("messages: %+v", got)
	}
}

func TestFieldTypes(t *testing.T) {
	t.Parallel()
	for key, tc := range map[string]struct{ good, bad []string }{
		"thing1":            {[]string{"一二三abc!", strings.Repeat("字", 20)}, []string{strings.Repeat("a", 21), "a\x00b"}},
		"number1":           {[]string{"1", "12.50"}, []string{"1a", "一", strings.Repeat("1", 33)}},
		"letter1":           {[]string{"abC"}, []string{"a1", "字", strings.Repeat("a", 33)}},
		"symbol1":           {[]string{"+-*/!"}, []string{"++++++", "a", "加"}},
		"character_string1": {[]string{"A-1/2#x", strings.Repeat("a", 32)}, []string{"编号1", "a b", strings.Repeat("a", 33)}},
		"time1":             {[]string{"15:01", "2019年10月1日 15:01", "2026-05-01 09:30:00", "10:00~11:30"}, []string{"25:00", "tomorrow", "10:00至11:00"}},
		"date1":             {[]string{"2019年10月1日", "2019-10-01", "2019/1/1", "2019.1.1~2019.1.2"}, []string{"10月1日", "15:01"}},
		"amount1":           {[]string{"¥100", "100.5元", "$3"}, []string{"一百元", "12345678901"}},
		"phone_number1":     {[]string{"13800000000", "+86-0931-1234567"}, []string{"电话", "123456789012345678"}},
		"car_number1":       {[]string{"粤A8Z888挂", "甘A12345"}, []string{"甘A·12345", "甘A12345678"}},
		"name1":             {[]string{"张三", "John Smith"}, []string{"张三2", strings.Repeat("张", 11), strings.Repeat("a", 21)}},
		"phrase1":           {[]string{"已办结", "一二三四五"}, []string{"一二三四五六", "OK", "已办结1"}},
		"enum1":             {[]string{"男"}, []string{strings.Repeat("男", 21)}},
	} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			b := setup(t, func(o *emulator.Options) {
				o.Templates = []emulator.Template{{ID: tpl, Fields: []emulator.Field{{Key: key}}}}
			})
			b.grant(len(tc.good))
			send := func(v string) answer {
				return b.send(func(m map[string]any) { m["data"] = map[string]any{key: map[string]any{"value": v}} })
			}
			for _, v := range tc.bad {
				if a := send(v); a.ErrCode != 47003 {
					t.Errorf("%q was taken (%d)", v, a.ErrCode)
				}
			}
			for _, v := range tc.good {
				if a := send(v); a.ErrCode != 0 {
					t.Errorf("%q was refused: %s", v, a.ErrMsg)
				}
			}
		})
	}
}

func TestOverlappingSends(t *testing.T) {
	t.Parallel()
	entered, release := make(chan struct{}), make(chan struct{})
	b := setup(t, func(o *emulator.Options) {
		o.Delivering = func(context.Context, string) {
			entered <- struct{}{}
			<-release
		}
	})
	b.grant(2)
	done := make(chan answer)
	go func() { done <- b.send(nil) }()
	<-entered
	b.want(b.send(nil), 43108)
	if n := b.Left(someone, tpl); n != 1 {
		t.Errorf("%d left while one is on its way, want 1", n)
	}
	close(release)
	b.want(<-done, 0)
}

// TestGrantsBalance: under concurrent operations in any order, the grants of each person equal the sent
// messages plus what is left.
func TestGrantsBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		b := setup(t, nil)
		granted := make(map[string]int)
		sent := make(map[string]int)
		who := rapid.SampledFrom([]string{"user-a", "user-b", "user-c"})
		rt.Repeat(map[string]func(*rapid.T){
			"grant": func(rt *rapid.T) {
				p, n := who.Draw(rt, "who"), rapid.IntRange(1, 5).Draw(rt, "n")
				if _, err := b.Grant(rt.Context(), p, tpl, n); err != nil {
					rt.Fatal(err)
				}
				granted[p] += n
			},
			"send": func(rt *rapid.T) {
				p := who.Draw(rt, "who")
				a := b.send(func(m map[string]any) { m["touser"] = p })
				switch a.ErrCode {
				case 0:
					sent[p]++
				case 43101:
					if granted[p] != sent[p] {
						rt.Fatalf("refused with %d granted and %d sent", granted[p], sent[p])
					}
				case 40003:
					if granted[p] != 0 {
						rt.Fatal("somebody with grants is unknown")
					}
				default:
					rt.Fatalf("errcode %d", a.ErrCode)
				}
			},
			"withdraw": func(rt *rapid.T) {
				p := who.Draw(rt, "who")
				if err := b.Withdraw(rt.Context(), p, tpl); err != nil {
					rt.Fatal(err)
				}
				granted[p] = sent[p]
			},
			"": func(rt *rapid.T) {
				for p, n := range granted {
					if b.Left(p, tpl) != n-sent[p] || len(b.Messages(p)) != sent[p] {
						rt.Fatalf("%s: granted %d, sent %d, left %d, on the phone %d", p, n, sent[p], b.Left(p, tpl), len(b.Messages(p)))
					}
				}
			},
		})
	})
}

func TestConcurrentSendsNeverOverspend(t *testing.T) {
	t.Parallel()
	state := &memory{}
	b := setup(t, func(o *emulator.Options) { o.State = state })
	const people, each = 8, 20
	name := func(i int) string { return "user-" + string(rune('a'+i)) }
	token := b.stable(false).Token
	var sent atomic.Int64
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			if _, err := b.Grant(t.Context(), name(i), tpl, each); err != nil {
				t.Error(err)
			}
			for range 4 {
				wg.Go(func() {
					for range 10 * each {
						a := b.do(http.MethodPost, "/cgi-bin/message/subscribe/send?access_token="+token, `{"touser":"`+name(i)+`","template_id":"`+tpl+`","data":{"thing1":{"value":"a"},"time2":{"value":"10:00"}}}`)
						switch a.ErrCode {
						case 0:
							sent.Add(1)
						case 43101:
							return
						case 43108:
						default:
							t.Errorf("errcode %d", a.ErrCode)
						}
					}
				})
			}
		})
	}
	wg.Wait()
	left := 0
	for i := range people {
		left += b.Left(name(i), tpl)
	}
	if sent.Load()+int64(left) != people*each {
		t.Errorf("%d sent and %d left of %d granted", sent.Load(), left, people*each)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := setup(t, func(o *emulator.Options) { o.State = state })
	for i := range people {
		if b.Left(name(i), tpl) != again.Left(name(i), tpl) {
			t.Errorf("%s: %d left, saved as %d", name(i), b.Left(name(i), tpl), again.Left(name(i), tpl))
		}
	}
	t.Logf("%d sent, %d saves", sent.Load(), state.saves)
}

func TestMessagesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	b.grant(250)
	for range 250 {
		b.want(b.send(nil), 0)
	}
	if n := len(b.Messages(someone)); n != 200 {
		t.Errorf("%d messages kept, want 200", n)
	}
}

func TestGrantInput(t *testing.T) {
	t.Parallel()
	b := setup(t, nil)
	for _, try := range []struct {
		openid, template string
		n                int
	}{{"x", tpl, 1}, {someone, "nonsense", 1}, {someone, tpl, 0}, {someone, tpl, 1001}, {"with space", tpl, 1}} {
		if _, err := b.Grant(t.Context(), try.openid, try.template, try.n); err == nil {
			t.Errorf("%+v was taken", try)
		}
	}
}

func TestFileStateSurvivesDeath(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "people")
	open := func() *bundle {
		return setup(t, func(o *emulator.Options) { o.State = emulator.FileState(path) })
	}
	b := open()
	b.want(b.login(b.LoginCode("visitor-1")), 0)
	b.grant(5)
	b.want(b.send(nil), 0)
	// The process dies here, in the middle of a line.
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(someone + " " + tpl + "\t99"); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	_ = b.Close(t.Context()) // only for the file handle
	for range 3 {
		b = open()
		if n := b.Left(someone, tpl); n != 4 {
			t.Fatalf("%d left after the restart, want 4", n)
		}
		a := b.post("/wxa/msg_sec_check", map[string]any{"openid": "visitor-1", "content": "a", "version": 2, "scene": 2})
		b.want(a, 0) // still known
		if err := b.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFileStateStaysSmall(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "people")
	s := emulator.FileState(path)
	if _, err := s.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 25_000 {
		if err := s.Save(t.Context(), map[string]string{"somebody": "1"}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() > 150_000 {
		t.Errorf("the file has %d bytes for one entry, %v", info.Size(), err)
	}
	if c, ok := s.(interface{ Close() error }); !ok || c.Close() != nil {
		t.Error("cannot be closed")
	}
	if err := s.Save(t.Context(), map[string]string{"a": "1"}); err == nil {
		t.Error("saved after the end")
	}
}

func TestFailingStateFailsGrants(t *testing.T) {
	t.Parallel()
	state := &memory{}
	b := setup(t, func(o *emulator.Options) { o.State = state })
	state.fail(errors.New("disk full"))
	if _, err := b.Grant(t.Context(), someone, tpl, 1); err == nil {
		t.Fatal("a grant was acknowledged that is not saved")
	}
	state.fail(nil)
	if _, err := b.Grant(t.Context(), someone, tpl, 1); err != nil {
		t.Fatal(err)
	}
	again := setup(t, func(o *emulator.Options) { o.State = state })
	if b.Left(someone, tpl) != again.Left(someone, tpl) {
		t.Errorf("%d left, saved as %d", b.Left(someone, tpl), again.Left(someone, tpl))
	}
}

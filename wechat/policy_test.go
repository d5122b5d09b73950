package wechat_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"mashang/wechat"
	"mashang/wechat/emulator"
)

var update = flag.Bool("update", false, "write the table of docs/wechat.md anew")

var errNoRoute = &net.OpError{Op: "dial", Err: errors.New("no route to host")}

// accident is a failure without an errcode.
type accident struct {
	name  string
	fault emulator.FaultKind // "" is a connection that fails
	code  int
	// reached: the platform may have acted. final: the expected result, for every call.
	reached, final bool
}

var accidents = []accident{
	{name: "no connection"},
	{name: "cut before the effect", fault: emulator.FaultCutBefore, reached: true},
	{name: "cut after the effect", fault: emulator.FaultCutAfter, reached: true},
	{name: "broken JSON", fault: emulator.FaultMalformed, reached: true},
	{name: "an HTML page", fault: emulator.FaultHTML, reached: true},
	{name: "status 502", fault: emulator.FaultStatus, reached: true},
	{name: "status 404", fault: emulator.FaultStatus, code: 404, reached: true, final: true},
	{name: "no answer in time", fault: emulator.FaultDelay, reached: true, final: true},
}

// wantsOf returns the expected result of an accident.
func (c trial) wantsOf(a accident) ended {
	e := ended{calls: 3, got: c.lost}
	switch {
	case !a.reached:
		e.got = c.busy
	case a.final || !wechat.Endpoints()[c.path]:
		e.calls = 1
	}
	return e
}

// scene is one call that fails, with an emulator of its own.
type scene struct {
	*bundle

	wire *wire
}

func newScene(t *testing.T, path string) *scene {
	t.Helper()
	c := newClock()
	emu := emulated(t, c, func(o *emulator.Options) {
		o.Wait = func(ctx context.Context, _ time.Duration) { <-ctx.Done() }
	})
	s := &scene{wire: &wire{next: wechat.HandlerTransport(emu.API()), path: path}}
	s.bundle = client(t, c, emu, config(s.wire))
	s.meet(t)
	s.wire.calls = 0
	return s
}

// set makes the next n calls fail; 0 means all.
func (s *scene) set(t *testing.T, f emulator.Fault, torn bool) {
	t.Helper()
	if torn {
		s.wire.torn = f.Times
		if f.Times == 0 {
			s.wire.torn = 1000
		}
		return
	}
	if f.Kind == emulator.FaultDelay {
		s.wire.short = time.Millisecond
	}
	if err := s.emu.SetFaults(f); err != nil {
		t.Fatal(err)
	}
}

// mend ends all failures.
func (s *scene) mend(t *testing.T) {
	t.Helper()
	s.wire.torn, s.wire.short = 0, 0
	if err := s.emu.SetFaults(); err != nil {
		t.Fatal(err)
	}
}

// always makes every call fail and returns the result.
func always(t *testing.T, c trial, f emulator.Fault, torn bool) ended {
	t.Helper()
	s := newScene(t, c.path)
	s.set(t, f, torn)
	e := ended{got: c.make(t, s.bundle), calls: s.wire.calls}
	e.alarm = strings.Contains(s.log.String(), "level=ERROR")
	e.dropped = s.cache.deletes > 0
	s.mend(t)
	made := s.wire.calls
	for _, step := range []struct {
		name string
		d    time.Duration
	}{{"", 0}, {"second", time.Second}, {"minute", time.Minute}, {"day", 14 * time.Hour}} {
		s.clock.Advance(step.d)
		c.make(t, s.bundle)
		if s.wire.calls > made {
			e.rests = step.name
			return e
		}
	}
	t.Errorf("%s: never again", c.name)
	return e
}

// once makes one call fail and returns the result.
func once(t *testing.T, c trial, f emulator.Fault, torn bool) (calls int, got string) {
	t.Helper()
	s := newScene(t, c.path)
	f.Times = 1
	s.set(t, f, torn)
	got = c.make(t, s.bundle)
	return s.wire.calls, got
}

// healed is the expected result after one failure: the same, or success of the retry where one is allowed.
func (e ended) healed() (calls int, got string) {
	if e.calls > 1 {
		return 2, "ok"
	}
	return 1, e.got
}

// TestContractTable makes every call with every errcode of its list, with those that any call may get, and with
// every accident, and checks the result. It writes the results into docs/wechat.md.
func TestContractTable(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	for _, c := range trials() {
		rows := [][2]string{}
		try := func(what string, want ended, f emulator.Fault, torn bool) {
			f.Path = c.path
			seen := always(t, c, f, torn)
			if seen != want {
				t.Errorf("%s, %s: %+v, want %+v", c.name, what, seen, want)
			}
			calls, got := once(t, c, f, torn)
			if n, s := want.healed(); calls != n || got != s {
				t.Errorf("%s, %s once: %d calls, %q, want %d, %q", c.name, what, calls, got, n, s)
			}
			rows = append(rows, [2]string{what, seen.row(calls, got)})
		}
		codes := slices.Clone(general)
		for code := range c.own {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
		slices.Sort(codes)
		for _, code := range codes {
			what := fmt.Sprint(code)
			if code == 99999 {
				what = "any other"
			}
			try(what, c.wants(code), emulator.Fault{Kind: emulator.FaultErrcode, Code: code, Msg: "as told"}, false)
		}
		for _, a := range accidents {
			f := emulator.Fault{Kind: a.fault, Status: a.code}
			if a.fault == emulator.FaultDelay {
				f.Delay = time.Hour
			}
			try(a.name, c.wantsOf(a), f, a.fault == "")
		}
		section(&page, c, rows)
	}
	keep(t, page.String())
}

// row returns the rest of the table's row.
func (e ended) row(calls int, got string) string {
	yes := func(b bool, s string) string {
		if b {
			return s
		}
		return ""
	}
	healed := ""
	if calls != e.calls || got != e.got {
		healed = fmt.Sprintf("%s after %d", got, calls)
	}
	return fmt.Sprintf("%d | %s | %s | %s | %s | %s |",
		e.calls, e.got, healed, yes(e.alarm, "alarm"), yes(e.dropped, "dropped"), yes(e.rests != "", "next "+e.rests))
}

// section writes a call's table. Answers with one result share a row.
func section(page *strings.Builder, c trial, rows [][2]string) {
	_, _ = fmt.Fprintf(page, "\n### %s: `%s`\n\n| answer | calls | the caller gets | if it happens once | | token | rests until |\n|---|---|---|---|---|---|---|\n", c.name, c.path)
	var order []string
	by := map[string][]string{}
	for _, r := range rows {
		if by[r[1]] == nil {
			order = append(order, r[1])
		}
		by[r[1]] = append(by[r[1]], r[0])
	}
	for _, rest := range order {
		_, _ = fmt.Fprintf(page, "| %s | %s\n", strings.Join(by[rest], ", "), rest)
	}
}

// keep compares the tables with the page, or writes them into it.
func keep(t *testing.T, tables string) {
	t.Helper()
	const file, begin, end = "../docs/wechat.md", "<!-- contract: written by the test -->\n", "<!-- contract: end -->\n"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(data), begin)
	was, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the tables", file)
	}
	if was == tables {
		return
	}
	if !*update {
		t.Fatalf("%s is not what was seen; run: go test ./wechat -run TestContractTable -update", file)
	}
	if err := os.WriteFile(file, []byte(before+begin+tables+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryEndpointIsTried: the table has every endpoint.
func TestEveryEndpointIsTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, c := range trials() {
		tried[c.path] = true
	}
	for path := range wechat.Endpoints() {
		if !tried[path] {
			t.Errorf("%s is not in the table", path)
		}
	}
}

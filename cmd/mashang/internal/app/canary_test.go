package app_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
	"mashang/domain/fault"
	"mashang/store"
)

// ledger is a store's name and its figures.
type ledger struct {
	id     string
	counts map[string]app.Census
	err    error
}

func (l *ledger) Mark(context.Context) (store.Mark, error) {
	m, err := store.ParseMark(l.id)
	return m, errors.Join(err, l.err)
}

func (l *ledger) Initialize(_ context.Context, id string) error {
	if l.id != "" {
		return fault.New(fault.Conflict, "已有标记")
	}
	l.id = store.Mark{ID: id, Format: store.Format}.String()
	return nil
}

func (l *ledger) count(context.Context) (map[string]app.Census, error) { return l.counts, l.err }

func TestGuard(t *testing.T) {
	t.Parallel()
	lj := func(counted, listed int) map[string]app.Census {
		return map[string]app.Census{"lj": {Counted: counted, Listed: listed}}
	}
	for name, c := range map[string]struct {
		folder *app.Canary
		store  ledger
		fresh  bool
		refuse string // a part of the advice, "" for none
		after  map[string]int
	}{
		"a first start":        {nil, ledger{}, true, "", nil},
		"an ordinary start":    {&app.Canary{Store: "a", Counts: map[string]int{"lj": 7}}, ledger{id: "a", counts: lj(9, 9)}, false, "", map[string]int{"lj": 9}},
		"a station is new":     {&app.Canary{Store: "a"}, ledger{id: "a", counts: lj(1, 1)}, false, "", map[string]int{"lj": 1}},
		"the folder forgot":    {nil, ledger{id: "a", counts: lj(9, 9)}, false, "", map[string]int{"lj": 9}},
		"Redis came up empty":  {&app.Canary{Store: "a", Counts: map[string]int{"lj": 7}}, ledger{}, false, "manifest", nil},
		"another Redis":        {&app.Canary{Store: "a"}, ledger{id: "b"}, false, "redis.addr", nil},
		"the mark is gone":     {nil, ledger{counts: lj(0, 0)}, false, "canary", nil},
		"some are lost":        {&app.Canary{Store: "a", Counts: map[string]int{"lj": 7}}, ledger{id: "a", counts: lj(6, 6)}, false, "只剩 6", nil},
		"a station is lost":    {&app.Canary{Store: "a", Counts: map[string]int{"hz": 1, "lj": 7}}, ledger{id: "a", counts: lj(7, 7)}, false, "站点 hz", nil},
		"an older store":       {&app.Canary{Store: "a", Format: 1}, ledger{id: "a", counts: lj(9, 9)}, false, "", map[string]int{"lj": 9}},
		"this version's":       {&app.Canary{Store: "a", Format: app.DataFormat}, ledger{id: "a format=3", counts: lj(9, 9)}, false, "", map[string]int{"lj": 9}},
		"half migrated":        {&app.Canary{Store: "a"}, ledger{id: "a format=3 from=1", counts: lj(9, 9)}, false, "", map[string]int{"lj": 9}},
		"a newer store":        {&app.Canary{Store: "a"}, ledger{id: "a format=4 from=3 by=x", counts: lj(9, 9)}, false, "更新的版本写成（数据格式 4", nil},
		"older files put back": {&app.Canary{Store: "a", Format: app.DataFormat, Counts: map[string]int{"lj": 7}}, ledger{id: "a", counts: lj(9, 9)}, false, "更早的", map[string]int{"lj": 7}},
		"a mark is garbled":    {nil, ledger{id: "a form=2", counts: lj(9, 9)}, false, "canary 已损坏", nil},
		"the list is damaged":  {&app.Canary{Store: "a", Counts: map[string]int{"lj": 7}}, ledger{id: "a", counts: lj(7, 6)}, false, "不符", nil},
		"the list has strange": {nil, ledger{id: "a", counts: lj(7, 8)}, false, "不符", nil},
	} {
		dir := t.TempDir()
		if c.folder != nil {
			if err := app.WriteCanary(dir, *c.folder); err != nil {
				t.Fatal(err)
			}
		}
		fresh, err := app.Guard(t.Context(), dir, &c.store, c.store.count)
		if fresh != c.fresh || (err != nil) != (c.refuse != "") || err != nil && (!fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), c.refuse)) {
			t.Errorf("%s: fresh %v, %v", name, fresh, err)
		}
		if err == nil && !fresh {
			if err := app.Remember(t.Context(), dir, &c.store, c.store.count); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		got, err := app.ReadCanary(dir)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := c.after
		if want == nil && c.folder != nil {
			want = c.folder.Counts // what is refused leaves the memory as it was
		}
		if !maps.Equal(got.Counts, want) {
			t.Errorf("%s: remembers %v, want %v", name, got.Counts, want)
		}
	}
}

func TestGuardNeedsToKnow(t *testing.T) {
	t.Parallel()
	down := fault.New(fault.Unavailable, "Redis 不在")
	l := &ledger{err: down}
	if _, err := app.Guard(t.Context(), t.TempDir(), l, l.count); !errors.Is(err, down) {
		t.Errorf("a store that does not answer: %v", err)
	}
	for _, text := range []string{"", "{", `{"store":""}`, "null", `{"store":7}`} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "canary.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l := &ledger{id: "a"}
		if _, err := app.Guard(t.Context(), dir, l, l.count); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "已损坏") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestChristen(t *testing.T) {
	t.Parallel()
	dir, l := t.TempDir(), &ledger{}
	if err := app.Christen(t.Context(), dir, l, rand.Reader); err != nil {
		t.Fatal(err)
	}
	c, err := app.ReadCanary(dir)
	if err != nil || c.Store == "" || c.Store+" format=3" != l.id || len(c.Store) != 16 || c.Format != app.DataFormat {
		t.Errorf("%+v, %v; the store says %q", c, err, l.id)
	}
	if fresh, err := app.Guard(t.Context(), dir, l, l.count); fresh || err != nil {
		t.Errorf("the next start: %v, %v", fresh, err)
	}
	// A second one would take over somebody else's store.
	if err := app.Christen(t.Context(), t.TempDir(), l, rand.Reader); !fault.Is(err, fault.Conflict) {
		t.Errorf("a store with a name: %v", err)
	}
	// A crash between the two names leaves a store that is taken as it is.
	if fresh, err := app.Guard(t.Context(), t.TempDir(), l, l.count); fresh || err != nil {
		t.Errorf("after a crash: %v, %v", fresh, err)
	}
	blind := &ledger{}
	if err := app.Christen(t.Context(), dir, blind, iotest.ErrReader(errors.New("no randomness"))); err == nil || blind.id != "" {
		t.Errorf("named %q without randomness", blind.id)
	}
	info, err := os.Stat(filepath.Join(dir, "canary.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// What was written down is never written over by less, nor by another store's.
func TestRememberKeepsWhatItKnows(t *testing.T) {
	t.Parallel()
	seven := map[string]app.Census{"lj": {Counted: 7, Listed: 7}}
	for name, c := range map[string]struct {
		store  ledger
		refuse string
		after  int
	}{
		"more":        {ledger{id: "a", counts: map[string]app.Census{"lj": {Counted: 8, Listed: 8}}}, "", 8},
		"as much":     {ledger{id: "a", counts: seven}, "", 7},
		"less":        {ledger{id: "a", counts: map[string]app.Census{"lj": {Counted: 6, Listed: 6}}}, "只剩 6", 7},
		"nothing":     {ledger{id: "a"}, "只剩 0", 7},
		"no mark":     {ledger{counts: seven}, "canary", 7},
		"another one": {ledger{id: "b", counts: seven}, "canary", 7},
		"no answer":   {ledger{err: fault.New(fault.Unavailable, "Redis 不在")}, "Redis 不在", 7},
	} {
		dir := t.TempDir()
		if err := app.WriteCanary(dir, app.Canary{Store: "a", Counts: map[string]int{"lj": 7}}); err != nil {
			t.Fatal(err)
		}
		err := app.Remember(t.Context(), dir, &c.store, c.store.count)
		if (err != nil) != (c.refuse != "") || err != nil && !strings.Contains(err.Error(), c.refuse) {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := app.ReadCanary(dir); err != nil || got.Store != "a" || got.Counts["lj"] != c.after {
			t.Errorf("%s: remembers %+v, %v", name, got, err)
		}
	}
}

// A folder that a later version wrote is refused by the number, whatever else
// that version wrote into it, and before anything is started on it.
func TestANewerFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "canary.json"), []byte(`{"stores":["a"],"format":4}`), 0o600); err != nil {
		t.Fatal(err)
	}
	l := &ledger{id: "a format=3"}
	_, err := app.Guard(t.Context(), dir, l, l.count)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "更新的版本写成（数据格式 4，本程序只认识到 3）") {
		t.Errorf("Guard = %v", err)
	}
	cfg := config.Config{Data: config.Data{Dir: dir}}
	if err := (app.Backup{Config: cfg, Log: slog.New(slog.DiscardHandler), Out: io.Discard}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "更新的版本") {
		t.Errorf("Backup = %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v (%v), want what was there", entries, err)
	}
}

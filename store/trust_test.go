package store_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"mashang/domain/fault"
	"mashang/store"
	"mashang/store/storetest"
)

// lines is a log that many may write to.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), text)
}

// A Redis that comes up without its data in the middle of service is never
// served, and is again once the data are back.
func TestARedisThatComesUpEmptyIsNotServed(t *testing.T) {
	t.Parallel()
	log := &lines{}
	server := storetest.New(t)
	s := server.Open(t, func(o *store.Options) { o.Log = slog.New(slog.NewTextHandler(log, nil)) })
	if err := s.Initialize(t.Context(), "mark"); err != nil {
		t.Fatal(err)
	}
	s.RequireMark(must(s.Mark(t.Context()))(t))
	found(t, s)
	first := admit(t, s, filing(5, "m1"))

	server.Kill(t)
	folder := filepath.Join(server.Dir(), "appendonlydir")
	if err := os.Rename(folder, folder+".away"); err != nil {
		t.Fatal(err)
	}
	server.Start(t)
	for range 3 { // connections of before are found to be dead first
		_, err := s.Load(t.Context(), first.ID)
		wantCode(t, "a read", err, fault.Unavailable)
	}
	_, _, err := s.Admit(t.Context(), filing(5, "m1"))
	wantCode(t, "a filing", err, fault.Unavailable)
	wantCode(t, "readiness", s.Healthy(t.Context()), fault.Unavailable)
	if n := int(must(server.Client(t).DBSize(t.Context()).Result())(t)); n != 0 {
		t.Errorf("%d keys were written into the empty Redis", n)
	}
	if n := log.count("lost our data"); n != 1 {
		t.Errorf("the log was told %d times", n)
	}

	server.Kill(t)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(folder+".away", folder); err != nil {
		t.Fatal(err)
	}
	server.Start(t)
	heals(t, s)
	equal(t, "what was filed", load(t, s, first.ID).Number, first.Number)
}

// Nothing is asked of a Redis before it was found right, and another one's
// mark is as good as none.
func TestTrust(t *testing.T) {
	t.Parallel()
	server := storetest.New(t)
	if err := server.Open(t).Healthy(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := server.Open(t)
	if err := s.Initialize(t.Context(), "one"); err != nil {
		t.Fatal(err)
	}
	s.RequireMark(store.Mark{ID: "two", Format: store.Format})
	server.Kill(t)
	server.Start(t)
	_, err := s.Mark(t.Context())
	wantCode(t, "another's", err, fault.Unavailable)
}

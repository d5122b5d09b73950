package handlers_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"mashang/domain/record"
)

// streamed reads events of a stream, "name data", until it ends. Headers are
// pairs of a name and a value.
func (b *bundle) streamed(path, token string, headers ...string) <-chan string {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.http.URL+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer, err := b.http.Client().Do(r) //nolint:bodyclose // who reads it closes it, below
	if err != nil {
		b.t.Fatal(err)
	}
	if got := answer.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		b.t.Fatalf("%s: %d %s", path, answer.StatusCode, got)
	}
	events := make(chan string)
	go func() {
		defer close(events)
		defer func() { _ = answer.Body.Close() }()
		name := ""
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				name = n
			}
			if d, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				select {
				case events <- name + " " + d:
				case <-b.t.Context().Done():
					return
				}
			}
		}
	}()
	return events
}

// until waits for an event that holds all parts.
func until(t *testing.T, events <-chan string, parts ...string) string {
	t.Helper()
	for e := range events {
		all := true
		for _, p := range parts {
			all = all && strings.Contains(e, p)
		}
		if all {
			return e
		}
	}
	t.Fatalf("the stream ended without %q", parts)
	return ""
}

func TestLiveTellsOfChangesAndOfWhoLooks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sun, other := b.as("sun", "hk", "liaison", "l1"), b.as("zhou", "xj", "liaison", "l9")
	events, elsewhere := b.streamed("/api/v1/station/live", sun), b.streamed("/api/v1/station/live", other)
	until(t, events, "changed", `"ids":[]`)
	until(t, elsewhere, "changed", `"ids":[]`)
	s := b.file(b.login("villager"), nil)
	id := at[string](s, "id")
	until(t, events, "changed", id)

	looking := b.streamed("/api/v1/station/live?matter="+id, sun)
	until(t, looking, "looking", id, `"self":true`, "孙联络")
	until(t, events, "looking", id)
	// One stream says what all pages of a browser have open.
	second := at[string](b.file(b.login("neighbour"), nil), "id")
	both := b.streamed("/api/v1/station/live?matter="+id+","+second, sun)
	until(t, both, "looking", id, second)
	until(t, events, "looking", id, second)

	day := record.Document{Kind: record.DocumentDay, ID: "2026-07-22", Body: []byte("{}")}
	if ok, err := b.store.CommitDocuments(t.Context(), "hk", record.DocumentChange{Writes: []record.Document{day}}); err != nil || !ok {
		t.Fatal(ok, err)
	}
	until(t, events, "changed", `"documents":["day/2026-07-22"]`, `"ids":[]`)

	b.face.Close()
	for e := range events {
		_ = e // what was on its way
	}
	for e := range elsewhere {
		if strings.Contains(e, id) {
			t.Errorf("another station hears %s", e)
		}
	}
	for e := range looking {
		_ = e
	}
	for e := range both {
		_ = e
	}
	if r := b.send(http.MethodGet, "/api/v1/station/live?once=1", sun, nil); r.Status != 200 || !strings.Contains(string(r.Body), "event: looking") {
		t.Errorf("once: %d %s", r.Status, r.Body)
	}
	self := at[string](at[map[string]any](b.got(b.send(http.MethodGet, "/api/v1/console/session", sun, nil)), "user"), "id")
	b.want(b.send(http.MethodGet, "/api/v1/station/live?once=1&as="+self, sun, nil), 200)
	b.problem(b.send(http.MethodGet, "/api/v1/station/live?once=1&as="+self, other, nil), 401, "unauthenticated")
	for _, matters := range []string{"xj-none", id + ",xj-none"} {
		if r := b.send(http.MethodGet, "/api/v1/station/live?matter="+matters, sun, nil); r.Status != 404 {
			t.Errorf("another's matter: %d", r.Status)
		}
	}
}

func TestLiveEndsWithTheSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sun := b.as("sun", "hk", "liaison", "l1")
	events := b.streamed("/api/v1/station/live", sun)
	until(t, events, "changed")
	b.want(b.send(http.MethodDelete, "/api/v1/sessions", sun, nil), 204)
	until(t, events, "ended")
	if e, ok := <-events; ok {
		t.Errorf("goes on with %s", e)
	}
}

// What a computer that nobody touches does by itself is no use of its session, or
// one that was left open would never end.
func TestWhatGoesOnByItselfIsNoUseOfASession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	phone := b.as("sun", "hk", "liaison", "l1")
	cookie := b.seatCookie(phone)
	seen := func() string {
		list := at[[]any](b.got(b.send("GET", "/api/v1/console/sessions", phone, nil)), "items")
		return list[0].(map[string]any)["seen_at"].(string) //nolint:forcetypeassert // a test that is wrong may panic
	}
	first := seen()
	b.clock.Advance(6 * time.Minute)
	b.want(b.send("GET", "/api/v1/station/live?once=1", "", nil, "Cookie", cookie), 200)
	b.want(b.send("GET", "/api/v1/station/now", "", nil, "Cookie", cookie, "X-Unattended", "1"), 200)
	if got := seen(); got != first {
		t.Errorf("used at %s", got)
	}
	b.want(b.send("GET", "/api/v1/station/now", "", nil, "Cookie", cookie), 200)
	if seen() == first {
		t.Error("a use is none")
	}
}

// A proxy cuts off what is silent for a minute.
func TestSilentStreamGivesASignOfLife(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.http.URL+"/api/v1/station/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+b.as("sun", "hk", "liaison", "l1"))
	answer, err := b.http.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if lines.Text() == ":" {
			return
		}
	}
	t.Error("the stream ended in silence")
}

func TestStreamsOfOnePersonAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sun := b.as("sun", "hk", "liaison", "l1")
	var first <-chan string
	for range 20 {
		events := b.streamed("/api/v1/station/live", sun)
		until(t, events, "looking")
		if first == nil {
			first = events
		}
	}
	b.problem(b.send(http.MethodGet, "/api/v1/station/live?once=1", sun, nil), 429, "too_many")
	other := b.as("zhou", "xj", "liaison", "l9")
	b.want(b.send(http.MethodGet, "/api/v1/station/live?once=1", other, nil), 200)
	b.face.Close()
	for e := range first {
		_ = e // what was on its way
	}
	// Its place is free again once the server has noticed that it ended.
	for r := b.send(http.MethodGet, "/api/v1/station/live?once=1", sun, nil); r.Status != 200; {
		r = b.send(http.MethodGet, "/api/v1/station/live?once=1", sun, nil)
	}
}

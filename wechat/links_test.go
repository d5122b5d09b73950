package wechat_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"mashang/domain/fault"
	"mashang/wechat"
)

func TestLinksLeadToThePage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, link := range map[string]func(string, string, time.Duration) (string, error){
		"link": func(page, query string, life time.Duration) (string, error) {
			return b.URLLink(t.Context(), page, query, life)
		},
		"scheme": func(page, query string, life time.Duration) (string, error) {
			return b.Scheme(t.Context(), page, query, life)
		},
	} {
		for _, life := range []time.Duration{time.Minute, time.Hour, 30 * 24 * time.Hour} {
			address, err := link(wechat.PageScan, "k=7", life)
			if err != nil {
				t.Fatalf("%s for %v: %v", name, life, err)
			}
			to, ok := b.emu.Link(address)
			if !ok || to.Path != wechat.PageScan || to.Query != "k=7" {
				t.Errorf("%s leads to %+v, %v", name, to, ok)
			}
			if off := to.Until.Sub(start.Add(life)); off.Abs() > time.Minute {
				t.Errorf("%s for %v ends %v off", name, life, off)
			}
		}
		for what, bad := range map[string]struct {
			page, query string
			life        time.Duration
		}{
			"page":       {"pages/nowhere/index", "", time.Hour},
			"slash":      {"/" + wechat.PageScan, "", time.Hour},
			"with query": {wechat.PageScan + "?k=7", "", time.Hour},
			"long query": {wechat.PageScan, strings.Repeat("字", 1025), time.Hour},
			"short life": {wechat.PageScan, "", time.Minute - 1},
			"long life":  {wechat.PageScan, "", 30*24*time.Hour + 1},
		} {
			if _, err := link(bad.page, bad.query, bad.life); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// heard is a platform that records its requests and always gives the same answer.
type heard struct {
	answer string

	mu     sync.Mutex
	header http.Header
	query  string
	body   []byte
}

func (h *heard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.header, h.query = r.Header, r.URL.RawQuery
	h.body, _ = io.ReadAll(r.Body)
	_, _ = io.WriteString(w, h.answer)
}

// said decodes the JSON of the last request.
func (h *heard) said(t *testing.T) map[string]any {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	var m map[string]any
	if err := json.Unmarshal(h.body, &m); err != nil {
		t.Fatalf("%v: %s", err, h.body)
	}
	return m
}

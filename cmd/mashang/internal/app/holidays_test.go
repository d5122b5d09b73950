package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mashang/cmd/mashang/internal/app"
	"mashang/cmd/mashang/internal/config"
)

// year2027 is made up, in the form of the public collection.
func year2027() string {
	var b strings.Builder
	b.WriteString(`{"year":2027,"papers":["通知"],"days":[{"date":"2027-10-09","isOffDay":false}`)
	for d := 1; d <= 7; d++ {
		_, _ = fmt.Fprintf(&b, `,{"date":"2027-10-0%d","isOffDay":true},{"date":"2027-01-0%d","isOffDay":true}`, d, d)
	}
	return b.String() + "]}"
}

func TestHolidaysRenew(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	asked := ""
	h := app.Holidays{
		Config: config.Config{Data: config.Data{Dir: t.TempDir()}}, Out: &out,
		Now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
		Get: func(r *http.Request) (*http.Response, error) {
			asked = r.URL.String()
			if strings.HasSuffix(asked, "down") {
				return nil, errors.New("no route")
			}
			status := http.StatusOK
			if strings.HasSuffix(asked, "gone") {
				status = http.StatusNotFound
			}
			return &http.Response{StatusCode: status, Status: "404", Body: io.NopCloser(strings.NewReader(year2027()))}, nil
		},
	}
	lists := func() string {
		out.Reset()
		if err := h.List(); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if s := lists(); !strings.Contains(s, "2026 年：放假 33 天，调休上班 6 天") || !strings.Contains(s, "缺 2027 年") {
		t.Error(s)
	}
	bad := filepath.Join(t.TempDir(), "x.json")
	if err := os.WriteFile(bad, []byte(`{"year":2028}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, sources := range [][]string{
		{"https://example.org/2027.json", bad},
		{bad},
		{filepath.Join(t.TempDir(), "none")},
		{"https://example.org/down"},
		{"https://example.org/gone"},
		{"http://example.org/2027.json"},
	} {
		if err := h.Renew(t.Context(), sources); err == nil {
			t.Errorf("%v was taken", sources)
		}
		if s := lists(); !strings.Contains(s, "缺 2027 年") {
			t.Errorf("%v: half of it was kept", sources)
		}
	}
	if err := h.Renew(t.Context(), []string{"https://example.org/2027.json"}); err != nil || asked != "https://example.org/2027.json" {
		t.Fatalf("%v, asked %s", err, asked)
	}
	if s := lists(); !strings.Contains(s, "2027 年：放假 14 天，调休上班 1 天") || strings.Contains(s, "缺") {
		t.Error(s)
	}
}

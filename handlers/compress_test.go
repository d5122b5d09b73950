package handlers_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"mashang/handlers/web"
)

// TestLargeListsAreCompressed: for who accepts it, and nothing else: no small answer, no refusal, no answer that is not
// marked.
func TestLargeListsAreCompressed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	liaison := b.as("sun", "hk", "liaison", "l1")
	ask := func(path, token, encodings string) reply {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.http.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", encodings) // set by hand, so that nobody unpacks it
		r.Header.Set("Authorization", "Bearer "+token)
		return b.do(r)
	}
	const large = "/api/v1/station/roster"
	plain := ask(large, liaison, "identity")
	packed := ask(large, liaison, "br, gzip;q=0.5")
	if plain.Status != 200 || plain.Header.Get("Content-Encoding") != "" || len(plain.Body) < 1_500 {
		t.Fatalf("plain: %d, %d bytes, %v", plain.Status, len(plain.Body), plain.Header)
	}
	if packed.Header.Get("Content-Encoding") != "gzip" || len(packed.Body) >= len(plain.Body) {
		t.Fatalf("packed: %d of %d bytes, %v", len(packed.Body), len(plain.Body), packed.Header)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed.Body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, plain.Body) {
		t.Errorf("unpacked it is another: %v\n%s", err, got)
	}
	for _, a := range []reply{plain, packed} {
		if !strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Errorf("a cache cannot tell the two apart: %v", a.Header)
		}
	}
	for what, a := range map[string]reply{
		"refused by weight": ask(large, liaison, "gzip;q=0, identity"),
		"small":             ask("/api/v1/station/submissions", liaison, "gzip"),
		"no session":        ask(large, "none", "gzip"),
		"not marked":        ask("/api/v1/openapi.json", liaison, "gzip"),
	} {
		if a.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d is compressed", what, a.Status)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]bool{
		"gzip": true, "deflate, gzip, br": true, "gzip;q=1.0": true, "gzip; q=0.001": true,
		"": false, "identity": false, "gzip;q=0": false, "gzip;q=0.0, br": false, "gzip;q=x": false, "gzip;v=1": false, "x-gzipped": false,
	} {
		if got := web.AcceptsGzip(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

package handlers_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mashang/handlers/web"
)

// The face with everything on, without a network, on a real Redis that does
// not wait for its disk: what is left is our own work and a socket's.
func BenchmarkFace(b *testing.B) {
	x := setup(b, func(o *web.Options) { o.Log = nil })
	visitor, ma := x.login("villager"), x.as("ma", "hk", "member", "m1")
	var id string
	for range 25 {
		id = at[string](x.file(visitor, nil), "id")
		x.clock.Advance(time.Millisecond)
	}
	run := func(name, method, path, token, body string, status int) {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n++
				r := httptest.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
				r.RemoteAddr = "127.0.0.1:1"
				r.Header.Set("Authorization", "Bearer "+token)
				r.Header.Set("Content-Type", "application/json")
				if method == "POST" {
					r.Header.Set("Idempotency-Key", fmt.Sprintf("bench-%s-%d", name, n))
				}
				w := httptest.NewRecorder()
				x.face.Handler().ServeHTTP(w, r)
				if w.Code != status {
					b.Fatalf("status %d: %s", w.Code, w.Body)
				}
			}
		})
	}
	run("read", "GET", "/api/v1/submissions/"+id, visitor, "", 200)
	run("inbox25", "GET", "/api/v1/inbox?limit=25", ma, "", 200)
	run("refused", "POST", "/api/v1/submissions", visitor, `{"scene":"`+codeOfMa+`"}`, 422)
	run("file", "POST", "/api/v1/submissions", visitor,
		`{"scene":"`+codeRoom+`","kind":"complaint","text":"停车场乱收费，每车多收二十元","place":{"text":"渡口东侧"}}`, 201)
}

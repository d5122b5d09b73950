package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Each body is wrong in one way; the answer names the field as it was sent.
func TestStrictBodies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	for name, tt := range map[string]struct {
		body   string
		status int
		code   string
		fields []string
	}{
		"no JSON":            {`{"scene":`, 400, "malformed", nil},
		"empty":              {``, 400, "malformed", nil},
		"text after":         {`{"scene":"maxzmaxzma","kind":"help","text":"a"} x`, 400, "malformed", nil},
		"two values":         {`{"scene":"maxzmaxzma","kind":"help","text":"a"}{}`, 400, "malformed", nil},
		"not UTF-8":          {"{\"scene\":\"maxzmaxzma\",\"kind\":\"help\",\"text\":\"\xff\"}", 400, "malformed", nil},
		"a list":             {`[]`, 422, "invalid", []string{"body"}},
		"null":               {`null`, 422, "invalid", []string{"body"}},
		"unknown":            {`{"scene":"maxzmaxzma","kind":"help","text":"a","state":"closed","role":"admin"}`, 422, "invalid", []string{"role", "state"}},
		"unknown inside":     {`{"scene":"maxzmaxzma","kind":"help","text":"a","contact":{"tel":"1"}}`, 422, "invalid", []string{"contact.tel"}},
		"other case":         {`{"scene":"maxzmaxzma","Kind":"help","text":"a"}`, 422, "invalid", []string{"Kind", "kind"}},
		"twice":              {`{"scene":"maxzmaxzma","kind":"help","text":"a","text":"b"}`, 422, "invalid", []string{"text"}},
		"twice, escaped":     {`{"scene":"maxzmaxzma","kind":"help","text":"a","te\u0078t":"b"}`, 422, "invalid", []string{"text"}},
		"twice inside":       {`{"scene":"maxzmaxzma","kind":"help","text":"a","place":{"text":"x","text":"y"}}`, 422, "invalid", []string{"place.text"}},
		"quotes are no keys": {`{"scene":"maxzmaxzma","kind":"help","text":"\"text\":\"{,}\" [\\"}`, 201, "", nil},
		"too many fields":    {`{` + strings.TrimSuffix(numbered(100), ",") + `}`, 422, "invalid", []string{"f64"}},
		"missing":            {`{"text":"a"}`, 422, "invalid", []string{"kind", "scene"}},
		"wrong type":         {`{"scene":7,"kind":"help","text":true}`, 422, "invalid", []string{"scene", "text"}},
		"wrong number":       {`{"scene":"maxzmaxzma","kind":"help","text":"a","against":{"name":"x","amount_fen":1.5}}`, 422, "invalid", []string{"against.amount_fen"}},
		"odd integer":        {`{"scene":"maxzmaxzma","kind":"help","text":"a","against":{"name":"x","amount_fen":1e2}}`, 422, "invalid", []string{"against.amount_fen"}},
		"huge number":        {`{"scene":"maxzmaxzma","kind":"help","text":"a","against":{"name":"x","amount_fen":1e999}}`, 400, "malformed", nil},
		"not in the list":    {`{"scene":"maxzmaxzma","kind":"gossip","text":"a","visitor":"ghost"}`, 422, "invalid", []string{"kind", "visitor"}},
		"bad time":           {`{"scene":"maxzmaxzma","kind":"help","text":"a","until":"tomorrow"}`, 422, "invalid", []string{"until"}},
		"item of a list":     {`{"scene":"maxzmaxzma","kind":"help","text":"a","photos":["x",7]}`, 422, "invalid", []string{"photos.1"}},
		"empty text":         {`{"scene":"maxzmaxzma","kind":"help","text":"  "}`, 422, "invalid", []string{"text"}},
		"unknown scene":      {`{"scene":"2222222222","kind":"help","text":"a"}`, 422, "invalid", []string{"scene"}},
		"revoked scene":      {`{"scene":"` + codeGone + `","kind":"help","text":"a"}`, 422, "invalid", []string{"scene"}},
		"bad phone":          {`{"scene":"maxzmaxzma","kind":"help","text":"a","contact":{"phone":"12"}}`, 422, "invalid", []string{"contact.phone"}},
		"whole address":      {`{"scene":"https://mashang.example.cn/q/maxzmaxzma","kind":"help","text":"a"}`, 201, "", nil},
		"nulls are absent":   {`{"scene":"maxzmaxzma","kind":"help","text":"a","photos":null,"place":null,"voice":null,"until":null}`, 201, "", nil},
	} {
		r := b.send("POST", "/api/v1/submissions", visitor, tt.body, "Idempotency-Key", newKey())
		if tt.status == 201 {
			if r.Status != 201 {
				t.Errorf("%s: %d %s", name, r.Status, r.Body)
			}
			continue
		}
		if r.Status != tt.status {
			t.Errorf("%s: status %d, want %d: %s", name, r.Status, tt.status, r.Body)
			continue
		}
		m := b.problem(r, tt.status, tt.code)
		if got := fields(m); !slices.Equal(got, tt.fields) {
			t.Errorf("%s: fields %v, want %v", name, got, tt.fields)
		}
		for _, e := range errorsOf(m) {
			if !hasHan(e) {
				t.Errorf("%s: message %q is not for a Chinese reader", name, e)
			}
		}
	}
}

func numbered(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, `"f%d":1,`, i)
	}
	return s.String()
}

func errorsOf(m map[string]any) []string {
	var list []string
	errs := at[[]any](m, "errors")
	for _, e := range errs {
		list = append(list, at[string](obj(e), "message"))
	}
	return list
}

func TestVersions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	s := b.file(visitor, nil)
	path := "/api/v1/submissions/" + at[string](s, "id")
	for _, body := range []string{`{}`, `{"version":null}`, `{"version":"1"}`, `{"version":0}`, `{"version":1.5}`, `{"version":-1}`} {
		m := b.problem(b.send("POST", path+"/accept", ma, body), 422, "invalid")
		if got := fields(m); !slices.Equal(got, []string{"version"}) {
			t.Errorf("%s: fields %v", body, got)
		}
	}
	// An act takes what is its own and nothing else.
	m := b.problem(b.send("POST", path+"/accept", ma, `{"version":1,"text":"x"}`), 422, "invalid")
	if got := fields(m); !slices.Equal(got, []string{"text"}) {
		t.Errorf("fields %v", got)
	}
	b.problem(b.send("POST", path+"/accept", ma, ``), 400, "malformed")
	for _, act := range []string{"messages", "withdraw"} {
		m := b.problem(b.send("POST", path+"/"+act, visitor, `{"version":"x"}`), 422, "invalid")
		if got := fields(m); !slices.Equal(got, []string{"version"}) {
			t.Errorf("%s: fields %v", act, got)
		}
	}
}

func TestConflictNamesWhoActed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	liaison := b.as("sun", "hk", "liaison", "l1")
	s := b.file(visitor, nil)
	b.clock.Advance(time.Minute)
	next := b.done(ma, s, "accept", nil)
	m := b.problem(b.act(ma, s, "reply", map[string]any{"text": "好"}), 409, "conflict")
	by := at[map[string]any](m, "acted_by")
	if by["role"] != "member" || by["name"] != "马晓舟" || m["acted_at"] != "2026-05-11T10:01:00+08:00" || m["version"] != 2.0 {
		t.Errorf("conflict %v", m)
	}
	after := b.done(visitor, next, "messages", map[string]any{"text": "补充一句"})
	m = b.problem(b.act(ma, next, "reply", map[string]any{"text": "好"}), 409, "conflict")
	if by := at[map[string]any](m, "acted_by"); by["role"] != "visitor" || by["name"] != nil {
		t.Errorf("the visitor is named: %v", by)
	}
	// Whoever had it is told who moved it; with the newest version it is not
	// theirs any more.
	moved := b.done(liaison, after, "assign", map[string]any{"to": "m3", "reason": "属地"})
	b.problem(b.act(ma, after, "reply", map[string]any{"text": "好"}), 409, "conflict")
	b.problem(b.act(ma, moved, "reply", map[string]any{"text": "好"}), 404, "not_found")
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, other := b.login("villager"), b.login("tourist")
	post := func(token, key string, body any) reply {
		return b.send("POST", "/api/v1/submissions", token, body, "Idempotency-Key", key)
	}
	first := post(visitor, "same-key-1", filing(nil))
	b.want(first, 201)
	again := post(visitor, "same-key-1", `{"text":"停车场乱收费，每车多收二十元" , "kind":"complaint","scene":"maxzmaxzma"}`)
	b.want(again, 200)
	was := first.JSON(t)
	if diff := cmp.Diff(map[string]any{"id": was["id"], "number": was["number"], "state": "assigned", "state_name": "待受理"}, again.JSON(t)); diff != "" {
		t.Errorf("the same body in other words: %s", diff)
	}
	b.problem(post(visitor, "same-key-1", filing(map[string]any{"text": "别的事"})), 422, "idempotency_mismatch")
	r := post(other, "same-key-1", filing(nil))
	b.want(r, 201)
	if r.JSON(t)["id"] == first.JSON(t)["id"] {
		t.Error("a key is not its person's own")
	}
	for _, key := range []string{"", "short", strings.Repeat("k", 65), "has a space", "汉字汉字汉字汉字"} {
		m := b.problem(post(visitor, key, filing(nil)), 422, "invalid")
		if got := fields(m); !slices.Equal(got, []string{"Idempotency-Key"}) {
			t.Errorf("key %q: fields %v", key, got)
		}
	}
}

func TestRequestsAsSuch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	const path = "/api/v1/submissions"
	b.problem(b.send("GET", "/nowhere", "", nil), 404, "not_found")
	b.problem(b.send("GET", "/api/v1/nowhere", visitor, nil), 404, "not_found")
	b.problem(b.send("PUT", path, visitor, `{}`), 405, "method_not_allowed")
	b.problem(b.send("POST", path, visitor, "text=a", "Content-Type", "application/x-www-form-urlencoded", "Idempotency-Key", newKey()), 415, "media_type")
	b.problem(b.send("POST", path, visitor, strings.Repeat(" ", 70<<10)+"{}", "Idempotency-Key", newKey()), 413, "too_large")
	b.want(b.send("POST", path, visitor, filing(nil), "Idempotency-Key", newKey(), "Content-Type", "application/json; charset=utf-8"), 201)
	for _, token := range []string{"", "nonsense", strings.Repeat("x", 5000)} {
		r := b.send("GET", path, token, nil)
		b.problem(r, 401, "unauthenticated")
		if r.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Error("401 without WWW-Authenticate")
		}
	}
	// Without a session nothing is said about the body.
	b.problem(b.send("POST", path, "", `{"`), 401, "unauthenticated")
	b.problem(b.send("GET", path, "", nil, "Authorization", "Basic "+visitor), 401, "unauthenticated")
	b.want(b.send("GET", path, "", nil, "Authorization", "bearer "+visitor), 200)
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=101": "limit", "limit=x": "limit", "cursor=!!": "cursor",
	} {
		m := b.problem(b.send("GET", path+"?"+query, visitor, nil), 422, "invalid")
		if got := fields(m); !slices.Equal(got, []string{field}) {
			t.Errorf("%s: fields %v", query, got)
		}
	}
	b.want(b.send("GET", path+"?limit=100", visitor, nil), 200)
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor, ma := b.login("villager"), b.as("ma", "hk", "member", "m1")
	var filed []string
	for range 5 {
		filed = append(filed, at[string](b.file(visitor, nil), "id"))
		b.clock.Advance(time.Second)
	}
	all := func(token, path string) []string {
		var got []string
		cursor := ""
		for range 10 {
			r := b.send("GET", path+"limit=2&cursor="+cursor, token, nil)
			b.want(r, 200)
			m := r.JSON(t)
			got = append(got, ids(m)...)
			if cursor = at[string](m, "next_cursor"); cursor == "" {
				return got
			}
		}
		t.Fatal("the list never ends")
		return nil
	}
	if got := all(ma, "/api/v1/inbox?"); !slices.Equal(sorted(got), sorted(filed)) {
		t.Errorf("inbox %v, filed %v", got, filed)
	}
	slices.Reverse(filed)
	if got := all(visitor, "/api/v1/submissions?"); !slices.Equal(got, filed) {
		t.Errorf("mine %v, want newest first %v", got, filed)
	}
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// A store that is gone is said at once and in the contract's words.
func TestStoreGone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	visitor := b.login("villager")
	b.redis.Kill(t)
	r := b.send("POST", "/api/v1/submissions", visitor, filing(nil), "Idempotency-Key", newKey())
	b.problem(r, 503, "unavailable")
	if r.Header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	page := b.send("GET", "/q/"+codeRoom, "", nil)
	if page.Status != http.StatusServiceUnavailable || !strings.Contains(string(page.Body), "不是您的问题") {
		t.Errorf("page: %d %s", page.Status, page.Body)
	}
	b.redis.Start(t)
	r = b.send("POST", "/api/v1/submissions", visitor, filing(nil), "Idempotency-Key", newKey())
	b.want(r, 201)
}

package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// web is shared by all clients, like the network.
var web = &http.Client{
	Timeout: patience,
	Transport: &http.Transport{
		MaxIdleConns: 200, MaxIdleConnsPerHost: 200, IdleConnTimeout: 10 * time.Second,
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func commandTime(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), patience)
}

// answer is a whole HTTP answer.
type answer struct {
	status int
	header http.Header
	body   []byte
	asked  string
}

// String is for failures: what was asked and what came.
func (a answer) String() string {
	return fmt.Sprintf("%s\n  -> %d %s", a.asked, a.status, bytes.TrimSpace(a.body))
}

func (a answer) into(v any) error {
	if err := json.Unmarshal(a.body, v); err != nil {
		return fmt.Errorf("%w: %v", err, a)
	}
	return nil
}

// ask sends one request. body is nil, bytes that go as they are, or a value
// that goes as JSON.
func ask(ctx context.Context, method, address, token string, header http.Header, body any) (answer, error) {
	var reader io.Reader
	var sent []byte
	switch b := body.(type) {
	case nil:
	case []byte:
		sent = b
	default:
		var err error
		if sent, err = json.Marshal(b); err != nil {
			return answer{}, err
		}
	}
	if sent != nil {
		reader = bytes.NewReader(sent)
	}
	r, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return answer{}, err
	}
	if sent != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(r.Header, header)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a := answer{asked: method + " " + r.URL.Path}
	if len(sent) < 2000 {
		a.asked += " " + string(sent)
	}
	resp, err := web.Do(r)
	if err != nil {
		return a, err
	}
	defer func() { _ = resp.Body.Close() }()
	a.status, a.header = resp.StatusCode, resp.Header
	a.body, err = io.ReadAll(resp.Body)
	return a, err
}

// phone is one emulated person with their session.
type phone struct {
	t      *testing.T
	site   *site
	OpenID string
	Token  string
	User   wireUser
}

// person gives an openid a phone. Nothing is asked of the server yet.
func (s *site) person(openid string) *phone {
	s.secret("an openid", openid)
	return &phone{t: s.t, site: s, OpenID: openid}
}

// user is a person with a session.
func (s *site) user(openid string) *phone {
	s.t.Helper()
	p := s.person(openid)
	p.login("")
	return p
}

// login opens a session through the emulated platform, with what was scanned.
func (p *phone) login(scene string) wireSession {
	p.t.Helper()
	o, err := p.tryLogin(p.t.Context(), scene)
	if err != nil {
		p.t.Fatal(err)
	}
	return o
}

func (p *phone) tryLogin(ctx context.Context, scene string) (wireSession, error) {
	var o wireSession
	var code struct {
		Code string `json:"code"`
	}
	a, err := ask(ctx, http.MethodPost, p.site.Base+"/_emulator/users/"+p.OpenID+"/code", "", nil, nil)
	if err != nil {
		return o, err
	}
	if a.status != http.StatusOK {
		return o, errors.New(a.String())
	}
	if err := a.into(&code); err != nil {
		return o, err
	}
	body := object{"code": code.Code}
	if scene != "" {
		body["scene"] = scene
	}
	if a, err = ask(ctx, http.MethodPost, p.site.Base+"/api/v1/sessions", "", nil, body); err != nil {
		return o, err
	}
	if a.status != http.StatusCreated {
		return o, errors.New(a.String())
	}
	if err := a.into(&o); err != nil {
		return o, err
	}
	p.Token, p.User = o.Token, o.User
	p.site.secret("a token", o.Token)
	return o, nil
}

// do calls the API as the person; an error is one of the network.
func (p *phone) do(ctx context.Context, method, path string, body any) (answer, error) {
	return ask(ctx, method, p.site.Base+"/api/v1"+path, p.Token, nil, body)
}

// call calls the API and wants this status; into may be nil.
func (p *phone) call(want int, method, path string, body, into any) answer {
	p.t.Helper()
	a, err := p.do(p.t.Context(), method, path, body)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	return p.wants(want, a, into)
}

func (p *phone) wants(want int, a answer, into any) answer {
	p.t.Helper()
	if a.status != want {
		p.t.Fatalf("want %d: %v", want, a)
	}
	if into != nil {
		if err := a.into(into); err != nil {
			p.t.Fatal(err)
		}
	}
	return a
}

// refusal calls the API and wants a problem with this status and code.
func (p *phone) refusal(status int, code, method, path string, body any) wireProblem {
	p.t.Helper()
	var problem wireProblem
	a := p.call(status, method, path, body, &problem)
	p.wellFormed(a, problem, code)
	return problem
}

// wellFormed holds a problem to RFC 9457 and the contract.
func (p *phone) wellFormed(a answer, problem wireProblem, code string) {
	p.t.Helper()
	if kind := a.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/problem+json") {
		p.t.Errorf("content type %q: %v", kind, a)
	}
	if problem.Status != a.status || code != "" && problem.Code != code || !chinese(problem.Detail) {
		p.t.Errorf("want a problem %q with advice in Chinese: %v", code, a)
	}
	if problem.Code == "invalid" && len(problem.Errors) == 0 {
		p.t.Errorf("invalid, but no field is named: %v", a)
	}
}

func chinese(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF })
}

// file files a submission with an idempotency key.
func (p *phone) file(ctx context.Context, key string, body any) (answer, error) {
	header := http.Header{}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	return ask(ctx, http.MethodPost, p.site.Base+"/api/v1/submissions", p.Token, header, body)
}

// filed is file that must be taken.
func (p *phone) filed(key string, body any) wireSubmission {
	p.t.Helper()
	a, err := p.file(p.t.Context(), key, body)
	if err != nil {
		p.t.Fatal(err)
	}
	var s wireSubmission
	want := http.StatusCreated
	if a.status == http.StatusOK { // it was filed before: the receipt, which has id, number and state alone
		want = http.StatusOK
	}
	p.wants(want, a, &s)
	return s
}

// act does one act that must succeed.
func (p *phone) act(id, act string, body object) wireSubmission {
	p.t.Helper()
	var s wireSubmission
	p.call(http.StatusOK, http.MethodPost, "/submissions/"+id+"/"+act, body, &s)
	return s
}

// read returns one submission.
func (p *phone) read(id string) wireSubmission {
	p.t.Helper()
	var s wireSubmission
	p.call(http.StatusOK, http.MethodGet, "/submissions/"+id, nil, &s)
	return s
}

// upload sends one file.
func (p *phone) upload(ctx context.Context, name string, data []byte) (answer, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		return answer{}, err
	}
	if _, err = part.Write(data); err == nil {
		err = w.Close()
	}
	if err != nil {
		return answer{}, err
	}
	return ask(ctx, http.MethodPost, p.site.Base+"/api/v1/uploads", p.Token,
		http.Header{"Content-Type": {w.FormDataContentType()}}, body.Bytes())
}

// uploaded is upload that must be taken.
func (p *phone) uploaded(name string, data []byte) wireUpload {
	p.t.Helper()
	a, err := p.upload(p.t.Context(), name, data)
	if err != nil {
		p.t.Fatal(err)
	}
	var u wireUpload
	p.wants(http.StatusCreated, a, &u)
	return u
}

// all reads a list to its end, in pages of the given size.
func all[T any](p *phone, path string, limit int) []T {
	p.t.Helper()
	var list []T
	cursor := ""
	for {
		q := url.Values{"limit": {fmt.Sprint(limit)}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		var page wirePage[T]
		p.call(http.StatusOK, http.MethodGet, path+sep+q.Encode(), nil, &page)
		if len(page.Items) > limit {
			p.t.Fatalf("%s: %d items for limit %d", path, len(page.Items), limit)
		}
		list = append(list, page.Items...)
		if page.NextCursor == "" {
			return list
		}
		if page.NextCursor == cursor {
			p.t.Fatalf("%s: the cursor does not move", path)
		}
		cursor = page.NextCursor
	}
}

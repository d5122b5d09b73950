package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxBody is the default limit of a request's body, in bytes.
const maxBody = 1 << 20

// refusal is an answer with an errcode.
type refusal struct {
	code int64
	msg  string
}

func refuse(code int64, msg string) *refusal { return &refusal{code, msg} }

// call is a caller's request.
type call struct {
	query       url.Values
	body        []byte
	contentType string
	// peer is the caller's IP address.
	peer string
}

// endpoint is one path of the API. serve returns a value to encode, a raw answer, or a refusal.
type endpoint struct {
	method string
	token  bool
	serve  func(ctx context.Context, c call) (any, *refusal)
	// maxBody is the limit of the body in bytes; 0 is maxBody.
	maxBody int64
}

// raw is an answer that is not JSON. One with a name is sent as a file.
type raw struct {
	contentType, name string
	data              []byte
}

// plainAnswer is the platform's answer without data.
type plainAnswer struct {
	ErrCode int64  `json:"errcode"`
	ErrMsg  string `json:"errmsg"`
}

var okAnswer = plainAnswer{0, "ok"}

func (e *Emulator) endpoints() map[string]endpoint {
	const get, post = http.MethodGet, http.MethodPost
	return map[string]endpoint{
		"/cgi-bin/stable_token":            {method: post, serve: e.stableToken},
		"/cgi-bin/token":                   {method: get, serve: e.normalToken},
		"/sns/jscode2session":              {method: get, serve: e.codeToSession},
		"/sns/oauth2/access_token":         {method: get, serve: e.oauthToken},
		"/wxa/business/getuserphonenumber": {method: post, token: true, serve: e.phoneNumber},
		"/wxa/getwxacodeunlimit":           {method: post, token: true, serve: e.codeImage},
		"/wxa/msg_sec_check":               {method: post, token: true, serve: e.checkText},
		"/wxa/media_check_async":           {method: post, token: true, serve: e.checkMedia},
		"/wxa/generate_urllink":            {method: post, token: true, serve: e.urlLink},
		"/wxa/generatescheme":              {method: post, token: true, serve: e.scheme},
		"/cgi-bin/message/subscribe/send":  {method: post, token: true, serve: e.sendMessage},
		"/cgi-bin/message/custom/send":     {method: post, token: true, serve: e.sendChat},
		"/cgi-bin/media/upload":            {method: post, token: true, serve: e.uploadMedia, maxBody: maxForm},
		"/cgi-bin/media/get":               {method: get, token: true, serve: e.getMedia},
		"/wxaapi/newtmpl/gettemplate":      {method: get, token: true, serve: e.listTemplates},
		"/cgi-bin/getcallbackip":           {method: get, token: true, serve: e.callbackIPs},
		"/cgi-bin/get_api_domain_ip":       {method: get, token: true, serve: e.apiIPs},
		"/cgi-bin/clear_quota":             {method: post, token: true, serve: e.clearQuota},
	}
}

// API returns the platform's side: the handler of https://api.weixin.qq.com.
func (e *Emulator) API() http.Handler { return http.HandlerFunc(e.serveAPI) }

func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request) {
	count := e.counters[r.URL.Path] // nil for a path that does not exist
	count.addCall()
	trouble := e.matchFault(r.URL.Path)
	if e.applyBefore(w, r, trouble) {
		return
	}
	result, no := e.dispatch(r)
	count.addAnswer(no)
	if e.applyAfter(w, trouble) {
		return
	}
	if no != nil {
		e.writeRefusal(w, no)
		return
	}
	if r, ok := result.(raw); ok {
		w.Header().Set("Content-Type", r.contentType)
		if r.name != "" {
			w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": r.name}))
		}
		_, _ = w.Write(r.data)
		return
	}
	e.writeJSON(w, result)
}

func (e *Emulator) dispatch(r *http.Request) (any, *refusal) {
	ep, ok := e.api[r.URL.Path]
	if !ok {
		return nil, refuse(40066, "invalid url")
	}
	if r.Method != ep.method {
		if ep.method == http.MethodPost {
			return nil, refuse(43002, "require POST method")
		}
		return nil, refuse(43001, "require GET method")
	}
	c := call{query: r.URL.Query(), contentType: r.Header.Get("Content-Type"), peer: peer(r.RemoteAddr)}
	if ep.token {
		if no := e.tokens.check(c.query.Get("access_token")); no != nil {
			return nil, no
		}
	}
	if no := e.meters[r.URL.Path].spend(e.opts.Clock()); no != nil {
		return nil, no
	}
	limit := ep.maxBody
	if limit == 0 {
		limit = maxBody
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil || int64(len(body)) > limit {
		return nil, refuse(45001, "media size out of limit")
	}
	c.body = body
	return ep.serve(r.Context(), c)
}

// peer returns the IP address of a remote address in its shortest form, or remote itself if it has none.
func peer(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	return at.Addr().Unmap().String()
}

// capitals matches a member name with a capital letter.
var capitals = regexp.MustCompile(`"[^"\\]*[A-Z][^"\\]*"\s*:`)

// parse reads the JSON object of a request. The platform's member names are in small letters and it ignores
// other spellings, which encoding/json would accept.
func parse(body []byte, into any) *refusal {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return refuse(44002, "empty post data")
	}
	bad := refuse(47001, "data format error")
	if body[0] != '{' || !utf8.Valid(body) {
		return bad
	}
	if capitals.Match(body) {
		var all map[string]any
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		if !json.Valid(body) || dec.Decode(&all) != nil {
			return bad
		}
		dropCapitals(all)
		body, _ = json.Marshal(all) // it was decoded from JSON
	}
	if json.Unmarshal(body, into) != nil {
		return bad
	}
	return nil
}

// dropCapitals removes the members whose names contain a capital letter.
func dropCapitals(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if strings.ToLower(name) != name {
				delete(v, name)
				continue
			}
			dropCapitals(inner)
		}
	case []any:
		for _, inner := range v {
			dropCapitals(inner)
		}
	}
}

func (e *Emulator) writeRefusal(w http.ResponseWriter, no *refusal) {
	e.writeJSON(w, plainAnswer{no.code, no.msg + " rid: " + e.random.rid(e.opts.Clock())})
}

func (e *Emulator) writeJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only our own types are encoded
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	_, _ = w.Write(data)
}

// internalRefusal is the platform's answer to an error of its own.
func (e *Emulator) internalRefusal(ctx context.Context, err error) *refusal {
	e.log.LogAttrs(ctx, slog.LevelError, "emulator: the platform fails", slog.Any("error", err))
	return refuse(-1, "system error")
}

// released reports whether a page, without its query, is in the released version.
func (e *Emulator) released(page string) bool {
	path, _, _ := strings.Cut(page, "?")
	return slices.Contains(e.opts.Pages, path)
}

// Paths returns the paths that the platform answers, sorted.
func (e *Emulator) Paths() []string { return slices.Sorted(maps.Keys(e.api)) }

package wechat

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// The maximum sizes of answers, in bytes.
const (
	maxJSON  = 1 << 20
	maxMedia = 10 << 20
)

// platformHost is the only host that requests are made for. Config.BaseURL may redirect all of them.
const platformHost = "api.weixin.qq.com"

var (
	errForeignHost = errors.New("wechat: refused a request to a foreign host")
	errTooLarge    = errors.New("wechat: the answer is too large")
	errNoClient    = errors.New("wechat: the sdk made a request outside any client")
	errNoTimeLeft  = errors.New("wechat: no time was left to begin")
)

// defaultTransport is the transport of a client whose configuration has none.
func defaultTransport() http.RoundTripper {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 3 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ForceAttemptHTTP2:     true,
		TLSHandshakeTimeout:   3 * time.Second,
		ResponseHeaderTimeout: 8 * time.Second,
		IdleConnTimeout:       time.Minute,
		MaxIdleConns:          64,
		MaxIdleConnsPerHost:   32,
	}
}

// platformTransport allows only requests for the platform, sends them to the configured base and bounds the answer's body.
type platformTransport struct {
	base *url.URL
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper. A panic of the transport would show the URL in a log of panics, so it
// becomes an error, whose text is scrubbed later.
func (p *platformTransport) RoundTrip(req *http.Request) (resp *http.Response, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the transport panicked: %v", r)
		}
	}()
	if req.URL.Host != platformHost || req.URL.Scheme != "https" {
		closeBody(req)
		return nil, errForeignHost
	}
	out := req.Clone(req.Context())
	out.URL.Scheme, out.URL.Host = p.base.Scheme, p.base.Host
	out.URL.Path = strings.TrimSuffix(p.base.Path, "/") + req.URL.Path
	out.Host = p.base.Host
	resp, err = p.next.RoundTrip(out)
	if err != nil {
		return nil, err
	}
	resp.Body = &limitedBody{body: resp.Body, left: maxMedia}
	return resp, nil
}

// limitedBody fails a read beyond its bound, where io.LimitReader would pretend that the body ends there.
type limitedBody struct {
	body io.ReadCloser
	left int64
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

func (b *limitedBody) Close() error { return b.body.Close() }

// clientKey marks the context of a request that the SDK makes for a client.
type clientKey struct{}

// dispatcher is the SDK's HTTP transport. It finds the client in the request's context and refuses a request
// without one.
type dispatcher struct{}

// RoundTrip implements http.RoundTripper.
func (dispatcher) RoundTrip(req *http.Request) (*http.Response, error) {
	c, ok := req.Context().Value(clientKey{}).(*Client)
	if !ok {
		closeBody(req)
		return nil, errNoClient
	}
	resp, err := c.http.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK { // the SDK's error would contain the whole URL
		_ = resp.Body.Close()
		return nil, statusError(resp.StatusCode)
	}
	resp.Body = &limitedBody{body: resp.Body, left: maxJSON} // the SDK makes JSON calls only
	return resp, nil
}

// replaceSDKClient replaces the SDK's process-wide HTTP client, which has no timeout.
// The variable is written once, before the first use by any client.
var replaceSDKClient = sync.OnceFunc(func() {
	util.DefaultHTTPClient = &http.Client{Transport: dispatcher{}, CheckRedirect: noRedirect}
})

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// throughSDK runs one SDK call for this client, with the client's timeout, and turns a panic into an error.
func throughSDK[T any](ctx context.Context, c *Client, call func(context.Context) (T, error)) (out T, err error) {
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, clientKey{}, c), c.cfg.Timeout)
	defer cancel()
	if ctx.Err() != nil {
		return out, fmt.Errorf("%w: %w", errNoTimeLeft, ctx.Err())
	}
	defer func() {
		if r := recover(); r != nil {
			err = malformed(fmt.Sprintf("the sdk panicked: %v", r))
		}
	}()
	return call(ctx)
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// HandlerTransport carries requests to a handler in this process, without a socket. It observes the request's
// context, copies both bodies, and turns a handler's panic into an error, as a broken connection would be.
func HandlerTransport(h http.Handler) http.RoundTripper { return handlerTransport{h} }

type handlerTransport struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t handlerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	in := req.Clone(ctx)
	in.RequestURI = req.URL.RequestURI()
	in.RemoteAddr = "127.0.0.1:0"
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	in.Body = http.NoBody
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		closeBody(req)
		if err != nil {
			return nil, err
		}
		in.Body, in.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rec := &recorder{header: make(http.Header), done: make(chan struct{})}
	go rec.run(t.handler, in)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-rec.done:
		// If both are ready, select picks one at random: a late answer must still fail.
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		return rec.response(req)
	}
}

// recorder is the handler's http.ResponseWriter. It is read only after done is closed.
type recorder struct {
	header http.Header
	sent   http.Header
	status int
	body   bytes.Buffer
	failed error
	done   chan struct{}
}

func (r *recorder) run(h http.Handler, req *http.Request) {
	defer close(r.done)
	defer func() {
		if p := recover(); p != nil {
			r.failed = fmt.Errorf("wechat: the handler panicked: %v", p)
		}
	}()
	h.ServeHTTP(r, req)
	r.WriteHeader(http.StatusOK)
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status, r.sent = status, r.header.Clone()
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}

func (r *recorder) response(req *http.Request) (*http.Response, error) {
	if r.failed != nil {
		return nil, r.failed
	}
	return &http.Response{
		Status: http.StatusText(r.status), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.sent, ContentLength: int64(r.body.Len()),
		Body: io.NopCloser(bytes.NewReader(r.body.Bytes())), Request: req,
	}, nil
}

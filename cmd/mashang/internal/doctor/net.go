package doctor

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"mashang/wechat"
)

const (
	// webTimeout is the limit of one request. The platform gives up on a push after five seconds.
	webTimeout = 6 * time.Second
	// maxAnswer is how many bytes of an answer are read.
	maxAnswer = 64 << 10
)

// newWeb returns a client that follows no redirection, like the platform.
func newWeb(proxy func(*http.Request) (*url.URL, error)) *http.Client {
	return &http.Client{
		Timeout: webTimeout,
		Transport: &http.Transport{
			Proxy: proxy, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// reply is the result of a request.
type reply struct {
	err    error
	status int
	body   string
	header http.Header
	took   time.Duration
	// until is when the certificate expires; zero without TLS.
	until time.Time
}

// problem is the media type of the product's own refusals.
const problem = "application/problem+json"

// ours reports whether a refusal is the product's and not a proxy's.
func (r reply) ours() bool { return strings.HasPrefix(r.header.Get("Content-Type"), problem) }

// page reports whether the answer is a page for people.
func (r reply) page() bool { return strings.HasPrefix(r.header.Get("Content-Type"), "text/html") }

// fetch makes a request: a GET with the probe's query, or a POST of its body.
func fetch(ctx context.Context, by *http.Client, address string, p wechat.Probe) reply {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if p.Body != nil {
		method, body = http.MethodPost, bytes.NewReader(p.Body)
	}
	if len(p.Query) > 0 {
		address += "?" + p.Query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return reply{err: err}
	}
	if p.ContentType != "" {
		req.Header.Set("Content-Type", p.ContentType)
	}
	began := time.Now()
	resp, err := by.Do(req)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	r := reply{err: err, status: resp.StatusCode, body: string(text), header: resp.Header, took: time.Since(began)}
	if resp.TLS != nil && len(resp.TLS.PeerCertificates) > 0 {
		r.until = resp.TLS.PeerCertificates[0].NotAfter
	}
	return r
}

// describeNetError says why there was no answer, without the address, which may contain a secret or a signature.
func describeNetError(err error) string {
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return "域名解析失败：" + e.Name + "，请在域名服务商处核对解析记录"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "证书不是发给这个域名的，请为它申请证书并装到反向代理"
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "证书已过期或还没有生效，请更新证书，并核对本机时间"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "证书不受信任，多半缺少中间证书：请在反向代理里使用完整证书链（fullchain）"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok || errors.Is(err, http.ErrSchemeMismatch) {
		return "这个端口不是 https，请在反向代理里为它开启 TLS"
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && strings.HasSuffix(e.Op, " error") { // a TLS alert, ours or theirs
		return "TLS 握手被拒绝，请在反向代理里开启 TLS 1.2 以上，并核对域名"
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return "连接被拒绝：没有程序在监听，或被防火墙挡住"
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return "超时没有应答，请检查防火墙、安全组和反向代理"
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		return "连接中途被断开"
	}
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if text := err.Error(); !strings.Contains(text, "://") {
		return text
	}
	return "应答无法识别"
}

package doctor_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"mashang/cmd/mashang/adapt"
	"mashang/cmd/mashang/internal/config"
	"mashang/cmd/mashang/internal/doctor"
	"mashang/domain/notice"
	"mashang/wechat"
)

// patient is a whole set-up that the doctor finds well: a stub of the platform,
// and a face behind https://example.com that answers as the product does.
type patient struct {
	t   *testing.T
	cfg config.Config
	// What the platform answers.
	ping, listing, drawing, sealing error
	templates                       []wechat.AccountTemplate
	ips                             []string
	drawn                           []string
	key                             string
	slow                            time.Duration
	// face answers the public address, inner the address on this machine.
	face, inner http.Handler
	web         *http.Transport
	*wechat.Receiver
}

const aKey = "ABCDEFGH23456789"

func newPatient(t *testing.T) *patient {
	t.Helper()
	p := &patient{t: t, cfg: config.Defaults(), key: aKey, ips: []string{"101.226.103.0/25", "140.207.54.0"}}
	p.cfg.HTTP.PublicURL = "https://example.com"
	w := &p.cfg.WeChat
	w.AppID, w.AppSecret = "wx0123456789abcdef", config.Secret(strings.Repeat("5", 32))
	w.PushToken, w.PushAESKey = "theTokenOfTheTest", config.Secret(strings.Repeat("k", 43))
	w.VerifyFiles = map[string]string{"WW_verify_ab12.txt": "ab12"}
	w.Templates = map[string]string{}
	for _, purpose := range notice.Purposes {
		a := accountTemplate(purpose)
		w.Templates[string(purpose)] = a.ID
		p.templates = append(p.templates, a)
	}
	p.Receiver = p.receiver(func(*wechat.Config) {})
	p.face, p.inner = p.product(p.Receiver), p.product(p.Receiver)
	p.cfg.WeChat.APIBase = p.serve(func(http.ResponseWriter, *http.Request) {})
	p.cfg.HTTP.Addr = strings.TrimPrefix(p.serve(func(w http.ResponseWriter, r *http.Request) { p.inner.ServeHTTP(w, r) }), "http://")
	p.front(nil)
	return p
}

// front puts the face behind https://example.com, with a certificate of its own
// if one is given.
func (p *patient) front(cert *tls.Certificate) {
	public := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.face.ServeHTTP(w, r) }))
	public.Config.ErrorLog = log.New(io.Discard, "", 0)
	if cert != nil {
		public.TLS = &tls.Config{Certificates: []tls.Certificate{*cert}, MinVersion: tls.VersionTLS12}
	}
	public.StartTLS()
	p.t.Cleanup(public.Close)
	roots := x509.NewCertPool()
	roots.AddCert(public.Certificate())
	p.web = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	p.web.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if addr == "example.com:443" {
			addr = public.Listener.Addr().String()
		}
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}
	p.t.Cleanup(p.web.CloseIdleConnections)
}

// certificate is one for example.com that runs out at a time.
func certificate(t *testing.T, until time.Time) *tls.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"example.com"}, NotBefore: until.AddDate(0, -3, 0), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, of, of, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: private}
}

// serve runs a plain server and returns its address.
func (p *patient) serve(h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	p.t.Cleanup(s.Close)
	return s.URL
}

// receiver is a receiver configured as the patient, but for a change.
func (p *patient) receiver(change func(*wechat.Config)) *wechat.Receiver {
	p.t.Helper()
	w := p.cfg.WeChat
	c := wechat.Config{
		AppID: w.AppID, AppSecret: w.AppSecret.Reveal(), PushMode: wechat.PushMode(w.PushMode),
		PushToken: w.PushToken.Reveal(), PushAESKey: w.PushAESKey.Reveal(),
	}
	change(&c)
	client, err := wechat.New(c, &adapt.TokenCache{}, time.Now, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(client.Close)
	return client.Receiver()
}

// product answers as the product's face does.
func (p *patient) product(r *wechat.Receiver) http.Handler {
	mux := http.NewServeMux()
	refuse := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusForbidden)
	}
	mux.HandleFunc("GET /wechat/push", func(w http.ResponseWriter, req *http.Request) {
		echo, err := r.Echo(req.URL.Query())
		if err != nil {
			refuse(w)
			return
		}
		_, _ = io.WriteString(w, echo)
	})
	mux.HandleFunc("POST /wechat/push", func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		if _, err := r.Open(req.URL.Query(), body); err != nil {
			refuse(w)
			return
		}
		_, _ = io.WriteString(w, "success")
	})
	for _, path := range []string{"/", "/q/"} {
		mux.HandleFunc("GET "+path+"WW_verify_ab12.txt", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ab12") })
	}
	mux.HandleFunc("GET /q/{key}", func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'sha256-x'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if req.PathValue("key") != aKey {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	return mux
}

func (p *patient) Ping(context.Context) error { return p.ping }
func (p *patient) AccountTemplates(context.Context) ([]wechat.AccountTemplate, error) {
	return p.templates, p.listing
}
func (p *patient) CallbackIPs(context.Context) ([]string, error) { return p.ips, nil }

func (p *patient) CodeImage(_ context.Context, key string) ([]byte, error) {
	p.drawn = append(p.drawn, key)
	return nil, p.drawing
}

func (p *patient) EventProbe() (wechat.Probe, error) {
	if p.sealing != nil {
		return wechat.Probe{}, p.sealing
	}
	return p.Receiver.EventProbe()
}

// examined is what the doctor says.
type examined struct {
	out         string
	bad, warned int
}

func (p *patient) examine() examined {
	p.t.Helper()
	var out strings.Builder
	c := doctor.Checkup{Config: p.cfg, Account: p, Key: p.key, Web: p.web, Slow: p.slow}
	bad, warned := c.Run(p.t.Context(), &out)
	for _, secret := range []string{p.cfg.WeChat.AppSecret.Reveal(), p.cfg.WeChat.PushToken.Reveal(), p.cfg.WeChat.PushAESKey.Reveal(), "signature"} {
		if strings.Contains(out.String(), secret) {
			p.t.Errorf("the doctor tells %q:\n%s", secret, out.String())
		}
	}
	return examined{out.String(), bad, warned}
}

// finds wants lines that begin with a mark, hold the words, and nothing else
// wrong. The console's list is always there and counts as one "!".
func (p *patient) finds(bad, warned int, words ...string) {
	p.t.Helper()
	got := p.examine()
	if got.bad != bad || got.warned != warned+1 {
		p.t.Errorf("%d ✗ and %d !, want %d and %d:\n%s", got.bad, got.warned, bad, warned+1, got.out)
	}
	for _, w := range words {
		if !strings.Contains(got.out, w) {
			p.t.Errorf("does not say %q:\n%s", w, got.out)
		}
	}
}

// accountTemplate is a template of the console that fits a purpose as it is.
func accountTemplate(purpose notice.Purpose) wechat.AccountTemplate {
	a := wechat.AccountTemplate{ID: "template-" + string(purpose), Title: purpose.Chinese() + "通知", Type: wechat.OneTime}
	keys := wechat.DefaultKeys(purpose)
	for _, f := range notice.Fields[purpose] {
		a.Fields = append(a.Fields, wechat.TemplateField{Label: f.Label, Key: keys[f.Meaning]})
	}
	return a
}

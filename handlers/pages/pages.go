package pages

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"mashang/desk/codes"
	"mashang/domain/fault"
	"mashang/domain/language"
	"mashang/handlers/web"
)

//go:embed *.html *.css
var pageFiles embed.FS

// pages are the few pages for browsers, each one file without a script.
type pages struct {
	templates *template.Template
	style     template.CSS
	// early is the style of the content before the client has loaded.
	early template.CSS
	// policy allows the one style sheet and our own images, and nothing else.
	policy string
	// client is the policy of the people's client: its own files, photos that it fetched or took (blob:,
	// data:), and this server; nothing else.
	client string
	// console is the policy of the staff's console. Its component library positions elements by style
	// attributes; it needs no inline script and no other server.
	console string
}

// newPages parses the pages. framed lets pages of our own origin show the client in a frame, as the emulated
// phones do.
func newPages(framed bool) (*pages, error) {
	style, err := pageFiles.ReadFile("style.css")
	if err != nil {
		return nil, fmt.Errorf("handlers: style of the pages: %w", err)
	}
	early, err := pageFiles.ReadFile("early.css")
	if err != nil {
		return nil, fmt.Errorf("handlers: style of the client's first page: %w", err)
	}
	ancestors := "'none'"
	if framed {
		ancestors = "'self'"
	}
	helpers := template.FuncMap{"clock": clock, "dial": dial, "initial": initial}
	t, err := template.New("").Funcs(helpers).ParseFS(pageFiles, "*.html")
	if err != nil {
		return nil, fmt.Errorf("handlers: pages: %w", err)
	}
	return &pages{
		templates: t, style: template.CSS(style), early: template.CSS(early), //nolint:gosec // our own files, embedded
		policy: "default-src 'none'; style-src " + styleHash(style) +
			"; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		client: "default-src 'none'; script-src 'self'; style-src 'self' " + styleHash(early) + "; img-src 'self' data: blob:; " +
			"media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors " + ancestors,
		console: "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; " +
			"media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}, nil
}

// styleHash is the policy's entry for one inline style: a hash of its content.
func styleHash(style []byte) string {
	sum := sha256.Sum256(style)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageData is the data of the pages.
type pageData struct {
	Title string
	// Lang is the page's language; Asked is what the address asked for, "" for nothing.
	Lang  language.Language
	Asked string
	Style template.CSS
	Sign  codes.Sign
	// Form: it is the page where one writes to whom the sign names.
	Form bool
	// Stations are stations to contact when a code is invalid.
	Stations []codes.StationRef
	Busy     bool
	// Client: the client for browsers exists. NoClient: it was requested and does not exist.
	Client, NoClient bool
	// Console: the staff's console exists.
	Console bool
	Demo    bool
	Version string
	// MetricsURL is the address of the metrics for the operator, "" for none.
	MetricsURL string
}

// addPages registers the pages and the platform's verification files.
func (rt *routes) addPages(r gin.IRoutes) {
	for name, content := range rt.api.Options.VerifyFiles {
		serve := func(c *gin.Context) { c.Data(http.StatusOK, "text/plain; charset=utf-8", []byte(content)) }
		r.GET("/"+name, serve)
		r.GET("/q/"+name, serve)
	}
	r.GET("/", rt.firstPage)
	r.HEAD("/", rt.firstPage)
	r.GET("/q/:key", rt.signPage)
	r.HEAD("/q/:key", rt.signPage)
	r.GET("/q/:key/open", rt.openPage)
}

func (rt *routes) firstPage(c *gin.Context) {
	rt.show(c, http.StatusOK, "first.html", pageData{
		Title: "码上·委员工作站", Client: rt.hasClient(), Console: isBuilt(rt.api.Options.Console), Demo: rt.api.Options.Demo, Version: rt.api.Options.Version,
		MetricsURL: rt.api.Options.MetricsURL,
	})
}

// signPage answers a phone that scanned a plain link and did not open the mini program.
func (rt *routes) signPage(c *gin.Context) {
	s, err := rt.desk.codes.Sign(c.Request.Context(), c.Param("key"))
	if err == nil {
		rt.api.Scanned(c.Request.Context(), &s)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		web.VisitOf(c.Request.Context()).Cause = err
		list, err := rt.api.StationsToCall(c.Request.Context())
		if err != nil { // the page then says where else to look
			rt.api.Log.WarnContext(c.Request.Context(), "no stations to call on the page of a wrong code", slog.Any("err", err))
		}
		rt.show(c, http.StatusNotFound, "lost.html", pageData{Title: "lost", Stations: list})
	case err != nil:
		web.VisitOf(c.Request.Context()).Cause = err
		status := web.StatusOf(fault.CodeOf(err))
		if status == http.StatusServiceUnavailable {
			c.Header("Retry-After", "5")
		}
		rt.show(c, status, "lost.html", pageData{Title: "busy", Busy: true})
	case s.Revoked:
		rt.show(c, http.StatusGone, "lost.html", pageData{Title: "revoked", Stations: []codes.StationRef{s.Station}, Sign: s})
	default:
		rt.show(c, http.StatusOK, "sign.html", pageData{Title: s.Name, Sign: s, Client: rt.hasClient()})
	}
}

// openPage leads a browser outside WeChat into the mini program. The link is requested at the tap and not with
// the page, as the platform counts links. Without one the page explains how to get there by hand.
func (rt *routes) openPage(c *gin.Context) {
	l, err := rt.desk.codes.OpenLink(c.Request.Context(), c.Param("key"))
	if err != nil {
		web.VisitOf(c.Request.Context()).Cause = err
		rt.signPage(c)
		return
	}
	c.Redirect(http.StatusFound, l.URL)
}

// show writes a page. A title that is a key of words is said in the page's language.
func (rt *routes) show(c *gin.Context, status int, name string, d pageData) {
	d.Style = rt.pages.style
	if d.Lang, d.Asked = langOf(c); name == "first.html" || d.NoClient {
		d.Lang = language.Chinese // for whoever runs the installation
	}
	d.Title = cmp.Or(d.T(d.Title), d.Title)
	c.Header("Vary", "Accept-Language")
	var b bytes.Buffer
	if err := rt.pages.templates.ExecuteTemplate(&b, name, d); err != nil {
		rt.api.Refuse(c, err)
		return
	}
	c.Header("Content-Security-Policy", rt.pages.policy)
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
}

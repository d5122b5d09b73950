package pages

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"mashang/desk/codes"
	"mashang/domain/fault"
	"mashang/domain/station"
	"mashang/handlers/web"
)

//go:embed *.html *.css
var pageFiles embed.FS

// pages are the few pages a browser is shown, each one file without a script.
type pages struct {
	templates *template.Template
	style     template.CSS
	// early is the style of what is said before the client has loaded.
	early template.CSS
	// policy lets the one style sheet and our own images through, and nothing
	// else.
	policy string
	// client is the policy of the people's client: its own files, photos it
	// fetched or took (blob:, data:), and this server; nothing else.
	client string
	// console is the policy of the staff's console. Its library of parts places
	// things by style attributes; it needs no inline script and no other server.
	console string
}

func newPages() (*pages, error) {
	style, err := pageFiles.ReadFile("style.css")
	if err != nil {
		return nil, fmt.Errorf("handlers: style of the pages: %w", err)
	}
	early, err := pageFiles.ReadFile("early.css")
	if err != nil {
		return nil, fmt.Errorf("handlers: style of the client's first page: %w", err)
	}
	helpers := template.FuncMap{"clock": clock, "day": day, "dial": dial, "initial": initial}
	t, err := template.New("").Funcs(helpers).ParseFS(pageFiles, "*.html")
	if err != nil {
		return nil, fmt.Errorf("handlers: pages: %w", err)
	}
	return &pages{
		templates: t, style: template.CSS(style), early: template.CSS(early), //nolint:gosec // our own files, embedded
		policy: "default-src 'none'; style-src " + named(style) +
			"; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		client: "default-src 'none'; script-src 'self'; style-src 'self' " + named(early) + "; img-src 'self' data: blob:; " +
			"media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		console: "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; " +
			"media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}, nil
}

// named is how a policy allows one inline style: by what is in it.
func named(style []byte) string {
	sum := sha256.Sum256(style)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageData is what the pages are made of.
type pageData struct {
	Title string
	Style template.CSS
	Sign  codes.Sign
	// Stations are whom to turn to when a code leads nowhere.
	Stations []codes.StationRef
	Busy     bool
	// Client tells that the client for browsers is there to lead to; NoClient
	// that it was asked for and is not.
	Client, NoClient bool
	// Console tells that the staff's console is there.
	Console bool
	Demo    bool
	Version string
	// MetricsURL is where an operator finds the figures, "" for nowhere.
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

// signPage answers a phone that scanned a plain-link code and did not open the
// mini-program.
func (rt *routes) signPage(c *gin.Context) {
	s, err := rt.desk.codes.Sign(c.Request.Context(), c.Param("key"))
	if err == nil {
		rt.api.Scanned(c.Request.Context(), &s)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		web.VisitOf(c.Request.Context()).Cause = err
		rt.show(c, http.StatusNotFound, "lost.html", pageData{Title: "没有找到这个码", Stations: rt.stations(c)})
	case err != nil:
		web.VisitOf(c.Request.Context()).Cause = err
		status := web.StatusOf(fault.CodeOf(err))
		if status == http.StatusServiceUnavailable {
			c.Header("Retry-After", "5")
		}
		rt.show(c, status, "lost.html", pageData{Title: "系统正忙", Busy: true})
	case s.Revoked:
		rt.show(c, http.StatusGone, "lost.html", pageData{Title: "这个码已经停用", Stations: []codes.StationRef{s.Station}, Sign: s})
	default:
		rt.show(c, http.StatusOK, "sign.html", pageData{Title: s.Name, Sign: s, Client: rt.hasClient()})
	}
}

// openPage leads a browser outside WeChat into the mini program. The link is
// asked for at the tap and not for the page: the platform counts them. Without
// one the page says how to get there by hand.
func (rt *routes) openPage(c *gin.Context) {
	l, err := rt.desk.codes.OpenLink(c.Request.Context(), c.Param("key"))
	if err != nil {
		web.VisitOf(c.Request.Context()).Cause = err
		rt.signPage(c)
		return
	}
	c.Redirect(http.StatusFound, l.URL)
}

// fewStations is how many a person can choose from at a glance.
const fewStations = 6

func (rt *routes) stations(c *gin.Context) []codes.StationRef {
	if rt.api.Options.Stations == nil {
		return nil
	}
	list, err := rt.api.Options.Stations(c.Request.Context())
	if err != nil || len(list) > fewStations {
		return nil // the page then says where else to look
	}
	return list
}

func (rt *routes) show(c *gin.Context, status int, name string, d pageData) {
	d.Style = rt.pages.style
	var b bytes.Buffer
	if err := rt.pages.templates.ExecuteTemplate(&b, name, d); err != nil {
		rt.api.Refuse(c, err)
		return
	}
	c.Header("Content-Security-Policy", rt.pages.policy)
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
}

// clock is a span of one day as people read it; midnight at its end is 24:00.
func clock(d codes.Duty) string {
	to := d.To.In(station.Zone).Format("15:04")
	if to == "00:00" {
		to = "24:00"
	}
	return d.From.In(station.Zone).Format("15:04") + "–" + to
}

// day is the date of a duty as people read it.
func day(d codes.Duty) string {
	at := d.From.In(station.Zone)
	return strconv.Itoa(int(at.Month())) + "月" + strconv.Itoa(at.Day()) + "日"
}

// dial is a number as a telephone takes it.
func dial(phone string) string {
	var digits []rune
	for _, r := range phone {
		if r >= '0' && r <= '9' || r == '+' && len(digits) == 0 {
			digits = append(digits, r)
		}
	}
	return string(digits)
}

// initial is the first character of a name, for the seal beside it.
func initial(name string) string {
	for _, r := range name {
		return string(r)
	}
	return "码"
}

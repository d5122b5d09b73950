// Package handlers is the product's HTTP face: the people's API, the pages a
// browser is shown, what the platform calls, and what an operator's tools ask.
// It is the only package that knows gin and huma.
//
// It decides nothing: it reads a request strictly, knows who asks, lets the
// desk do the work, and turns what comes back (a View, a fault) into words on
// the wire. The contract is docs/api.md; the machine-readable form of it is
// made from the same code that answers (OpenAPI).
package handlers

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"mashang/desk"
)

// Face is the whole HTTP surface. It is safe for concurrent use.
type Face struct {
	desk    *desk.Desk
	o       Options
	log     *slog.Logger
	metrics *Metrics
	limits  *limiters
	outages *outages
	engine  *gin.Engine
	api     huma.API
	pages   *pages
	// origin refuses what other sites have a browser send with our cookie.
	origin *http.CrossOriginProtection
	// over is closed when the server stops: streams end.
	over     chan struct{}
	overOnce sync.Once
	headers  http.Header
	// description is the finished OpenAPI document.
	description []byte
	// traces count requests since start; with the moment of the start they
	// make ids that tie an answer to a line of the log.
	traces atomic.Uint64
	start  string
	// here is set when people reach the installation on this machine only.
	here bool
	// strangeProxy is set once a proxy that is not trusted was warned of.
	strangeProxy atomic.Bool
	// What the store last said of its readiness, and when it was asked.
	readyMu  sync.Mutex
	readyErr error
	readyAt  time.Time
}

// New builds the face. d may be nil when only OpenAPI is wanted; nothing is
// asked of it before the first request.
func New(d *desk.Desk, o Options) (*Face, error) {
	o = o.withDefaults()
	useOwnErrors()
	f := &Face{desk: d, o: o, log: o.Log, metrics: o.Metrics}
	f.start = fmt.Sprintf("%x", o.Now().UnixMilli())
	f.limits = newLimiters(o.Limits, o.Now)
	f.outages = newOutages()
	f.here = onThisMachine(o.PublicURL)
	f.headers = securityHeaders(strings.HasPrefix(o.PublicURL, "https://"))
	f.over = make(chan struct{})
	f.origin = http.NewCrossOriginProtection()
	var err error
	if f.pages, err = newPages(); err != nil {
		return nil, err
	}
	if err := f.build(); err != nil {
		return nil, err
	}
	return f, nil
}

// Close ends the streams, which would keep a server from stopping.
func (f *Face) Close() { f.overOnce.Do(func() { close(f.over) }) }

// Handler returns what a server serves.
func (f *Face) Handler() http.Handler { return f.engine }

// Route is one registered path of the face.
type Route struct {
	Method string
	// Path is as the router has it, "/q/:key".
	Path string
}

// Routes lists everything that is registered, for the tests that hold each
// route to its row in the table of rights.
func (f *Face) Routes() []Route {
	var list []Route
	for _, r := range f.engine.Routes() {
		list = append(list, Route{Method: r.Method, Path: r.Path})
	}
	return list
}

// quietGin keeps gin from writing to standard output; it has no other switch.
func quietGin() {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultWriter, gin.DefaultErrorWriter = io.Discard, io.Discard
}

// build registers every route.
func (f *Face) build() error {
	e := gin.New()
	f.engine = e
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.ForwardedByClientIP = len(f.o.TrustedProxies) > 0
	if err := e.SetTrustedProxies(f.o.TrustedProxies); err != nil {
		return fmt.Errorf("handlers: trusted proxies: %w", err)
	}
	e.Use(f.attend)
	e.NoRoute(f.byAddress, f.noRoute)
	e.NoMethod(f.byAddress, f.noMethod)

	people := e.Group("", f.byAddress)
	f.api = humagin.NewWithGroup(e, people, apiConfig())
	f.addSessions()
	f.addCodes()
	f.addUploads()
	f.addSubmissions()
	f.addActs()
	f.addQueues()
	f.addMatters()
	f.addRouting()
	f.addRules()
	f.addAbsences()
	f.addSafety()
	f.addUntold()
	f.addUnread()
	f.addJobs()
	f.addSigns()
	f.addSurge()
	f.addCalendar()
	f.addTemplates()
	f.addTopics()
	f.addSame()
	f.addFigures()
	f.addDashboard()
	f.addGuard()
	f.addDay()
	f.addMyData()
	f.addFaces()
	f.addAudit()
	f.addAttempts()
	f.addDossier()
	f.addRoster()
	f.addBindings()
	f.addConsent()
	f.addPages(people)
	f.addClient(people)
	f.addSeats()
	f.addLive()
	f.addConsole(people)
	f.addMachine(e)
	return f.describe()
}

// trace returns an id that ties an answer to a line of the log. It need be
// unique, not secret.
func (f *Face) trace() string {
	const digits = "0123456789abcdefghijklmnopqrstuvwxyz"
	n := f.traces.Add(1)
	var b [40]byte
	i := len(b)
	for {
		i--
		b[i] = digits[n%36]
		if n /= 36; n == 0 {
			break
		}
	}
	return f.start + "-" + string(b[i:])
}

// now returns the face's clock's time.
func (f *Face) now() time.Time { return f.o.Now() }

// Package web is what every operation stands on: the engine, who asks, limits, faults
// on the wire, streams, and the description of the API. With the other packages below
// handlers it is the only one that knows gin and huma.
package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"mashang/desk/codes"
	"mashang/domain/access"
	"mashang/domain/record"
)

// Desk is what is asked before any operation.
type Desk interface {
	// Caller returns whose session a token is, Seated too and counts as its use.
	Caller(ctx context.Context, token string) (access.Caller, error)
	Seated(ctx context.Context, token string) (access.Caller, error)
	// Attempted notes a request that was refused.
	Attempted(a record.Attempt)
	// Scanned counts a look at what a code shows.
	Scanned(s *codes.Sign, device string)
}

// API is what the areas register their operations with. It is safe for concurrent use.
type API struct {
	Options Options
	Huma    huma.API
	Engine  *gin.Engine
	// People is where what people ask for lies: within what one address may do.
	People  gin.IRoutes
	Limits  *limiters
	Metrics *Metrics
	Log     *slog.Logger
	// Origin refuses what other sites have a browser send with our cookie.
	Origin *http.CrossOriginProtection
	// Over is closed when the server stops: streams end.
	Over chan struct{}
	// Here is set when people reach the installation on this machine only.
	Here bool
	// Description is the finished OpenAPI document.
	Description []byte

	desk     Desk
	outages  *outages
	overOnce sync.Once
	headers  http.Header
	// traces count requests since start; with the moment of the start they
	// make ids that tie an answer to a line of the log.
	traces atomic.Uint64
	start  string
	// strangeProxy is set once a proxy that is not trusted was warned of.
	strangeProxy atomic.Bool
}

// New makes an API without operations.
func New(d Desk, o Options) (*API, error) {
	o = o.withDefaults()
	useOwnErrors()
	api := &API{
		desk: d, Options: o, Log: o.Log, Metrics: o.Metrics,
		Limits: newLimiters(o.Limits, o.Now), outages: newOutages(), Here: onThisMachine(o.PublicURL),
		Over: make(chan struct{}), Origin: http.NewCrossOriginProtection(), Engine: gin.New(),
		headers: securityHeaders(strings.HasPrefix(o.PublicURL, "https://")), start: fmt.Sprintf("%x", o.Now().UnixMilli()),
	}
	e := api.Engine
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.ForwardedByClientIP = len(o.TrustedProxies) > 0
	if err := e.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("handlers: trusted proxies: %w", err)
	}
	e.Use(api.attend)
	e.NoRoute(api.byAddress, api.NoRoute)
	e.NoMethod(api.byAddress, api.noMethod)
	people := e.Group("", api.byAddress)
	api.People = people
	api.Huma = humagin.NewWithGroup(e, people, apiConfig())
	return api, nil
}

// Close ends the streams, which would keep a server from stopping.
func (api *API) Close() { api.overOnce.Do(func() { close(api.Over) }) }

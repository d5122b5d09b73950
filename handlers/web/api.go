// Package web is the base of all operations: the engine, authentication, limits, faults on the wire, streams,
// and the description of the API. Only it and the other packages below handlers import gin and huma.
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

// Desk is the part of the desk that is used before any operation.
type Desk interface {
	// Caller returns whose session a token is. Seated does too and counts as a use of the session.
	Caller(ctx context.Context, token string) (access.Caller, error)
	Seated(ctx context.Context, token string) (access.Caller, error)
	// Attempted records a refused request.
	Attempted(a record.Attempt)
	// Scanned counts a scan of a code.
	Scanned(s *codes.Sign, device string)
}

// API registers the operations of the areas. It is safe for concurrent use.
type API struct {
	Options Options
	Huma    huma.API
	Engine  *gin.Engine
	// People has the routes that people use, with the limit of one address.
	People  gin.IRoutes
	Limits  *limiters
	Metrics *Metrics
	Log     *slog.Logger
	// Origin refuses requests that another site lets a browser send with our cookie.
	Origin *http.CrossOriginProtection
	// Stopping is closed when the server stops: streams end.
	Stopping chan struct{}
	// LocalOnly is set when only this machine can reach the installation.
	LocalOnly bool
	// Description is the finished OpenAPI document.
	Description []byte

	desk     Desk
	outages  *outages
	overOnce sync.Once
	headers  http.Header
	// traces counts requests since the start. With the time of the start it gives ids that connect an answer
	// with a line of the log.
	traces atomic.Uint64
	start  string
	// strangeProxy is set once an untrusted proxy has been logged.
	strangeProxy atomic.Bool
}

// New makes an API without operations.
func New(d Desk, o Options) (*API, error) {
	o = o.withDefaults()
	useOwnErrors()
	api := &API{
		desk: d, Options: o, Log: o.Log, Metrics: o.Metrics,
		Limits: newLimiters(o.Limits, o.Now), outages: newOutages(), LocalOnly: onThisMachine(o.PublicURL),
		Stopping: make(chan struct{}), Origin: http.NewCrossOriginProtection(), Engine: gin.New(),
		headers: securityHeaders(strings.HasPrefix(o.PublicURL, "https://")), start: fmt.Sprintf("%x", o.Now().UnixMilli()),
	}
	e := api.Engine
	e.HandleMethodNotAllowed = true
	e.RedirectTrailingSlash = false
	e.ForwardedByClientIP = len(o.TrustedProxies) > 0
	if err := e.SetTrustedProxies(o.TrustedProxies); err != nil {
		return nil, fmt.Errorf("handlers: trusted proxies: %w", err)
	}
	e.Use(api.wrapRequest)
	e.NoRoute(api.byAddress, api.NoRoute)
	e.NoMethod(api.byAddress, api.noMethod)
	people := e.Group("", api.byAddress)
	api.People = people
	api.Huma = humagin.NewWithGroup(e, people, apiConfig())
	return api, nil
}

// Close ends the streams, which would otherwise keep a server from stopping.
func (api *API) Close() { api.overOnce.Do(func() { close(api.Stopping) }) }

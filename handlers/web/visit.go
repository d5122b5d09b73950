package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/language"
)

// visit is the data of one request.
type visit struct {
	Gin    *gin.Context
	Trace  string
	Token  string
	caller access.Caller
	// unproven is set after a failed proof of identity. station and account are then those of the staff account
	// that was tried, if any.
	unproven         bool
	Station, Account string
	// Cause is why an answer failed; for the log.
	Cause error
}

type visitKey struct{}

// VisitOf returns the request's visit. Outside a request it returns an empty one, for making documents.
func VisitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// LanguageOf returns the language in which a request wants sentences for visitors.
func LanguageOf(ctx context.Context) language.Language {
	if c := VisitOf(ctx).Gin; c != nil {
		return language.Accepted(c.GetHeader("Accept-Language"))
	}
	return language.Chinese
}

// wrapRequest wraps every request: it sets the common headers, counts and logs the request, and turns a panic into
// an answer.
func (api *API) wrapRequest(c *gin.Context) {
	start := api.Now()
	v := &visit{Gin: c, Trace: api.trace()}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), visitKey{}, v))
	h := c.Writer.Header()
	maps.Copy(h, api.headers)
	defer func() {
		if r := recover(); r != nil {
			api.recovered(v, r)
		}
		route := c.FullPath()
		if route == "" {
			route = noRouteLabel
		}
		took := api.Now().Sub(start)
		api.Metrics.request(route, c.Request.Method, c.Writer.Status(), took)
		level := slog.LevelDebug // only for debugging
		attrs := make([]slog.Attr, 0, 8)
		attrs = append(attrs,
			slog.String("method", methodLabel(c.Request.Method)), slog.String("route", route),
			slog.Int("status", c.Writer.Status()), slog.Duration("took", took),
			slog.Int("bytes", max(c.Writer.Size(), 0)), slog.String("trace", v.Trace))
		if v.Cause != nil {
			attrs = append(attrs, slog.String("code", string(fault.CodeOf(v.Cause))))
			if c.Writer.Status() >= http.StatusInternalServerError && !errors.Is(v.Cause, context.Canceled) {
				// If the client left before the answer, there is no fault.
				level = slog.LevelError
				attrs = append(attrs, slog.String("err", v.Cause.Error()))
				if c.Writer.Status() == http.StatusServiceUnavailable {
					more, ok := api.outages.log(outageKind(v.Cause), api.Now())
					if !ok {
						level = slog.LevelDebug
					}
					attrs = append(attrs, slog.Int("more", more))
				}
			}
			api.reportRefusal(v, route)
		}
		api.Log.LogAttrs(c.Request.Context(), level, "request", attrs...)
	}()
	c.Next()
}

// noRouteLabel is the route of an unknown address.
const noRouteLabel = "none"

// outageKind groups outages for the log.
func outageKind(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return string(fault.CodeOf(err))
}

// recovered answers after a panic. The panic's value may quote a person's words, so only its type is logged, or
// the runtime's message.
func (api *API) recovered(v *visit, r any) {
	if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(r)
	}
	what := fmt.Sprintf("%T", r)
	if e, ok := r.(runtime.Error); ok {
		what = e.Error()
	}
	api.Log.LogAttrs(v.Gin.Request.Context(), slog.LevelError, "panic",
		slog.String("what", what), slog.String("trace", v.Trace), slog.String("stack", string(debug.Stack())))
	v.Cause = fault.New(fault.Internal, "panic")
	if !v.Gin.Writer.Written() {
		api.Refuse(v.Gin, v.Cause)
	}
	v.Gin.Abort()
}

// Refuse answers with the problem of err and ends the chain.
func (api *API) Refuse(c *gin.Context, err error) {
	v := VisitOf(c.Request.Context())
	v.Cause = err
	p := ProblemOf(err, v.Trace)
	h := c.Writer.Header()
	maps.Copy(h, p.GetHeaders())
	h.Set("Content-Type", problemType)
	h.Set("Cache-Control", "no-store")
	c.Abort()
	c.Status(p.Status)
	if c.Request.Method == http.MethodHead {
		return
	}
	if err := writeJSON(c.Writer, p); err != nil {
		api.Log.LogAttrs(c.Request.Context(), slog.LevelWarn, "problem not written", slog.String("trace", v.Trace))
	}
}

// NoRoute answers for an unknown address.
func (api *API) NoRoute(c *gin.Context) {
	api.Refuse(c, fault.New(fault.NotFound, "没有这个地址，请核对"))
}

func (api *API) noMethod(c *gin.Context) {
	api.Refuse(c, NewProblem(codeMethod, "这个地址不支持这种请求方法"))
}

// bearer returns the token of the Authorization header, "" without a usable one.
func bearer(header string) string {
	const scheme = "bearer "
	const longest = 128
	if len(header) <= len(scheme) || len(header) > longest || !strings.EqualFold(header[:len(scheme)], scheme) {
		return ""
	}
	return strings.TrimSpace(header[len(scheme):])
}

// securityHeaders are the headers of every answer. Pages and files replace the policy by their own.
func securityHeaders(https bool) http.Header {
	h := http.Header{
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"no-referrer"},
		"Content-Security-Policy":      {"default-src 'none'; frame-ancestors 'none'"},
		"X-Frame-Options":              {"DENY"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Cache-Control":                {"no-store"},
	}
	if https {
		h["Strict-Transport-Security"] = []string{"max-age=31536000; includeSubDomains"}
	}
	return h
}

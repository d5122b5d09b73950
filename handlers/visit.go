package handlers

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
)

// visit is what is known of one request while it lasts.
type visit struct {
	gin    *gin.Context
	trace  string
	token  string
	caller access.Caller
	// unproven is set when somebody did not prove who they are; station and account
	// are then of whom of the staff they tried to be, as far as there is one.
	unproven         bool
	station, account string
	// cause is why an answer was not what the client wanted; for the log.
	cause error
}

type visitKey struct{}

// visitOf returns the request's visit. Outside a request there is none; the
// empty one serves the making of documents.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// attend is around every request: it sets the headers every answer has, counts
// and logs it, and turns a panic into an answer.
func (f *Face) attend(c *gin.Context) {
	start := f.now()
	v := &visit{gin: c, trace: f.trace()}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), visitKey{}, v))
	h := c.Writer.Header()
	maps.Copy(h, f.headers)
	defer func() {
		if r := recover(); r != nil {
			f.recovered(v, r)
		}
		route := c.FullPath()
		if route == "" {
			route = noRouteLabel
		}
		took := f.now().Sub(start)
		f.metrics.request(route, c.Request.Method, c.Writer.Status(), took)
		level := slog.LevelDebug // of interest only to who looks for a fault
		attrs := make([]slog.Attr, 0, 8)
		attrs = append(attrs,
			slog.String("method", methodLabel(c.Request.Method)), slog.String("route", route),
			slog.Int("status", c.Writer.Status()), slog.Duration("took", took),
			slog.Int("bytes", max(c.Writer.Size(), 0)), slog.String("trace", v.trace))
		if v.cause != nil {
			attrs = append(attrs, slog.String("code", string(fault.CodeOf(v.cause))))
			if c.Writer.Status() >= http.StatusInternalServerError && !errors.Is(v.cause, context.Canceled) {
				// (Who went away before the answer came hears of no fault, and there is none.)
				level = slog.LevelError
				attrs = append(attrs, slog.String("err", v.cause.Error()))
				if c.Writer.Status() == http.StatusServiceUnavailable {
					more, ok := f.outages.log(outageKind(v.cause), f.now())
					if !ok {
						level = slog.LevelDebug
					}
					attrs = append(attrs, slog.Int("more", more))
				}
			}
			f.note(v, route)
		}
		f.log.LogAttrs(c.Request.Context(), level, "request", attrs...)
	}()
	c.Next()
}

// noRouteLabel stands for an address that is none of ours.
const noRouteLabel = "none"

// outageKind is what the outages that are one to the log have in common.
func outageKind(err error) string {
	if e, ok := errors.AsType[*fault.Error](err); ok {
		return e.Message
	}
	return string(fault.CodeOf(err))
}

// recovered answers for a panic. What was thrown may quote what a person
// wrote, so only its type is logged, or the runtime's own words.
func (f *Face) recovered(v *visit, r any) {
	if err, ok := r.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(r)
	}
	what := fmt.Sprintf("%T", r)
	if e, ok := r.(runtime.Error); ok {
		what = e.Error()
	}
	f.log.LogAttrs(v.gin.Request.Context(), slog.LevelError, "panic",
		slog.String("what", what), slog.String("trace", v.trace), slog.String("stack", string(debug.Stack())))
	v.cause = fault.New(fault.Internal, "panic")
	if !v.gin.Writer.Written() {
		f.refuse(v.gin, v.cause)
	}
	v.gin.Abort()
}

// refuse answers with the problem of err and ends the chain.
func (f *Face) refuse(c *gin.Context, err error) {
	v := visitOf(c.Request.Context())
	v.cause = err
	p := problemOf(err, v.trace)
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
		f.log.LogAttrs(c.Request.Context(), slog.LevelWarn, "problem not written", slog.String("trace", v.trace))
	}
}

func (f *Face) noRoute(c *gin.Context) {
	f.refuse(c, fault.New(fault.NotFound, "没有这个地址，请核对"))
}

func (f *Face) noMethod(c *gin.Context) {
	f.refuse(c, newProblem(codeMethod, "这个地址不支持这种请求方法"))
}

// bearer returns the token of the Authorization header, "" without a usable
// one.
func bearer(header string) string {
	const scheme = "bearer "
	const longest = 128
	if len(header) <= len(scheme) || len(header) > longest || !strings.EqualFold(header[:len(scheme)], scheme) {
		return ""
	}
	return strings.TrimSpace(header[len(scheme):])
}

// securityHeaders are on every answer. Pages and files replace the policy by
// their own.
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

package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"mashang/domain/fault"
	"mashang/domain/station"
)

// Codes that only this package uses: errors of the request as such.
const (
	CodeMalformed   fault.Code = "malformed"
	CodeTooLarge    fault.Code = "too_large"
	codeMediaType   fault.Code = "media_type"
	codeMethod      fault.Code = "method_not_allowed"
	codeReadTimeout fault.Code = "read_timeout"
)

// statuses maps codes to HTTP statuses. A missing code is our mistake.
var statuses = map[fault.Code]int{
	fault.Unauthenticated:     http.StatusUnauthorized,
	fault.Denied:              http.StatusForbidden,
	fault.NotFound:            http.StatusNotFound,
	fault.Conflict:            http.StatusConflict,
	fault.WrongState:          http.StatusUnprocessableEntity,
	fault.Invalid:             http.StatusUnprocessableEntity,
	fault.IdempotencyMismatch: http.StatusUnprocessableEntity,
	fault.TooMany:             http.StatusTooManyRequests,
	fault.Unavailable:         http.StatusServiceUnavailable,
	fault.Internal:            http.StatusInternalServerError,
	CodeMalformed:             http.StatusBadRequest,
	CodeTooLarge:              http.StatusRequestEntityTooLarge,
	codeMediaType:             http.StatusUnsupportedMediaType,
	codeMethod:                http.StatusMethodNotAllowed,
	codeReadTimeout:           http.StatusRequestTimeout,
}

// StatusOf is the HTTP status of an error.
func StatusOf(code fault.Code) int {
	if s, ok := statuses[code]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// Problem is an error on the wire (RFC 9457) with a code that never changes.
type Problem struct { //nolint:errname // the name RFC 9457 gives it
	Type   string     `json:"type" doc:"Always about:blank; code tells the problems apart."`
	Title  string     `json:"title" doc:"The status in words."`
	Status int        `json:"status" doc:"The HTTP status again."`
	Detail string     `json:"detail" doc:"Chinese, for the person: what to do."`
	Code   fault.Code `json:"code" doc:"Stable, for the program."`
	// Errors names every wrong field; with code invalid.
	Errors []FieldError `json:"errors,omitempty" nullable:"false" doc:"With code invalid: every wrong field."`
	// ActedBy, ActedAt and Version belong to a conflict.
	ActedBy *ActedBy   `json:"acted_by,omitempty" doc:"With code conflict: who acted meanwhile."`
	ActedAt *time.Time `json:"acted_at,omitempty" doc:"With code conflict: when."`
	Version int        `json:"version,omitempty" doc:"With code conflict: the newest version."`
	// TraceID connects an internal error with its line in the log.
	TraceID string `json:"trace_id,omitempty" doc:"With code internal: to be told to the operator."`

	retryAfter time.Duration
}

// FieldError is one wrong field, named as the client sent it.
type FieldError struct {
	Field   string `json:"field" doc:"A dot path (contact.phone, photos.0), a query parameter or a header."`
	Message string `json:"message" doc:"Chinese, for the person."`
}

// ActedBy is who won a conflict. An anonymous visitor has no name.
type ActedBy struct {
	Role string `json:"role" doc:"visitor, member, liaison, department or system."`
	Name string `json:"name,omitempty" doc:"Never set for a visitor."`
}

// Error satisfies error.
func (p *Problem) Error() string { return string(p.Code) }

// GetStatus satisfies huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType satisfies huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// GetHeaders satisfies huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		seconds := int64((p.retryAfter + time.Second - 1) / time.Second)
		h.Set("Retry-After", strconv.FormatInt(max(seconds, 1), 10))
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// NewProblem returns an answer with a code and a message for people.
func NewProblem(code fault.Code, detail string) *Problem {
	status := StatusOf(code)
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: code}
}

// Unread is the message for a body that could not be read to its end.
const Unread = "请求没有收全，请重试"

// internalErrorMessage is the message for a mistake of ours.
const internalErrorMessage = "系统出了点问题，请稍后再试；如仍不行，请把编号 %s 告诉工作站"

// ProblemOf converts an error to a problem. The text of an error without a code is only logged.
func ProblemOf(err error, trace string) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || StatusOf(e.Code) == http.StatusInternalServerError {
		p := NewProblem(fault.Internal, strings.Replace(internalErrorMessage, "%s", trace, 1))
		p.TraceID = trace
		return p
	}
	p := NewProblem(e.Code, e.Message)
	for _, field := range e.Fields {
		p.Errors = append(p.Errors, FieldError(field))
	}
	p.retryAfter = e.RetryAfter
	if c := e.Clash; c != nil {
		at := c.At.In(station.Zone)
		p.ActedBy, p.ActedAt, p.Version = &ActedBy{Role: c.By.Role, Name: c.By.Name}, &at, c.Version
	}
	return p
}

// useOwnErrors makes huma use our problems, once: both are variables of its package, as is the rule that field
// names are compared exactly.
var useOwnErrors = sync.OnceFunc(func() {
	quietGin()
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return fromHuma(status, message, "", errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := fromHuma(status, message, VisitOf(ctx.Context()).Trace, errs)
		if p.Code == fault.Internal {
			VisitOf(ctx.Context()).Cause = errors.Join(errs...)
		}
		return p
	}
})

// unreadBody is huma's message for a body that could not be read: it was truncated, or its chunks are malformed
// (net/http has no error for the latter). Neither is our mistake.
const unreadBody = "cannot read request body"

// fromHuma returns the problem for errors that huma found before the handler ran.
func fromHuma(status int, message, trace string, errs []error) *Problem {
	switch status {
	case http.StatusRequestTimeout:
		return NewProblem(codeReadTimeout, "网络太慢，请求没有收全，请重试")
	case http.StatusRequestEntityTooLarge:
		return NewProblem(CodeTooLarge, "内容太大，请删减后重试")
	case http.StatusUnsupportedMediaType:
		return NewProblem(codeMediaType, "请求内容须为 application/json")
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		if fields := translate(errs); len(fields) > 0 {
			p := NewProblem(fault.Invalid, "填写有误："+fields[0].Field+" "+fields[0].Message)
			p.Errors = fields
			return p
		}
		return NewProblem(CodeMalformed, "请求内容不是完整的 JSON，请检查后重试")
	}
	if message == unreadBody {
		return NewProblem(CodeMalformed, Unread)
	}
	return ProblemOf(errors.Join(errs...), trace)
}

// Package fault has the product's errors.
//
// Every error that may reach a person has a Code and a message in Chinese that says what to do next. An error
// without a Code is Internal: it is logged with its cause, and its text is never shown. Only the HTTP layer
// maps codes to statuses, in one table.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code is the machine-readable kind of a fault.
type Code string

// The codes. Their order is that of the table in docs/api.md.
const (
	// Unauthenticated: no session, or an expired one.
	Unauthenticated Code = "unauthenticated"
	// Denied: the caller's role may not do this at all.
	Denied Code = "denied"
	// NotFound: it does not exist, or the caller may not see it.
	NotFound Code = "not_found"
	// Conflict: somebody else acted on it since the caller read it.
	Conflict Code = "conflict"
	// WrongState: the submission's state does not allow the act.
	WrongState Code = "wrong_state"
	// Invalid: one or more fields are wrong; Fields names them.
	Invalid Code = "invalid"
	// IdempotencyMismatch: the key was used before with another body.
	IdempotencyMismatch Code = "idempotency_mismatch"
	// TooMany: a limit of rate or quantity; RetryAfter says when to retry.
	TooMany Code = "too_many"
	// Unavailable: a part that we need (store, platform) does not answer.
	Unavailable Code = "unavailable"
	// Internal: our mistake. The default for errors without a code.
	Internal Code = "internal"
)

// Field is one wrong input, named as the client sent it ("contact.phone").
type Field struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Actor is who acted in a conflict. Name is empty for an anonymous visitor.
type Actor struct {
	Role string `json:"role"`
	Name string `json:"name,omitempty"`
}

// Clash describes the act that won a conflict.
type Clash struct {
	By      Actor
	At      time.Time
	Version int
}

// Error is a fault with all that an answer needs.
type Error struct {
	Code Code
	// Message is Chinese, for the person, and says what to do.
	Message string
	// Fields is set for Invalid.
	Fields []Field
	// Clash is set for Conflict.
	Clash *Clash
	// RetryAfter is set for TooMany and Unavailable; zero means one second.
	RetryAfter time.Duration

	cause error
}

// New returns a fault. The message may have fmt verbs.
func New(code Code, message string, args ...any) *Error {
	if len(args) > 0 {
		message = fmt.Sprintf(message, args...)
	}
	return &Error{Code: code, Message: message}
}

// Wrap returns a fault with a cause. The cause is for the log only.
func Wrap(cause error, code Code, message string, args ...any) *Error {
	e := New(code, message, args...)
	e.cause = cause
	return e
}

// Error returns code and message, and the cause for the log.
func (e *Error) Error() string {
	if e.cause != nil {
		return string(e.Code) + ": " + e.Message + ": " + e.cause.Error()
	}
	return string(e.Code) + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Retry sets RetryAfter and returns the fault.
func (e *Error) Retry(after time.Duration) *Error {
	e.RetryAfter = after
	return e
}

// CodeOf returns the code of the first fault in err's chain, Internal if there
// is none, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// Is reports whether err carries the code.
func Is(err error, code Code) bool { return CodeOf(err) == code }

// Message returns what an operator can act on: the message of the first fault in err's chain, else the error's own
// words. It is "" for nil.
func Message(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Message
	}
	return err.Error()
}

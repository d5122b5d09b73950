package wechat

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"time"
)

// The platform's errcodes that our code refers to. policy lists all errcodes.
const (
	codeBusy           = -1
	codeTokenInvalid   = 40001
	codeOpenID         = 40003
	codeMedia          = 40007
	codeTokenBad       = 40014
	codeLoginInvalid   = 40029
	codeArguments      = 40097
	codeScene          = 40129
	codeLoginUsed      = 40163
	codeForeignIP      = 40164
	codeSceneLength    = 40169
	codeRiskyUser      = 40226
	codePage           = 41030
	codeTokenExpired   = 42001
	codeNoConsent      = 43101
	codeForeignOpenID  = 43104
	codeConcurrent     = 43108
	codePerSecond      = 44990
	codePerMinuteCheck = 44991
	codeDayQuotaLink   = 44993
	codeDayQuota       = 45009
	codePerMinute      = 45011
	codeChatWindow     = 45015
	codeChatCount      = 45047
	codeWords          = 45168
	codeClearSpent     = 48006
	codeInactive       = 61010
	codeChatRefused    = 70000
	codeRiskyText      = 87014
	codeChecked        = 87020
)

// APIError is an answer of the platform with an errcode.
type APIError struct {
	// Code is the platform's errcode.
	Code int64
	// Msg is its errmsg without the rid. It changes without notice: it is for the log and never compared.
	Msg string
	// RID is the platform's request id, for its support; may be "".
	RID string
	// Endpoint is the path that was called.
	Endpoint string
}

// Error names the endpoint, the errcode and the rid.
func (e *APIError) Error() string {
	s := fmt.Sprintf("wechat: %s: errcode %d: %s", e.Endpoint, e.Code, e.Msg)
	if e.RID != "" {
		s += " (rid " + e.RID + ")"
	}
	return s
}

var ridShape = regexp.MustCompile(`,?\s*rid:\s*([0-9A-Za-z-]+)\s*$`)

func (c *Client) newAPIError(endpoint string, code int64, msg string) *APIError {
	e := &APIError{Code: code, Msg: msg, Endpoint: endpoint}
	if m := ridShape.FindStringSubmatchIndex(msg); m != nil {
		e.Msg, e.RID = msg[:m[0]], msg[m[2]:m[3]]
	}
	e.Msg = c.scrub(e.Msg)
	return e
}

// kind is how a call failed that got no errcode. It is also the label in metrics.
type kind string

const (
	kindCut       kind = "cut"      // the connection failed, before or during the call
	kindTimeout   kind = "timeout"  // no answer in time
	kindMalformed kind = "garbage"  // an answer that is not what it should be
	kindStatus    kind = "status"   // an HTTP status other than 200
	kindCanceled  kind = "canceled" // the caller gave up, or had no time left to begin
)

// Why an answer is malformed.
type (
	malformed   string
	statusError int
)

func (g malformed) Error() string   { return string(g) }
func (b statusError) Error() string { return fmt.Sprintf("status %d", int(b)) }

// CallError is a call without a usable answer: no connection, no time left, a status other than 200, or a
// malformed body.
type CallError struct {
	Endpoint string
	// Reached reports whether the platform may have acted on the request.
	Reached bool

	kind   kind
	status int
	text   string
	cause  error
}

// Error names the endpoint and what happened, without URL and secrets.
func (e *CallError) Error() string { return "wechat: " + e.Endpoint + ": " + e.text }

// Unwrap returns context.Canceled or context.DeadlineExceeded, or nil. Any other cause is dropped, as its text
// may hold the URL.
func (e *CallError) Unwrap() error { return e.cause }

// newCallError keeps only what is no secret of err.
func (c *Client) newCallError(endpoint string, err error) *CallError {
	e := &CallError{Endpoint: endpoint, Reached: !neverSent(err), kind: kindOf(err)}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			e.cause = known
		}
	}
	if s, ok := errors.AsType[statusError](err); ok {
		e.status = int(s)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	e.text = c.scrub(err.Error())
	return e
}

func kindOf(err error) kind {
	if errors.Is(err, context.Canceled) || errors.Is(err, errNoTimeLeft) {
		return kindCanceled
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return kindTimeout
	}
	if _, ok := errors.AsType[statusError](err); ok {
		return kindStatus
	}
	_, odd := errors.AsType[malformed](err)
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, form := errors.AsType[*json.UnmarshalTypeError](err)
	if odd || syntax || form || errors.Is(err, errTooLarge) {
		return kindMalformed
	}
	return kindCut
}

// neverSent reports whether the request cannot have reached the platform.
func neverSent(err error) bool {
	if errors.Is(err, errForeignHost) || errors.Is(err, errNoClient) || errors.Is(err, errNoTimeLeft) {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == "proxyconnect")
}

// Why a call was not made. Also the label in metrics.
const (
	heldOpen   = "open"   // the breaker is open
	heldBudget = "budget" // no budget is left
)

// HeldError is a call that was not made: the platform does not answer, or its limits are reached.
type HeldError struct {
	Endpoint string
	// Retry is the time until the call may be made.
	Retry time.Duration

	reason string
}

// Error names the endpoint and the reason.
func (e *HeldError) Error() string {
	if e.reason == heldOpen {
		return "wechat: " + e.Endpoint + ": not called, as the platform does not answer"
	}
	return "wechat: " + e.Endpoint + ": not called, as the allowance is used up"
}

// HeldFor returns Retry, for callers that know the error only by an interface with this method.
func (e *HeldError) HeldFor() time.Duration { return e.Retry }

package emulator

import (
	"context"
	"encoding/binary"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// FaultKind is the kind of failure of a call.
type FaultKind string

// The kinds.
const (
	FaultErrcode   FaultKind = "errcode"    // an answer with an errcode, nothing done
	FaultDelay     FaultKind = "delay"      // slow, then as usual
	FaultCutBefore FaultKind = "cut_before" // the connection is cut, nothing done
	FaultCutAfter  FaultKind = "cut_after"  // done, then the connection is cut
	FaultMalformed FaultKind = "garbage"    // done, but the answer is malformed JSON
	FaultHTML      FaultKind = "html"       // an HTML page of some proxy, nothing done
	FaultStatus    FaultKind = "status"     // an HTTP status other than 200, nothing done
	FaultRevoke    FaultKind = "revoke"     // all tokens are revoked, then as usual
)

var faultKinds = []FaultKind{
	FaultErrcode, FaultDelay, FaultCutBefore, FaultCutAfter, FaultMalformed, FaultHTML, FaultStatus, FaultRevoke,
}

// Fault is one line of a fault plan.
type Fault struct {
	// Path is the exact path of the API; empty means every path.
	Path string
	Kind FaultKind
	// Code and Msg are the answer of FaultErrcode. Msg may be empty.
	Code int64
	Msg  string
	// Status is the HTTP status of FaultStatus, 300 to 599; 502 when zero.
	Status int
	// Delay is the wait before the fault, for every kind.
	Delay time.Duration
	// Times is how many calls it affects; 0 means no limit.
	Times int
	// Chance is the probability of affecting a matching call; 0 means always.
	Chance float64
}

// FaultState is a line of the plan and how often it was applied.
type FaultState struct {
	Fault
	Hits int
}

// faultLine is a line of the plan. It is read without a lock.
type faultLine struct {
	fault Fault
	hits  atomic.Int64
}

// SetFaults replaces the fault plan; without arguments it ends all faults. The first line that matches a call
// applies, and counts start again. The error names the first invalid line; then the present plan stays.
func (e *Emulator) SetFaults(faults ...Fault) error {
	lines := make([]*faultLine, len(faults))
	for i, f := range faults {
		if f.Kind == FaultStatus && f.Status == 0 {
			f.Status = http.StatusBadGateway
		}
		if wrong := e.wrongFault(f); wrong != "" {
			return badInput(fmt.Sprintf("fault %d: %s", i, wrong))
		}
		lines[i] = &faultLine{fault: f}
	}
	e.plan.Store(&lines)
	return nil
}

// wrongFault returns what is wrong with a line of a plan, "" for nothing.
func (e *Emulator) wrongFault(f Fault) string {
	switch {
	case !slices.Contains(faultKinds, f.Kind):
		return "unknown kind"
	case f.Path != "" && e.api[f.Path].serve == nil:
		return "unknown path"
	case f.Kind == FaultErrcode && f.Code == 0:
		return "an errcode fault needs a code"
	case f.Kind == FaultStatus && (f.Status < 300 || f.Status > 599):
		return "status must be 300 to 599"
	case f.Delay < 0 || f.Times < 0 || !(f.Chance >= 0 && f.Chance <= 1): // NaN is refused too
		return "delay, times and chance must not be negative, chance at most 1"
	}
	return ""
}

// Faults returns the plan and how often each line was applied.
func (e *Emulator) Faults() []FaultState {
	lines := e.plan.Load()
	if lines == nil {
		return nil
	}
	out := make([]FaultState, len(*lines))
	for i, l := range *lines {
		out[i] = FaultState{Fault: l.fault, Hits: int(l.hits.Load())}
	}
	return out
}

// matchFault returns the fault that applies to this call, or nil.
func (e *Emulator) matchFault(path string) *Fault {
	lines := e.plan.Load()
	if lines == nil {
		return nil
	}
	for _, l := range *lines {
		if l.fault.Path != "" && l.fault.Path != path || l.spent() {
			continue
		}
		if l.fault.Chance > 0 && e.random.fraction() >= l.fault.Chance {
			continue
		}
		if l.hit() {
			return &l.fault
		}
	}
	return nil
}

func (l *faultLine) spent() bool {
	return l.fault.Times > 0 && l.hits.Load() >= int64(l.fault.Times)
}

// hit counts one application of the line. It reports false if concurrent calls took the last one.
func (l *faultLine) hit() bool {
	for {
		n := l.hits.Load()
		if l.fault.Times > 0 && n >= int64(l.fault.Times) {
			return false
		}
		if l.hits.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// fraction returns a random number in [0,1).
func (e *entropy) fraction() float64 {
	return float64(binary.BigEndian.Uint32(e.bytes(4))) / (1 << 32)
}

// waitReal waits for d or until ctx ends.
func waitReal(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// applyBefore applies the part of a fault that precedes the call. It reports whether the call ends there.
func (e *Emulator) applyBefore(w http.ResponseWriter, r *http.Request, f *Fault) (over bool) {
	if f == nil {
		return false
	}
	if f.Delay > 0 {
		e.opts.Wait(r.Context(), f.Delay)
	}
	switch f.Kind {
	case FaultErrcode:
		e.writeRefusal(w, refuse(f.Code, f.Msg))
		return true
	case FaultCutBefore:
		panic(http.ErrAbortHandler)
	case FaultHTML:
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html><body><h1>502 Bad Gateway</h1></body></html>"))
		return true
	case FaultStatus:
		w.WriteHeader(f.Status)
		return true
	case FaultRevoke:
		e.RevokeTokens()
	}
	return false
}

// applyAfter applies the part of a fault that replaces the answer of a finished call. It reports whether it did.
func (e *Emulator) applyAfter(w http.ResponseWriter, f *Fault) (over bool) {
	if f == nil {
		return false
	}
	switch f.Kind {
	case FaultCutAfter:
		panic(http.ErrAbortHandler)
	case FaultMalformed:
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = w.Write([]byte(`{"errcode":0,"errm`))
		return true
	}
	return false
}

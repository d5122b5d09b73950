package emulator

import (
	"sync"
	"sync/atomic"
)

// callCounter counts the calls of one path and their answers.
type callCounter struct {
	calls   atomic.Int64
	answers sync.Map // errcode -> *atomic.Int64
}

func (t *callCounter) addCall() {
	if t != nil {
		t.calls.Add(1)
	}
}

func (t *callCounter) addAnswer(no *refusal) {
	if t == nil {
		return
	}
	code := int64(0)
	if no != nil {
		code = no.code
	}
	n, ok := t.answers.Load(code)
	if !ok {
		n, _ = t.answers.LoadOrStore(code, new(atomic.Int64))
	}
	n.(*atomic.Int64).Add(1) //nolint:forcetypeassert // the only type stored
}

// Calls returns how often each path was called, without paths that were not. Calls that a fault ended count
// too.
func (e *Emulator) Calls() map[string]int {
	out := make(map[string]int)
	for path, t := range e.counters {
		if n := t.calls.Load(); n > 0 {
			out[path] = int(n)
		}
	}
	return out
}

// Answers returns how often the platform answered the path with each errcode, 0 for success, whether or not the
// answer arrived. A call that a fault ended before it was processed has no answer.
func (e *Emulator) Answers(path string) map[int64]int {
	out := make(map[int64]int)
	t, ok := e.counters[path]
	if !ok {
		return out
	}
	t.answers.Range(func(code, n any) bool {
		out[code.(int64)] = int(n.(*atomic.Int64).Load()) //nolint:forcetypeassert // the only types stored
		return true
	})
	return out
}

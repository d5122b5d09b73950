package emulator

import (
	"context"
	"maps"
	"sync"
	"time"
)

// State stores what must survive the process: a flat map of short strings. Keys and values contain no tabs and
// no line breaks. A Redis hash or a file will do; see FileState. Calls never overlap.
type State interface {
	// Load returns everything saved, an empty map at first.
	Load(ctx context.Context) (map[string]string, error)
	// Save sets these entries and leaves the others.
	Save(ctx context.Context, changed map[string]string) error
}

// saveTimeout bounds one save.
const saveTimeout = 5 * time.Second

// saver writes changes to the State in batches. While one save runs, the next batch collects changes, which are
// then saved together.
type saver struct {
	state State

	mu      sync.Mutex
	next    *batch
	running chan struct{} // closed when the running saves are done; nil if none
}

// batch is a set of changes that are saved together.
type batch struct {
	changes map[string]string
	done    chan struct{}
	err     error
}

// put records a change. The caller must hold the lock that orders the changes of this key. It returns the batch
// to wait for, or nil without a State.
func (s *saver) put(key, value string) *batch {
	if s.state == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = &batch{changes: make(map[string]string), done: make(chan struct{})}
	}
	s.next.changes[key] = value
	return s.next
}

// wait returns when the batch is saved. ctx ends the waiting, not the save.
func (s *saver) wait(ctx context.Context, b *batch) error {
	if b == nil {
		return nil
	}
	s.mu.Lock()
	if s.running == nil && s.next != nil {
		s.running = make(chan struct{})
		go s.run(context.WithoutCancel(ctx))
	}
	s.mu.Unlock()
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run saves batch after batch until none is left, or one fails.
func (s *saver) run(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for failed := false; s.next != nil && !failed; {
		b := s.next
		s.next = nil
		s.mu.Unlock()
		b.err = s.save(ctx, b.changes)
		close(b.done)
		s.mu.Lock()
		failed = b.err != nil
		if failed {
			s.putBack(b.changes)
		}
	}
	close(s.running)
	s.running = nil
}

// putBack returns unsaved changes to the next batch; newer changes of a key win. The next save retries them.
func (s *saver) putBack(changes map[string]string) {
	if s.next == nil {
		s.next = &batch{changes: changes, done: make(chan struct{})}
		return
	}
	maps.Copy(changes, s.next.changes)
	s.next.changes = changes
}

func (s *saver) save(ctx context.Context, changes map[string]string) error {
	ctx, cancel := context.WithTimeout(ctx, saveTimeout)
	defer cancel()
	return s.state.Save(ctx, changes)
}

// flush returns when everything is saved, or the last try failed.
func (s *saver) flush(ctx context.Context) error {
	s.mu.Lock()
	b, running := s.next, s.running
	s.mu.Unlock()
	if running != nil {
		select {
		case <-running:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return s.wait(ctx, b)
}

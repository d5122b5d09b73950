package media

import "context"

// HoldMemory takes all memory for photos until release is called.
func (s *Store) HoldMemory(ctx context.Context) (release func()) {
	if err := s.memory.Acquire(ctx, s.opts.DecodeMemory); err != nil {
		panic(err)
	}
	return func() { s.memory.Release(s.opts.DecodeMemory) }
}

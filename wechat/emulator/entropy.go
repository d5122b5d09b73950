package emulator

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io"
	"sync"
	"time"
)

// entropy hands out random bytes. It reads its source in large blocks, as a source may be slow and need not be
// safe for concurrent use.
type entropy struct {
	mu     sync.Mutex
	source io.Reader
	buf    [4096]byte
	left   []byte
}

// bytes returns n random bytes, n at most 4096. It panics if the source fails, as crypto/rand does.
func (e *entropy) bytes(n int) []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.left) < n {
		if _, err := io.ReadFull(e.source, e.buf[:]); err != nil {
			panic("emulator: no randomness: " + err.Error())
		}
		e.left = e.buf[:]
	}
	out := make([]byte, n)
	copy(out, e.left)
	e.left = e.left[n:]
	return out
}

// text returns n random bytes in letters, digits, "-" and "_".
func (e *entropy) text(n int) string { return base64.RawURLEncoding.EncodeToString(e.bytes(n)) }

// number returns a positive 62-bit number.
func (e *entropy) number() int64 {
	return int64(binary.BigEndian.Uint64(e.bytes(8))>>2) + 1
}

// rid returns a request id in the platform's form: three groups of eight hex
// digits, the first of them the time.
func (e *entropy) rid(now time.Time) string {
	b := e.bytes(12)
	binary.BigEndian.PutUint32(b, uint32(now.Unix())) //nolint:gosec // wraps in 2106, which a rid survives
	return hex.EncodeToString(b[:4]) + "-" + hex.EncodeToString(b[4:8]) + "-" + hex.EncodeToString(b[8:])
}

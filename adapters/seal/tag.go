package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

// TagSize is the length of a tag in bytes: 128 bits of HMAC-SHA-256, as RFC 2104
// section 5 allows.
const TagSize = 16

// tagger makes tags under one key. It reuses hashes that are set up with the key, which is half of the work for
// a short message.
type tagger struct{ hashes sync.Pool }

func newTagger(key []byte) *tagger {
	return &tagger{hashes: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (t *tagger) tag(message []byte) (tag [TagSize]byte) {
	h := t.hashes.Get().(hash.Hash) //nolint:forcetypeassert // New returns this type
	h.Reset()
	h.Write(message)
	var sum [sha256.Size]byte
	copy(tag[:], h.Sum(sum[:0]))
	t.hashes.Put(h)
	return tag
}

// Tag returns a tag, which proves that a holder of the named key wrote the message; ok is false if the ring
// lacks the key. The message must identify the record, so that its tag proves nothing about another one. The
// caller compares in constant time. New records use the Primary.
func (k *Keyring) Tag(id string, message []byte) (tag [TagSize]byte, ok bool) {
	key, ok := k.find(id)
	if !ok {
		return tag, false
	}
	return key.tags.tag(message), true
}

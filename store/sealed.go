package store

import (
	"crypto/sha1" //nolint:gosec // finds accidents only, see sealOfFiling
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"mashang/domain/casework"
)

// Keys make the tags of stored values, and seal single fields for a migration;
// seal.Keyring does.
type Keys interface {
	// Primary is the id of the key that new values are sealed with.
	Primary() string
	// Tag is the tag of a message under a key; false for one that is not there.
	Tag(id string, message []byte) (tag [tagSize]byte, ok bool)
	// Seal encrypts a field, Open decrypts it; bound is what it belongs to.
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
	// MissingKey returns the id of the key that a sealed field was made with, if that is
	// not there; "" for any other text.
	MissingKey(text string) (id string)
}

// A value is sealed by a tag over it and the name of what it is, so that neither
// a flipped bit nor another record's value in its place is taken for the truth.
// Between the head (if there is one) and what is sealed stand
//
//	's' <length of the key's id> <key's id> <tag>
//	'f' <length of the key's id> <key's id> <tag> <8 hexadecimal digits>
//
// 's' is the seal of a value that this process wrote whole. 'f' is that of a
// submission just filed, whose head scripts/admit.lua wrote: the script has no
// key, so it is given a tag for each member it may choose, and takes the one of
// its choice. That covers everything but the day's running number and who was
// full, which only the script knows; the digits are a checksum over the whole
// head, so that an accident is found there as well. A deliberate change of these
// two is found from the first act on, when the value is written whole.
//
// A seal does not tell that a value is an older one of the same record, put back
// by somebody who can write to Redis: Verify finds that its lists do not fit.
const (
	sealWhole    = 's'
	sealOfFiling = 'f'

	tagSize   = 16
	checkSize = 8
	// sealedFrom is the format from which on a value without a seal is refused.
	sealedFrom = 2
)

var (
	errSeal   = errors.New("store: the value does not fit its seal")
	errNoSeal = errors.New("store: the value has no seal")
	errNoKey  = errors.New("store: the key of the seal is not in the key ring")
)

// sealing is how a store seals, nil for one that neither seals nor checks, as a
// test may have it.
type sealing struct {
	keys Keys
	// bare allows values without a seal: they are of before there were seals.
	bare bool
}

// Seal makes the store seal what it writes and check what it reads. mark says
// whether values of before there were seals are still about.
func (s Upkeep) Seal(keys Keys, mark Mark) {
	s.seal.Store(&sealing{keys: keys, bare: mark.Reached() < sealedFrom})
}

// begin appends the seal of a value up to its tag and returns where the tag is.
func (c *sealing) begin(b []byte, kind byte) (out []byte, at int) {
	id := c.keys.Primary()
	b = append(append(b, kind, byte(len(id))), id...) //nolint:gosec // an id has at most 16 bytes
	return b, len(b)
}

// tag is over parts that hold no zero byte, and a digest of what may.
func (c *sealing) tag(id string, content []byte, parts ...string) ([tagSize]byte, bool) {
	size := sha256.Size
	for _, p := range parts {
		size += len(p) + 1
	}
	b := make([]byte, 0, size)
	for _, p := range parts {
		b = append(append(b, p...), 0)
	}
	digest := sha256.Sum256(content)
	return c.keys.Tag(id, append(b, digest[:]...))
}

// outcome is the tag of one outcome of a filing: of what the script may choose,
// under the tag of what it is given, which nobody without the key knows. The hash
// is cut in half, so that knowing one helps nobody to another.
func outcome(filing [tagSize]byte, state, member, pick string) (tag [tagSize]byte) {
	var space [96]byte
	b := append(space[:0], filing[:]...)
	b = append(append(b, state...), 0)
	b = append(append(b, member...), 0)
	sum := sha256.Sum256(append(b, pick...))
	copy(tag[:], sum[:])
	return tag
}

// The first part of what a tag is over.
const (
	ofSubmission = "submission"
	ofFiling     = "filing"
	ofValue      = "value"
)

// splitSeal takes a seal off a value.
func splitSeal(value string) (kind byte, id, tag, rest string, err error) {
	if len(value) < 2 {
		return 0, "", "", "", errSeal
	}
	kind = value[0]
	from := 2 + int(value[1])
	if len(value) < from+tagSize {
		return 0, "", "", "", errSeal
	}
	return kind, value[2:from], value[from : from+tagSize], value[from+tagSize:], nil
}

func same(tag [tagSize]byte, text string) bool {
	return subtle.ConstantTimeCompare(tag[:], []byte(text)) == 1
}

// sealValue is a value that is known by its key alone: a roster, a code.
func (s *conn) sealValue(key string, text []byte) []byte {
	c := s.seal.Load()
	if c == nil {
		return text
	}
	b, at := c.begin(make([]byte, 0, len(text)+64), sealWhole)
	tag, _ := c.tag(c.keys.Primary(), text, ofValue, key)
	return append(append(b[:at], tag[:]...), text...)
}

// openValue takes the seal off and checks it.
func (s *conn) openValue(key string, value []byte) ([]byte, error) {
	c := s.seal.Load()
	if len(value) == 0 || value[0] != sealWhole { // JSON begins with a brace
		if c != nil && !c.bare {
			return nil, errNoSeal
		}
		return value, nil
	}
	_, id, tag, text, err := splitSeal(string(value))
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, errNoKey
	}
	want, ok := c.tag(id, []byte(text), ofValue, key)
	if !ok {
		return nil, errNoKey
	}
	if !same(want, tag) {
		return nil, errSeal
	}
	return []byte(text), nil
}

// open checks a value of sealValue and reads the JSON in it.
func (s *conn) open(key, value string, into any) error {
	text, err := s.openValue(key, []byte(value))
	if err != nil {
		return err
	}
	return unpack(text, into)
}

// sealSubmission appends seal and body to a head without its line break.
func (s *conn) sealSubmission(head []byte, id string, sub *casework.Submission) ([]byte, error) {
	c := s.seal.Load()
	n, b := len(head), head
	b = append(b, '\n')
	if c == nil {
		return appendBody(b, sub)
	}
	b, at := c.begin(b, sealWhole)
	b, err := appendBody(append(b, make([]byte, tagSize)...), sub)
	if err != nil {
		return nil, err
	}
	tag, _ := c.tag(c.keys.Primary(), b[at+tagSize:], ofSubmission, id, string(b[:n]))
	copy(b[at:], tag[:])
	return b, nil
}

// sealFiling is what admit.lua is given for a body: the seal with a tag for each
// outcome, none of the offered first.
func (s *conn) sealFiling(body []byte, sub *casework.Submission, day string, without casework.State, offered []string) []byte {
	c := s.seal.Load()
	if c == nil {
		return body
	}
	b, at := c.begin(make([]byte, 0, len(body)+64+tagSize*(1+len(offered))), sealOfFiling)
	filing, _ := c.tag(string(b[at-int(b[1]):at]), body, ofFiling, sub.ID, strconv.FormatInt(int64(sub.DueAt), 10), sub.Filer, day)
	for pick := range 1 + len(offered) {
		state, member := without, ""
		if pick > 0 {
			state, member = casework.Assigned, offered[pick-1]
		}
		tag := outcome(filing, string(state), member, strconv.Itoa(pick))
		b = append(b, tag[:]...)
	}
	return append(b, body...)
}

// unsealed checks the seal of a submission's value and returns the head and the
// body with its codec.
func (s *conn) unsealed(id, value string) (head string, body []byte, err error) {
	end := strings.IndexByte(value[:min(len(value), headMost)], '\n')
	if end < 0 || end+1 >= len(value) {
		return "", nil, errHead
	}
	head, rest := value[:end], value[end+1:]
	c := s.seal.Load()
	if rest[0] != sealWhole && rest[0] != sealOfFiling {
		if c != nil && !c.bare {
			return "", nil, errNoSeal
		}
		return head, []byte(rest), nil
	}
	kind, key, tag, rest, err := splitSeal(rest)
	if err != nil {
		return "", nil, err
	}
	if c == nil {
		return "", nil, errNoKey
	}
	var want [tagSize]byte
	ok := true
	if kind == sealWhole {
		body = []byte(rest)
		want, ok = c.tag(key, body, ofSubmission, id, head)
	} else {
		part, ok := headPartsOf(head)
		if !ok || part[0] != "1" || len(rest) < checkSize || rest[:checkSize] != checksum(head, tag) {
			return "", nil, errSeal
		}
		body = []byte(rest[checkSize:])
		day, _, _ := strings.Cut(part[5], "-")
		pick, _, _ := strings.Cut(part[6], ":")
		if want, ok = c.tag(key, body, ofFiling, id, part[3], part[4], day); !ok {
			return "", nil, errNoKey
		}
		want = outcome(want, part[1], part[2], pick)
	}
	switch {
	case !ok:
		return "", nil, errNoKey
	case !same(want, tag):
		return "", nil, errSeal
	case len(body) == 0:
		return "", nil, errHead
	}
	return head, body, nil
}

// checksum is what the script makes with what Redis has: it finds accidents in
// a head and proves nothing.
func checksum(head, tag string) string {
	var space [headMost + tagSize]byte
	sum := sha1.Sum(append(append(space[:0], head...), tag...)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:checkSize/2])
}

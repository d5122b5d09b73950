package value

import (
	"crypto/sha1" //nolint:gosec // finds accidents only, see sealOfFiling
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"mashang/domain/casework"
	"mashang/store/body"
)

// Keys makes the tags of stored values, and seals single fields for a migration; seal.Keyring implements it.
type Keys interface {
	// Primary is the id of the key that new values are sealed with.
	Primary() string
	// Tag returns the tag of a message under a key; false for an unknown key.
	Tag(id string, message []byte) (tag [tagSize]byte, ok bool)
	// Seal encrypts a field, Open decrypts it; bound is the record it belongs to.
	Seal(plain, bound string) (string, error)
	Open(sealed, bound string) (string, error)
	// MissingKey returns the id of the key that a sealed field was made with, if the ring lacks it; "" for any
	// other text.
	MissingKey(text string) (id string)
}

// A value is sealed by a tag over the value and its name, so that neither a flipped bit nor another record's
// value in its place is accepted. Between the head (if there is one) and the sealed part stand
//
//	's' <length of the key's id> <key's id> <tag>
//	'f' <length of the key's id> <key's id> <tag> <8 hexadecimal digits>
//
// 's' seals a value that a process wrote whole. 'f' seals a submission just filed, whose head scripts/admit.lua
// wrote. The script has no key, so it gets a tag for each candidate and stores the one of its choice. That tag
// covers everything but the day's running number and the mask of full candidates, which only the script knows;
// the digits are a checksum over the whole head, so that accidental damage is found there too. A deliberate
// change of these two is detected from the first act on, when the value is written whole.
//
// A seal does not detect an older value of the same record that somebody with write access put back. Verify
// finds that its lists do not match.
const (
	sealWhole    = 's'
	sealOfFiling = 'f'

	tagSize   = 16
	checkSize = 8
)

var (
	errSeal   = errors.New("value: the value does not fit its seal")
	errNoSeal = errors.New("value: the value has no seal")
	errNoKey  = errors.New("value: the key of the seal is not in the key ring")
)

// Sealer seals values and checks them. A nil Sealer writes values without seals and reads no others.
type Sealer struct {
	keys Keys
	// allowUnsealed accepts values without a seal, which older formats have.
	allowUnsealed bool
}

// NewSealer returns a Sealer with these keys. allowUnsealed tells whether values without seals may still exist.
func NewSealer(keys Keys, allowUnsealed bool) *Sealer { return &Sealer{keys, allowUnsealed} }

// Keys returns the keys; nil for a nil Sealer.
func (c *Sealer) Keys() Keys {
	if c == nil {
		return nil
	}
	return c.keys
}

// begin appends a value's seal up to its tag and returns the tag's position.
func (c *Sealer) begin(b []byte, kind byte) (out []byte, at int) {
	id := c.keys.Primary()
	b = append(append(b, kind, byte(len(id))), id...) //nolint:gosec // an id has at most 16 bytes
	return b, len(b)
}

// tag computes a tag over parts, which have no zero byte, and a digest of content.
func (c *Sealer) tag(id string, content []byte, parts ...string) ([tagSize]byte, bool) {
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

// outcomeTag derives the tag of one possible result of a filing from the filing's tag, which nobody without the
// key knows. The hash is cut in half, so that one tag does not reveal another.
func outcomeTag(filing [tagSize]byte, state, member, pick string) (tag [tagSize]byte) {
	var space [96]byte
	b := append(space[:0], filing[:]...)
	b = append(append(b, state...), 0)
	b = append(append(b, member...), 0)
	sum := sha256.Sum256(append(b, pick...))
	copy(tag[:], sum[:])
	return tag
}

// The first part of a tag's message.
const (
	tagSubmission = "submission"
	tagFiling     = "filing"
	tagValue      = "value"
)

// splitSeal splits a value into its seal and the rest.
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

func tagMatches(tag [tagSize]byte, text string) bool {
	return subtle.ConstantTimeCompare(tag[:], []byte(text)) == 1
}

// Seal seals a value that is identified by its key alone: a roster, a code, an upload.
func (c *Sealer) Seal(key string, text []byte) []byte {
	if c == nil {
		return text
	}
	b, at := c.begin(make([]byte, 0, len(text)+64), sealWhole)
	tag, _ := c.tag(c.keys.Primary(), text, tagValue, key)
	return append(append(b[:at], tag[:]...), text...)
}

// Open checks a value of Seal and parses the JSON in it.
func (c *Sealer) Open(key, value string, into any) error {
	text, err := c.OpenText(key, []byte(value))
	if err != nil {
		return err
	}
	return Unpack(text, into)
}

// OpenText checks a value of Seal and returns the text in it.
func (c *Sealer) OpenText(key string, value []byte) ([]byte, error) {
	if len(value) == 0 || value[0] != sealWhole { // JSON begins with a brace
		if c != nil && !c.allowUnsealed {
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
	want, ok := c.tag(id, []byte(text), tagValue, key)
	if !ok {
		return nil, errNoKey
	}
	if !tagMatches(want, tag) {
		return nil, errSeal
	}
	return []byte(text), nil
}

// sealSubmission appends seal and body to a head without its line break.
func (c *Sealer) sealSubmission(head []byte, id string, sub *casework.Submission) ([]byte, error) {
	n, b := len(head), head
	b = append(b, '\n')
	if c == nil {
		return body.Append(b, sub)
	}
	b, at := c.begin(b, sealWhole)
	b, err := body.Append(append(b, make([]byte, tagSize)...), sub)
	if err != nil {
		return nil, err
	}
	tag, _ := c.tag(c.keys.Primary(), b[at+tagSize:], tagSubmission, id, string(b[:n]))
	copy(b[at:], tag[:])
	return b, nil
}

// SealFiling returns the body as scripts/admit.lua gets it: with a seal that has a tag for each result, the
// one without an assignee first.
func (c *Sealer) SealFiling(body []byte, sub *casework.Submission, day string, without casework.State, offered []string) []byte {
	if c == nil {
		return body
	}
	b, at := c.begin(make([]byte, 0, len(body)+64+tagSize*(1+len(offered))), sealOfFiling)
	filing, _ := c.tag(string(b[at-int(b[1]):at]), body, tagFiling, sub.ID, strconv.FormatInt(int64(sub.DueAt), 10), sub.Filer, day)
	for pick := range 1 + len(offered) {
		state, member := without, ""
		if pick > 0 {
			state, member = casework.Assigned, offered[pick-1]
		}
		tag := outcomeTag(filing, string(state), member, strconv.Itoa(pick))
		b = append(b, tag[:]...)
	}
	return append(b, body...)
}

// AddSeal returns a submission's value with a seal; false for one that has a seal or is unreadable. A nil Sealer has none
// to add.
func (c *Sealer) AddSeal(id, value string) (sealed string, ok bool) {
	head, body, err := c.unsealed(id, value)
	if c == nil || err != nil || len(value) != len(head)+1+len(body) {
		return "", false
	}
	if _, err := decodeParts(head, body); err != nil {
		return "", false
	}
	b, at := c.begin([]byte(head+"\n"), sealWhole)
	tag, _ := c.tag(c.keys.Primary(), body, tagSubmission, id, head)
	return string(append(append(b[:at], tag[:]...), body...)), true
}

// unsealed checks a submission's seal and returns the head and the body with its codec.
func (c *Sealer) unsealed(id, value string) (head string, body []byte, err error) {
	end := strings.IndexByte(value[:min(len(value), maxHead)], '\n')
	if end < 0 || end+1 >= len(value) {
		return "", nil, errHead
	}
	head, rest := value[:end], value[end+1:]
	if rest[0] != sealWhole && rest[0] != sealOfFiling {
		if c != nil && !c.allowUnsealed {
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
		want, ok = c.tag(key, body, tagSubmission, id, head)
	} else {
		part, ok := headPartsOf(head)
		if !ok || part[0] != "1" || len(rest) < checkSize || rest[:checkSize] != checksum(head, tag) {
			return "", nil, errSeal
		}
		body = []byte(rest[checkSize:])
		day, _, _ := strings.Cut(part[5], "-")
		pick, _, _ := strings.Cut(part[6], ":")
		if want, ok = c.tag(key, body, tagFiling, id, part[3], part[4], day); !ok {
			return "", nil, errNoKey
		}
		want = outcomeTag(want, part[1], part[2], pick)
	}
	switch {
	case !ok:
		return "", nil, errNoKey
	case !tagMatches(want, tag):
		return "", nil, errSeal
	case len(body) == 0:
		return "", nil, errHead
	}
	return head, body, nil
}

// checksum is what the script computes with Redis' means. It detects accidents in a head and proves nothing.
func checksum(head, tag string) string {
	var space [maxHead + tagSize]byte
	sum := sha1.Sum(append(append(space[:0], head...), tag...)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:checkSize/2])
}

// Package journal has the canonical form of an event: the bytes that an append-only log keeps, hashes and proves.
// Every event of a station's work (a day published, a swap approved, a seat booked) goes through Event.Line.
package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"mashang/domain/fault"
	"mashang/domain/fold"
)

// Version is the form's; it stands in each line.
const Version = 1

// Event is something that happened. Names are [a-z0-9._/-]{1,80}.
type Event struct {
	// At is when, in UTC milliseconds.
	At int64
	// What names it, such as "day.published"; Of is the thing, such as "day/20261204-j01"; By is who did it, such as
	// "liaison/l01", or "station" for what happened by nobody's act.
	What, Of, By string
	// Data are facts that are no personal data, by name.
	Data map[string]string
	// Private are personal data. The line has their salted hashes alone: without the salt, which is kept elsewhere
	// and can be deleted, nothing can be learned from the line, and the line stays valid.
	Private map[string]string
	// Salt goes with Private; at least MinSalt bytes if there are any.
	Salt []byte
}

// MinSalt is how many bytes a salt has at least.
const MinSalt = 16

// line is the form of an event. encoding/json writes the fields in this order and the keys of maps sorted.
type line struct {
	Version int               `json:"v"`
	At      int64             `json:"at"`
	What    string            `json:"what"`
	Of      string            `json:"of"`
	By      string            `json:"by"`
	Data    map[string]string `json:"data,omitempty"`
	Private map[string]string `json:"private,omitempty"`
}

// Line returns the canonical form: one line of JSON in UTF-8 without a line break, keys in a fixed order, texts as
// fold.Stored leaves them, no character escaped that JSON does not require. The same event is the same bytes. The
// error is Internal: a name or a salt is not in order.
func (e Event) Line() ([]byte, error) {
	// A name that is refused is not quoted: it may hold what somebody wrote.
	for _, x := range []struct{ what, name string }{{"what", e.What}, {"of", e.Of}, {"by", e.By}} {
		if !named(x.name) {
			return nil, fault.New(fault.Internal, "事件的 %s 不合规", x.what)
		}
	}
	out := line{Version: Version, At: e.At, What: e.What, Of: e.Of, By: e.By}
	for name, value := range e.Data {
		if !named(name) {
			return nil, fault.New(fault.Internal, "事件“%s”的字段名不合规", e.What)
		}
		if out.Data == nil {
			out.Data = map[string]string{}
		}
		out.Data[name] = fold.Stored(value)
	}
	if len(e.Private) > 0 && len(e.Salt) < MinSalt {
		return nil, fault.New(fault.Internal, "事件“%s”的个人信息没有加盐", e.What)
	}
	for name, value := range e.Private {
		if !named(name) {
			return nil, fault.New(fault.Internal, "事件“%s”的字段名不合规", e.What)
		}
		if out.Private == nil {
			out.Private = map[string]string{}
		}
		out.Private[name] = Hash(e.Salt, name, value)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(out); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "事件“%s”写不成", e.What)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Hash is what stands for a private value: SHA-256 over the salt, the name and the value, each preceded by its length,
// in base64url without padding.
func Hash(salt []byte, name, value string) string {
	h := sha256.New()
	for _, part := range [][]byte{salt, []byte(name), []byte(fold.Stored(value))} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":"))
		h.Write(part)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// maxNameLen bounds a name.
const maxNameLen = 80

func named(s string) bool {
	if s == "" || len(s) > maxNameLen {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '/' && c != '-' {
			return false
		}
	}
	return true
}

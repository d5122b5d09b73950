package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// huma gets errors of a body only as text. These marks let the field be found again.
const (
	markDuplicate = "duplicate field: "
	markType      = "wrong type of field: "
)

var errNotUTF8 = errors.New("not UTF-8")

// strictJSON reads and writes bodies. It refuses input that parsers treat differently: a repeated field,
// anything after the value, invalid UTF-8. The schema refuses unknown fields.
func strictJSON() map[string]huma.Format {
	format := huma.Format{Marshal: writeJSON, Unmarshal: ReadJSON}
	// huma looks up "json" for the suffix of application/problem+json.
	return map[string]huma.Format{"application/json": format, "json": format}
}

// ReadJSON is called twice for a body: into an any for the schema, and then into the request's type. The first
// call is the strict one.
func ReadJSON(data []byte, v any) error {
	err := json.Unmarshal(data, v)
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New(markType + wrong.Field)
	}
	if err != nil {
		return err
	}
	if _, first := v.(*any); !first {
		return nil
	}
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	if path, twice := duplicate(data); twice {
		return errors.New(markDuplicate + path)
	}
	return nil
}

// maxFields is more than any object of the contract has. It bounds the search for duplicates.
const maxFields = 64

// level is an open object or array of the text.
type level struct {
	object bool
	keys   []string
	key    string
	index  int
}

// duplicate returns the path of a repeated field in a text that is valid JSON. An object with more than
// maxFields counts as repeating its last field.
func duplicate(data []byte) (path string, found bool) {
	var open []level
	wantKey := false
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '{', '[':
			open = append(open, level{object: data[i] == '{'})
			wantKey = data[i] == '{'
		case '}', ']':
			open = open[:len(open)-1]
			wantKey = false
		case ',':
			top := &open[len(open)-1]
			top.index++
			wantKey = top.object
		case '"':
			end := stringEnd(data, i)
			if wantKey {
				top := &open[len(open)-1]
				top.key = unquote(data[i : end+1])
				if slices.Contains(top.keys, top.key) || len(top.keys) == maxFields {
					return pathOf(open), true
				}
				top.keys = append(top.keys, top.key)
				wantKey = false
			}
			i = end
		}
	}
	return "", false
}

// stringEnd returns the position of the quote that closes the string opened at i.
func stringEnd(data []byte, i int) int {
	for i++; data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i
}

func unquote(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		return string(quoted)
	}
	return s
}

func pathOf(open []level) string {
	var parts []string
	for _, l := range open {
		if l.object {
			parts = append(parts, l.key)
		} else {
			parts = append(parts, strconv.Itoa(l.index))
		}
	}
	return strings.Join(parts, ".")
}

// buffer is a body to send, with its encoder.
type buffer struct {
	bytes.Buffer
	enc *json.Encoder
}

var buffers = sync.Pool{New: func() any {
	b := &buffer{}
	b.enc = json.NewEncoder(b)
	b.enc.SetEscapeHTML(false)
	return b
}}

// maxPooledBuffer is the largest buffer to reuse.
const maxPooledBuffer = 256 << 10

// writeJSON writes the value in one piece, with its length, so that a client detects a truncated answer.
func writeJSON(w io.Writer, v any) error {
	b := buffers.Get().(*buffer) //nolint:forcetypeassert // the pool holds nothing else
	b.Reset()
	defer func() {
		if b.Cap() <= maxPooledBuffer {
			buffers.Put(b)
		}
	}()
	if err := b.enc.Encode(v); err != nil {
		return err
	}
	if rw, ok := w.(http.ResponseWriter); ok {
		rw.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	}
	_, err := w.Write(b.Bytes())
	return err
}

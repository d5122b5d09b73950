package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

var errTail = errors.New("store: something follows the value")

// pack writes a value for unpack, named what for people.
func pack(v any, what string) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, broken(err, what)
	}
	return text, nil
}

// unpack reads a stored JSON value. A field that this version does not know is
// an error: written back, the value would have lost it.
func unpack(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errTail
	}
	return nil
}

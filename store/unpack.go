package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

var errTail = errors.New("store: something follows the value")

// pack encodes a value for unpack; what names it in errors.
func pack(v any, what string) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, broken(err, what)
	}
	return text, nil
}

// unpack decodes a stored JSON value. An unknown field is an error, because writing the value back would lose
// it.
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

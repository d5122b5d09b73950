// Package value is the form of values in the store: a submission's head line and body, the JSON of other records, and the
// seals of both.
package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"mashang/domain/fault"
)

var errTail = errors.New("value: something follows the value")

// Broken is the fault for a value in the store that was not written so; what names it.
func Broken(cause error, what string) error {
	return fault.Wrap(cause, fault.Internal, "%s的数据已损坏，请联系管理员核对备份", what)
}

// Pack encodes a value for Unpack; what names it in errors.
func Pack(v any, what string) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, Broken(err, what)
	}
	return text, nil
}

// Unpack decodes a stored JSON value. An unknown field is an error, because writing the value back would lose
// it.
func Unpack(text []byte, v any) error {
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

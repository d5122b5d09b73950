package web

import (
	"errors"
	"io"
)

// Read satisfies io.Reader.
func (o *OnlyPart) Read(b []byte) (int, error) {
	if o.Wrong != nil {
		return 0, o.Wrong
	}
	n, err := o.Part.Read(b)
	if err == nil {
		return n, nil
	}
	if !errors.Is(err, io.EOF) {
		o.Wrong = FormFault(err)
		return n, o.Wrong
	}
	if _, err := o.Form.NextPart(); err == nil {
		o.Wrong = OneFile()
		return n, o.Wrong
	} else if !errors.Is(err, io.EOF) {
		o.Wrong = FormFault(err)
		return n, o.Wrong
	}
	return n, io.EOF
}

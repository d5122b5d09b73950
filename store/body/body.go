// Package body is the form of a submission's body in the store: a codec, and all fields that its head has not in CBOR
// with their short names.
package body

import (
	"errors"

	"github.com/fxamacker/cbor/v2"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/store/deflate"
)

// The codecs of a body. Every stored value must stay readable: a new codec or a new dictionary gets a new
// letter.
const (
	cborOnly = 'c'
	deflated = 'z' // CBOR, deflated with dictionary
)

var errCodec = errors.New("body: unknown codec")

var (
	encoder = mustEncoder()
	decoder = mustDecoder()
)

func mustEncoder() cbor.EncMode {
	m, err := cbor.EncOptions{ShortestFloat: cbor.ShortestFloat16}.EncMode()
	if err != nil {
		panic(err)
	}
	return m
}

func mustDecoder() cbor.DecMode {
	// Text that is not valid UTF-8 must be returned unchanged, and must not make its submission unreadable.
	m, err := cbor.DecOptions{
		UTF8: cbor.UTF8DecodeInvalid,
		// Writing the submission back would lose an unknown field.
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return m
}

// Append appends the codec and the body. Bodies of finished submissions are compressed: they are kept for
// years and seldom read.
func Append(b []byte, s *casework.Submission) ([]byte, error) {
	body := *s
	body.Station = "" // the id has it
	raw, err := encoder.Marshal(body)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "诉求无法保存，请稍后再试")
	}
	if !s.State.Open() {
		if small, err := deflate.Deflate(raw); err == nil && len(small) < len(raw) {
			return append(append(b, deflated), small...), nil
		}
	}
	return append(append(b, cborOnly), raw...), nil
}

// Decode parses a body with its codec. It has at least the codec.
func Decode(text []byte, s *casework.Submission) (err error) {
	body := text[1:]
	switch text[0] {
	case cborOnly:
	case deflated:
		if body, err = deflate.Inflate(body); err != nil {
			return err
		}
	default:
		return errCodec
	}
	return decoder.Unmarshal(body, &stored{Submission: s})
}

// stored is a body with the fields that earlier versions wrote and that are no longer read. They are listed to
// be told from fields of later versions.
type stored struct {
	*casework.Submission
	Joined []string `json:"j,omitempty"` // replaced by assists
}

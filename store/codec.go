package store

import (
	"errors"
	"strconv"
	"strings"

	"github.com/fxamacker/cbor/v2"

	"mashang/domain/casework"
	"mashang/domain/fault"
)

// A submission's value is a head line and a body:
//
//	version \t state \t assignee \t due_ms \t filer \t number \t pick[:full] \n
//	<seal> <one byte: the body's codec> <body>
//
// sealed.go has the seal, which values of format 1 do not have.
// Scripts read the head, at most the first maxHead bytes, and never the body. The body has all other fields in
// CBOR with the fields' short names.
const (
	maxHead   = 300
	headParts = 7
)

// The codecs of a body. Every stored value must stay readable: a new codec or a new dictionary gets a new
// letter.
const (
	codecCBOR    = 'c'
	codecDeflate = 'z' // CBOR, deflated with dictionary
)

var (
	errHead  = errors.New("store: the head is not one of ours")
	errCodec = errors.New("store: unknown codec")
)

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

// appendBody appends the codec and the body. Bodies of finished submissions are compressed: they are kept for
// years and seldom read.
func appendBody(b []byte, s *casework.Submission) ([]byte, error) {
	body := *s
	body.Station = "" // the id has it
	raw, err := encoder.Marshal(body)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "诉求无法保存，请稍后再试")
	}
	if !s.State.Open() {
		if small, err := deflate(raw); err == nil && len(small) < len(raw) {
			return append(append(b, codecDeflate), small...), nil
		}
	}
	return append(append(b, codecCBOR), raw...), nil
}

// encode returns the whole value.
func (st *conn) encode(s *casework.Submission) ([]byte, error) {
	for _, field := range [...]string{string(s.State), s.Assignee, s.Filer, s.Number} {
		if strings.ContainsAny(field, "\t\n") {
			return nil, fault.Wrap(errHead, fault.Internal, "诉求无法保存，请稍后再试")
		}
	}
	b := make([]byte, 0, 1024)
	b = strconv.AppendInt(b, int64(s.Version), 10)
	b = append(append(b, '\t'), s.State...)
	b = append(append(b, '\t'), s.Assignee...)
	b = strconv.AppendInt(append(b, '\t'), int64(s.DueAt), 10)
	b = append(append(b, '\t'), s.Filer...)
	b = append(append(b, '\t'), s.Number...)
	b = strconv.AppendInt(append(b, '\t'), int64(s.Pick), 10)
	if s.Full != 0 {
		b = strconv.AppendUint(append(b, ':'), s.Full, 16)
	}
	if len(b) >= maxHead {
		return nil, fault.Wrap(errHead, fault.Internal, "诉求无法保存，请稍后再试")
	}
	return st.sealSubmission(b, s.ID, s)
}

// decode parses a value. The error is Internal and names the id only.
func (s *conn) decode(st, local, value string) (casework.Submission, error) {
	id := st + "-" + local
	sub, err := s.decodeValue(id, value)
	if err != nil {
		return casework.Submission{}, broken(err, "诉求 "+id+" ")
	}
	sub.ID, sub.Station = id, st
	return sub, nil
}

func (s *conn) decodeValue(id, value string) (casework.Submission, error) {
	head, text, err := s.unsealed(id, value)
	if err != nil {
		return casework.Submission{}, err
	}
	return decodeParts(head, text)
}

// decodeParts parses a head and a body with its codec.
func decodeParts(head string, text []byte) (s casework.Submission, err error) {
	body := text[1:]
	switch text[0] {
	case codecCBOR:
	case codecDeflate:
		if body, err = inflate(body); err != nil {
			return s, err
		}
	default:
		return s, errCodec
	}
	b := stored{Submission: &s}
	if err := decoder.Unmarshal(body, &b); err != nil {
		return s, err
	}
	return s, decodeHead(head, &s)
}

// stored is a body with the fields that earlier versions wrote and that are no longer read. They are listed to
// be told from fields of later versions.
type stored struct {
	*casework.Submission
	Joined []string `json:"j,omitempty"` // replaced by assists
}

// headPartsOf splits a head; ok is false for one of another form.
func headPartsOf(head string) (part [headParts]string, ok bool) {
	for i := range part {
		var more bool
		part[i], head, more = strings.Cut(head, "\t")
		if more == (i == len(part)-1) {
			return part, false
		}
	}
	return part, true
}

func decodeHead(head string, s *casework.Submission) error {
	part, ok := headPartsOf(head)
	if !ok {
		return errHead
	}
	version, err1 := strconv.Atoi(part[0])
	due, err2 := strconv.ParseInt(part[3], 10, 64)
	pick, full, err3 := parsePick(part[6])
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	s.Full = full
	// The parts are copied, or they would keep the whole value in memory.
	s.Version, s.State, s.Assignee = version, state(part[1]), strings.Clone(part[2])
	s.DueAt, s.Filer, s.Number, s.Pick = casework.Millis(due), strings.Clone(part[4]), strings.Clone(part[5]), pick
	return nil
}

// parsePick parses "2" or, with the mask of full candidates in hexadecimal, "2:1".
func parsePick(text string) (pick int, full uint64, err error) {
	number, bits, some := strings.Cut(text, ":")
	if pick, err = strconv.Atoi(number); err != nil || !some {
		return pick, 0, err
	}
	full, err = strconv.ParseUint(bits, 16, 64)
	return pick, full, err
}

// state returns the constant for a known name.
func state(name string) casework.State {
	for _, s := range casework.States {
		if string(s) == name {
			return s
		}
	}
	return casework.State(strings.Clone(name))
}

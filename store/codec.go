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
// Scripts read the head, its first headMost bytes, and never the body. The
// body holds every other field in CBOR with the fields' short names.
const (
	headMost  = 300
	headParts = 7
)

// The codecs of a body. A value once written must be readable for ever: a new
// codec or a new dictionary gets a new letter.
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
	// Text that is not quite UTF-8 must come back as it was rather than make
	// its submission unreadable.
	m, err := cbor.DecOptions{
		UTF8: cbor.UTF8DecodeInvalid,
		// Written back, a submission would have lost a field that is not known.
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return m
}

// appendBody appends the codec and the body. What is finished is compressed,
// as it is kept for years and seldom read.
func appendBody(b []byte, s *casework.Submission) ([]byte, error) {
	body := *s
	body.Station = "" // it is in the id
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

// encode writes the whole value.
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
	if len(b) >= headMost {
		return nil, fault.Wrap(errHead, fault.Internal, "诉求无法保存，请稍后再试")
	}
	return st.sealSubmission(b, s.ID, s)
}

// decode reads a value back. The fault is Internal and names the id only.
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

// decodeParts reads a head and a body with its codec.
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

// stored is a body with the fields that earlier builds wrote and nothing has
// read since. They are listed to be told from those that a later version adds.
type stored struct {
	*casework.Submission
	Joined []string `json:"j,omitempty"` // assists came in its place
}

// headPartsOf takes a head apart; ok is false for one that is not ours.
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
	pick, full, err3 := picked(part[6])
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	s.Full = full
	// The parts are copied, or they would keep the whole value in memory.
	s.Version, s.State, s.Assignee = version, state(part[1]), strings.Clone(part[2])
	s.DueAt, s.Filer, s.Number, s.Pick = casework.Millis(due), strings.Clone(part[4]), strings.Clone(part[5]), pick
	return nil
}

// picked reads "2" or, with who was full as bits in hexadecimal, "2:1".
func picked(text string) (pick int, full uint64, err error) {
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

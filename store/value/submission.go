package value

import (
	"errors"
	"strconv"
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/store/body"
)

// A submission's value is a head line and a body:
//
//	version \t state \t assignee \t due_ms \t filer \t number \t pick[:full] \n
//	<seal> <one byte: the body's codec> <body>
//
// seal.go has the seal, which values of format 1 do not have.
// Scripts read the head, at most the first maxHead bytes, and never the body. Package body has the
// codec and the body, which has all other fields.
const (
	maxHead   = 300
	headParts = 7
)

var errHead = errors.New("value: the head is not one of ours")

// Encode returns a submission's whole value.
func (c *Sealer) Encode(s *casework.Submission) ([]byte, error) {
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
	return c.sealSubmission(b, s.ID, s)
}

// Decode parses a submission's value. The error is Internal and names the id only.
func (c *Sealer) Decode(st, local, value string) (casework.Submission, error) {
	id := st + "-" + local
	sub, err := c.decode(id, value)
	if err != nil {
		return casework.Submission{}, Broken(err, "诉求 "+id+" ")
	}
	sub.ID, sub.Station = id, st
	return sub, nil
}

func (c *Sealer) decode(id, value string) (casework.Submission, error) {
	head, text, err := c.unsealed(id, value)
	if err != nil {
		return casework.Submission{}, err
	}
	return decodeParts(head, text)
}

// decodeParts parses a head and a body.
func decodeParts(head string, text []byte) (s casework.Submission, err error) {
	if err := body.Decode(text, &s); err != nil {
		return s, err
	}
	return s, decodeHead(head, &s)
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
	pick, full, err3 := ParsePick(part[6])
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	s.Full = full
	// The parts are copied, or they would keep the whole value in memory.
	s.Version, s.State, s.Assignee = version, state(part[1]), strings.Clone(part[2])
	s.DueAt, s.Filer, s.Number, s.Pick = casework.Millis(due), strings.Clone(part[4]), strings.Clone(part[5]), pick
	return nil
}

// ParsePick parses "2" or, with the mask of full candidates in hexadecimal, "2:1".
func ParsePick(text string) (pick int, full uint64, err error) {
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

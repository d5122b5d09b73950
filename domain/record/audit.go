package record

import (
	"strconv"
	"strings"
	"time"
)

// Audit is one line of the audit: who did what to which object, and why.
type Audit struct {
	At     time.Time
	Role   string
	ID     string
	Person string
	Action string
	Object string
	Why    string
}

// Link is a line in a station's chain. Lines from before there was a chain have no MAC.
type Link struct {
	Audit

	// Entry is the store's id of the line; ids have the order of the lines.
	Entry string
	// N numbers the station's lines from 1.
	N int64
	// MAC authenticates the line and everything before it.
	MAC string
}

// Canonical returns the input of a line's MAC: the station, the line's number, the MAC before it, and the line.
// Each part has its length before it, so that different lines never have the same input.
func (l Link) Canonical(st, prev string) string {
	var b strings.Builder
	for _, part := range []string{
		st, strconv.FormatInt(l.N, 10), prev, strconv.FormatInt(l.At.UnixMilli(), 10),
		l.Role, l.ID, l.Person, l.Action, l.Object, l.Why,
	} {
		b.WriteString(strconv.Itoa(len(part)))
		b.WriteByte(':')
		b.WriteString(part)
	}
	return b.String()
}

// Head is the end of a chain at some time. Stored elsewhere, it later proves that nothing was cut off.
type Head struct {
	N   int64     `json:"n"`
	MAC string    `json:"mac"`
	At  time.Time `json:"at"`
}

// Chain checks a station's lines in order.
type Chain struct {
	Station string
	// Sealed reports whether a MAC belongs to a text.
	Sealed func(canonical, mac string) bool
	// KnownHead is a head that was stored elsewhere, nil for none.
	KnownHead *Head

	// Head is the end of the lines checked so far. Unsealed counts the lines from before there was a chain.
	Head     Head
	Unsealed int64
}

// The faults of a chain.
const (
	Stripped = "stripped" // a line without a MAC after lines with one
	Skipped  = "skipped"  // a line before this one is missing, or appears twice
	Altered  = "altered"  // this line, or the one before it, was changed
	Replaced = "replaced" // this is not the line of which the head was stored
	CutOff   = "cut_off"  // lines that existed when the head was stored are missing
)

// faultTexts describes the faults for people.
var faultTexts = map[string]string{
	Stripped: "没有封记，可能是绕过程序写进去的",
	Skipped:  "前面缺了一条，或有一条重复",
	Altered:  "这一条或前一条的内容被改过",
	Replaced: "与另存的末端不符：从这里往前被重写过",
	CutOff:   "比另存的末端短：末尾被截断了",
}

// DescribeChainFault describes a fault of a chain for people.
func DescribeChainFault(what string) string { return faultTexts[what] }

// Next checks the next line and returns its fault, "" for none.
func (c *Chain) Next(l Link) string {
	n, prev := c.Head.N+1, c.Head.MAC
	c.Head.N, c.Head.At = n, l.At
	switch {
	case l.MAC == "" && prev != "":
		return Stripped
	case l.MAC == "":
		c.Unsealed++
		return ""
	}
	c.Head.MAC = l.MAC
	switch {
	case l.N != n:
		c.Head.N = l.N // so that later lines do not repeat the fault
		return Skipped
	case !c.Sealed(l.Canonical(c.Station, prev), l.MAC):
		return Altered
	case c.KnownHead != nil && c.KnownHead.N == n && c.KnownHead.MAC != l.MAC:
		return Replaced
	}
	return ""
}

// End returns the fault at the end of the chain, "" for none.
func (c *Chain) End() string {
	if c.KnownHead != nil && c.Head.N < c.KnownHead.N {
		return CutOff
	}
	return ""
}

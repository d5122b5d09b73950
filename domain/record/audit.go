package record

import (
	"strconv"
	"strings"
	"time"
)

// Audit is one line of the audit: who did what to which thing, and why.
type Audit struct {
	At     time.Time
	Role   string
	ID     string
	Person string
	Action string
	Object string
	Why    string
}

// Link is a line as it stands in a station's chain. Lines of before there was a
// chain have no MAC.
type Link struct {
	Audit

	// Entry is the store's id of the line; they are in the order of the lines.
	Entry string
	// N counts the station's lines from 1.
	N int64
	// MAC seals the line with everything before it.
	MAC string
}

// Canonical is what the MAC of a line is made of: the station, the line's place,
// the MAC before it, and the line. Each part has its length before it, so that
// no two lines say the same.
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

// Head is how far a chain had come: kept elsewhere, it tells later that nothing
// was cut off since.
type Head struct {
	N   int64     `json:"n"`
	MAC string    `json:"mac"`
	At  time.Time `json:"at"`
}

// Chain checks a station's lines one after the other, the first first.
type Chain struct {
	Station string
	// Sealed reports whether a MAC is that of a text.
	Sealed func(canonical, mac string) bool
	// KnownHead is a head that was kept elsewhere, nil for none.
	KnownHead *Head

	// Head is where the lines seen so far end; Unsealed are those of before there
	// was a chain.
	Head     Head
	Unsealed int64
}

// What can be wrong with a chain.
const (
	Stripped = "stripped" // a line without a seal where there are seals already
	Skipped  = "skipped"  // a line is missing before this one, or stands twice
	Altered  = "altered"  // this line, or the one before it, is not what was written
	Replaced = "replaced" // it is not the line that stood here when the head was kept
	CutOff   = "cut_off"  // lines that were there when the head was kept are gone
)

// wrongs are the same for people.
var wrongs = map[string]string{
	Stripped: "没有封记，可能是绕过程序写进去的",
	Skipped:  "前面缺了一条，或有一条重复",
	Altered:  "这一条或前一条的内容被改过",
	Replaced: "与另存的末端不符：从这里往前被重写过",
	CutOff:   "比另存的末端短：末尾被截断了",
}

// DescribeChainFault says to people what is wrong with a chain.
func DescribeChainFault(what string) string { return wrongs[what] }

// Next takes the next line and says what is wrong with it, "" for nothing.
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
		c.Head.N = l.N // one fault, not one at each line that follows
		return Skipped
	case !c.Sealed(l.Canonical(c.Station, prev), l.MAC):
		return Altered
	case c.KnownHead != nil && c.KnownHead.N == n && c.KnownHead.MAC != l.MAC:
		return Replaced
	}
	return ""
}

// End says what is missing at the end.
func (c *Chain) End() string {
	if c.KnownHead != nil && c.Head.N < c.KnownHead.N {
		return CutOff
	}
	return ""
}

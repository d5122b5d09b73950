package wechat

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// byteOrderMark may stand before a body.
var byteOrderMark = []byte("\uFEFF")

// cleanJSON removes the control characters that JSON forbids inside a string (RFC 8259, 7). It escapes line
// breaks and tabs instead, as people do write them.
func cleanJSON(body []byte) []byte {
	if !bytes.ContainsFunc(body, func(r rune) bool { return r < ' ' }) {
		return body
	}
	out := make([]byte, 0, len(body)+8)
	inside, escaped := false, false
	for _, c := range body {
		if c >= ' ' {
			switch {
			case escaped:
				escaped = false
			case c == '\\':
				escaped = inside
			case c == '"':
				inside = !inside
			}
			out = append(out, c)
			continue
		}
		short, known := map[byte]byte{'\n': 'n', '\r': 'r', '\t': 't'}[c]
		switch {
		case known && !inside:
			out = append(out, c)
		case known && !escaped:
			out = append(out, '\\', short)
		}
	}
	return out
}

// reference matches a character reference, or a CDATA section, in which there are no references.
var reference = regexp.MustCompile(`(?s)<!\[CDATA\[.*?\]\]>|&#(x[0-9A-Fa-f]+|[0-9]+);`)

// cleanXML removes the characters that XML forbids (XML 1.0, 2.2), whether literal or as references.
func cleanXML(body []byte) []byte {
	body = bytes.Map(func(r rune) rune {
		if !allowedXML(r) {
			return -1
		}
		return r
	}, body) // invalid UTF-8 becomes U+FFFD
	if !bytes.Contains(body, []byte("&#")) {
		return body
	}
	return reference.ReplaceAllFunc(body, func(found []byte) []byte {
		digits, ok := strings.CutPrefix(string(found), "&#")
		if !ok {
			return found
		}
		digits, base := strings.TrimSuffix(digits, ";"), 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseInt(digits, base, 32)
		if err != nil || !allowedXML(rune(n)) {
			return nil
		}
		return found
	})
}

func allowedXML(r rune) bool {
	return r >= ' ' && r != '\uFFFE' && r != '\uFFFF' && utf8.ValidRune(r) || r == '\n' || r == '\r' || r == '\t'
}

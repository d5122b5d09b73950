package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is the maximum number of marks of a letter in a Key. No script needs more.
const maxMarks = 8

// keyBuilder builds one Key. While its output equals the beginning of the text (same), it only counts and
// writes nothing.
type keyBuilder struct {
	text   string
	script *variants // nil: traditional characters stay
	out    []byte
	spans  []span // recorded if not nil
	same   bool
	n      int // bytes of text that are written, while same

	last  rune // last character written, 0 at the beginning
	marks int  // how many more marks last may have

	// Pending until the next character: a blank, a dot, a blank after the dot. A zero span is none, as a real
	// one has a length.
	gap, dot, after span
	dotRune         rune
	scratch         []byte
}

func (f *keyBuilder) result() string {
	if f.same {
		return f.text[:f.n]
	}
	return string(f.out)
}

// run folds the text: independent characters directly, others in the pieces that normalization works on.
func (f *keyBuilder) run() {
	s, at := f.withoutIgnored()
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if to, ok := sign(r); ok {
			f.add(to, place(at, i, i+n))
		} else if standsAlone(r) && endsAt(s[i+n:]) {
			f.add(narrow(r), place(at, i, i+n))
		} else {
			n = max(norm.NFKC.NextBoundaryInString(s[i:], true), n)
			f.normalize(s[i:i+n], place(at, i, i+n))
		}
		i += n
	}
	if f.dot != (span{}) {
		f.flush(0)
	}
}

// normalize adds a piece that has marks or compatibility forms.
func (f *keyBuilder) normalize(piece string, at span) {
	f.scratch = norm.NFKC.AppendString(f.scratch[:0], piece)
	plain := f.scratch
	for rest := plain; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if unicode.ToLower(r) != r {
			// A lowercase letter may combine with a mark with which the capital does not.
			plain = norm.NFC.Bytes([]byte(strings.Map(unicode.ToLower, string(f.scratch))))
			break
		}
		rest = rest[n:]
	}
	for len(plain) > 0 {
		r, n := utf8.DecodeRune(plain)
		if to, ok := sign(r); ok {
			r = to
		}
		f.add(r, at)
		plain = plain[n:]
	}
}

// add processes the next character: it drops it, keeps it pending, or writes it after what is pending.
func (f *keyBuilder) add(r rune, at span) {
	if r >= hanFirst && r <= hanLast {
		if f.script != nil {
			r = f.script.of(r)
		}
		if f.gap != (span{}) || f.dot != (span{}) {
			f.flush(r)
		}
		f.write(r, at)
		return
	}
	switch {
	case isIgnored(r):
		return
	case isBlank(r):
		switch {
		case f.dot != (span{}):
			f.after = join(f.after, at)
		default:
			f.gap = join(f.gap, at)
		}
		return
	case r == '.' || r == middleDot:
		if f.dot != (span{}) {
			f.flush(r)
		}
		f.dot, f.dotRune = at, r
		return
	case r >= 0x300 && unicode.Is(unicode.M, r):
		if f.marks == 0 || f.gap != (span{}) || f.dot != (span{}) {
			return
		}
		marks := f.marks - 1
		f.write(r, at)
		f.marks = marks
		return
	}
	if isHan(r) {
		if f.script != nil {
			r = f.script.of(r)
		}
	} else if r >= utf8.RuneSelf && unicode.Is(unicode.Nd, r) {
		r = digit(r)
	}
	f.flush(r)
	if r == '-' && f.last == '-' {
		return
	}
	f.write(r, at)
	if r >= 'a' && r <= 'z' || r >= utf8.RuneSelf && unicode.IsLetter(r) && !isHan(r) {
		f.marks = maxMarks
	}
}

// flush writes what is pending before the character next, 0 for the end.
func (f *keyBuilder) flush(next rune) {
	before, dot, after := f.gap, f.dot, f.after
	f.gap, f.dot, f.after = span{}, span{}, span{}
	switch {
	case dot == (span{}):
		after = before
	case isHan(f.last) && isHan(next):
		return
	default:
		if before != (span{}) && f.last != 0 && !isHan(f.last) {
			f.write(' ', before)
		}
		f.write(f.dotRune, dot)
	}
	if after != (span{}) && f.last != 0 && next != 0 && !isHan(f.last) && !isHan(next) {
		f.write(' ', after)
	}
}

func (f *keyBuilder) write(r rune, at span) {
	f.last, f.marks = r, 0
	if f.same {
		if got, n := first(f.text[f.n:]); got == r && (r != utf8.RuneError || n > 1) {
			f.n += n
			return
		}
		f.same = false
		f.out = append(make([]byte, 0, len(f.text)), f.text[:f.n]...)
	}
	f.out = utf8.AppendRune(f.out, r)
	for f.spans != nil && len(f.spans) < len(f.out) {
		f.spans = append(f.spans, at)
	}
}

// withoutIgnored returns the text without ignored characters, and the offset in text of each byte; nil if the
// offsets are the same.
func (f *keyBuilder) withoutIgnored() (string, []int32) {
	if utf8.ValidString(f.text) && !strings.ContainsFunc(f.text, isIgnored) {
		return f.text, nil
	}
	out := make([]byte, 0, len(f.text))
	at := make([]int32, 0, len(f.text))
	for i := 0; i < len(f.text); {
		r, n := utf8.DecodeRuneInString(f.text[i:])
		from := int32(i)
		i += n
		if isIgnored(r) {
			continue
		}
		size := len(out)
		out = utf8.AppendRune(out, r)
		for j := range len(out) - size {
			at = append(at, from+int32(min(j, n-1))) //nolint:gosec // texts are far shorter than 2 GB
		}
	}
	return string(out), at
}

// isIgnored reports whether a Key omits the character: it is invisible, or encloses another.
func isIgnored(r rune) bool {
	return (r < ' ' || r >= 0x7f) && !standsAlone(r) && (isInvisible(r) || unicode.Is(unicode.Me, r))
}

// place returns the span of s[i:j] in the text.
func place(at []int32, i, j int) span {
	if at == nil {
		return span{int32(i), int32(j)} //nolint:gosec // likewise
	}
	return span{at[i], at[j-1] + 1}
}

// join returns the span of two neighbours.
func join(a, b span) span {
	if a == (span{}) {
		return b
	}
	return span{a.from, b.to}
}

// standsAlone reports whether normalization changes at most the width of the character.
func standsAlone(r rune) bool {
	return r >= ' ' && r < 0x7f || r == '\n' || r >= hanFirst && r <= hanLast || r >= 0x3000 && r <= 0x3029 || r >= 0xFF01 && r <= 0xFF5E
}

// endsAt reports whether s begins with a character that never combines with the one before.
func endsAt(s string) bool {
	if s == "" || s[0] < utf8.RuneSelf {
		return true
	}
	r, _ := first(s)
	return standsAlone(r)
}

// narrow returns the plain lowercase form of an independent character.
func narrow(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// digit converts a decimal digit of any script to a plain one. Unicode keeps the ten of each script together.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) { //nolint:gosec // runes fit
			return '0' + (r-rune(t.Lo))%10 //nolint:gosec // likewise
		}
	}
	return r
}

const middleDot = '·'

// sign returns the plain form of dashes, dots, quotes and encircled digits that normalization does not change
// as needed.
func sign(r rune) (rune, bool) {
	switch {
	case r < 0x80, r >= hanFirst && r <= hanLast, r >= 0x3001 && r <= 0x300B:
		return r, false
	}
	switch r {
	case middleDot, 0x2022, 0x2027, 0x2219, 0x22C5, 0x2981, 0x2E31, 0x2E33, 0x30FB, 0x318D, 0xA78F, 0xFF65, 0x16EB, 0x1427:
		return middleDot, true
	case 0x301C:
		return '~', true
	case 0x2212, 0x30FC, 0xFF70, 0x2043, 0x2500, 0x2501, 0x02D7, 0x2796, 0x2015, 0x23AF:
		return '-', true
	case '“', '”', '„', '‟', '″', '«', '»', '「', '」', '『', '』', '〝', '〞', '〟':
		return '"', true
	case '‘', '’', '‚', '‛', '′', '´', 0x1FFD, '＇', '｀', 'ʼ', 'ʻ':
		return '\'', true
	case 0x24FF, 0x1F10B, 0x1F10C:
		return '0', true
	}
	switch {
	case r >= 0x2776 && r <= 0x277E:
		return r - 0x2776 + '1', true
	case r >= 0x2780 && r <= 0x2788:
		return r - 0x2780 + '1', true
	case r >= 0x278A && r <= 0x2792:
		return r - 0x278A + '1', true
	case r >= 0x24F5 && r <= 0x24FD:
		return r - 0x24F5 + '1', true
	case unicode.Is(unicode.Pd, r):
		return '-', true
	}
	return r, false
}

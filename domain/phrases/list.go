// Package phrases finds the phrases of a list in a text, also with other words between the parts of a phrase.
// It ignores phrases about what is only feared, asked or over.
//
// The head of domain/danger/dangers.txt, the list that this was made for, describes the form of a list. Texts
// are folded first (package fold), so width, traditional and invisible characters make no difference. The
// package is pure and safe for concurrent use. Time and memory are linear in the text.
package phrases

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"mashang/domain/fold"
)

// weight is under which conditions a phrase counts.
type weight uint8

const (
	plain     weight = iota // always
	guarded                 // in a clause without doubt, in a sentence without a frame
	doubt                   // the clause is about something possible or past
	frame                   // the sentence is about an affair
	now                     // the clause is about the present
	exception               // the words that it covers do not count
)

var weights = map[string]weight{
	"plain": plain, "guarded": guarded, "doubt": doubt, "frame": frame, "now": now, "none": exception,
}

// The maximum number of characters between two parts of a phrase. Each is less than the 64 positions of a
// partEnds.
const (
	shortGap = 3
	longGap  = 9
	farGap   = 14
)

// longText is the number of characters above which a text is a story, as nobody in a hurry writes so much. In
// it, guarded phrases count only beside words of the present.
const longText = 120

// gap is what may be between a part of a phrase and the part before.
type gap struct {
	max int
	// far: the gap may include a comma, but not the end of a sentence.
	far bool
}

// phrase is the meaning of a sequence of parts.
type phrase struct {
	kind   int // index in kinds
	weight weight
}

// node is a part of one or more phrases with the same beginning.
type node struct {
	parent int // -1 for a first part
	gap    gap // between the parent and this part
	open   bool
	says   []phrase // meanings of the phrases that end with this part
}

// word is one of the list's words with the parts in which it occurs.
type word struct {
	length     int
	parts      []int
	exceptions []int
}

// List is a list of phrases with an automaton (Aho and Corasick, 1975) that finds all its words in one pass
// over a text.
type List struct {
	next       []map[rune]int32
	fail       []int32
	ending     [][]*word // by state, the words that end there
	parts      tree
	exceptions tree
}

// tree has the parts of phrases; phrases with the same beginning share them.
type tree struct {
	nodes       []node
	by          map[partKey]int
	matchStates sync.Pool // of *matchState, each reset
}

type partKey struct {
	parent int
	gap    gap
	name   string
}

func (t *tree) part(parent int, g gap, name string) (n int, fresh bool) {
	key := partKey{parent, g, name}
	if n, ok := t.by[key]; ok {
		return n, false
	}
	n = len(t.nodes)
	t.nodes = append(t.nodes, node{parent: parent, gap: g})
	t.by[key] = n
	if parent >= 0 {
		t.nodes[parent].open = true
	}
	return n, true
}

// Parse parses a list. kinds, at most 32, are the meanings of its phrases, in the order of their bits. The
// error names the faulty line.
func Parse(lines string, kinds []string) (*List, error) {
	l := &List{next: []map[rune]int32{{}}, ending: [][]*word{nil}}
	l.parts.by, l.exceptions.by = map[partKey]int{}, map[partKey]int{}
	groups := map[string][]string{}
	n := 0
	for line := range strings.Lines(lines) {
		n++
		fields := strings.Fields(line)
		if len(fields) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if err := l.parse(fields, groups, kinds); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	l.link()
	return l, nil
}

// parse parses a line: a group, a phrase of a kind, or words without a kind.
func (l *List) parse(fields []string, groups map[string][]string, kinds []string) error {
	name, rest := fields[0], fields[1:]
	if name, ok := strings.CutPrefix(name, "@"); ok {
		for _, w := range rest {
			if inner, ok := strings.CutPrefix(w, "@"); ok {
				groups[name] = append(groups[name], groups[inner]...)
			} else {
				groups[name] = append(groups[name], w)
			}
		}
		return nil
	}
	says := phrase{kind: slices.Index(kinds, name)}
	if says.kind >= 0 && len(rest) == 2 {
		name, rest = rest[0], rest[1:]
	}
	var ok bool
	if says.weight, ok = weights[name]; !ok || (says.weight <= guarded) != (says.kind >= 0) {
		return errors.New("neither a kind, a weight and a phrase nor a group nor words of none, doubt, frame or now")
	}
	for _, text := range rest {
		if err := l.add(text, groups, says); err != nil {
			return err
		}
	}
	return nil
}

// add adds a phrase to the list.
func (l *List) add(text string, groups map[string][]string, says phrase) error {
	t := &l.parts
	if says.weight == exception {
		t = &l.exceptions
	}
	at := -1
	var between gap
	for rest := text; rest != ""; {
		var part string
		var words []string
		switch {
		case strings.HasPrefix(rest, "……"):
			between, rest = gap{farGap, true}, rest[len("……"):]
			continue
		case strings.HasPrefix(rest, "…"):
			between, rest = gap{max: longGap}, rest[len("…"):]
			continue
		case rest[0] == '~':
			between, rest = gap{max: shortGap}, rest[1:]
			continue
		case rest[0] == '{':
			var ok bool
			if part, rest, ok = strings.Cut(rest, "}"); !ok || len(groups[part[1:]]) == 0 {
				return fmt.Errorf("%s: no such group", text)
			}
			words = groups[part[1:]]
		default:
			n := strings.IndexAny(rest, "~…{")
			if n < 0 {
				n = len(rest)
			}
			part, rest = rest[:n], rest[n:]
			words = []string{part}
		}
		if at < 0 && between.max > 0 {
			return fmt.Errorf("%s: a phrase begins with a word", text)
		}
		n, fresh := t.part(at, between, part)
		if fresh {
			l.use(words, n, says.weight == exception)
		}
		at, between = n, gap{}
	}
	if at < 0 || between.max > 0 {
		return fmt.Errorf("%s: a phrase ends with a word", text)
	}
	if node := &t.nodes[at]; !slices.Contains(node.says, says) {
		node.says = append(node.says, says)
	}
	return nil
}

// use records the words of a part.
func (l *List) use(words []string, part int, exceptions bool) {
	for _, text := range words {
		w := l.word(text)
		if exceptions {
			w.exceptions = append(w.exceptions, part)
		} else {
			w.parts = append(w.parts, part)
		}
	}
}

// word returns the list's word, which it creates if needed.
func (l *List) word(text string) *word {
	state, length := int32(0), 0
	for _, r := range fold.Key(text) {
		to, ok := l.next[state][r]
		if !ok {
			to = int32(len(l.next)) //nolint:gosec // a list has a few thousand characters
			l.next = append(l.next, map[rune]int32{})
			l.ending = append(l.ending, nil)
			l.next[state][r] = to
		}
		state, length = to, length+1
	}
	if own := l.ending[state]; own != nil {
		return own[0]
	}
	w := &word{length: length}
	l.ending[state] = []*word{w}
	return w
}

// link completes the automaton: the fallback states, and the shorter words that end where a longer one does.
func (l *List) link() {
	l.fail = make([]int32, len(l.next))
	for queue := []int32{0}; len(queue) > 0; queue = queue[1:] {
		state := queue[0]
		for r, to := range l.next[state] {
			if state != 0 {
				l.fail[to] = l.step(l.fail[state], r)
			}
			l.ending[to] = append(l.ending[to], l.ending[l.fail[to]]...)
			queue = append(queue, to)
		}
	}
}

func (l *List) step(state int32, r rune) int32 {
	for {
		if to, ok := l.next[state][r]; ok {
			return to
		}
		if state == 0 {
			return 0
		}
		state = l.fail[state]
	}
}

// found is a word at its position in a text.
type found struct {
	*word
	from, to int
}

// Find returns the kinds that a text mentions, as a bit set.
func (l *List) Find(text string) uint32 {
	p := foldText(text)
	words := l.uncovered(p, l.words(p))
	if len(words) == 0 {
		return 0
	}
	long := len(p.letters) > longText
	var sure uint32
	notes := make([]clauseMarks, len(p.letters))
	l.parts.match(p, words, func(w *word) []int { return w.parts }, func(h phrase, _, to int) {
		at := p.places[to-1]
		switch h.weight {
		case plain:
			sure |= 1 << h.kind
		case guarded:
			if !p.isPastEvent(to) {
				notes[at.stretch].guarded |= 1 << h.kind
			}
		case doubt:
			notes[at.stretch].doubted = true
		case frame:
			notes[at.sentence].framed = true
		case now:
			notes[at.stretch].present = true
		case exception:
		}
	})
	for i, n := range notes {
		if n.guarded != 0 && !n.doubted && (n.present || !long && !notes[p.places[i].sentence].framed) {
			sure |= n.guarded
		}
	}
	return sure
}

// clauseMarks is what was found in the clause, or for framed the sentence, that begins at a position.
type clauseMarks struct {
	guarded                  uint32
	doubted, framed, present bool
}

// words finds the list's words in a text, ordered by their ends. No word spans a blank or the end of a clause.
func (l *List) words(p foldedText) []found {
	var list []found
	state := int32(0)
	for i, r := range p.letters {
		state = l.step(state, r)
		for _, w := range l.ending[state] {
			if from := i + 1 - w.length; p.places[i].stretch <= from {
				list = append(list, found{w, from, i + 1})
			}
		}
	}
	return list
}

// uncovered removes the words of kinds that an exception covers. Words of doubt, frames and now stay, as an
// exception may contain some.
func (l *List) uncovered(p foldedText, words []found) []found {
	var covered []int // by position, where what covers it ends
	l.exceptions.match(p, words, func(w *word) []int { return w.exceptions }, func(_ phrase, from, to int) {
		if covered == nil {
			covered = make([]int, len(p.letters))
		}
		for i := from; i < to; i++ {
			covered[i] = max(covered[i], to)
		}
	})
	if covered == nil {
		return words
	}
	return slices.DeleteFunc(words, func(f found) bool { return covered[f.from] >= f.to && l.isKindWord(f.word) })
}

// isKindWord reports whether a word is part of a kind's phrase.
func (l *List) isKindWord(w *word) bool {
	return slices.ContainsFunc(w.parts, func(n int) bool {
		return l.parts.nodes[n].open || slices.ContainsFunc(l.parts.nodes[n].says, func(h phrase) bool { return h.weight <= guarded })
	})
}

// match calls hit for each phrase whose parts are in the text, with its beginning and end.
func (t *tree) match(p foldedText, words []found, parts func(*word) []int, hit func(h phrase, from, to int)) {
	b, _ := t.matchStates.Get().(*matchState)
	if b == nil {
		b = &matchState{parts: make([]partEnds, len(t.nodes))}
	}
	for _, f := range words {
		for _, n := range parts(f.word) {
			node, from := &t.nodes[n], f.from
			if node.parent >= 0 {
				edge := p.places[f.from].clause + 1 // a part before the clause does not count
				if node.gap.far {
					edge = p.places[f.from].sentence + 1
				}
				before := &b.parts[node.parent]
				if before.bits == 0 || !before.within(max(f.from-node.gap.max, edge), f.from) {
					continue
				}
				from = int(before.from)
			}
			for _, h := range node.says {
				hit(h, from, f.to)
			}
			if node.open {
				if b.parts[n].bits == 0 {
					b.used = append(b.used, n)
				}
				b.parts[n].add(from, f.to)
			}
		}
	}
	for _, n := range b.used {
		b.parts[n] = partEnds{}
	}
	b.used = b.used[:0]
	t.matchStates.Put(b)
}

// matchState has the ends of the parts in one text, and which parts have any.
type matchState struct {
	parts []partEnds
	used  []int
}

// partEnds has the positions where a part ended: bit k is the position at - k. from is the beginning of the
// newest.
type partEnds struct {
	at, from int32
	bits     uint64
}

func (t *partEnds) add(from, end int) {
	if d := end - int(t.at); d > 0 {
		t.bits <<= uint(d) // a shift of 64 and more leaves none
		t.at = int32(end)  //nolint:gosec // texts are far shorter than 2 GB
	}
	t.bits |= 1
	t.from = int32(from) //nolint:gosec // likewise
}

// within reports whether a part ended from lo to hi, both included.
func (t *partEnds) within(lo, hi int) bool {
	newest, oldest := max(int(t.at)-hi, 0), int(t.at)-lo
	if lo > hi || oldest < 0 || newest > 63 {
		return false
	}
	return bits.TrailingZeros64(t.bits>>uint(newest))+newest <= oldest
}

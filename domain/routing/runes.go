package routing

// runeSet is a set of characters of the Basic Multilingual Plane; others count as members. A decision checks
// whether some hundred words are in a text. Most have a character that is not, so the set makes most searches
// unnecessary.
type runeSet [1 << 16 / 64]uint64

const lastRune = 1<<16 - 1

func (s *runeSet) add(text string) {
	for _, r := range text {
		if r <= lastRune {
			s[r/64] |= 1 << (r % 64)
		}
	}
}

func (s *runeSet) hasAll(word string) bool {
	for _, r := range word {
		if r <= lastRune && s[r/64]&(1<<(r%64)) == 0 {
			return false
		}
	}
	return true
}

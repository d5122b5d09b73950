package signin

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the list of passwords
	"io"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The 10,000 most common passwords of @zxcvbn-ts/language-common 4.1.3, and the further ones of its list that
// are long enough to be accepted here; sorted, one per line. MIT, see common.LICENSE.txt.
//
//go:embed common.txt.gz
var commonPacked []byte

// common returns the list. It is unpacked at the first use.
var common = sync.OnceValue(func() []string {
	z, err := gzip.NewReader(bytes.NewReader(commonPacked))
	if err != nil {
		panic(err) // embedded, and checked by a test
	}
	text, err := io.ReadAll(io.LimitReader(z, 1<<20))
	if err != nil {
		panic(err)
	}
	return strings.Split(string(text), "\n")
})

const (
	// maxAdded is how many characters around a common password do not make it a better one: password2026!,
	// 12password.
	maxAdded = 5
	// minDistinct is the minimum number of different characters of a password.
	minDistinct = 4
)

// Common reports whether a password is among the first that an attacker tries: a common one in any case, alone,
// twice or with a few digits or signs around it; a run of the alphabet or the digits; a few characters
// repeated.
func (*Factors) Common(password string) bool {
	p := strings.ToLower(strings.TrimSpace(password))
	if distinct(p) < minDistinct || isRun(p) || isCommon(p) {
		return true
	}
	if n := len(p); n%2 == 0 && p[:n/2] == p[n/2:] && isCommon(p[:n/2]) {
		return true
	}
	core := strings.TrimFunc(p, func(r rune) bool { return !unicode.IsLetter(r) })
	return core != "" && utf8.RuneCountInString(p)-utf8.RuneCountInString(core) <= maxAdded && isCommon(core)
}

func isCommon(p string) bool {
	_, found := slices.BinarySearch(common(), p)
	return found
}

func distinct(p string) int {
	seen := map[rune]bool{}
	for _, r := range p {
		seen[r] = true
	}
	return len(seen)
}

// isRun reports whether the characters are consecutive, up or down; 0 follows 9.
func isRun(p string) bool {
	runes := []rune(p)
	return follows(runes, 1) || follows(runes, -1)
}

func follows(runes []rune, step rune) bool {
	for i := 1; i < len(runes); i++ {
		a, b := runes[i-1], runes[i]
		if b == a+step || a == '9' && b == '0' && step == 1 || a == '0' && b == '9' && step == -1 {
			continue
		}
		return false
	}
	return true
}

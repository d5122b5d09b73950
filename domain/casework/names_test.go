package casework_test

import (
	"testing"
	"unicode"

	"mashang/domain/casework"
)

// TestNamesFitAPhrase: a phrase field of the platform's templates takes at
// most five Chinese characters and nothing else.
func TestNamesFitAPhrase(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	phrase := func(name string) {
		t.Helper()
		if n := casework.Runes(name); n < 1 || n > 5 {
			t.Errorf("%q has %d characters", name, n)
		}
		for _, r := range name {
			if !unicode.Is(unicode.Han, r) {
				t.Errorf("%q holds %q", name, r)
			}
		}
		if seen[name] {
			t.Errorf("%q means two things", name)
		}
		seen[name] = true
	}
	for _, s := range casework.States {
		phrase(s.Chinese())
		if s.Open() != (s != casework.Closed && s != casework.Withdrawn) {
			t.Errorf("%s: open %v", s, s.Open())
		}
	}
	for _, o := range casework.Outcomes {
		phrase(o.Chinese())
	}
	for _, k := range casework.Kinds {
		phrase(k.Chinese())
	}
	for _, v := range []casework.Visitor{casework.Resident, casework.Tourist, casework.Business} {
		phrase(v.Chinese())
	}
	if len(casework.States) != 8 || len(casework.Outcomes) != 7 || len(casework.Kinds) != 5 {
		t.Error("the contract has eight states, seven outcomes and five kinds")
	}
	if casework.State("x").Chinese() != "" || casework.Kind("x").Chinese() != "" || casework.Visitor("x").Chinese() != "" {
		t.Error("what is unknown has a name")
	}
}

package store_test

import (
	"testing"
	"time"
)

func TestLoginCodes(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	try := func(what, hash string, want bool) {
		t.Helper()
		if ok := must(s.TryLoginCode(t.Context(), "who", hash, 2))(t); ok != want {
			t.Errorf("%s: %t", what, ok)
		}
	}
	put := func() {
		t.Helper()
		if err := s.PutLoginCode(t.Context(), "who", "k1.right", time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	try("without a code", "k1.right", false)
	put()
	try("a wrong one", "k1.wrong", false)
	try("a wrong one's beginning", "k1.right+", false)
	try("the right one, too late", "k1.right", false)
	put()
	try("a wrong one, before the last try", "k1.wrong", false)
	try("the right one, at the last try", "k1.right", true)
	try("again", "k1.right", false)
}

package store_test

import (
	"testing"
	"time"

	"mashang/domain/record"
)

func TestViewersExpire(t *testing.T) {
	t.Parallel()
	s, _ := open(t)
	a, b := st+"-aaaa", st+"-bbbb"
	for _, x := range []struct {
		id, who string
		at      time.Time
	}{{b, "l1", noon}, {a, "l2", noon}, {a, "l1", noon.Add(20 * time.Second)}} {
		if err := s.StartViewing(t.Context(), x.id, x.who, x.at, 30*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	all := []record.Viewer{{Submission: a, Liaison: "l1"}, {Submission: a, Liaison: "l2"}, {Submission: b, Liaison: "l1"}}
	equal(t, "all", must(s.Viewers(t.Context(), st, noon.Add(20*time.Second)))(t), all)
	equal(t, "later", must(s.Viewers(t.Context(), st, noon.Add(30*time.Second)))(t), all[:1])
	if err := s.StopViewing(t.Context(), a, "l1"); err != nil {
		t.Fatal(err)
	}
	equal(t, "away", must(s.Viewers(t.Context(), st, noon.Add(25*time.Second)))(t), all[1:])
	equal(t, "elsewhere", must(s.Viewers(t.Context(), "xj", noon))(t), []record.Viewer{})
}

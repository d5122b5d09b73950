package figures_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"mashang/domain/casework"
	"mashang/domain/figures"
)

// TestLedgerIsWhatEachFactSays: after any changes, in any order, a span at any moment
// holds the facts of the newest versions, the newest filed first.
func TestLedgerIsWhatEachFactSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := figures.NewFactIndex()
		newest := map[string]casework.Submission{}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				s := draw(t)
				s.ID = fmt.Sprint("hh-", rapid.IntRange(0, 20).Draw(t, "id"))
				s.Version = rapid.IntRange(1, 4).Draw(t, "version")
				s.FiledAt = at(rapid.IntRange(0, 5).Draw(t, "filed"))
				if old, ok := newest[s.ID]; ok {
					s.FiledAt = old.FiledAt // that never changes
				}
				l.Put(s)
				if s.Version >= newest[s.ID].Version {
					newest[s.ID] = s
				}
			},
			"": func(t *rapid.T) {
				from, to := at(rapid.IntRange(0, 6).Draw(t, "from")), at(rapid.IntRange(0, 6).Draw(t, "to"))
				now := at(rapid.IntRange(0, 40_000).Draw(t, "now"))
				want := []figures.Fact{}
				for _, s := range newest {
					if s.FiledAt >= from && s.FiledAt < to {
						want = append(want, figures.Of(s, now))
					}
				}
				slices.SortFunc(want, func(a, b figures.Fact) int {
					if a.Filed != b.Filed {
						return int(b.Filed - a.Filed)
					}
					return strings.Compare(b.ID, a.ID)
				})
				if got := l.Between(from, to, now); !reflect.DeepEqual(got, want) {
					t.Fatalf("got %+v\nwant %+v", got, want)
				}
			},
		})
	})
}

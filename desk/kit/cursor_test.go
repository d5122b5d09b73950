package kit_test

import (
	"encoding/base64"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"mashang/desk/desktest"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/casework"
	"mashang/domain/record"
)

func raw(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestLimits(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{0: kit.DefaultLimit, 1: 1, 25: 25, 100: 100, 101: -1, -1: -1, math.MaxInt: -1, math.MinInt: -1} {
		d, s, _ := desktest.Open(t)
		got := -1
		s.Paged = func(_ record.Index, _ record.Cursor, n int) ([]casework.Submission, record.Cursor, bool) {
			got = n
			return nil, record.Cursor{}, false
		}
		_, err := d.Matters.Inbox(t.Context(), desktest.ByMember, matters.Filter{}, "", limit)
		if got != want || (want < 0) != slices.Equal(desktest.FieldsOf(err), []string{"limit"}) {
			t.Errorf("limit %d: asked for %d, %v", limit, got, err)
		}
	}
}

// TestACursorComesBackAsItWas: the next page begins where the store ended the page, although the cursor is
// opaque to the client.
func TestACursorComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d, s, _ := desktest.Open(t)
		end := record.Cursor{
			Score: rapid.OneOf(
				rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64),
				rapid.Map(rapid.Int64Range(0, 1<<53), func(n int64) float64 { return float64(n) }),
			).Draw(rt, "score"),
			ID: rapid.StringMatching(`[a-z0-9 -]{1,40}`).Draw(rt, "id"),
		}
		var asked []record.Cursor
		s.Paged = func(_ record.Index, after record.Cursor, _ int) ([]casework.Submission, record.Cursor, bool) {
			asked = append(asked, after)
			return nil, end, len(asked) == 1
		}
		first, err := d.Matters.Inbox(t.Context(), desktest.ByMember, matters.Filter{}, "", 10)
		if err != nil || first.Next == "" {
			rt.Fatalf("%+v, %v", first, err)
		}
		second, err := d.Matters.Inbox(t.Context(), desktest.ByMember, matters.Filter{}, first.Next, 10)
		if err != nil || second.Next != "" {
			rt.Fatalf("%+v, %v", second, err)
		}
		if asked[0] != (record.Cursor{}) || asked[1] != end {
			rt.Fatalf("asked for %+v, want the beginning and %+v", asked, end)
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{
		"x", "*", "====", raw(""), raw("1"), raw("1 "), raw(" id"), raw("NaN id"), raw("+Inf id"), raw("-inf id"), raw("1e999 id"),
		raw("0x1p4 id"), raw("1700000000000 0123456789abcdef"), raw("1 " + string(make([]byte, 65))), raw("1\t2 id"),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		d, s, _ := desktest.Open(t)
		reached := false
		s.Paged = func(_ record.Index, after record.Cursor, _ int) ([]casework.Submission, record.Cursor, bool) {
			reached = true
			if math.IsNaN(after.Score) || math.IsInf(after.Score, 0) || len(after.ID) > 64 || cursor != "" && after.ID == "" {
				t.Errorf("%q reached the store as %+v", cursor, after)
			}
			return nil, record.Cursor{}, false
		}
		_, err := d.Matters.Inbox(t.Context(), desktest.ByMember, matters.Filter{}, cursor, 0)
		if reached == (err != nil) || err != nil && !slices.Equal(desktest.FieldsOf(err), []string{"cursor"}) {
			t.Errorf("%q: reached the store %v, %v", cursor, reached, err)
		}
	})
}

func TestBadCursorsAreNamed(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"*", raw("1"), raw("1 "), raw("NaN id"), raw("Inf id"), raw("-Infinity id"), raw("1e999 id"), raw("x id")} {
		d, s, _ := desktest.Open(t)
		if _, err := d.Matters.Inbox(t.Context(), desktest.ByMember, matters.Filter{}, bad, 0); !slices.Equal(desktest.FieldsOf(err), []string{"cursor"}) || s.Times("page") > 0 {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

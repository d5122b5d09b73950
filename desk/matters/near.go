package matters

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/desk/listing"
	"mashang/domain/casework"
	"mashang/domain/fold"
	"mashang/domain/listindex"
	"mashang/domain/numbers"
	"mashang/domain/record"
	"mashang/domain/station"
)

const (
	// nearSpan is the time within which two filings at one code are likely about one thing.
	nearSpan = 7 * 24 * time.Hour
	// maxNear is how many filings of one code are listed.
	maxNear = 20
	// maxNumbered is how many submissions are read to find one by the end of its number.
	maxNumbered = 50
)

// linkedIDs returns the submissions that it goes on with.
func linkedIDs(s casework.Submission) []string {
	if s.Lead != "" {
		return []string{s.Lead}
	}
	return s.Followers
}

// near reports whether two submissions were filed at one code within a week.
func near(a, b casework.Submission) bool {
	apart := a.FiledAt - b.FiledAt
	return a.Target == b.Target && max(apart, -apart) <= casework.Millis(nearSpan.Milliseconds())
}

// spot reports whether a code stands at one spot. Under a member's or the station's code people file whatever
// they have.
func spot(t station.Target) bool { return t.Kind == station.ForPlace || t.Kind == station.ForRoom }

// findNear reads the submissions that were filed at the same code within a week, newest first.
func findNear(ctx context.Context, in *listing.Service, st string, s casework.Submission) ([]casework.Submission, error) {
	span := casework.Millis(nearSpan.Milliseconds())
	q := listindex.Query{Targets: []station.Target{s.Target}, FiledFrom: s.FiledAt - span, FiledTo: s.FiledAt + span}
	_, list, _, err := in.Find(ctx, st, q, record.Cursor{}, maxNear)
	return list, err
}

// rankSimilar orders submissions by how likely they are the same matter as s: first what was filed at the same
// spot within a week, then by the text, then the rest.
func rankSimilar(s casework.Submission, list []casework.Submission, score func(id string) float64) {
	class := func(o casework.Submission) int {
		switch {
		case near(s, o) && spot(s.Target):
			return 0
		case score(o.ID) > 0:
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(list, func(a, b casework.Submission) int {
		return cmp.Or(cmp.Compare(class(a), class(b)), cmp.Compare(score(b.ID), score(a.ID)), cmp.Compare(b.FiledAt, a.FiledAt))
	})
}

// resolveInto returns the id for what a liaison typed: an id, a number, or the end of one.
func resolveInto(ctx context.Context, in *listing.Service, st, typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if strings.HasPrefix(typed, st+"-") {
		return typed, nil
	}
	end := numbers.Typed(typed)
	if end == "" {
		if end = fold.Key(typed); strings.Trim(end, "0123456789") != "" {
			return typed, nil
		}
		end = numbers.End(end)
	}
	word := end
	if !strings.Contains(end, "-") {
		word = "-" + end // the end of a number, and of few other words
	}
	_, list, next, err := in.Find(ctx, st, listindex.Query{Words: []string{word}}, record.Cursor{}, maxNumbered)
	if err != nil {
		return "", err
	}
	var found []string
	for _, s := range list {
		if s.Number == end || strings.HasSuffix(s.Number, "-"+end) {
			found = append(found, s.ID)
		}
	}
	switch {
	case len(found) == 0 && next == "":
		return typed, nil
	case len(found) == 1 && next == "":
		return found[0], nil
	default:
		return "", kit.Field("into", "有几件诉求的编号是这样结尾的，请把编号写全，例如 261130-0137")
	}
}

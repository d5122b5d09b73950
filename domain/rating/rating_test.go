package rating_test

import (
	"encoding/json"
	"testing"

	"mashang/domain/rating"
)

// TestWhatARatingSays holds old ratings, which have a yes or no and two marks, to what they meant when they were
// given, and new ones to the two answers.
func TestWhatARatingSays(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]struct {
		verdict              rating.Verdict
		satisfied, said, low bool
		words                string
	}{
		`{"s":true,"a":5,"d":4,"t":1}`:      {rating.Solved, true, true, false, "已解决，态度 5 分，速度 4 分"},
		`{"s":true,"a":4,"d":2,"t":1}`:      {rating.Solved, true, true, true, "已解决，态度 4 分，速度 2 分"},
		`{"s":true,"a":3,"d":3,"t":1}`:      {rating.Solved, false, true, false, "已解决，态度 3 分，速度 3 分"},
		`{"s":true,"a":2,"d":5,"t":1}`:      {rating.Solved, false, true, true, "已解决，态度 2 分，速度 5 分"},
		`{"s":false,"a":5,"d":5,"t":1}`:     {rating.Not, false, true, true, "没有解决，态度 5 分，速度 5 分"},
		`{"v":"solved","t":1}`:              {rating.Solved, false, false, false, "已解决"},
		`{"v":"solved","f":"satisfied"}`:    {rating.Solved, true, true, false, "已解决，满意"},
		`{"v":"not","f":"satisfied"}`:       {rating.Not, true, true, true, "没有解决，满意"},
		`{"v":"partly","f":"neutral"}`:      {rating.Partly, false, true, false, "部分解决，一般"},
		`{"v":"solved","f":"dissatisfied"}`: {rating.Solved, false, true, true, "已解决，不满意"},
		`{"v":"unknown"}`:                   {rating.Unknown, false, false, false, "解决没有说不好"},
	} {
		var r rating.Rating
		if err := json.Unmarshal([]byte(stored), &r); err != nil {
			t.Fatal(err)
		}
		satisfied, said := r.IsSatisfied()
		if r.SolvedVerdict() != want.verdict || satisfied != want.satisfied || said != want.said || r.IsLow() != want.low || r.Chinese() != want.words {
			t.Errorf("%s: %s, satisfied %v, said %v, low %v, %s", stored, r.SolvedVerdict(), satisfied, said, r.IsLow(), r.Chinese())
		}
	}
}

func TestEveryAnswerHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{"": true}
	check := func(words string) {
		if seen[words] {
			t.Errorf("%q is nothing, or means two things", words)
		}
		seen[words] = true
	}
	for _, v := range rating.Verdicts {
		check(v.Chinese())
	}
	for _, s := range rating.Satisfactions {
		check(s.Chinese())
	}
	for _, r := range rating.FollowUps {
		check(r.Chinese())
	}
}

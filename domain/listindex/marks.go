package listindex

import (
	"cmp"
	"slices"

	"mashang/domain/annotation"
	"mashang/domain/casework"
)

// SetMarks replaces the marks of the given submissions; those that are not in marks have none. They are apart from the
// rows, because they change without a new version of the submission.
func (x *Index) SetMarks(ids []string, marks map[string]annotation.Marks) {
	for _, id := range ids {
		if m := marks[id]; m.None() {
			delete(x.marks, id)
		} else {
			x.marks[id] = m
		}
	}
}

// MarksOf returns a submission's marks.
func (x *Index) MarksOf(id string) annotation.Marks { return x.marks[id] }

// TagCount is a tag and how many submissions have it.
type TagCount struct {
	Tag   string
	Count int
}

// Tags returns the tags in use, the most frequent first.
func (x *Index) Tags() []TagCount {
	counts := map[string]int{}
	for _, m := range x.marks {
		for _, tag := range m.Tags {
			counts[tag]++
		}
	}
	list := make([]TagCount, 0, len(counts))
	for tag, n := range counts {
		list = append(list, TagCount{tag, n})
	}
	slices.SortFunc(list, func(a, b TagCount) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Tag, b.Tag)) })
	return list
}

// marked returns the submissions whose marks match a query, nil if it does not ask for marks.
func (x *Index) marked(q Query, now casework.Millis) map[string]bool {
	if len(q.Tags) == 0 && q.Mentioned == "" && q.Reminded == "" {
		return nil
	}
	ids := map[string]bool{}
	for id, m := range x.marks {
		tagged := len(q.Tags) == 0 || slices.ContainsFunc(m.Tags, func(t string) bool { return slices.Contains(q.Tags, t) })
		mentioned := q.Mentioned == "" || slices.Contains(m.Mentioned, q.Mentioned)
		if tagged && mentioned && (q.Reminded == "" || m.Reminds(q.Reminded, now)) {
			ids[id] = true
		}
	}
	return ids
}

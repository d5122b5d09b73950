package roster

import (
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// entryCleaner cleans an entry's texts and collects the ones that are too long.
type entryCleaner struct{ fault.Check }

// line makes a text one line without invisible characters.
func (t *entryCleaner) line(field string, s *string, maxRunes int) {
	*s = strings.Join(strings.Fields(casework.Clean(*s)), " ")
	t.Require(casework.Runes(*s) <= maxRunes, field, "最多 %d 个字", maxRunes)
}

// list cleans the words and drops empty and repeated ones.
func (t *entryCleaner) list(field string, list *[]string, maxRunes int) {
	var words []string
	seen := map[string]bool{}
	for _, w := range *list {
		t.line(field, &w, maxRunes)
		if w != "" && !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	t.Require(len(words) <= station.MaxWords, field, "最多 %d 项", station.MaxWords)
	*list = words
}

// phone normalizes a public number.
func (t *entryCleaner) phone(f station.Field, s *string) {
	number, ok := station.Phone(*s, f.Hotlines)
	t.Require(ok || *s == "", f.Name, "不是有效的电话：请填手机、带区号的固定电话或服务热线")
	*s = number
}

// tidied returns an entry in its stored form, or the faults of its texts. References to other entries are
// checked with the roster; sealed phones come separately from the entry.
func tidied(entry station.Entry) (station.Entry, error) {
	var t entryCleaner
	table := station.TableByKey(entry.Table())
	entry = table.With(entry, func(row any) {
		for _, f := range table.Fields {
			switch v := f.At(row).(type) {
			case *string:
				switch {
				case f.Kind == station.KindPhone && f.Public:
					t.phone(f, v)
				case f.Kind != station.KindPhone:
					t.line(f.Name, v, f.MaxText())
				}
			case *[]string:
				t.list(f.Name, v, f.MaxText())
			}
		}
	})
	return entry, t.Err()
}

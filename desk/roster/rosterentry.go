package roster

import (
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// entryCleaner cleans the texts of an entry and notes which are too long.
type entryCleaner struct{ fault.Check }

// line makes a text one line without what cannot be shown.
func (t *entryCleaner) line(field string, s *string, maxRunes int) {
	*s = strings.Join(strings.Fields(casework.Clean(*s)), " ")
	t.Require(casework.Runes(*s) <= maxRunes, field, "最多 %d 个字", maxRunes)
}

// list cleans each word and drops empty and repeated ones.
func (t *entryCleaner) list(field string, list *[]string, maxRunes int) {
	var words []string
	met := map[string]bool{}
	for _, w := range *list {
		t.line(field, &w, maxRunes)
		if w != "" && !met[w] {
			met[w] = true
			words = append(words, w)
		}
	}
	t.Require(len(words) <= station.MaxWords, field, "最多 %d 项", station.MaxWords)
	*list = words
}

// phone brings a number that is everybody's into its one form.
func (t *entryCleaner) phone(f station.Field, s *string) {
	number, ok := station.Phone(*s, f.Hotlines)
	t.Require(ok || *s == "", f.Name, "不是有效的电话：请填手机、带区号的固定电话或服务热线")
	*s = number
}

// tidied is an entry as it is kept, or what is wrong with its texts. What names
// other entries is the roster's to check, and a phone that is sealed comes beside
// the entry.
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

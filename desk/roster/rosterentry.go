package roster

import (
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// The greatest lengths of an entry's texts, in characters; a spreadsheet's columns
// hold as much.
const (
	maxEntryName    = 40
	maxEntryTitle   = 60
	maxEntryAddress = 100
	maxEntryWord    = 40
	maxEntryWords   = 100
)

// entryCleaner cleans the texts of an entry and notes which are too long.
type entryCleaner struct{ fault.Check }

// line makes a text one line without what cannot be shown.
func (t *entryCleaner) line(field string, s *string, most int) {
	*s = strings.Join(strings.Fields(casework.Clean(*s)), " ")
	t.Require(casework.Runes(*s) <= most, field, "最多 %d 个字", most)
}

// list cleans each word and drops empty and repeated ones.
func (t *entryCleaner) list(field string, list *[]string) {
	var words []string
	met := map[string]bool{}
	for _, w := range *list {
		t.line(field, &w, maxEntryWord)
		if w != "" && !met[w] {
			met[w] = true
			words = append(words, w)
		}
	}
	t.Require(len(words) <= maxEntryWords, field, "最多 %d 项", maxEntryWords)
	*list = words
}

// tidied is an entry as it is kept, or what is wrong with its texts. What names
// other entries is the roster's to check.
func tidied(entry station.Entry) (station.Entry, error) {
	var t entryCleaner
	switch x := entry.(type) {
	case station.Profile:
		t.line("name", &x.Name, maxEntryName)
		t.line("address", &x.Address, maxEntryAddress)
		t.phone(&x.Phone)
		entry = x
	case station.Sector:
		t.line("name", &x.Name, maxEntryName)
		entry = x
	case station.Room:
		t.line("name", &x.Name, maxEntryName)
		t.line("village", &x.Village, maxEntryName)
		entry = x
	case station.Place:
		t.line("name", &x.Name, maxEntryName)
		t.line("village", &x.Village, maxEntryName)
		t.list("sectors", &x.Sectors)
		entry = x
	case station.Member:
		t.member(&x)
		entry = x
	case station.Department:
		t.line("name", &x.Name, maxEntryName)
		entry = x
	case station.Liaison:
		t.line("name", &x.Name, maxEntryName)
		entry = x
	case station.Category:
		t.line("name", &x.Name, maxEntryName)
		t.list("sectors", &x.Sectors)
		entry = x
	case station.Squad:
		t.squad(&x)
		entry = x
	}
	return entry, t.Err()
}

// phone is the station's own number, which is printed on its codes.
func (t *entryCleaner) phone(s *string) {
	number, ok := station.Phone(*s, true)
	t.Require(ok || *s == "", "phone", "不是有效的电话：请填手机、带区号的固定电话或服务热线")
	*s = number
}

func (t *entryCleaner) member(m *station.Member) {
	t.line("name", &m.Name, maxEntryName)
	t.line("sector", &m.Sector, maxEntryName)
	t.line("village", &m.Village, maxEntryName)
	t.line("title", &m.Title, maxEntryTitle)
	t.list("expertise", &m.Expertise)
	t.list("rooms", &m.Rooms)
}

func (t *entryCleaner) squad(q *station.Squad) {
	t.line("name", &q.Name, maxEntryName)
	t.list("members", &q.Members)
	t.list("sectors", &q.Sectors)
	t.list("categories", &q.Categories)
}

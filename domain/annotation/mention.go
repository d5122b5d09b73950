package annotation

import (
	"cmp"
	"slices"
	"strings"

	"mashang/domain/station"
)

// Mentioned returns the liaisons whom a text names by "@" and their name, each once, without its author. The longest
// name counts where one begins with another; two of one name are both meant.
func Mentioned(text string, staff []station.Liaison, author string) []Mention {
	staff = slices.DeleteFunc(slices.Clone(staff), func(l station.Liaison) bool { return l.Left || l.Admin || l.Name == "" })
	slices.SortStableFunc(staff, func(a, b station.Liaison) int { return cmp.Compare(len(b.Name), len(a.Name)) })
	var list []Mention
	parts := strings.Split(strings.ReplaceAll(text, "＠", "@"), "@")
	for _, part := range parts[1:] {
		name := ""
		for _, l := range staff {
			if name == "" && strings.HasPrefix(part, l.Name) {
				name = l.Name
			}
			if name != l.Name || l.ID == author || slices.ContainsFunc(list, func(m Mention) bool { return m.Liaison == l.ID }) {
				continue
			}
			list = append(list, Mention{Liaison: l.ID})
		}
	}
	return list
}

package codes

import (
	"mashang/domain/station"
)

// SurgeWords returns what visitors are shown during a surge.
func SurgeWords(st *station.Station) string {
	words := "现在是高峰时段，来的人多。急事请直接给" + st.Name + "打电话：" + st.Phone
	if st.Surge.Note != "" {
		words += "。" + st.Surge.Note
	}
	return words
}

package codes

import (
	"mashang/domain/language"
	"mashang/domain/station"
)

// SurgeWords returns what visitors are shown during a surge. The station's own words are Chinese: in another language it
// is said without them.
func SurgeWords(st *station.Station, l language.Language) string {
	if l == language.English {
		return "Many people are here now. If it is urgent, please call the station: " + st.Phone
	}
	words := "现在是高峰时段，来的人多。急事请直接给" + st.Name + "打电话：" + st.Phone
	if st.Surge.Note != "" {
		words += "。" + st.Surge.Note
	}
	return words
}

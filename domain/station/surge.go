package station

import "time"

// Surge is a station's mode for a rush, as on a public holiday: the extra duty
// slots count, reminders come sooner, and who files is given the station's
// number at once.
type Surge struct {
	// Since and Until bound it, in UTC milliseconds; it ends by itself.
	Since int64 `json:"since"`
	Until int64 `json:"until"`
	// By is the id of the liaison who set it.
	By string `json:"by"`
	// Note is what visitors are told of it beside the station's number; may be
	// empty.
	Note string `json:"note,omitempty"`
}

// The limits of a surge. A longest public holiday lasts nine days, with the
// days of travel around it.
const (
	MaxSurge     = 14 * 24 * time.Hour
	MaxSurgeNote = 100 // characters
)

// Surging reports whether the station is in a surge at the moment.
func (s *Station) Surging(at time.Time) bool {
	now := at.UnixMilli()
	return s.Surge != nil && s.Surge.Since <= now && now < s.Surge.Until
}

// Arrivals tells how many submissions come: in the last hour, and in an hour on
// the average of the week before.
type Arrivals struct {
	LastHour int
	PerHour  float64
}

// A surge is proposed from three times the usual arrivals on, and from
// surgeLeast an hour: three instead of one is no rush.
const (
	surgeTimes = 3
	surgeLeast = 6
)

// Rush reports whether so many come that a surge should be thought of.
func (a Arrivals) Rush() bool {
	return a.LastHour >= surgeLeast && float64(a.LastHour) >= surgeTimes*a.PerHour
}

package station

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mashang/domain/calendar"
	"mashang/domain/fault"
)

// OwnDay is a day that a station settled for itself: a day off the public
// calendar does not have, or one that is worked though that says otherwise.
type OwnDay struct {
	Date string `json:"date"` // 2006-01-02
	Work bool   `json:"work,omitempty"`
	// Name is what the day is called, Reason why it was settled.
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`
	// By is the id of the liaison or administrator who settled it.
	By string `json:"by"`
}

// The limits of own days.
const (
	MaxOwnDays      = 200
	MaxOwnDayName   = 20  // characters
	MaxOwnDayReason = 100 // characters
	// KeepOwnDays is how long a day that is over is kept: a matter that waited
	// for its visitor over it counts with it.
	KeepOwnDays = 400 * 24 * time.Hour
)

// Calendar is the public calendar with the station's own days.
func (s *Station) Calendar(public *calendar.Calendar) *calendar.Calendar {
	if len(s.OwnDays) == 0 {
		return public
	}
	own := make([]calendar.Own, len(s.OwnDays))
	for i, d := range s.OwnDays {
		own[i] = calendar.Own{Date: d.Date, Work: d.Work}
	}
	return public.With(own)
}

// OwnDay returns what the station settled for a date.
func (s *Station) OwnDay(date string) (OwnDay, bool) {
	if i, ok := s.ownDay(date); ok {
		return s.OwnDays[i], true
	}
	return OwnDay{}, false
}

func (s *Station) ownDay(date string) (int, bool) {
	return slices.BinarySearchFunc(s.OwnDays, date, func(d OwnDay, date string) int { return strings.Compare(d.Date, date) })
}

// WithDay are the station's own days with one more, or with it in place of what
// the date had, in the order of their dates; those long over at now are left out.
func (s *Station) WithDay(d OwnDay, now time.Time) ([]OwnDay, error) {
	var c fault.Check
	n := utf8.RuneCountInString(d.Name)
	c.Require(n >= 1 && n <= MaxOwnDayName, "name", "请写明这一天的名称（%d 字以内），如“端午龙舟赛”", MaxOwnDayName)
	c.Require(utf8.RuneCountInString(d.Reason) <= MaxOwnDayReason, "reason", "原因最多 %d 字", MaxOwnDayReason)
	list := s.WithoutDay(d.Date, now)
	c.Require(len(list) < MaxOwnDays, "date", "本站自定的日子最多 %d 天，请先删去不用的", MaxOwnDays)
	if err := c.Err(); err != nil {
		return nil, err
	}
	i, _ := slices.BinarySearchFunc(list, d.Date, func(o OwnDay, date string) int { return strings.Compare(o.Date, date) })
	return slices.Insert(list, i, d), nil
}

// WithoutDay are the station's own days without the date's and those long over.
func (s *Station) WithoutDay(date string, now time.Time) []OwnDay {
	oldest := now.In(Zone).Add(-KeepOwnDays).Format(time.DateOnly)
	return slices.DeleteFunc(slices.Clone(s.OwnDays), func(d OwnDay) bool { return d.Date == date || d.Date < oldest })
}

package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Span is a part of a day: From up to before To, in minutes after local midnight. To may be 1440.
type Span struct{ From, To int }

// Hours are the spans of a working day in which a station is on duty: at least one, in order, without touching.
type Hours []Span

// MaxSpans is the maximum number of spans of a day.
const MaxSpans = 6

// ParseHours parses "08:30-12:00 14:30-18:00": spans in order, separated by spaces or commas. The error is in
// Chinese for the author of the text.
func ParseHours(text string) (Hours, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,，、;；\t\n", r) })
	if len(words) == 0 || len(words) > MaxSpans {
		return nil, fmt.Errorf("请填写 1 至 %d 段时间，如 08:30-12:00 14:30-18:00", MaxSpans)
	}
	h := make(Hours, len(words))
	for i, w := range words {
		from, to, ok := strings.Cut(w, "-")
		var okFrom, okTo bool
		h[i].From, okFrom = minuteOf(from)
		h[i].To, okTo = minuteOf(to)
		if !ok || !okFrom || !okTo {
			return nil, fmt.Errorf("“%s”不是一段时间，请写成 08:30-12:00", clip(w))
		}
		if h[i].From >= h[i].To {
			return nil, fmt.Errorf("“%s”的结束早于开始", w)
		}
		if i > 0 && h[i].From <= h[i-1].To {
			return nil, fmt.Errorf("“%s”与前一段重叠、相连或次序颠倒", w)
		}
	}
	return h, nil
}

// clip keeps an error message short.
func clip(w string) string {
	if r := []rune(w); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return w
}

// minuteOf parses "08:30" strictly, "24:00" included.
func minuteOf(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	m := (int(s[0]-'0')*10+int(s[1]-'0'))*60 + int(s[3]-'0')*10 + int(s[4]-'0')
	return m, s[3] < '6' && m <= 24*60
}

// String returns the form that ParseHours parses.
func (h Hours) String() string {
	words := make([]string, len(h))
	for i, x := range h {
		words[i] = fmt.Sprintf("%02d:%02d-%02d:%02d", x.From/60, x.From%60, x.To/60, x.To%60)
	}
	return strings.Join(words, " ")
}

// Day returns the duty time of one working day.
func (h Hours) Day() time.Duration {
	var d time.Duration
	for _, x := range h {
		d += x.length()
	}
	return d
}

func (x Span) length() time.Duration { return time.Duration(x.To-x.From) * time.Minute }

// on returns the span's times on the day that begins at midnight.
func (x Span) on(midnight time.Time) (from, to time.Time) {
	return midnight.Add(time.Duration(x.From) * time.Minute), midnight.Add(time.Duration(x.To) * time.Minute)
}

// last returns the end of duty, from midnight.
func (h Hours) last() time.Duration {
	return time.Duration(h[len(h)-1].To) * time.Minute
}

// On reports whether the station is on duty at the time.
func (c *Calendar) On(at time.Time, h Hours) bool {
	if !c.Working(at) {
		return false
	}
	midnight := c.midnight(at)
	return slices.ContainsFunc(h, func(x Span) bool {
		from, to := x.on(midnight)
		return !at.Before(from) && at.Before(to)
	})
}

// Between returns the duty time from from up to to, 0 if to is not later.
func (c *Calendar) Between(from, to time.Time, h Hours) time.Duration {
	var sum time.Duration
	for day := c.midnight(from); day.Before(to); day = day.AddDate(0, 0, 1) {
		if !c.Working(day) {
			continue
		}
		for _, x := range h {
			start, end := x.on(day)
			sum += max(0, earlier(end, to).Sub(later(start, from)))
		}
	}
	return sum
}

// Add returns the earliest time, not before at, by which d of duty time has passed since at. It prefers the end
// of a span to the beginning of the next.
func (c *Calendar) Add(at time.Time, d time.Duration, h Hours) time.Time {
	if d <= 0 {
		return at
	}
	for day := c.midnight(at); ; day = day.AddDate(0, 0, 1) {
		if !c.Working(day) {
			continue
		}
		for _, x := range h {
			from, to := x.on(day)
			from = later(from, at)
			if has := to.Sub(from); has <= 0 {
				continue
			} else if has < d {
				d -= has
			} else {
				return from.Add(d)
			}
		}
	}
}

// Back returns the latest time, not after at, from which d of duty time passes until at.
func (c *Calendar) Back(at time.Time, d time.Duration, h Hours) time.Time {
	if d <= 0 {
		return at
	}
	for day := c.midnight(at); ; day = day.AddDate(0, 0, -1) {
		if !c.Working(day) {
			continue
		}
		for _, x := range slices.Backward(h) {
			from, to := x.on(day)
			to = earlier(to, at)
			if has := to.Sub(from); has <= 0 {
				continue
			} else if has < d {
				d -= has
			} else {
				return to.Add(-d)
			}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

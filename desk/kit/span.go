package kit

import (
	"time"

	"mashang/domain/fault"
	"mashang/domain/station"
)

const (
	// maxSpan is the longest period over which figures are counted.
	maxSpan = 400 * 24 * time.Hour
	// spanRounding is what the present is rounded up to, so that the parts of one page agree.
	spanRounding = time.Minute
)

// Span checks a period and fills in its defaults: from the beginning of the month of to, until now.
func (k *Kit) Span(from, to time.Time) (time.Time, time.Time, error) {
	now := k.Now().In(station.Zone)
	if to.IsZero() {
		to = now.Truncate(spanRounding).Add(spanRounding)
	}
	if from.IsZero() {
		from = time.Date(to.In(station.Zone).Year(), to.In(station.Zone).Month(), 1, 0, 0, 0, 0, station.Zone)
	}
	switch {
	case !from.Before(to):
		return from, to, Field("from", "开始日期须早于结束日期")
	case to.Sub(from) > maxSpan:
		return from, to, Field("from", "一次最多统计 13 个月")
	}
	return from.In(station.Zone), to.In(station.Zone), nil
}

// Day parses a day in the station's zone. "" is the zero time.
func Day(check *fault.Check, name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation(time.DateOnly, text, station.Zone)
	check.Require(err == nil, name, "日期请写成 2026-07-15 的样子")
	return at
}

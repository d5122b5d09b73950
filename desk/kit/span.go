package kit

import (
	"time"

	"mashang/domain/fault"
	"mashang/domain/station"
)

const (
	// figuresMost is over how long a time figures are counted at once.
	figuresMost = 400 * 24 * time.Hour
	// figuresEnd is to what the present is rounded up, so that one page agrees.
	figuresEnd = time.Minute
)

// Span completes and checks a time.
func (k *Kit) Span(from, to time.Time) (time.Time, time.Time, error) {
	now := k.Now().In(station.Zone)
	if to.IsZero() {
		to = now.Truncate(figuresEnd).Add(figuresEnd)
	}
	if from.IsZero() {
		from = time.Date(to.In(station.Zone).Year(), to.In(station.Zone).Month(), 1, 0, 0, 0, 0, station.Zone)
	}
	switch {
	case !from.Before(to):
		return from, to, Field("from", "开始日期须早于结束日期")
	case to.Sub(from) > figuresMost:
		return from, to, Field("from", "一次最多统计 13 个月")
	}
	return from.In(station.Zone), to.In(station.Zone), nil
}

// Day reads a day, in the station's zone; "" is the zero time.
func Day(check *fault.Check, name, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation(time.DateOnly, text, station.Zone)
	check.Require(err == nil, name, "日期请写成 2026-07-15 的样子")
	return at
}

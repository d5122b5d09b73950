// Package ical writes calendars that phones subscribe to (iCalendar, RFC 5545).
package ical

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"mashang/domain/reception"
	"mashang/domain/station"
)

const (
	product = "-//mashang//reception//ZH"
	zone    = "Asia/Shanghai"
	// local is a time of a zone that TZID names.
	local = "20060102T150405"
	// refresh is how often programs are asked to read the calendar again.
	refresh = "PT1H"
)

// Encode returns the calendar with an event for each of the feed's. The same feed gives the same bytes. page is the
// address that each event leads to, "" for none.
func Encode(f reception.Feed, page string) ([]byte, error) {
	cal := ics.NewCalendar()
	cal.SetProductId(product)
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(clean(f.Name))
	cal.SetXWRTimezone(zone)
	cal.SetXPublishedTTL(refresh)
	cal.SetRefreshInterval(refresh) // the library names its kind of value
	shanghai(cal)
	for _, e := range f.Events {
		add(cal, e, page)
	}
	var b strings.Builder
	if err := cal.SerializeTo(&b, ics.WithNewLineWindows); err != nil {
		return nil, fmt.Errorf("ical: %w", err)
	}
	return []byte(b.String()), nil
}

// shanghai says what the zone is: eight hours before UTC, without summer time since 1991.
func shanghai(cal *ics.Calendar) {
	std := cal.AddTimezone(zone).AddStandard()
	std.SetProperty(ics.ComponentPropertyDtStart, "19700101T000000")
	std.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), "+0800")
	std.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), "+0800")
	std.SetProperty(ics.ComponentProperty(ics.PropertyTzname), "CST")
}

func add(cal *ics.Calendar, e reception.Event, page string) {
	v := cal.AddEvent(clean(e.UID))
	v.SetDtStampTime(e.Changed)
	v.SetLastModifiedAt(e.Changed)
	v.SetSequence(e.Sequence)
	at := func(t time.Time) string { return t.In(station.Zone).Format(local) }
	v.SetProperty(ics.ComponentPropertyDtStart, at(e.From), ics.WithTZID(zone))
	v.SetProperty(ics.ComponentPropertyDtEnd, at(e.To), ics.WithTZID(zone))
	v.SetSummary(clean(e.Summary))
	v.SetStatus(ics.ObjectStatusConfirmed)
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
	}
	if e.Where != "" {
		v.SetLocation(clean(e.Where))
	}
	if e.Notes != "" {
		v.SetDescription(clean(e.Notes))
	}
	if page != "" {
		v.SetURL(page)
	}
}

// clean takes out what the library neither escapes nor folds right: invalid UTF-8 and all control characters but line
// breaks, of which each form becomes one.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case unicode.IsControl(r):
			return -1
		default:
			return r
		}
	}, text)
}

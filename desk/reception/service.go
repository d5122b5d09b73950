// Package reception runs a station's reception days: the calendar of days, who sits, swaps, bookings, and the desk of
// the hour. The rules are in domain/reception.
package reception

import (
	"hash/maphash"
	"time"

	"mashang/desk/audit"
	"mashang/desk/delivery"
	"mashang/desk/kit"
	"mashang/domain/station"
)

// Parts are the dependencies of a Service.
type Parts struct {
	Kit      *kit.Kit
	Audit    *audit.Service
	Delivery *delivery.Service
	Sealer   Sealer
	// Reveals brakes the showing of numbers.
	Reveals Reveals
	Phones  Phones
	People  People
	Painter Painter
	Visits  Visits
	// Calendars writes the calendars that programs subscribe to.
	Calendars Calendars
	Store     Store
}

// Service is the area's use cases. It is safe for concurrent use.
type Service struct {
	kit      *kit.Kit
	audit    *audit.Service
	delivery *delivery.Service
	sealer   Sealer
	// reveals brakes the showing of numbers.
	reveals Reveals
	phones  Phones
	painter Painter
	visits  Visits
	docs    *documents
	// Desk is the desk of the hour.
	Desk *Desk
	// Feeds are the links by which phones subscribe to a calendar.
	Feeds *Feeds
}

// documents reads and writes what is stored of reception days.
type documents struct {
	kit   *kit.Kit
	store Store
	// days are the stored days around now, by station; duty are the rosters with them.
	days *kit.TTLCache[window]
	duty *kit.TTLCache[*station.Station]
	// turns lets one request at a time change a day, so that many who book at once wait for one another and do not
	// try again and again. Other processes are settled by the store.
	turns [64]chan struct{}
	seed  maphash.Seed
}

const (
	// daysTTL is for how long another process's change of a day may go unseen.
	daysTTL     = 2 * time.Second
	maxStations = 2_000
)

// New makes a Service from its parts.
func New(p Parts) *Service {
	docs := &documents{
		kit: p.Kit, store: p.Store, seed: maphash.MakeSeed(),
		days: kit.NewTTLCache[window](maxStations, daysTTL, p.Kit.Now),
		duty: kit.NewTTLCache[*station.Station](maxStations, daysTTL, p.Kit.Now),
	}
	for i := range docs.turns {
		docs.turns[i] = make(chan struct{}, 1)
	}
	p.Kit.AddDays(docs.withDays)
	svc := &Service{
		kit: p.Kit, audit: p.Audit, delivery: p.Delivery, sealer: p.Sealer, reveals: p.Reveals, phones: p.Phones, painter: p.Painter, visits: p.Visits,
		docs: docs, Feeds: &Feeds{kit: p.Kit, docs: docs, people: p.People, calendars: p.Calendars},
	}
	svc.Desk = &Desk{svc}
	return svc
}

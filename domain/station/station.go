// Package station holds the tenant: a member station with its rooms, places,
// sectors, members, staff, categories and duty slots, and what a printed code
// may point at.
//
// A Station is one value that is replaced as a whole: everything that reads it
// (routing, sign printing, the page behind a code) sees one roster, and the
// roster's version can be stored with each decision.
package station

import (
	"slices"
	"time"

	"mashang/domain/recurrence"
)

// Zone is the time in which deadlines, duty hours and printed times are
// computed (GB/T 7408: UTC+8 without daylight saving).
var Zone = time.FixedZone("Asia/Shanghai", 8*60*60)

// Station is the tenant and its whole roster.
type Station struct {
	// ID is [a-z0-9]{2,12}; it is part of every submission's id.
	ID      string `json:"id"`
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Address string `json:"address,omitempty"`
	// FallbackChannels are the ways to tell somebody whom no message reaches, the first
	// tried first; none means FallbackChannels.
	FallbackChannels []FallbackChannel `json:"means,omitempty"`
	// SwapsPass lets swaps of seats on reception days pass without anybody's approval, if they are early and the day
	// lacks nothing by them.
	SwapsPass bool `json:"swaps_pass,omitempty"`
	// Version is raised by each change of the roster.
	Version     int          `json:"version"`
	Sectors     []Sector     `json:"sectors"`
	Rooms       []Room       `json:"rooms,omitempty"`
	Places      []Place      `json:"places,omitempty"`
	Members     []Member     `json:"members"`
	Departments []Department `json:"departments,omitempty"`
	Liaisons    []Liaison    `json:"liaisons,omitempty"`
	Categories  []Category   `json:"categories,omitempty"`
	Duty        []DutySlot   `json:"duty,omitempty"`
	Squads      []Squad      `json:"squads,omitempty"`
	// Receptions are the rules of reception days.
	Receptions []Reception `json:"receptions,omitempty"`
	// Days are the rosters of single days, which are stored apart from the roster; whoever reads the roster adds
	// them. They take the place of the slots in Duty, see slotsOn.
	Days []DayRoster `json:"-"`
	// Rules are the liaison's, nil while they were never changed; PreviousRules
	// are those they replaced, to be brought back.
	Rules         *Rules `json:"rules,omitempty"`
	PreviousRules *Rules `json:"rules_before,omitempty"`
	// Surge is set by a liaison, not by an import; nil for never.
	Surge *Surge `json:"surge,omitempty"`
	// RevealPolicy is set by an administrator, not by an import; nil for the defaults.
	RevealPolicy *RevealPolicy `json:"guard,omitempty"`
	// OwnDays are the days the station settled for itself, in the order of their
	// dates; no import changes them.
	OwnDays []OwnDay `json:"own_days,omitempty"`
	// PreviousRoster is what the last edit or import replaced, to be brought back; nil
	// once anything else changed the roster.
	Previous *PreviousRoster `json:"before,omitempty"`
}

// PreviousRoster is a roster as it was before an edit.
type PreviousRoster struct {
	// At is in UTC milliseconds; By is the id of who edited.
	At int64  `json:"at"`
	By string `json:"by"`
	// What says the edit in Chinese.
	What string `json:"what"`
	// Roster has no Before of its own.
	Roster *Station `json:"roster"`
}

// Sector is the group a member represents. Lists differ by county and change
// over time, so sectors are data.
type Sector struct {
	Name string `json:"name"`
	// Was are the names it had, the latest last: older matters speak of them.
	Was []FormerName `json:"was,omitempty"`
}

// FormerName is a name that was given up on a local date (2006-01-02).
type FormerName struct {
	Name  string `json:"name"`
	Until string `json:"until"`
}

// Room is a village's deliberation room.
type Room struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Village string `json:"village,omitempty"`
	// Lat and Lng are in degrees (gcj02), both 0 when nobody gave them.
	Lat float64 `json:"lat,omitempty"`
	Lng float64 `json:"lng,omitempty"`
}

// Place is a car park, a jetty, a farm restaurant: where a code hangs that is
// no member's. Sectors are asked first when somebody files there.
type Place struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Village string   `json:"village,omitempty"`
	Sectors []string `json:"sectors,omitempty"`
	// Lat and Lng are in degrees (gcj02), both 0 when nobody gave them.
	Lat float64 `json:"lat,omitempty"`
	Lng float64 `json:"lng,omitempty"`
}

// Member is a committee member. Phone is sealed and never shown to visitors.
type Member struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Sector    string   `json:"sector"`
	Village   string   `json:"village,omitempty"`
	Title     string   `json:"title,omitempty"`
	Expertise []string `json:"expertise,omitempty"`
	// Rooms are ids of the rooms the member looks after.
	Rooms []string `json:"rooms,omitempty"`
	Phone string   `json:"phone,omitempty"`
	// Capacity is how many open submissions the member can hold; 0 means
	// DefaultCapacity.
	Capacity int `json:"capacity,omitempty"`
	// Convener (召集人) makes the roster of the station; Convenes are ids of the rooms whose roster they make.
	Convener bool      `json:"convener,omitempty"`
	Convenes []string  `json:"convenes,omitempty"`
	Absences []Absence `json:"absences,omitempty"`
	// Left is set when an import no longer lists the member: history keeps
	// the name, routing never picks them.
	Left bool `json:"gone,omitempty"`
}

// DefaultCapacity is a member's room without a figure of their own.
const DefaultCapacity = 20

// MaxOpen returns how many open submissions the member can hold.
func (m Member) MaxOpen() int {
	if m.Capacity > 0 {
		return m.Capacity
	}
	return DefaultCapacity
}

// Department is a partner body asked for joint handling.
type Department struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
}

// Liaison is one of the station's staff, or its administrator.
type Liaison struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone,omitempty"`
	// Admin sets up the station but reads no submissions.
	Admin bool `json:"admin,omitempty"`
	Left  bool `json:"gone,omitempty"`
}

// Category is a topic a visitor may choose, with the sectors in charge.
type Category struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Sectors []string `json:"sectors,omitempty"`
	// Tourist marks the category of a tourist's matter without one.
	Tourist bool `json:"tourist,omitempty"`
}

// Squad is a group of members who work on one kind of matter across sectors
// (工作专班), such as legal aid.
type Squad struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Leader is a member's id; they take what nobody else can.
	Leader string `json:"leader,omitempty"`
	// Members are ids; the leader is one of the squad, named here or not.
	Members []string `json:"members,omitempty"`
	// Sectors and Categories are what the squad is in charge of: matters of
	// those sectors, and those categories.
	Sectors    []string `json:"sectors,omitempty"`
	Categories []string `json:"categories,omitempty"`
}

// Has reports whether the member is one of the squad.
func (q Squad) Has(member string) bool {
	return q.Leader == member || slices.Contains(q.Members, member)
}

// Member returns the member with the id.
func (s *Station) Member(id string) (Member, bool) {
	return find(s.Members, func(m Member) bool { return m.ID == id })
}

// Sector returns the sector that has the name, or had it.
func (s *Station) Sector(name string) (Sector, bool) {
	if x, ok := find(s.Sectors, func(x Sector) bool { return x.Name == name }); ok {
		return x, true
	}
	return find(s.Sectors, func(x Sector) bool {
		return slices.ContainsFunc(x.Was, func(f FormerName) bool { return f.Name == name })
	})
}

// hasSector reports whether a sector has the name now.
func (s *Station) hasSector(name string) bool {
	return slices.ContainsFunc(s.Sectors, func(x Sector) bool { return x.Name == name })
}

// Room returns the room with the id.
func (s *Station) Room(id string) (Room, bool) {
	return find(s.Rooms, func(r Room) bool { return r.ID == id })
}

// Place returns the place with the id.
func (s *Station) Place(id string) (Place, bool) {
	return find(s.Places, func(p Place) bool { return p.ID == id })
}

// Liaison returns the liaison or administrator with the id.
func (s *Station) Liaison(id string) (Liaison, bool) {
	return find(s.Liaisons, func(l Liaison) bool { return l.ID == id })
}

// Department returns the department with the id.
func (s *Station) Department(id string) (Department, bool) {
	return find(s.Departments, func(d Department) bool { return d.ID == id })
}

// Category returns the category with the key.
func (s *Station) Category(key string) (Category, bool) {
	return find(s.Categories, func(c Category) bool { return c.Key == key })
}

// Squad returns the squad with the id.
func (s *Station) Squad(id string) (Squad, bool) {
	return find(s.Squads, func(q Squad) bool { return q.ID == id })
}

// TouristCategory returns the category of a tourist's matter that names none.
func (s *Station) TouristCategory() (Category, bool) {
	return find(s.Categories, func(c Category) bool { return c.Tourist })
}

func find[T any](list []T, match func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, match); i >= 0 {
		return list[i], true
	}
	var zero T
	return zero, false
}

// Reception is a rule by which members receive people: on which days, where, how many of them, and what can be booked.
type Reception struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Room and Place are both empty for the station itself.
	Room  string `json:"room,omitempty"`
	Place string `json:"place,omitempty"`
	// Repeat says on which days, in the words of recurrence.Parse.
	Repeat   string              `json:"repeat"`
	Holidays recurrence.Holidays `json:"holidays,omitempty"`
	// From and To are minutes after local midnight.
	From int `json:"from"`
	To   int `json:"to"`
	// Min and Max bound how many members sit, 0 for DefaultMin and for no bound.
	Min int `json:"min,omitempty"`
	Max int `json:"max,omitempty"`
	// Of Sectors and of Expertise, each needs one member who has it.
	Sectors   []string `json:"sectors,omitempty"`
	Expertise []string `json:"expertise,omitempty"`
	// Seats is how many can book one slot of SlotMinutes, 0 if nothing can be booked. WalkIns of them are kept for
	// those who come without.
	Seats       int `json:"seats,omitempty"`
	SlotMinutes int `json:"slot,omitempty"`
	WalkIns     int `json:"walk_ins,omitempty"`
	// PublishDays before it a day is published, and LockHours before it swaps need the liaison; 0 for the defaults.
	PublishDays int `json:"publish,omitempty"`
	LockHours   int `json:"lock,omitempty"`
	// ValidFrom and ValidTo are local dates that bound the rule, "" for none.
	ValidFrom string `json:"valid_from,omitempty"`
	ValidTo   string `json:"valid_to,omitempty"`
}

// What 0 in a Reception stands for.
const (
	DefaultMin         = 1
	DefaultSlotMinutes = 30
	DefaultPublishDays = 7
	DefaultLockHours   = 24
)

// Target is where people are received.
func (r Reception) Target() Target { return DutySlot{Room: r.Room, Place: r.Place}.target() }

// Filled returns the rule with the defaults in place of 0.
func (r Reception) Filled() Reception {
	for _, x := range []struct {
		to    *int
		value int
	}{{&r.Min, DefaultMin}, {&r.SlotMinutes, DefaultSlotMinutes}, {&r.PublishDays, DefaultPublishDays}, {&r.LockHours, DefaultLockHours}} {
		if *x.to == 0 {
			*x.to = x.value
		}
	}
	if r.Holidays == "" {
		r.Holidays = recurrence.Skip
	}
	return r
}

// Convening reports whether the member makes the roster of the target.
func (m Member) Convening(t Target) bool {
	return !m.Left && (m.Convener || t.Kind == ForRoom && slices.Contains(m.Convenes, t.ID))
}

// Reception returns the rule with the id.
func (s *Station) Reception(id string) (Reception, bool) {
	return find(s.Receptions, func(r Reception) bool { return r.ID == id })
}

// DayRoster is who sits at a target on one day, swaps included. Nobody is a hole, and no weekly slot fills it.
type DayRoster struct {
	// Date is a local date, 2006-01-02.
	Date   string
	Target Target
	// From and To are minutes after local midnight.
	From, To int
	Members  []string
}

package reception

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/codes"
	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/reception"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// OpenSlot is a span that can be booked.
type OpenSlot struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Left    int    `json:"left" doc:"How many can still book it."`
	Waiting int    `json:"waiting" doc:"How many wait for it."`
	Over    bool   `json:"over,omitempty"`
}

// OpenReception is a reception day as everybody sees it.
type OpenReception struct {
	ID          string        `json:"id"`
	Station     string        `json:"station"`
	StationName string        `json:"station_name"`
	Phone       string        `json:"phone" doc:"The station's."`
	Name        string        `json:"name"`
	Date        string        `json:"date" format:"date"`
	From        string        `json:"from"`
	To          string        `json:"to"`
	Where       string        `json:"where"`
	Theme       string        `json:"theme,omitempty"`
	Sectors     []string      `json:"sectors" nullable:"false" doc:"Whose members come for the theme."`
	NotFor      string        `json:"not_for,omitempty" doc:"What it is not for."`
	Cancelled   bool          `json:"cancelled,omitempty"`
	Reason      string        `json:"reason,omitempty"`
	MovedFrom   string        `json:"moved_from,omitempty" doc:"The date that was announced before."`
	Members     []wire.Member `json:"members" nullable:"false" doc:"Who comes, and what they know."`
	Slots       []OpenSlot    `json:"slots" nullable:"false" doc:"Empty if nothing can be booked: just come."`
}

// OpenReceptions are the next days.
type OpenReceptions struct {
	Items []OpenReception `json:"items" nullable:"false" doc:"The next first."`
}

func openOf(o deskreception.OpenDay) OpenReception {
	return OpenReception{
		ID: o.ID, Station: o.Station, StationName: o.StationName, Phone: o.Phone, Name: o.Name, Date: o.Date, From: wire.ClockOf(o.From), To: wire.ClockOf(o.To), Where: o.Where, Theme: o.Theme,
		Sectors: wire.Filled(o.Sectors), NotFor: o.NotFor, Cancelled: o.Cancelled, Reason: o.Reason, MovedFrom: o.MovedFrom,
		Members: wire.Each(o.Members, func(m station.Member) wire.Member { return wire.MemberOf(codes.CardOf(m)) }),
		Slots: wire.Each(o.Slots, func(s reception.Slot) OpenSlot {
			return OpenSlot{wire.ClockOf(s.From), wire.ClockOf(s.To), s.Left(), s.Waiting, s.Over}
		}),
	}
}

// ReceptionBooking is a booking as whoever made it sees it.
type ReceptionBooking struct {
	ID           string        `json:"id"`
	Number       string        `json:"number" doc:"What is called out: A012."`
	State        string        `json:"state" enum:"booked,waiting,offered,cancelled,moved,arrived,received,missed"`
	Slot         string        `json:"slot" doc:"09:30"`
	Persons      int           `json:"persons"`
	Words        string        `json:"words,omitempty"`
	Name         string        `json:"name,omitempty"`
	Phone        string        `json:"phone,omitempty"`
	Needs        []string      `json:"needs" nullable:"false" enum:"wheelchair,sign,dialect,home,video"`
	Member       string        `json:"member,omitempty" doc:"Whom they would like to see."`
	Ahead        int           `json:"ahead,omitempty" doc:"How many wait before it."`
	OfferedUntil *time.Time    `json:"offered_until,omitempty" doc:"Until when the seat is kept for them."`
	Until        time.Time     `json:"until" doc:"Until when it can be changed or called off."`
	Outcome      string        `json:"outcome,omitempty" enum:"answered,filed,referred"`
	Submission   string        `json:"submission,omitempty" doc:"The id of what it became."`
	ReferredTo   string        `json:"referred_to,omitempty"`
	Day          OpenReception `json:"day"`
}

// ReceptionBookings are a person's bookings.
type ReceptionBookings struct {
	Items []ReceptionBooking `json:"items" nullable:"false" doc:"Those to come first."`
}

func bookingOf(v deskreception.BookingView) ReceptionBooking {
	out := ReceptionBooking{
		ID: v.ID, Number: v.Number, State: string(v.State), Slot: wire.ClockOf(v.Slot), Persons: v.Persons, Words: v.Words, Name: v.Name, Phone: v.Phone,
		Needs: wire.Filled(v.Needs), Member: v.Member, Ahead: v.Ahead, Until: v.Until, Outcome: string(v.Outcome), Submission: v.Submission,
		ReferredTo: v.To, Day: openOf(v.Day),
	}
	if v.OfferedUntil != 0 {
		t := time.UnixMilli(v.OfferedUntil).In(station.Zone)
		out.OfferedUntil = &t
	}
	return out
}

// NewBooking is the body of a booking.
type NewBooking struct {
	Slot    string `json:"slot" maxLength:"5" doc:"09:30"`
	Persons int    `json:"persons" minimum:"1" maximum:"20"`
	Words   string `json:"words,omitempty" maxLength:"800" doc:"What about; at most 200 characters."`
	Name    string `json:"name,omitempty" maxLength:"80" doc:"What they want to be called; at most 20 characters."`
	Phone   string `json:"phone,omitempty" maxLength:"40"`
	// PhoneCode takes the place of a typed number.
	PhoneCode string   `json:"phone_code,omitempty" maxLength:"256" doc:"The platform's code for the phone number, instead of it."`
	Needs     []string `json:"needs,omitempty" nullable:"false" maxItems:"5" enum:"wheelchair,sign,dialect,home,video"`
	Member    string   `json:"member,omitempty" maxLength:"24" doc:"Whom they would like to see: an id."`
	Wait      bool     `json:"wait,omitempty" doc:"They wait if the slot is full."`
}

func (b NewBooking) party() (deskreception.Party, error) {
	slot, err := wire.Minutes("slot", b.Slot)
	return deskreception.Party{
		Slot: slot, Persons: b.Persons, Words: b.Words, Name: b.Name, Phone: b.Phone, PhoneCode: b.PhoneCode, Needs: b.Needs, Member: b.Member, Wait: b.Wait,
	}, err
}

// MovedBooking is where a booking is to be.
type MovedBooking struct {
	Day  string `json:"day,omitempty" maxLength:"64" doc:"Another day's id; empty for its own."`
	Slot string `json:"slot" maxLength:"5"`
}

// BookingArrival proves that somebody is there.
type BookingArrival struct {
	Code string `json:"code" maxLength:"200" doc:"What was scanned on the wall."`
}

// AtStation is the input of what concerns a station.
type AtStation struct {
	Station string `path:"station" maxLength:"12"`
}

// ByBooking is the input of what concerns a booking of the caller's own.
type ByBooking struct {
	AtStation
	ByDay
	Booking string `path:"booking" maxLength:"64"`
}

type (
	codeIn struct {
		Key string `path:"key" maxLength:"64" doc:"What the code has: its key."`
	}
	stationIn struct {
		AtStation
		PlaceOf string `query:"place_of" maxLength:"64" doc:"The id of a published day: those at its place alone."`
	}
	openIn struct {
		AtStation
		ByDay
	}
	bookIn struct {
		AtStation
		ByDay
		Keyed
		Body NewBooking
	}
	moveIn struct {
		ByBooking
		Keyed
		Body MovedBooking
	}
	arriveIn struct {
		ByBooking
		Body BookingArrival
	}
)

func bookingOut(v deskreception.BookingView, err error) (*wire.Output[ReceptionBooking], error) {
	if err != nil {
		return nil, err
	}
	return &wire.Output[ReceptionBooking]{Body: bookingOf(v)}, nil
}

func (rt *routes) addVisitors() {
	svc := rt.reception
	const at, of = "/stations/{station}/receptions/{day}", "/stations/{station}/receptions/{day}/bookings"
	web.Handle(rt.api, web.Op(http.MethodGet, "/codes/{key}/receptions", "listOpenReceptions", "The next reception days at what a code points at.").Open().
		Fails(http.StatusNotFound, http.StatusUnprocessableEntity), func(ctx context.Context, _ access.Caller, in *codeIn) (*wire.Output[OpenReceptions], error) {
		list, err := svc.OpenDays(ctx, in.Key)
		return &wire.Output[OpenReceptions]{Body: OpenReceptions{wire.Each(list, openOf)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/stations/{station}/receptions", "listStationReceptions", "The next reception days of a station, at most 8.").Open().
		Fails(http.StatusNotFound), func(ctx context.Context, _ access.Caller, in *stationIn) (*wire.Output[OpenReceptions], error) {
		list, err := svc.StationDays(ctx, in.Station, in.PlaceOf)
		return &wire.Output[OpenReceptions]{Body: OpenReceptions{wire.Each(list, openOf)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, at, "getOpenReception", "One published reception day.").Open().
		Fails(http.StatusNotFound), func(ctx context.Context, _ access.Caller, in *openIn) (*wire.Output[OpenReception], error) {
		o, err := svc.OpenDay(ctx, in.Station, in.Day)
		return &wire.Output[OpenReception]{Body: openOf(o)}, err
	})
	web.Handle(rt.api, web.Op(http.MethodPost, of, "book", "Book a slot, or wait for one.").Writes().Creates().
		Fails(http.StatusNotFound, http.StatusConflict), func(ctx context.Context, c access.Caller, in *bookIn) (*wire.Output[ReceptionBooking], error) {
		p, err := in.Body.party()
		if err != nil {
			return nil, err
		}
		return bookingOut(svc.Book(ctx, c, in.Key, in.Station, in.Day, p))
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/stations/{station}/bookings", "listMyBookings", "The caller's own bookings at a station.").
		Fails(http.StatusNotFound), func(ctx context.Context, c access.Caller, in *AtStation) (*wire.Output[ReceptionBookings], error) {
		list, err := svc.MyBookings(ctx, c, in.Station)
		return &wire.Output[ReceptionBookings]{Body: ReceptionBookings{wire.Each(list, bookingOf)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, "/me/bookings", "listAllMyBookings", "The caller's own bookings at all stations."), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[ReceptionBookings], error) {
		list, err := svc.AllMyBookings(ctx, c)
		return &wire.Output[ReceptionBookings]{Body: ReceptionBookings{wire.Each(list, bookingOf)}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, of+"/{booking}", "getMyBooking", "A booking of the caller's own.").
		Fails(http.StatusNotFound), func(ctx context.Context, c access.Caller, in *ByBooking) (*wire.Output[ReceptionBooking], error) {
		return bookingOut(svc.MyBooking(ctx, c, in.Station, in.Day, in.Booking))
	})
	act := func(path, id, summary string) web.Operation {
		return web.Op(http.MethodPost, of+"/{booking}/"+path, id, summary).Writes().Fails(http.StatusNotFound, http.StatusConflict)
	}
	web.Handle(rt.api, act("move", "moveMyBooking", "Take another slot, also on another day; if there is no room it stays where it was."), func(ctx context.Context, c access.Caller, in *moveIn) (*wire.Output[ReceptionBooking], error) {
		slot, err := wire.Minutes("slot", in.Body.Slot)
		if err != nil {
			return nil, err
		}
		to := in.Body.Day
		if to == "" {
			to = in.Day
		}
		return bookingOut(svc.MoveMine(ctx, c, in.Key, in.Station, in.Day, in.Booking, to, slot))
	})
	web.Handle(rt.api, act("cancel", "cancelMyBooking", "Call it off."), func(ctx context.Context, c access.Caller, in *ByBooking) (*wire.Output[ReceptionBooking], error) {
		return bookingOut(svc.CallOffMine(ctx, c, in.Station, in.Day, in.Booking))
	})
	web.Handle(rt.api, act("accept", "acceptSeat", "Take the seat that is offered."), func(ctx context.Context, c access.Caller, in *ByBooking) (*wire.Output[ReceptionBooking], error) {
		return bookingOut(svc.AcceptMine(ctx, c, in.Station, in.Day, in.Booking))
	})
	web.Handle(rt.api, act("arrive", "arriveForBooking", "Say that one is there, by the code on the wall."), func(ctx context.Context, c access.Caller, in *arriveIn) (*wire.Output[ReceptionBooking], error) {
		return bookingOut(svc.ArriveMine(ctx, c, in.Station, in.Day, in.Booking, in.Body.Code))
	})
}

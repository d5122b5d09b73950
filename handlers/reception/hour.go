package reception

import (
	"context"
	"net/http"
	"time"

	deskreception "mashang/desk/reception"
	"mashang/domain/access"
	"mashang/domain/fold"
	"mashang/domain/reception"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// Party is a booking as the desk of the hour sees it. The number is shown by an act of its own.
type Party struct {
	ID         string     `json:"id"`
	Number     string     `json:"number"`
	Slot       string     `json:"slot"`
	State      string     `json:"state" enum:"booked,waiting,offered,cancelled,moved,arrived,received,missed"`
	WalkIn     bool       `json:"walk_in"`
	Entered    bool       `json:"entered,omitempty" doc:"Written down when they came, without a booking; a party that waited in vain is a walk-in too."`
	Persons    int        `json:"persons"`
	Name       string     `json:"name"`
	Words      string     `json:"words"`
	PhoneTail  string     `json:"phone_tail,omitempty" doc:"The end of the number; empty for none."`
	Needs      []string   `json:"needs" nullable:"false" enum:"wheelchair,sign,dialect,home,video"`
	Member     string     `json:"member,omitempty" doc:"Whom they would like to see: an id."`
	ByStaff    bool       `json:"by_staff" doc:"Entered by the station."`
	ArrivedAt  *time.Time `json:"arrived_at,omitempty"`
	Outcome    string     `json:"outcome,omitempty" enum:"answered,filed,referred"`
	Submission string     `json:"submission,omitempty"`
	ReferredTo string     `json:"referred_to,omitempty"`
	By         string     `json:"by,omitempty" doc:"The id of the member who received them."`
}

// ReceptionFigures are what a day counts. Person-times are the persons of the received parties.
type ReceptionFigures struct {
	Booked      int `json:"booked" doc:"Parties."`
	WalkIns     int `json:"walk_ins" doc:"Parties."`
	Received    int `json:"received" doc:"Parties."`
	Missed      int `json:"missed" doc:"Parties."`
	PersonTimes int `json:"person_times"`
	Answered    int `json:"answered" doc:"Of the received parties: said and done there."`
	Filed       int `json:"filed" doc:"Likewise: it became a submission."`
	Referred    int `json:"referred" doc:"Likewise: sent to whom it belongs."`
}

// DayFigures are what one day counted.
type DayFigures struct {
	Day     string           `json:"day" doc:"Its id."`
	Date    string           `json:"date" format:"date"`
	Name    string           `json:"name"`
	Where   string           `json:"where"`
	Theme   string           `json:"theme,omitempty"`
	Closed  bool             `json:"closed" doc:"Who was there is written down."`
	Sat     int              `json:"sat" doc:"Members who were there; 0 until it is closed."`
	Figures ReceptionFigures `json:"figures"`
}

// ReceptionReport is what came of the days of a span. Each sum is that of its items.
type ReceptionReport struct {
	From     string           `json:"from" format:"date"`
	To       string           `json:"to" format:"date"`
	Sessions int              `json:"sessions" doc:"Days that took place."`
	Sat      int              `json:"sat" doc:"How many times members sat."`
	Whole    ReceptionFigures `json:"whole"`
	Items    []DayFigures     `json:"items" nullable:"false"`
}

func figuresOf(f reception.Figures) ReceptionFigures {
	return ReceptionFigures{
		f.Booked, f.WalkIns, f.Received, f.Missed, f.PersonTimes, f.Outcomes[reception.OnTheSpot], f.Outcomes[reception.Filed], f.Outcomes[reception.Referred],
	}
}

// ReceptionHour is the desk of the hour.
type ReceptionHour struct {
	Day     ReceptionDay     `json:"day"`
	Parties []Party          `json:"parties" nullable:"false"`
	Queue   []string         `json:"queue" nullable:"false" doc:"The ids of those who are here, the next first."`
	Slots   []OpenSlot       `json:"slots" nullable:"false"`
	Figures ReceptionFigures `json:"figures"`
}

func hourOut(c access.Caller) func(deskreception.Hour, error) (*wire.Output[ReceptionHour], error) {
	return func(h deskreception.Hour, err error) (*wire.Output[ReceptionHour], error) {
		if err != nil {
			return nil, err
		}
		return &wire.Output[ReceptionHour]{Body: ReceptionHour{
			Day: dayOf(c, h.Day), Parties: wire.Each(h.Bookings, partyOf), Queue: h.Queue,
			Slots: wire.Each(h.Slots, func(s reception.Slot) OpenSlot {
				return OpenSlot{wire.ClockOf(s.From), wire.ClockOf(s.To), s.Left(), s.Waiting, s.Over}
			}),
			Figures: figuresOf(h.Figures),
		}}, nil
	}
}

func partyOf(v deskreception.BookingView) Party {
	p := Party{
		ID: v.ID, Number: v.Number, Slot: wire.ClockOf(v.Slot), State: string(v.State), WalkIn: v.WalkIn, Entered: v.Entered(), Persons: v.Persons, Name: v.Name, Words: v.Words,
		PhoneTail: v.PhoneTail, Needs: wire.Filled(v.Needs), Member: v.Member, ByStaff: v.Staff != "", Outcome: string(v.Outcome),
		Submission: v.Submission, ReferredTo: v.To, By: v.By,
	}
	if v.ArrivedAt != 0 {
		t := time.UnixMilli(v.ArrivedAt).In(station.Zone)
		p.ArrivedAt = &t
	}
	return p
}

// NewParty books for somebody who calls, or writes down somebody who came.
type NewParty struct {
	Slot    string   `json:"slot,omitempty" maxLength:"5" doc:"Not for a walk-in."`
	WalkIn  bool     `json:"walk_in,omitempty"`
	Persons int      `json:"persons" minimum:"1" maximum:"20"`
	Words   string   `json:"words,omitempty" maxLength:"800" doc:"At most 200 characters."`
	Name    string   `json:"name,omitempty" maxLength:"80" doc:"At most 20 characters."`
	Phone   string   `json:"phone,omitempty" maxLength:"40"`
	Needs   []string `json:"needs,omitempty" nullable:"false" maxItems:"5" enum:"wheelchair,sign,dialect,home,video"`
	Member  string   `json:"member,omitempty" maxLength:"24"`
	Wait    bool     `json:"wait,omitempty"`
}

// PartyResult is what came of receiving a party.
type PartyResult struct {
	Outcome string `json:"outcome" enum:"answered,filed,referred"`
	// Submission is the id of what it became.
	Submission string `json:"submission,omitempty" maxLength:"64" doc:"The id of what it became, for filed."`
	To         string `json:"to,omitempty" maxLength:"240" doc:"Where it was referred; at most 60 characters."`
	By         string `json:"by,omitempty" maxLength:"24" doc:"The id of the member who received them."`
	Persons    int    `json:"persons,omitempty" minimum:"0" maximum:"20" doc:"How many came; 0 for as many as were booked."`
}

// PartySlip is an arrival that was none.
type PartySlip struct {
	ArrivedAt *time.Time `json:"arrived_at,omitempty" doc:"As it was shown. Who has arrived at another time since stays."`
}

// PartySlot is another slot of the day.
type PartySlot struct {
	Slot string `json:"slot" maxLength:"5"`
}

// PartyReason says what a number is shown for.
type PartyReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"400"`
}

// PartyPhone is a number in clear.
type PartyPhone struct {
	Phone string `json:"phone"`
}

type (
	newPartyIn struct {
		ByDay
		Keyed
		Body NewParty
	}
	partyIn struct {
		ByDay
		Party string `path:"party" maxLength:"64"`
	}
	ofParty[T any] struct {
		ByDay
		Party string `path:"party" maxLength:"64"`
		Body  T
	}
)

// HallBoard is what the hall's screen shows of a day: numbers, and no names.
type HallBoard struct {
	Name    string   `json:"name"`
	Now     string   `json:"now" doc:"The number that was received last; empty for none."`
	Next    []string `json:"next" nullable:"false"`
	Waiting int      `json:"waiting"`
}

// HallBoards are those of today.
type HallBoards struct {
	Items []HallBoard `json:"items" nullable:"false"`
}

func (rt *routes) addHour() {
	svc := rt.reception
	web.Handle(rt.api, web.Op(http.MethodGet, "/reception/boards", "listHallBoards", "Numbers for the screen in the hall.").By(web.StaffOrAdmin).Background().
		Fails(http.StatusForbidden), func(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[HallBoards], error) {
		list, err := svc.Desk.Boards(ctx, c)
		return &wire.Output[HallBoards]{Body: HallBoards{wire.Each(list, func(b deskreception.Board) HallBoard { return HallBoard(b) })}}, err
	})
	web.Handle(rt.api, web.Op(http.MethodGet, days+"/{day}/hour", "getReceptionHour", "The desk of the hour: bookings, who is here, who is next.").
		By(may(access.ServeReception)).Fails(http.StatusForbidden, http.StatusNotFound), func(ctx context.Context, c access.Caller, in *ByDay) (*wire.Output[ReceptionHour], error) {
		return hourOut(c)(svc.Desk.Hour(ctx, c, in.Day))
	})
	web.Handle(rt.api, edits("parties", "enterParty", "Book for somebody who calls, or write down somebody who came.", access.ServeReception), func(ctx context.Context, c access.Caller, in *newPartyIn) (*wire.Output[ReceptionHour], error) {
		b := in.Body
		p := deskreception.Party{Persons: b.Persons, Words: b.Words, Name: b.Name, Phone: b.Phone, Needs: b.Needs, Member: b.Member, Wait: b.Wait, WalkIn: b.WalkIn}
		if !b.WalkIn {
			var err error
			if p.Slot, err = wire.Minutes("slot", b.Slot); err != nil {
				return nil, err
			}
		}
		return hourOut(c)(svc.Desk.Enter(ctx, c, in.Key, in.Day, p))
	})
	web.Handle(rt.api, edits("parties/{party}/arrive", "arriveParty", "They are here.", access.ServeReception), func(ctx context.Context, c access.Caller, in *partyIn) (*wire.Output[ReceptionHour], error) {
		return hourOut(c)(svc.Desk.Arrive(ctx, c, in.Day, in.Party))
	})
	web.Handle(rt.api, edits("parties/{party}/unarrive", "unarriveParty", "They are not here after all; who was written down by mistake is called off.", access.ServeReception), func(ctx context.Context, c access.Caller, in *ofParty[PartySlip]) (*wire.Output[ReceptionHour], error) {
		seen := int64(0)
		if at := in.Body.ArrivedAt; at != nil {
			seen = at.UnixMilli()
		}
		return hourOut(c)(svc.Desk.Unarrive(ctx, c, in.Day, in.Party, seen))
	})
	web.Handle(rt.api, edits("parties/{party}/receive", "receiveParty", "Write down what came of it, also afterwards.", access.ServeReception), func(ctx context.Context, c access.Caller, in *ofParty[PartyResult]) (*wire.Output[ReceptionHour], error) {
		r := reception.Result{Outcome: reception.Outcome(in.Body.Outcome), Submission: in.Body.Submission, To: in.Body.To, By: in.Body.By, Persons: in.Body.Persons}
		return hourOut(c)(svc.Desk.Receive(ctx, c, in.Day, in.Party, r))
	})
	web.Handle(rt.api, edits("parties/{party}/unreceive", "unreceiveParty", "Take a result back.", access.ServeReception), func(ctx context.Context, c access.Caller, in *partyIn) (*wire.Output[ReceptionHour], error) {
		return hourOut(c)(svc.Desk.Unreceive(ctx, c, in.Day, in.Party))
	})
	web.Handle(rt.api, edits("parties/{party}/change", "changeParty", "Give them another slot of the day.", access.ServeReception), func(ctx context.Context, c access.Caller, in *ofParty[PartySlot]) (*wire.Output[ReceptionHour], error) {
		slot, err := wire.Minutes("slot", in.Body.Slot)
		if err != nil {
			return nil, err
		}
		return hourOut(c)(svc.Desk.ChangeFor(ctx, c, in.Day, in.Party, slot))
	})
	web.Handle(rt.api, edits("parties/{party}/cancel", "cancelParty", "Call it off for them.", access.ServeReception), func(ctx context.Context, c access.Caller, in *partyIn) (*wire.Output[ReceptionHour], error) {
		return hourOut(c)(svc.Desk.CallOffFor(ctx, c, in.Day, in.Party))
	})
	web.Handle(rt.api, edits("parties/{party}/phone", "showPartyPhone", "Show the number; audited.", access.ServeReception), func(ctx context.Context, c access.Caller, in *ofParty[PartyReason]) (*wire.Output[PartyPhone], error) {
		if !fold.Visible(in.Body.Reason) {
			return nil, needs("reason", "请说明为什么要看电话")
		}
		number, err := svc.Desk.Phone(ctx, c, in.Day, in.Party, in.Body.Reason)
		return &wire.Output[PartyPhone]{Body: PartyPhone{number}}, err
	})
}

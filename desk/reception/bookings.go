package reception

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/notice"
	"mashang/domain/numbers"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// booker are the bookings of one person at one station, the newest last.
type booker struct {
	Person   string   `json:"-"`
	Open     []booked `json:"open"`
	Revision int      `json:"-"`
}

// booked names a booking. Date is its day's when it was made.
type booked struct {
	Day     string `json:"day"`
	Booking string `json:"booking"`
	Date    string `json:"date"`
}

const (
	// keepBooked is how long a person's past booking is listed, as are its phone and words.
	keepBooked = reception.KeepFor
	// maxBooked bounds the list; those of days to come are at most reception.MaxOpen.
	maxBooked = 20
)

// keyed returns the id of what a caller makes under a key: the same for the same request, however often it is sent.
func keyed(c access.Caller, key string) string {
	sum := sha256.Sum256([]byte(c.Person + "\n" + c.ID + "\n" + key))
	return hex.EncodeToString(sum[:16])
}

// bookings reads those of a day.
func (docs *documents) bookings(ctx context.Context, st, day string) (reception.Bookings, error) {
	list, err := docs.bookingsOf(ctx, st, []reception.Day{{ID: day}})
	if err != nil {
		return reception.Bookings{}, err
	}
	return list[0], nil
}

// bookingsOf reads those of several days in one round trip, in their order.
func (docs *documents) bookingsOf(ctx context.Context, st string, days []reception.Day) ([]reception.Bookings, error) {
	ids := make([]string, len(days))
	out := make([]reception.Bookings, len(days))
	for i, d := range days {
		ids[i], out[i].Day = d.ID, d.ID
	}
	list, err := docs.store.Documents(ctx, st, record.DocumentBookings, ids...)
	if err != nil {
		return nil, err
	}
	for _, doc := range list {
		b := &out[slices.Index(ids, doc.ID)]
		if err := json.Unmarshal(doc.Body, b); err != nil {
			return nil, fault.Wrap(err, fault.Internal, "预约的数据已损坏，请联系管理员核对备份")
		}
		b.Revision = doc.Revision
	}
	return out, nil
}

// booker reads a person's.
func (docs *documents) booker(ctx context.Context, st, person string) (booker, error) {
	b := booker{Person: person}
	list, err := docs.store.Documents(ctx, st, record.DocumentBooker, person)
	if err != nil || len(list) == 0 {
		return b, err
	}
	if err := json.Unmarshal(list[0].Body, &b); err != nil {
		return b, fault.Wrap(err, fault.Internal, "预约的数据已损坏，请联系管理员核对备份")
	}
	b.Revision = list[0].Revision
	return b, nil
}

// with adds a booking and forgets old ones.
func (b booker) with(x booked, today string) booker {
	old := reception.AddDays(today, -int(keepBooked/(24*time.Hour)))
	b.Open = slices.DeleteFunc(slices.Clone(b.Open), func(o booked) bool { return o.Date < old || o == x })
	b.Open = append(b.Open, x)
	b.Open = b.Open[max(0, len(b.Open)-maxBooked):]
	return b
}

// Party is who comes.
type Party struct {
	// Slot is in minutes after local midnight.
	Slot    int
	Persons int
	Words   string
	Name    string
	Phone   string
	// PhoneCode is the platform's code for the phone number, instead of a typed one.
	PhoneCode string
	Needs     []string
	Member    string
	// Wait says that they wait if the slot is full.
	Wait bool
	// WalkIn is set by the desk of the hour for those who come without.
	WalkIn bool
}

// BookingView is a booking with its day, as whoever made it sees it, or the desk of the hour.
type BookingView struct {
	reception.Booking

	Day OpenDay
	// Words, Name and Phone in clear. PhoneTail is the end of the number, for the desk.
	Words, Name, Phone string
	PhoneTail          string
	// Ahead is how many wait before it, while it waits for a seat.
	Ahead int
	// Until is until when it can be changed by its maker.
	Until time.Time
}

// booking makes a booking of a party, sealed; its fields are bound to it.
func (svc *Service) booking(st *station.Station, id string, p Party) (reception.Booking, error) {
	x := reception.Booking{ID: id, Slot: p.Slot, Persons: p.Persons, Needs: p.Needs, Member: p.Member, WalkIn: p.WalkIn}
	var check fault.Check
	phone, ok := station.Phone(p.Phone, false)
	check.Require(p.Phone == "" || ok, "phone", "请填手机或带区号的固定电话")
	words, name := fold.Stored(p.Words), fold.Stored(p.Name)
	check.Require(len([]rune(words)) <= reception.MaxWords, "words", "事由最多 %d 字", reception.MaxWords)
	check.Require(len([]rune(name)) <= reception.MaxName, "name", "称呼最多 %d 字", reception.MaxName)
	_, known := st.Member(p.Member)
	check.Require(p.Member == "" || known, "member", "没有这位委员")
	if err := check.Err(); err != nil {
		return x, err
	}
	for _, f := range []struct {
		to    *string
		plain string
	}{{&x.Phone, phone}, {&x.Words, words}, {&x.Name, name}} {
		if f.plain == "" {
			continue
		}
		sealed, err := svc.sealer.Seal(f.plain, notice.BookingSeal(st.ID, id))
		if err != nil {
			return x, err
		}
		*f.to = sealed
	}
	return x, nil
}

// Book makes a booking of the caller's own on a published day. The same key makes the same booking, so that a request
// whose answer was lost can be sent again.
func (svc *Service) Book(ctx context.Context, c access.Caller, key, stationID, day string, p Party) (BookingView, error) {
	if c.Person == "" {
		return BookingView{}, access.NoSession()
	}
	p.WalkIn = false
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return BookingView{}, err
	}
	if p.PhoneCode != "" {
		// The platform takes a code once, so a request that was sent before is answered without it.
		if v, err := svc.own(ctx, c, st, day, keyed(c, key)); err == nil {
			return v, nil
		}
		if p.Phone, err = svc.phones.PhoneBy(ctx, c, p.PhoneCode); err != nil {
			return BookingView{}, err
		}
	}
	x, err := svc.booking(st, keyed(c, key), p)
	if err != nil {
		return BookingView{}, err
	}
	x.Person = c.Person
	if err := svc.kit.Visit(ctx, c.Person, st.ID); err != nil {
		return BookingView{}, err
	}
	return svc.add(ctx, c, st, day, x, p.Wait)
}

// add puts a booking on its day and into its person's list.
func (svc *Service) add(ctx context.Context, c access.Caller, st *station.Station, day string, x reception.Booking, wait bool) (BookingView, error) {
	release, err := svc.docs.take(ctx, st.ID+" "+day)
	if err != nil {
		return BookingView{}, err
	}
	defer release()
	for range kit.MaxConflictRetries {
		d, b, err := svc.docs.dayWith(ctx, st, day)
		if err != nil {
			return BookingView{}, err
		}
		if d.State == reception.Draft {
			return BookingView{}, noDay() // nobody but the staff knows of it
		}
		if i, err := b.Find(x.ID); err == nil {
			return svc.bookingView(ctx, st, d, b, b.List[i])
		}
		ch := change{}
		if x.Person != "" {
			p, err := svc.docs.booker(ctx, st.ID, x.Person)
			if err != nil {
				return BookingView{}, err
			}
			if err := svc.mayBookMore(p); err != nil {
				return BookingView{}, err
			}
			today := svc.kit.Now().In(station.Zone).Format(time.DateOnly)
			ch.bookers = []booker{p.with(booked{Day: day, Booking: x.ID, Date: d.Date}, today)}
		}
		next, made, err := b.Add(d, x, wait, svc.kit.Now())
		if err != nil {
			return BookingView{}, err
		}
		ch.bookings = []reception.Bookings{next}
		ch.holds = []record.Document{{Kind: record.DocumentDay, ID: day, Revision: d.Revision}}
		ch.event(c, "booking."+string(made.State), "day/"+day, map[string]string{"number": made.Number, "slot": reception.Clock(made.Slot), "date": d.Date})
		ok, err := svc.docs.commit(ctx, st.ID, ch)
		if err != nil {
			return BookingView{}, err
		}
		if ok {
			return svc.bookingView(ctx, st, d, next, made)
		}
	}
	return BookingView{}, busy()
}

// mayBookMore bounds a person's bookings of days to come.
func (svc *Service) mayBookMore(p booker) error {
	today := svc.kit.Now().In(station.Zone).Format(time.DateOnly)
	n := 0
	for _, x := range p.Open {
		if x.Date >= today {
			n++
		}
	}
	if n >= reception.MaxOpen {
		return fault.New(fault.TooMany, "您已经有 %d 个没到的预约，先取消一个再约", reception.MaxOpen)
	}
	return nil
}

// dayWith reads a day and its bookings.
func (docs *documents) dayWith(ctx context.Context, st *station.Station, day string) (reception.Day, reception.Bookings, error) {
	d, err := docs.find(ctx, st, day)
	if err != nil {
		return d, reception.Bookings{}, err
	}
	b, err := docs.bookings(ctx, st.ID, day)
	return d, b, err
}

func (svc *Service) bookingView(_ context.Context, st *station.Station, d reception.Day, b reception.Bookings, x reception.Booking) (BookingView, error) {
	v := BookingView{Booking: x, Day: svc.openOf(st, d, b)}
	for _, f := range []struct {
		to     *string
		sealed string
	}{{&v.Words, x.Words}, {&v.Name, x.Name}, {&v.Phone, x.Phone}} {
		if f.sealed == "" {
			continue
		}
		plain, err := openBooking(svc.sealer, notice.BookingSeal(st.ID, x.ID), f.sealed)
		if err != nil {
			return v, err
		}
		*f.to = plain
	}
	if v.Phone != "" {
		v.PhoneTail = numbers.End(v.Phone)
	}
	v.Until = midnight(d.Date).Add(time.Duration(x.Slot)*time.Minute - reception.ChangeUntil)
	for _, o := range b.List {
		if x.State == reception.Waiting && o.State == reception.Waiting && o.Slot == x.Slot && o.At < x.At {
			v.Ahead++
		}
	}
	return v, nil
}

// openBooking opens a field of a booking for whoever made it, or for the desk of the hour.
func openBooking(sealer Sealer, bound, sealed string) (string, error) {
	return sealer.Open(sealed, bound)
}

func midnight(date string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, date, station.Zone)
	if err != nil {
		return time.Time{}
	}
	return at
}

// MyBookings returns the caller's own bookings at a station, those of days to come first, then the latest.
func (svc *Service) MyBookings(ctx context.Context, c access.Caller, stationID string) ([]BookingView, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return nil, err
	}
	p, err := svc.docs.booker(ctx, st.ID, c.Person)
	if err != nil {
		return nil, err
	}
	list := []BookingView{}
	for _, x := range p.Open {
		v, err := svc.own(ctx, c, st, x.Day, x.Booking)
		if fault.Is(err, fault.NotFound) {
			continue // its data are gone
		}
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	sortBookings(list, svc.kit.Now())
	return list, nil
}

// AllMyBookings returns the caller's own bookings of all stations that they have been to, those of days to come first,
// then the latest.
func (svc *Service) AllMyBookings(ctx context.Context, c access.Caller) ([]BookingView, error) {
	if c.Person == "" {
		return nil, access.NoSession()
	}
	stations, err := svc.visits.Visited(ctx, c.Person)
	if err != nil {
		return nil, err
	}
	all := []BookingView{}
	for _, st := range stations {
		list, err := svc.MyBookings(ctx, c, st)
		switch {
		case fault.Is(err, fault.NotFound):
			continue // the station is gone
		case fault.Is(err, fault.Internal):
			// What is damaged at one station hides nothing of the others.
			svc.kit.Log.LogAttrs(ctx, slog.LevelError, "bookings cannot be read", slog.String("station", st), slog.Any("err", err))
			continue
		case err != nil:
			return nil, err
		}
		all = append(all, list...)
	}
	sortBookings(all, svc.kit.Now())
	return all, nil
}

// sortBookings puts those of days to come first, then the latest.
func sortBookings(list []BookingView, now time.Time) {
	today := now.In(station.Zone).Format(time.DateOnly)
	slices.SortStableFunc(list, func(a, b BookingView) int {
		switch past := a.Day.Date < today; {
		case past != (b.Day.Date < today):
			return map[bool]int{false: -1, true: 1}[past]
		case past:
			return strings.Compare(b.Day.Date, a.Day.Date)
		default:
			return strings.Compare(a.Day.Date, b.Day.Date)
		}
	})
}

// own returns a booking of the caller's own, NotFound for another's.
func (svc *Service) own(ctx context.Context, c access.Caller, st *station.Station, day, id string) (BookingView, error) {
	d, b, err := svc.docs.dayWith(ctx, st, day)
	if err != nil {
		return BookingView{}, err
	}
	i, err := b.Find(id)
	if err != nil {
		return BookingView{}, err
	}
	if b.List[i].Person != c.Person {
		return BookingView{}, access.Missing()
	}
	return svc.bookingView(ctx, st, d, b, b.List[i])
}

// MyBooking returns one booking of the caller's own.
func (svc *Service) MyBooking(ctx context.Context, c access.Caller, stationID, day, id string) (BookingView, error) {
	if c.Person == "" {
		return BookingView{}, access.NoSession()
	}
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return BookingView{}, err
	}
	v, err := svc.own(ctx, c, st, day, id)
	if err == nil {
		svc.delivery.ClearUndeliveredDay(ctx, c, st.ID, day)
	}
	return v, err
}

// changeOwn changes a booking of the caller's own.
func (svc *Service) changeOwn(ctx context.Context, c access.Caller, stationID, day, id, event string,
	do func(d reception.Day, b reception.Bookings) (reception.Bookings, error),
) (BookingView, error) {
	if c.Person == "" {
		return BookingView{}, access.NoSession()
	}
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return BookingView{}, err
	}
	if err := svc.changeBookings(ctx, c, st, day, id, event, "", func(d reception.Day, b reception.Bookings, x reception.Booking) (reception.Bookings, error) {
		if x.Person != c.Person {
			return b, access.Missing()
		}
		return do(d, b)
	}); err != nil {
		return BookingView{}, err
	}
	return svc.own(ctx, c, st, day, id)
}

// changeBookings changes one booking of a day, and offers to those who wait what became free by it. Its maker is told
// under about, "" for not at all.
func (svc *Service) changeBookings(ctx context.Context, c access.Caller, st *station.Station, day, id, event, about string,
	do func(d reception.Day, b reception.Bookings, x reception.Booking) (reception.Bookings, error),
) error {
	release, err := svc.docs.take(ctx, st.ID+" "+day)
	if err != nil {
		return err
	}
	defer release()
	for range kit.MaxConflictRetries {
		d, b, err := svc.docs.dayWith(ctx, st, day)
		if err != nil {
			return err
		}
		i, err := b.Find(id)
		if err != nil {
			return err
		}
		next, err := do(d, b, b.List[i])
		if err != nil {
			return err
		}
		var ch change
		ch.event(c, event, "day/"+day, map[string]string{"number": b.List[i].Number, "date": d.Date})
		if about != "" {
			ch.tell(notice.Entry{Purpose: notice.VisitorBooking, About: about, Person: b.List[i].Person, Booking: id}, d)
		}
		ch.offer(svc, d, next)
		ok, err := svc.docs.commit(ctx, st.ID, ch)
		if ok || err != nil {
			return err
		}
	}
	return busy()
}

// ChangeMine moves a booking of the caller's own to another slot of its day.
func (svc *Service) ChangeMine(ctx context.Context, c access.Caller, stationID, day, id string, slot int) (BookingView, error) {
	return svc.changeOwn(ctx, c, stationID, day, id, "booking.changed", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Change(d, id, slot, false, svc.kit.Now())
	})
}

// MoveMine moves a booking of the caller's own to another day, in one step: if there is no room, it stays where it was.
func (svc *Service) MoveMine(ctx context.Context, c access.Caller, key, stationID, day, id, toDay string, slot int) (BookingView, error) {
	if c.Person == "" {
		return BookingView{}, access.NoSession()
	}
	if day == toDay {
		return svc.ChangeMine(ctx, c, stationID, day, id, slot)
	}
	st, err := svc.kit.Roster(ctx, stationID)
	if err != nil {
		return BookingView{}, err
	}
	moved := keyed(c, key)
	for range kit.MaxConflictRetries {
		if v, err := svc.own(ctx, c, st, toDay, moved); err == nil {
			return v, nil // this request was sent before
		}
		ch, err := svc.move(ctx, c, st, day, id, toDay, moved, slot)
		if err != nil {
			return BookingView{}, err
		}
		ok, err := svc.docs.commit(ctx, st.ID, ch)
		if err != nil {
			return BookingView{}, err
		}
		if ok {
			return svc.own(ctx, c, st, toDay, moved)
		}
	}
	return BookingView{}, busy()
}

// move is the change of a move: the old booking ends, and a new one begins with what was said.
func (svc *Service) move(ctx context.Context, c access.Caller, st *station.Station, day, id, toDay, moved string, slot int) (change, error) {
	d, b, err := svc.docs.dayWith(ctx, st, day)
	if err != nil {
		return change{}, err
	}
	v, err := svc.own(ctx, c, st, day, id)
	if err != nil {
		return change{}, err
	}
	to, there, err := svc.docs.dayWith(ctx, st, toDay)
	if err != nil {
		return change{}, err
	}
	now := svc.kit.Now()
	left, err := b.CallOff(d, id, false, true, now)
	if err != nil {
		return change{}, err
	}
	x, err := svc.booking(st, moved, Party{
		Slot: slot, Persons: v.Persons, Words: v.Words, Name: v.Name, Phone: v.Phone, Needs: v.Needs, Member: v.Member,
	})
	if err != nil {
		return change{}, err
	}
	x.Person = c.Person
	next, made, err := there.Add(to, x, false, now)
	if err != nil {
		return change{}, err
	}
	p, err := svc.docs.booker(ctx, st.ID, c.Person)
	if err != nil {
		return change{}, err
	}
	p.Open = slices.DeleteFunc(slices.Clone(p.Open), func(o booked) bool { return o.Booking == id })
	ch := change{bookers: []booker{p.with(booked{Day: toDay, Booking: moved, Date: to.Date}, now.In(station.Zone).Format(time.DateOnly))}}
	ch.holds = []record.Document{
		{Kind: record.DocumentDay, ID: day, Revision: d.Revision}, {Kind: record.DocumentDay, ID: toDay, Revision: to.Revision},
	}
	ch.event(c, "booking.moved", "day/"+day, map[string]string{"to": "day/" + toDay, "number": made.Number})
	ch.offer(svc, d, left)
	ch.bookings = append(ch.bookings, next)
	return ch, nil
}

// CallOffMine ends a booking of the caller's own.
func (svc *Service) CallOffMine(ctx context.Context, c access.Caller, stationID, day, id string) (BookingView, error) {
	return svc.changeOwn(ctx, c, stationID, day, id, "booking.cancelled", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.CallOff(d, id, false, false, svc.kit.Now())
	})
}

// AcceptMine takes a seat that was offered to a booking of the caller's own.
func (svc *Service) AcceptMine(ctx context.Context, c access.Caller, stationID, day, id string) (BookingView, error) {
	return svc.changeOwn(ctx, c, stationID, day, id, "booking.accepted", func(_ reception.Day, b reception.Bookings) (reception.Bookings, error) {
		return b.Accept(id, svc.kit.Now())
	})
}

// ArriveMine says that the caller is there; key is that of the code on the wall, which must be that of the day's place,
// of its rule or another at that place, or of the station.
func (svc *Service) ArriveMine(ctx context.Context, c access.Caller, stationID, day, id, key string) (BookingView, error) {
	wall, t, err := svc.target(ctx, key)
	if err != nil {
		return BookingView{}, err
	}
	return svc.changeOwn(ctx, c, stationID, day, id, "booking.arrived", func(d reception.Day, b reception.Bookings) (reception.Bookings, error) {
		own := t.Kind == station.ForReception && t.ID == d.Rule // also after the rule was moved
		if wall.ID != stationID || wall.FilingTarget(t) != d.Target && t.Kind != station.ForStation && !own {
			return b, fault.New(fault.Invalid, "这不是接待地点的码，请扫墙上的码")
		}
		return b.Arrive(d, id, svc.kit.Now())
	})
}

package reception

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// BookingState is how far a booking is.
type BookingState string

// The states of a booking.
const (
	Booked    BookingState = "booked"
	Waiting   BookingState = "waiting" // the slot is full; nothing is promised
	Offered   BookingState = "offered" // a seat is free for it until OfferedUntil
	CalledOff BookingState = "cancelled"
	Shifted   BookingState = "moved" // to another day
	Arrived   BookingState = "arrived"
	Received  BookingState = "received"
	Missed    BookingState = "missed"
)

// Outcome is what came of a reception.
type Outcome string

// The outcomes.
const (
	OnTheSpot Outcome = "answered" // said and done there
	Filed     Outcome = "filed"    // it became a submission
	Referred  Outcome = "referred" // sent to whom it belongs
)

// Needs are what a visitor can ask for, with their Chinese words.
var Needs = []struct{ Key, Words string }{
	{"wheelchair", "轮椅通行"}, {"sign", "手语"}, {"dialect", "方言"}, {"home", "上门"}, {"video", "视频"},
}

// Booking is one party that comes on a day.
type Booking struct {
	ID string `json:"id"`
	// Number is what is called out and shown in the hall: A012.
	Number string `json:"number"`
	// Slot is when, in minutes after local midnight; for a walk-in it is the slot in which they came.
	Slot int `json:"slot"`
	// Person is whose it is, "" for somebody without an account. Staff is the liaison who entered it, "" for nobody.
	Person string `json:"person,omitempty"`
	Staff  string `json:"staff,omitempty"`
	WalkIn bool   `json:"walk_in,omitempty"`
	// Persons is how many come, 1 to MaxPersons.
	Persons int `json:"persons"`
	// Words, Name and Phone are sealed where they are stored.
	Words string   `json:"words,omitempty"`
	Name  string   `json:"name,omitempty"`
	Phone string   `json:"phone,omitempty"`
	Needs []string `json:"needs,omitempty"`
	// Member is whom they would like to see, "" for whoever sits.
	Member string       `json:"member,omitempty"`
	State  BookingState `json:"state"`
	// At is when it was made, in UTC milliseconds, as are the others; 0 for never.
	At           int64 `json:"at"`
	OfferedUntil int64 `json:"offered_until,omitempty"`
	// Lapsed counts the offers that they let pass. Who lets MaxOffers pass is offered no more, but can still take a
	// seat that is free.
	Lapsed    int   `json:"lapsed,omitempty"`
	ArrivedAt int64 `json:"arrived,omitempty"`
	// Came is the state from which it arrived, "" for one that was written down when it came and in what was stored before.
	Came       BookingState `json:"came,omitempty"`
	EndedAt    int64        `json:"ended,omitempty"`
	RemindedAt int64        `json:"reminded,omitempty"`
	// Outcome is set once received; Submission is the id of what it became, To where it was referred.
	Outcome    Outcome `json:"outcome,omitempty"`
	Submission string  `json:"submission,omitempty"`
	To         string  `json:"to,omitempty"`
	// By is the member who received them, "" if not said.
	By string `json:"by,omitempty"`
}

// Bookings are all of one day.
type Bookings struct {
	// Day is the day's id.
	Day string `json:"-"`
	// Last is the last number that was given.
	Last     int       `json:"last"`
	List     []Booking `json:"list,omitempty"`
	Revision int       `json:"-"`
	// Purged is set once phones, names and words are gone.
	Purged bool `json:"purged,omitempty"`
}

// Limits of bookings.
const (
	MaxPersons  = 20
	MaxWords    = 200
	MaxName     = 20
	MaxReferred = 60
	MaxBookings = 400 // a day
	MaxOpen     = 3   // a person, over all days
	ChangeUntil = 2 * time.Hour
	OfferFor    = 30 * time.Minute
	MaxOffers   = 2
	KeepFor     = 30 * 24 * time.Hour // phone and words, after the day
)

// Open reports whether the booking can still come about.
func (b Booking) Open() bool {
	return b.State == Booked || b.State == Waiting || b.State == Offered || b.State == Arrived
}

// holds reports whether it takes a seat of its slot.
func (b Booking) holds() bool {
	return !b.WalkIn && (b.State == Booked || b.State == Offered || b.State == Arrived || b.State == Received)
}

// due reports whether it waits for an offer.
func (b Booking) due() bool { return b.State == Waiting && b.Lapsed < MaxOffers }

// bookable is how many seats of a slot can be booked.
func (d Day) bookable() int { return max(0, d.Terms.Seats-d.Terms.WalkIns) }

// isToday reports whether the moment is on the day's date.
func (d Day) isToday(now time.Time) bool { return now.In(station.Zone).Format(time.DateOnly) == d.Date }

// Copy copies the bookings with their list.
func (b Bookings) Copy() Bookings {
	b.List = slices.Clone(b.List)
	return b
}

// Slot is one span that can be booked.
type Slot struct {
	// From and To are minutes after local midnight.
	From, To int
	// Seats can be booked, and Taken are.
	Seats, Taken int
	// Waiting wait for one.
	Waiting int
	// Over is set once it can be booked no more.
	Over bool
	// due are those of the waiting who are to be offered a seat.
	due int
}

// Left is how many seats can be booked, without those that will be offered to the waiting.
func (s Slot) Left() int { return max(0, s.free()-s.due) }

// free is how many seats nobody has.
func (s Slot) free() int {
	if s.Over {
		return 0
	}
	return max(0, s.Seats-s.Taken)
}

// Slots returns the spans of a day. A last one that is shorter than the others is left out.
func Slots(d Day, b Bookings, now time.Time) []Slot {
	if d.Terms.Seats == 0 || d.Terms.SlotMinutes == 0 {
		return nil
	}
	var list []Slot
	for from := d.From; from+d.Terms.SlotMinutes <= d.To; from += d.Terms.SlotMinutes {
		s := Slot{From: from, To: from + d.Terms.SlotMinutes, Seats: d.bookable()}
		s.Over = d.State != Published || !now.Before(at(d.Date, s.To))
		offers := now.Before(at(d.Date, s.From))
		for i := range b.List {
			x := &b.List[i]
			switch {
			case x.Slot != from:
			case x.holds():
				s.Taken++
			case x.State == Waiting:
				s.Waiting++
				if offers && x.due() {
					s.due++
				}
			}
		}
		list = append(list, s)
	}
	return list
}

// slotAt returns the slot that begins at a minute.
func slotAt(d Day, b Bookings, from int, now time.Time) (Slot, bool) {
	list := Slots(d, b, now)
	i := slices.IndexFunc(list, func(s Slot) bool { return s.From == from })
	if i < 0 {
		return Slot{}, false
	}
	return list[i], true
}

// Find returns the place of a booking, NotFound for another id.
func (b Bookings) Find(id string) (int, error) {
	i := slices.IndexFunc(b.List, func(x Booking) bool { return x.ID == id })
	if i < 0 {
		return 0, fault.New(fault.NotFound, "没有找到这个预约")
	}
	return i, nil
}

// Of returns the place of a person's open booking, -1 for none.
func (b Bookings) Of(person string) int {
	return slices.IndexFunc(b.List, func(x Booking) bool { return person != "" && x.Person == person && x.Open() })
}

// Add makes a booking and gives it its number. If its slot is full it waits, where wait says so; otherwise it is
// refused with what is still free. A booking with the id of an earlier one is that one, so that a request whose
// answer was lost can be repeated. A walk-in is taken on the day itself, and afterwards while the day is written up.
func (b Bookings) Add(d Day, x Booking, wait bool, now time.Time) (Bookings, Booking, error) {
	if i, err := b.Find(x.ID); err == nil {
		return b, b.List[i], nil
	}
	if err := checkParty(x); err != nil {
		return b, Booking{}, err
	}
	switch {
	case x.WalkIn && (d.State == Held || d.State == Published && d.isToday(now)):
	case d.State != Published || x.WalkIn:
		return b, Booking{}, fault.New(fault.WrongState, "这一天现在不能预约或登记")
	}
	if b.Of(x.Person) >= 0 {
		return b, Booking{}, fault.New(fault.Conflict, "您这一天已经约了，可以改时间，不用再约")
	}
	if len(b.List) >= MaxBookings {
		return b, Booking{}, fault.New(fault.TooMany, "这一天的预约太多了，请打工作站电话")
	}
	x.At = now.UnixMilli()
	switch slot, ok := slotAt(d, b, x.Slot, now); {
	case x.WalkIn:
		x.State, x.ArrivedAt = Arrived, now.UnixMilli()
	case !ok:
		return b, Booking{}, fault.New(fault.Invalid, "没有这个时段，请刷新再选")
	case slot.Over:
		return b, Booking{}, fault.New(fault.WrongState, "这个时段已经过去，请选后面的")
	case slot.Left() > 0:
		x.State = Booked
	case wait:
		x.State = Waiting
	default:
		return b, Booking{}, errFull(d, b, now)
	}
	b = b.Copy()
	b.Last++
	x.Number = fmt.Sprintf("%c%03d", 'A'+b.Last/1000%26, b.Last%1000)
	b.List = append(b.List, x)
	return b, x, nil
}

// checkParty checks what was chosen. The name and the words are sealed by now, and were checked before.
func checkParty(x Booking) error {
	var check fault.Check
	check.Require(x.Persons >= 1 && x.Persons <= MaxPersons, "persons", "人数须为 1 至 %d", MaxPersons)
	for _, need := range x.Needs {
		known := slices.ContainsFunc(Needs, func(n struct{ Key, Words string }) bool { return n.Key == need })
		check.Require(known, "needs", "没有“%s”这一项", need)
	}
	return check.Err()
}

// errFull says what is still free.
func errFull(d Day, b Bookings, now time.Time) error {
	for _, s := range Slots(d, b, now) {
		if s.Left() > 0 {
			return fault.New(fault.Conflict, "这个时段约满了，%s 还有空；也可以选候补", Clock(s.From))
		}
	}
	return fault.New(fault.Conflict, "这一天约满了，可以选候补，有空出来会告诉您；也可以直接来，留有现场名额")
}

// Clock is a minute of a day as 09:30.
// Clock is a minute of a day as 09:30.
func Clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// Change moves an open booking to another slot of its day; staff may do so later than others. It keeps its number. A
// full slot is refused, and the booking stays where it was.
func (b Bookings) Change(d Day, id string, slot int, staff bool, now time.Time) (Bookings, error) {
	i, err := b.changeable(d, id, staff, now)
	if err != nil {
		return b, err
	}
	to, ok := slotAt(d, b, slot, now)
	switch {
	case !ok || to.Over:
		return b, fault.New(fault.Invalid, "没有这个时段，请刷新再选")
	case slot == b.List[i].Slot && b.List[i].State == Booked:
		return b, nil
	case slot == b.List[i].Slot && b.List[i].State == Offered:
		return b.Accept(id, now)
	case to.Left() == 0:
		return b, errFull(d, b, now)
	}
	b = b.Copy()
	b.List[i].Slot, b.List[i].State, b.List[i].OfferedUntil, b.List[i].RemindedAt = slot, Booked, 0, 0
	return b, nil
}

// changeable returns the place of a booking that may be changed or called off.
func (b Bookings) changeable(d Day, id string, staff bool, now time.Time) (int, error) {
	i, err := b.Find(id)
	if err != nil {
		return 0, err
	}
	x := b.List[i]
	switch {
	case x.State != Booked && x.State != Waiting && x.State != Offered:
		return 0, fault.New(fault.WrongState, "这个预约已经有了结果，不能再改")
	case !staff && x.State == Booked && !now.Before(at(d.Date, x.Slot).Add(-ChangeUntil)):
		return 0, fault.New(fault.WrongState, "离约好的时间不到 2 小时，请打工作站电话")
	}
	return i, nil
}

// CallOff ends a booking; moved says that it goes on on another day.
func (b Bookings) CallOff(d Day, id string, staff, moved bool, now time.Time) (Bookings, error) {
	i, err := b.changeable(d, id, staff, now)
	if err != nil {
		return b, err
	}
	b = b.Copy()
	b.List[i].State, b.List[i].EndedAt, b.List[i].OfferedUntil = CalledOff, now.UnixMilli(), 0
	if moved {
		b.List[i].State = Shifted
	}
	return b, nil
}

// Accept takes an offered seat.
func (b Bookings) Accept(id string, now time.Time) (Bookings, error) {
	i, err := b.Find(id)
	if err != nil {
		return b, err
	}
	if b.List[i].State != Offered || now.UnixMilli() >= b.List[i].OfferedUntil {
		return b, fault.New(fault.WrongState, "这个名额已经让给了下一位，您还在候补")
	}
	b = b.Copy()
	b.List[i].State, b.List[i].OfferedUntil = Booked, 0
	return b, nil
}

// Offer gives free seats to those who wait, the first first, for OfferFor or until the slot begins, and takes back
// offers that lapsed, whose parties wait on behind the others. Nobody is offered more than MaxOffers, so that who does
// not answer holds no seat up. It returns who was offered a seat now.
func (b Bookings) Offer(d Day, now time.Time) (next Bookings, offered []Booking) {
	next = b
	changed := false
	change := func() {
		if !changed {
			next, changed = b.Copy(), true
		}
	}
	for i, x := range b.List {
		if x.State == Offered && now.UnixMilli() >= x.OfferedUntil {
			change()
			next.List[i].State, next.List[i].OfferedUntil, next.List[i].Lapsed = Waiting, 0, x.Lapsed+1
		}
	}
	for _, s := range Slots(d, next, now) {
		start := at(d.Date, s.From)
		for left := s.free(); left > 0 && now.Before(start); left-- {
			first := -1
			for i, x := range next.List {
				if x.due() && x.Slot == s.From && (first < 0 || x.before(next.List[first])) {
					first = i
				}
			}
			if first < 0 {
				break
			}
			change()
			until := offerEnd(now)
			if start.Before(until) {
				until = start
			}
			next.List[first].State, next.List[first].OfferedUntil = Offered, until.UnixMilli()
			offered = append(offered, next.List[first])
		}
	}
	return next, offered
}

// The hours of a day, from its midnight, between which offers lapse: at night nobody need look at their phone.
const (
	offersBegin = 8*time.Hour + OfferFor
	offersEnd   = 21 * time.Hour
)

// offerEnd is when an offer of now lapses: after OfferFor, or in the morning if that is at night.
func offerEnd(now time.Time) time.Time {
	until := now.Add(OfferFor).In(station.Zone)
	midnight := time.Date(until.Year(), until.Month(), until.Day(), 0, 0, 0, 0, station.Zone)
	switch into := until.Sub(midnight); {
	case into < offersBegin:
		return midnight.Add(offersBegin)
	case into > offersEnd:
		return midnight.AddDate(0, 0, 1).Add(offersBegin)
	default:
		return until
	}
}

// before reports whether it is offered a seat before another that waits.
func (b Booking) before(o Booking) bool {
	return cmp.Or(cmp.Compare(b.Lapsed, o.Lapsed), cmp.Compare(b.At, o.At)) < 0
}

// seatless reports whether a booking that holds no seat finds none in its slot.
func (b Bookings) seatless(d Day, i int) bool {
	taken := 0
	for _, x := range b.List {
		if x.Slot == b.List[i].Slot && x.holds() {
			taken++
		}
	}
	return !b.List[i].holds() && taken >= d.bookable()
}

// Arrive is a party that has come. Who waited for a seat and has none is received as a walk-in.
func (b Bookings) Arrive(d Day, id string, now time.Time) (Bookings, error) {
	i, err := b.Find(id)
	if err != nil {
		return b, err
	}
	switch x := b.List[i]; {
	case x.State == Arrived:
		return b, nil
	case !d.isToday(now):
		return b, fault.New(fault.WrongState, "预约的是 %s，不是今天", d.Date)
	case x.State != Booked && x.State != Waiting && x.State != Offered && x.State != Missed:
		return b, fault.New(fault.WrongState, "这个预约已经有了结果")
	case !x.Open() && b.Of(x.Person) >= 0:
		return b, errAnother()
	}
	walkIn := b.List[i].WalkIn || b.seatless(d, i)
	b = b.Copy()
	b.List[i].WalkIn = walkIn
	b.List[i].Came = b.List[i].State
	b.List[i].State, b.List[i].ArrivedAt, b.List[i].OfferedUntil, b.List[i].EndedAt = Arrived, now.UnixMilli(), 0, 0
	return b, nil
}

// Entered reports whether it was written down when the party came, without a booking.
func (b Booking) Entered() bool { return b.WalkIn && b.At == b.ArrivedAt }

// Unarrive takes an arrival back that was a slip: the booking is what it was, and who was written down by mistake is
// called off. Of one that has not arrived, or not any more, nothing changes; nor if it arrived at another time than seen,
// in UTC milliseconds, 0 for whenever: then it has come since.
func (b Bookings) Unarrive(d Day, id string, seen int64, now time.Time) (Bookings, error) {
	i, err := b.Find(id)
	if err != nil {
		return b, err
	}
	x := b.List[i]
	switch {
	case x.State == Booked || x.State == Waiting || x.State == CalledOff || x.State == Arrived && seen != 0 && seen != x.ArrivedAt:
		return b, nil
	case x.State != Arrived:
		return b, fault.New(fault.WrongState, "先撤回接待的结果")
	case d.State != Published || !d.isToday(now):
		return b, fault.New(fault.WrongState, "接待已经结束，不能再改")
	}
	b = b.Copy()
	switch {
	case x.Entered():
		x.State, x.EndedAt = CalledOff, now.UnixMilli()
	case x.WalkIn || x.Came == Missed || x.Came == Waiting || x.Came == Offered:
		x.State, x.WalkIn = Waiting, false
	default:
		x.State, x.WalkIn = Booked, false
	}
	x.ArrivedAt, x.Came = 0, ""
	b.List[i] = x
	return b, nil
}

// errAnother is for a booking that cannot be open again beside another of its person.
func errAnother() error {
	return fault.New(fault.Conflict, "这个人这一天已经有另一个预约，请在那个预约上登记")
}

// Result is what came of receiving a party.
type Result struct {
	Outcome    Outcome
	Submission string
	To         string
	By         string
	Persons    int // 0 for as many as were booked
}

// Receive writes down what came of it, also afterwards. Writing it again replaces it, except that what became a
// submission stays one.
func (b Bookings) Receive(d Day, id string, r Result, now time.Time) (Bookings, error) {
	i, err := b.Find(id)
	if err != nil {
		return b, err
	}
	x := b.List[i]
	var check fault.Check
	check.Require(slices.Contains([]Outcome{OnTheSpot, Filed, Referred}, r.Outcome), "outcome", "请选一个结果")
	check.Require(r.Outcome != Referred || fold.Visible(r.To), "to", "请填转到哪里")
	check.Require(len([]rune(r.To)) <= MaxReferred, "to", "最多 %d 字", MaxReferred)
	check.Require(r.Persons >= 0 && r.Persons <= MaxPersons, "persons", "人数须为 1 至 %d", MaxPersons)
	check.Require(r.Outcome != Filed || r.Submission != "", "outcome", "登记为诉求后才有编号")
	if err := check.Err(); err != nil {
		return b, err
	}
	switch {
	case now.Before(at(d.Date, 0)):
		return b, fault.New(fault.WrongState, "还没有到 %s", d.Date)
	case x.State == CalledOff || x.State == Shifted:
		return b, fault.New(fault.WrongState, "这个预约已经取消，请另外登记")
	case x.Submission != "" && (r.Outcome != Filed || r.Submission != x.Submission):
		return b, fault.New(fault.WrongState, "已经登记为诉求，请在诉求里办理")
	}
	x.WalkIn = x.WalkIn || b.seatless(d, i)
	b = b.Copy()
	if x.State != Arrived && x.State != Received {
		x.Came = x.State
	}
	x.State, x.Outcome, x.Submission, x.To, x.By, x.OfferedUntil = Received, r.Outcome, "", "", r.By, 0
	switch r.Outcome {
	case Filed:
		x.Submission = r.Submission
	case Referred:
		x.To = fold.Stored(r.To)
	default:
	}
	x.Persons = cmp.Or(r.Persons, x.Persons)
	x.EndedAt = cmp.Or(x.EndedAt, now.UnixMilli())
	x.ArrivedAt = cmp.Or(x.ArrivedAt, now.UnixMilli())
	b.List[i] = x
	return b, nil
}

// Unreceive takes a result back that made no submission.
func (b Bookings) Unreceive(id string) (Bookings, error) {
	i, err := b.Find(id)
	if err != nil {
		return b, err
	}
	if b.List[i].State == Arrived {
		return b, nil // sent again
	}
	if b.List[i].State != Received || b.List[i].Submission != "" {
		return b, fault.New(fault.WrongState, "没有可以撤回的结果")
	}
	if b.Of(b.List[i].Person) >= 0 {
		return b, errAnother()
	}
	b = b.Copy()
	x := &b.List[i]
	if x.State, x.Outcome, x.To, x.By, x.EndedAt = Arrived, "", "", "", 0; x.Came == Missed {
		// The day may be over, and nobody could say any more that they did not come.
		x.State, x.ArrivedAt, x.Came, x.EndedAt = Missed, 0, "", x.ArrivedAt
	}
	return b, nil
}

// Finish marks who did not come once the day is over.
func (b Bookings) Finish(now time.Time) Bookings {
	b = b.Copy()
	for i, x := range b.List {
		if x.State == Booked || x.State == Waiting || x.State == Offered {
			b.List[i].State, b.List[i].OfferedUntil, b.List[i].EndedAt = Missed, 0, now.UnixMilli()
			if x.State != Booked {
				b.List[i].State = CalledOff // they promised nothing, so nobody was missed
			}
		}
	}
	return b
}

// Purge takes out what was kept for the day alone: phones, names and words. Numbers and counts stay.
func (b Bookings) Purge() Bookings {
	b = b.Copy()
	b.Purged = true
	for i := range b.List {
		b.List[i].Phone, b.List[i].Name, b.List[i].Words, b.List[i].Person, b.List[i].Needs = "", "", "", "", nil
	}
	return b
}

// Forget takes a person out of the day: what they have booked and is still open is called off, and nothing that they
// said or gave stays. Numbers and counts do.
func (b Bookings) Forget(person string, now time.Time) Bookings {
	b = b.Copy()
	for i, x := range b.List {
		if x.Person != person || person == "" {
			continue
		}
		if x.State == Booked || x.State == Waiting || x.State == Offered {
			x.State, x.EndedAt, x.OfferedUntil = CalledOff, now.UnixMilli(), 0
		}
		x.Phone, x.Name, x.Words, x.Person, x.Needs = "", "", "", "", nil
		b.List[i] = x
	}
	return b
}

// Queue returns the places of the parties that are here and wait to be received: those whose booked slot has begun
// first, by slot; then, in the order in which they came, those without a booking and those who came before their slot.
// Who is not here holds nobody up.
func (b Bookings) Queue(d Day, now time.Time) []int {
	var list []int
	for i, x := range b.List {
		if x.State == Arrived {
			list = append(list, i)
		}
	}
	due := func(x Booking) bool { return !x.WalkIn && !now.Before(at(d.Date, x.Slot)) }
	slices.SortStableFunc(list, func(i, j int) int {
		a, c := b.List[i], b.List[j]
		switch {
		case due(a) && due(c):
			return cmp.Or(cmp.Compare(a.Slot, c.Slot), cmp.Compare(a.ArrivedAt, c.ArrivedAt))
		case due(a):
			return -1
		case due(c):
			return 1
		default:
			return cmp.Compare(a.ArrivedAt, c.ArrivedAt)
		}
	})
	return list
}

// Shift moves the bookings with their day, as far into the new times as they were into the old ones, and takes offers
// back. A booking whose slot the new day has not, or has full, goes into the day's last slot with a free seat, and if
// there is none it waits in the last slot: no slot holds more than its seats. Whoever is told can change it.
func (b Bookings) Shift(was, now Day) Bookings {
	slots := Slots(Day{Date: now.Date, From: now.From, To: now.To, State: Published, Terms: now.Terms}, Bookings{}, time.Time{})
	b = b.Copy()
	taken := map[int]int{}
	var misplaced []int
	for i := range b.List {
		x := &b.List[i]
		x.Slot += now.From - was.From
		if x.State == Booked || x.State == Waiting || x.State == Offered {
			x.RemindedAt = 0
			if x.State == Offered {
				x.State, x.OfferedUntil = Waiting, 0
			}
			if !slices.ContainsFunc(slots, func(s Slot) bool { return s.From == x.Slot }) {
				misplaced = append(misplaced, i)
				continue
			}
		}
		if x.holds() {
			taken[x.Slot]++
		}
	}
	for _, i := range misplaced {
		place(&b.List[i], slots, taken, now.From)
	}
	return b
}

// place puts a booking into the last of the slots, if it holds a seat into the last with a free one; otherwise it waits.
func place(b *Booking, slots []Slot, taken map[int]int, first int) {
	b.Slot = first
	if len(slots) == 0 {
		return // nothing can be booked on so short a day; whoever comes is received
	}
	for _, s := range slices.Backward(slots) {
		if b.State == Booked && taken[s.From] < s.Seats {
			b.Slot = s.From
			taken[s.From]++
			return
		}
	}
	b.Slot, b.State = slots[len(slots)-1].From, Waiting
}

// SlotNow is the slot in which somebody comes who has not booked: the one that is under way, else the day's first or
// last.
func SlotNow(d Day, now time.Time) int {
	length := max(d.Terms.SlotMinutes, 1)
	minutes := int(now.Sub(at(d.Date, 0)) / time.Minute)
	n := (min(max(minutes, d.From), d.To-1) - d.From) / length
	return d.From + n*length
}

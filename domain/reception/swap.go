package reception

import (
	"cmp"
	"slices"
	"time"

	"mashang/domain/fault"
	"mashang/domain/fold"
	"mashang/domain/station"
)

// SwapState is how far a swap is.
type SwapState string

// The states of a swap.
const (
	SwapAsked     SwapState = "asked"  // somebody, or with To "" everybody who fits, is to agree
	SwapAgreed    SwapState = "agreed" // it waits for the liaison or the convener
	SwapApproved  SwapState = "approved"
	SwapRefused   SwapState = "refused"   // by whoever was asked, or by the liaison
	SwapWithdrawn SwapState = "withdrawn" // by whoever asked, or because the day ended or was cancelled
	SwapDone      SwapState = "done"      // the liaison filled the seat by another way
)

// Reasons are why a member cannot come.
var Reasons = []string{"外出", "生病", "公务", "其他"}

// Swap is one member's wish that another takes their seat.
type Swap struct {
	ID   string `json:"id"`
	From string `json:"from"`
	// To is who is asked; "" asks everybody who fits, until one agrees.
	To string `json:"to,omitempty"`
	// Return is the day on which From sits for To, "" for none.
	Return string    `json:"return,omitempty"`
	Reason string    `json:"reason"`
	Words  string    `json:"words,omitempty"` // for the liaison
	State  SwapState `json:"state"`
	// Late swaps were asked for inside the day's lock. They need the liaison.
	Late bool `json:"late,omitempty"`
	// ByStaff is set if the liaison acts for the member.
	ByStaff bool `json:"by_staff,omitempty"`
	// Why is the liaison's reason for a replacement who lacks what the day needs, or for a refusal.
	Why string `json:"why,omitempty"`
	// ToldLate is set once the member was told that nobody has answered.
	ToldLate bool `json:"told_late,omitempty"`
	// At is when it was asked, and EndedAt when it ended, UTC milliseconds.
	At      int64 `json:"at"`
	EndedAt int64 `json:"ended,omitempty"`
}

// MaxSwaps is how many swaps one day keeps.
const MaxSwaps = 60

// Open reports whether the swap can still come about.
func (s Swap) Open() bool { return s.State == SwapAsked || s.State == SwapAgreed }

func (s Swap) ended(state SwapState, now time.Time) Swap {
	s.State, s.EndedAt = state, now.UnixMilli()
	return s
}

// openSwap returns the place of a member's open swap, -1 for none.
func (d Day) openSwap(member string) int {
	return slices.IndexFunc(d.Swaps, func(s Swap) bool { return s.From == member && s.Open() })
}

// endSwap ends a member's open swap of a day that is a clone.
func endSwap(d *Day, member string, state SwapState, now time.Time) {
	if i := d.openSwap(member); i >= 0 {
		d.Swaps[i] = d.Swaps[i].ended(state, now)
	}
}

// endSwaps ends all open ones.
func endSwaps(d *Day, now time.Time) {
	for i, s := range d.Swaps {
		if s.Open() {
			d.Swaps[i] = s.ended(SwapWithdrawn, now)
		}
	}
}

// swap returns the place of a swap, NotFound for another id.
func (d Day) swap(id string) (int, error) {
	i := slices.IndexFunc(d.Swaps, func(s Swap) bool { return s.ID == id })
	if i < 0 {
		return 0, fault.New(fault.NotFound, "没有找到这次换班")
	}
	return i, nil
}

// errEnded is for an act on a swap that has ended.
func errEnded() error {
	return fault.New(fault.WrongState, "这次换班已经有了结果，请刷新再看")
}

// startedAs says why a day takes no more swaps: by its state, or because it has begun.
func (d Day) startedAs() string {
	if d.Live() {
		return "开始"
	}
	return stateWords[d.State]
}

// AskSwap opens a swap for a member's seat, at most one a seat. ret is the day that is exchanged for it, nil for none:
// on that day To sits, and From will.
func (b Book) AskSwap(d Day, s Swap, ret *Day, now time.Time) (Day, error) {
	if !d.Live() || !now.Before(d.Start()) {
		return d, fault.New(fault.WrongState, "这一天已经%s，不能再换班", d.startedAs())
	}
	if d.Sits(s.From) < 0 {
		return d, fault.New(fault.NotFound, "不在这一天的班上，不用换")
	}
	if d.openSwap(s.From) >= 0 {
		return d, fault.New(fault.Conflict, "这一班已经在找人换了")
	}
	var check fault.Check
	check.Require(slices.Contains(Reasons, s.Reason), "reason", "请选一个原因")
	check.Require(len([]rune(s.Words)) <= MaxReason, "words", "说明最多 %d 字", MaxReason)
	check.Require(len(d.Swaps) < MaxSwaps, "to", "这一天换班太多次了，请找联络员")
	check.Require(s.To == "" || b.Free(s.To, d), "to", "对方那天不能来，请换一位")
	check.Require(s.Return == "" || s.To != "" && ret != nil && ret.ID == s.Return, "return", "交换要选对方的一天")
	if s.Return != "" && ret != nil {
		check.Require(ret.Live() && now.Before(ret.Start()) && ret.Sits(s.To) >= 0, "return", "对方不在那一天的班上")
		check.Require(b.Free(s.From, *ret), "return", "那一天您自己也有安排")
	}
	if err := check.Err(); err != nil {
		return d, err
	}
	d = d.clone()
	s.State, s.At, s.Late, s.Words = SwapAsked, now.UnixMilli(), d.Locked(now), fold.Stored(s.Words)
	s.Why, s.EndedAt = "", 0
	d.Swaps = append(d.Swaps, s)
	return d, nil
}

// Agree is the word of whoever is asked, or of the first who volunteers, that they take the seat.
func (b Book) Agree(d Day, id, member string, now time.Time) (Day, error) {
	i, err := d.swap(id)
	if err != nil {
		return d, err
	}
	s := d.Swaps[i]
	switch {
	case s.To != "" && s.To != member || s.From == member:
		return d, fault.New(fault.NotFound, "没有找到这次换班")
	case s.State != SwapAsked || !now.Before(d.Start()):
		return d, errEnded()
	case !b.Free(member, d):
		return d, fault.New(fault.Conflict, "您那时有别的安排，换不了")
	}
	d = d.clone()
	s.To, s.State = member, SwapAgreed
	d.Swaps[i] = s
	return d, nil
}

// Decline is a no: of whoever is asked, or with member "" of the liaison. why may be empty.
func (d Day) Decline(id, member, why string, now time.Time) (Day, error) {
	i, err := d.swap(id)
	if err != nil {
		return d, err
	}
	s := d.Swaps[i]
	if member != "" && s.To != member {
		return d, fault.New(fault.NotFound, "没有找到这次换班")
	}
	if !s.Open() {
		return d, errEnded()
	}
	if err := checkWhy(why); err != nil {
		return d, err
	}
	d = d.clone()
	s.Why = fold.Stored(why)
	d.Swaps[i] = s.ended(SwapRefused, now)
	return d, nil
}

func checkWhy(why string) error {
	var check fault.Check
	check.Require(len([]rune(why)) <= MaxReason, "why", "原因最多 %d 字", MaxReason)
	return check.Err()
}

// Withdraw takes a swap back; member is who asked.
func (d Day) Withdraw(id, member string, now time.Time) (Day, error) {
	i, err := d.swap(id)
	if err != nil {
		return d, err
	}
	if d.Swaps[i].From != member {
		return d, fault.New(fault.NotFound, "没有找到这次换班")
	}
	if !d.Swaps[i].Open() {
		return d, errEnded()
	}
	d = d.clone()
	d.Swaps[i] = d.Swaps[i].ended(SwapWithdrawn, now)
	return d, nil
}

// Loses returns what the day would lack by a swap that it has now.
func (b Book) Loses(d Day, s Swap) (sectors, expertise []string) {
	to, ok := b.Station.Member(s.To)
	if !ok {
		return nil, nil
	}
	from, _ := b.Station.Member(s.From)
	others := slices.DeleteFunc(b.Coming(d), func(m station.Member) bool { return m.ID == s.From })
	hadSectors, hadExpertise := d.Lacking(append(slices.Clone(others), from))
	sectors, expertise = d.Lacking(append(others, to))
	return without(sectors, hadSectors), without(expertise, hadExpertise)
}

func without(list, less []string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return slices.Contains(less, s) })
}

// Passes reports whether an agreed swap needs nobody's approval, where the station lets fitting early swaps pass. The
// day in return of an exchange has to be one of the book.
func (b Book) Passes(d Day, id string, now time.Time) bool {
	i, err := d.swap(id)
	if err != nil || d.Swaps[i].State != SwapAgreed || d.Swaps[i].Late || d.Locked(now) {
		return false
	}
	s := d.Swaps[i]
	sectors, expertise := b.Loses(d, s)
	if s.Return == "" || len(sectors)+len(expertise) > 0 {
		return len(sectors)+len(expertise) == 0
	}
	r := slices.IndexFunc(b.Days, func(o Day) bool { return o.ID == s.Return })
	if r < 0 || b.Days[r].Locked(now) {
		return false
	}
	sectors, expertise = b.Loses(b.Days[r], s.inReturn())
	return len(sectors)+len(expertise) == 0
}

// inReturn is what an exchange does to the day in return.
func (s Swap) inReturn() Swap { return Swap{From: s.To, To: s.From} }

// Approve makes a swap: the roster of the day changes, and with an exchange that of the day in return, which the
// second result is then. why is needed where one of the two then lacks a sector or an expertise that it has now. staff
// may approve a late swap and inside the lock, a convener may not.
func (b Book) Approve(d Day, id, why string, ret *Day, staff bool, now time.Time) (day Day, back *Day, err error) {
	i, err := d.swap(id)
	if err != nil {
		return d, nil, err
	}
	s := d.Swaps[i]
	if s.State != SwapAgreed || !now.Before(d.End()) || !d.Live() {
		return d, nil, errEnded()
	}
	exchange := s.Return != ""
	seat := d.Sits(s.From)
	if seat < 0 || !b.Free(s.To, d) {
		return d, nil, fault.New(fault.Conflict, "班次已经变了，这次换班做不成，请退回")
	}
	if exchange && !b.canReturn(s, ret, now) {
		return d, nil, fault.New(fault.Conflict, "要交换的那一天已经变了，这次换班做不成，请退回")
	}
	s.Late = s.Late || d.Locked(now) || exchange && ret.Locked(now)
	if s.Late && !staff {
		return d, nil, fault.New(fault.Denied, "离接待不到 %d 小时的换班，要由联络员批准", d.Terms.LockHours)
	}
	s.Why = fold.Stored(why)
	sectors, expertise := b.Loses(d, s)
	lost := joined(sectors, expertise)
	if exchange {
		sectors, expertise = b.Loses(*ret, s.inReturn())
		lost = cmp.Or(lost, joined(sectors, expertise))
	}
	var check fault.Check
	check.Require(lost == "" || s.Why != "", "why", "换了以后没有“%s”的委员，要批准请说明原因", lost)
	check.Require(len([]rune(s.Why)) <= MaxReason, "why", "原因最多 %d 字", MaxReason)
	if err := check.Err(); err != nil {
		return d, nil, err
	}
	d = d.clone()
	d.Swaps[i] = s.ended(SwapApproved, now)
	d.Roster[seat] = Seat{Member: s.To, State: Confirmed, Why: s.Why}
	if !exchange {
		return d, nil, nil
	}
	next := ret.clone()
	next.Roster[next.Sits(s.To)] = Seat{Member: s.From, State: Confirmed, Why: s.Why}
	endSwap(&next, s.To, SwapDone, now)
	return d, &next, nil
}

// canReturn reports whether the day in return is still as both agreed: nobody has moved it, To sits on it and From can.
func (b Book) canReturn(s Swap, ret *Day, now time.Time) bool {
	return ret != nil && ret.ID == s.Return && ret.Live() && now.Before(ret.Start()) && !ret.postponedSince(s.At) &&
		ret.Sits(s.To) >= 0 && b.Free(s.From, *ret)
}

func joined(lists ...[]string) string {
	text := ""
	for _, s := range slices.Concat(lists...) {
		if text != "" {
			text += "、"
		}
		text += s
	}
	return text
}

// Candidate is who could take a seat.
type Candidate struct {
	Member string
	// Fits is set if the day lacks nothing by it; Sat is how often they have sat.
	Fits bool
	Sat  int
	// Prefers is set by WithWishes alone.
	Prefers Preference
}

// Candidates are the members who are free on the day for a member's seat, those who fit and sat least first. sat
// counts how often each has sat.
func (b Book) Candidates(d Day, from string, sat map[string]int) []Candidate {
	var list []Candidate
	today := b.on(d.Date)
	for i := range b.Station.Members {
		m := &b.Station.Members[i]
		if m.ID == from || !today.free(m, d) {
			continue
		}
		sectors, expertise := b.Loses(d, Swap{From: from, To: m.ID})
		list = append(list, Candidate{Member: m.ID, Fits: len(sectors)+len(expertise) == 0, Sat: sat[m.ID]})
	}
	slices.SortStableFunc(list, func(a, b Candidate) int {
		if a.Fits != b.Fits {
			if a.Fits {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Sat, b.Sat), cmp.Compare(a.Member, b.Member))
	})
	return list
}

// Unanswered marks the swaps that were asked for in time and have found nobody by the day's lock, and returns them. It
// returns each once.
func (d Day) Unanswered(now time.Time) (Day, []Swap) {
	if !d.Live() || !d.Locked(now) || !now.Before(d.Start()) {
		return d, nil
	}
	var list []Swap
	for i, s := range d.Swaps {
		if s.State != SwapAsked || s.Late || s.ToldLate {
			continue
		}
		if list == nil {
			d = d.clone()
		}
		d.Swaps[i].ToldLate = true
		list = append(list, s)
	}
	return d, list
}

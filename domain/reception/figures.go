package reception

// Figures are what a day counts: parties and persons. Each sum can be shown as its list.
type Figures struct {
	Booked, WalkIns  int // parties
	Received, Missed int // parties
	PersonTimes      int // persons of the received parties
	Outcomes         map[Outcome]int
}

// Figures counts the day.
func (b Bookings) Figures() Figures {
	f := Figures{Outcomes: map[Outcome]int{}}
	for _, x := range b.List {
		if x.State == CalledOff || x.State == Shifted {
			continue
		}
		if x.WalkIn {
			f.WalkIns++
		} else {
			f.Booked++
		}
		switch x.State {
		case Received:
			f.Received++
			f.PersonTimes += x.Persons
			f.Outcomes[x.Outcome]++
		case Missed:
			f.Missed++
		default:
		}
	}
	return f
}

// Add adds those of another day.
func (f *Figures) Add(o Figures) {
	f.Booked, f.WalkIns = f.Booked+o.Booked, f.WalkIns+o.WalkIns
	f.Received, f.Missed, f.PersonTimes = f.Received+o.Received, f.Missed+o.Missed, f.PersonTimes+o.PersonTimes
	if f.Outcomes == nil {
		f.Outcomes = map[Outcome]int{}
	}
	for k, n := range o.Outcomes {
		f.Outcomes[k] += n
	}
}

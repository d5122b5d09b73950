package casework

import "time"

// Workdays finds the end of the n-th working day after a moment.
type Workdays interface {
	After(at time.Time, n, hour int) time.Time
}

// Clock stamps the time by which a submission is to be answered. It is asked
// once at filing and once at each reopening; a later change of its rules never
// moves a deadline already given.
type Clock struct{ Days Workdays }

// days are working days to the final answer by kind. Assumed defaults within
// what the hotline rules of several cities give: inquiry at once, complaint
// and suggestion five working days (e.g. 潍坊市12345政务服务便民热线条例 §20).
var days = map[Kind]int{Inquiry: 1, Help: 3, Suggestion: 5, Complaint: 5, Dispute: 5}

// endOfDay is the hour at which a working day's deadline falls.
const endOfDay = 18

// TouristHours is the tourist's term: an answer while they are still here.
const TouristHours = 24

// Due returns the time by which the final answer is to be given. A tourist's
// falls within a day, and earlier if they can be reached only until then,
// but never sooner than an hour from now; an until that is past (the matter
// was reopened after they left) hurries nobody.
func (c Clock) Due(kind Kind, visitor Visitor, until Millis, now time.Time) Millis {
	if visitor != Tourist {
		return At(c.Days.After(now, days[kind], endOfDay))
	}
	due := At(now.Add(TouristHours * time.Hour))
	if until > At(now) {
		due = min(due, max(until, At(now.Add(time.Hour))))
	}
	return due
}

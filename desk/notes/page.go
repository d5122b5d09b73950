package notes

import (
	"slices"

	"mashang/desk/kit"
	"mashang/domain/annotation"
	"mashang/domain/casework"
	"mashang/domain/station"
)

// Page is what a liaison sees beside a submission.
type Page struct {
	annotation.Set

	// Colleagues are the station's liaisons, former ones included.
	Colleagues []station.Liaison
	// Owing are those from whom the next step is expected.
	Owing []Owing
	// NudgeAt is from when somebody may be nudged; zero is now, or never if nobody owes anything.
	NudgeAt casework.Millis
}

// Owing is a debtor with the name and how often they were nudged.
type Owing struct {
	annotation.Debtor

	Name   string
	Nudged int
	Last   casework.Millis
}

func (svc *Service) page(x kit.Scoped, set annotation.Set) Page {
	staff := slices.DeleteFunc(slices.Clone(x.Station().Liaisons), func(l station.Liaison) bool { return l.Admin })
	p := Page{Set: set, Colleagues: staff}
	debtors := annotation.Debtors(x.Submission())
	for _, d := range debtors {
		times, last := set.NudgesOf(d)
		p.Owing = append(p.Owing, Owing{Debtor: d, Name: nameOf(x, d), Nudged: times, Last: last})
	}
	if may, next := set.Nudgeable(debtors, svc.kit.Now()); len(may) == 0 {
		p.NudgeAt = casework.At(next)
	}
	return p
}

// nameOf returns a debtor's name.
func nameOf(x kit.Scoped, d annotation.Debtor) string {
	if a, ok := x.Submission().AssistNumber(d.Assist); ok {
		return a.Name
	}
	m, _ := x.Station().Member(d.Who)
	return m.Name
}

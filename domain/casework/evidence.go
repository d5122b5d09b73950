package casework

import "mashang/domain/station"

// Evidence is a fact that helps to settle a complaint.
type Evidence string

// The evidence, in the order in which to ask for it. A complaint about a business has to say whom, what
// happened and what is claimed (旅游投诉处理办法 §11). The amount and a phone number are what is missed most
// afterwards.
const (
	PhotoEvidence  Evidence = "photo"
	PlaceEvidence  Evidence = "place"
	NameEvidence   Evidence = "name"
	AmountEvidence Evidence = "amount"
	PhoneEvidence  Evidence = "phone"
)

// MissingEvidence returns what a tourist's complaint still lacks; nil for other submissions. A tourist cannot
// get it after leaving.
func (s Submission) MissingEvidence() []Evidence {
	if s.Visitor != Tourist || s.Kind != Complaint {
		return nil
	}
	photo := len(s.Photos) > 0
	for _, e := range s.Thread {
		photo = photo || len(e.Photos) > 0
	}
	var list []Evidence
	add := func(there bool, e Evidence) {
		if !there {
			list = append(list, e)
		}
	}
	add(photo, PhotoEvidence)
	add(s.Place != nil || s.Target.Kind == station.ForPlace, PlaceEvidence)
	add(s.Against != nil && s.Against.Name != "", NameEvidence)
	add(s.Against != nil && s.Against.AmountFen > 0, AmountEvidence)
	add(s.Phone != "", PhoneEvidence)
	return list
}

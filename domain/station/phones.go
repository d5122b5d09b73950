package station

import "slices"

// EachPhone returns the roster with the number of each person and department in
// it changed, those of the roster that can be brought back (Before) as well. The
// station's own number is everybody's and stays. bound ties a sealed number to its
// roster: it opens nowhere else. s itself stays as it is.
func (s *Station) EachPhone(change func(phone, bound string) (string, error)) (Station, error) {
	next := *s
	bound := s.PhoneBound()
	next.Members, next.Departments, next.Liaisons = slices.Clone(s.Members), slices.Clone(s.Departments), slices.Clone(s.Liaisons)
	var phones []*string
	for i := range next.Members {
		phones = append(phones, &next.Members[i].Phone)
	}
	for i := range next.Departments {
		phones = append(phones, &next.Departments[i].Phone)
	}
	for i := range next.Liaisons {
		phones = append(phones, &next.Liaisons[i].Phone)
	}
	for _, phone := range phones {
		if *phone == "" {
			continue
		}
		changed, err := change(*phone, bound)
		if err != nil {
			return next, err
		}
		*phone = changed
	}
	if s.Before == nil || s.Before.Roster == nil {
		return next, nil
	}
	before := *s.Before
	roster, err := before.Roster.EachPhone(change)
	before.Roster, next.Before = &roster, &before
	return next, err
}

// PhoneBound is what the sealed numbers of a roster are bound to.
func (s *Station) PhoneBound() string { return "roster/" + s.ID }

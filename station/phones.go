package station

import "slices"

// EachPhone returns the roster with the number of each person and department in
// it changed, those of the roster that can be brought back (Before) as well. The
// station's own number is everybody's and stays. bound ties a sealed number to its
// roster: it opens nowhere else. s itself stays as it is.
func (s Station) EachPhone(change func(phone, bound string) (string, error)) (Station, error) {
	bound := s.PhoneBound()
	s.Members, s.Departments, s.Liaisons = slices.Clone(s.Members), slices.Clone(s.Departments), slices.Clone(s.Liaisons)
	var phones []*string
	for i := range s.Members {
		phones = append(phones, &s.Members[i].Phone)
	}
	for i := range s.Departments {
		phones = append(phones, &s.Departments[i].Phone)
	}
	for i := range s.Liaisons {
		phones = append(phones, &s.Liaisons[i].Phone)
	}
	for _, phone := range phones {
		if *phone == "" {
			continue
		}
		changed, err := change(*phone, bound)
		if err != nil {
			return s, err
		}
		*phone = changed
	}
	if s.Before == nil || s.Before.Roster == nil {
		return s, nil
	}
	before := *s.Before
	roster, err := before.Roster.EachPhone(change)
	before.Roster, s.Before = &roster, &before
	return s, err
}

// PhoneBound is what the sealed numbers of a roster are bound to.
func (s Station) PhoneBound() string { return "roster/" + s.ID }

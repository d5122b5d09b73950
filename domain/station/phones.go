package station

// MapPhones returns the roster with the number of each person and department in
// it changed, those of the roster that can be brought back (Before) as well. The
// station's own number is everybody's and stays. bound ties a sealed number to its
// roster: it opens nowhere else. s itself stays as it is.
func (s *Station) MapPhones(change func(phone, bound string) (string, error)) (Station, error) {
	next := *s.copied()
	bound := s.PhoneAAD()
	for _, t := range Tables {
		f, ok := t.SealedPhone()
		if !ok {
			continue
		}
		for i := range t.Len(&next) {
			phone := f.Text(t.Row(&next, i))
			if *phone == "" {
				continue
			}
			changed, err := change(*phone, bound)
			if err != nil {
				return next, err
			}
			*phone = changed
		}
	}
	if s.Previous == nil || s.Previous.Roster == nil {
		return next, nil
	}
	before := *s.Previous
	roster, err := before.Roster.MapPhones(change)
	before.Roster, next.Previous = &roster, &before
	return next, err
}

// PhoneAAD is what the sealed numbers of a roster are bound to.
func (s *Station) PhoneAAD() string { return "roster/" + s.ID }

package app

import (
	"context"
	"slices"

	"mashang/access"
	"mashang/desk"
	"mashang/fault"
	"mashang/seal"
	"mashang/station"
)

// taken is what an import did, or would do.
type taken struct {
	Station *station.Station
	Changes []station.Change
	// Codes are the codes made for targets that had none.
	Codes []station.Code
}

// preview says what taking the roster in would change.
func preview(ctx context.Context, back *backing, ring *seal.Keyring, listed *station.Station) (taken, *station.Station, error) {
	stored, err := back.Station(ctx, listed.ID)
	if fault.Is(err, fault.NotFound) {
		stored, err = nil, nil
	}
	if err != nil {
		return taken{}, nil, err
	}
	same := func(sealed, plain string) bool {
		if sealed == "" || plain == "" {
			return sealed == plain
		}
		open, err := ring.Open(sealed, rosterBound(listed.ID))
		return err == nil && open == plain
	}
	return taken{Station: listed, Changes: station.Diff(stored, listed, same)}, stored, nil
}

// ingest takes a checked roster in: phones sealed, people who are no longer
// listed kept as gone, a code made for each target without one. Taking the
// same roster again changes nothing but what a crash left out.
func ingest(ctx context.Context, back *backing, ring *seal.Keyring, d *desk.Desk, listed *station.Station) (taken, error) {
	t, stored, err := preview(ctx, back, ring, listed)
	if err != nil {
		return taken{}, err
	}
	t.Station = stored
	if stored == nil || len(t.Changes) > 0 {
		if t.Station, err = replace(ctx, back, ring, stored, listed); err != nil {
			return taken{}, err
		}
	}
	t.Codes, err = mintMissing(ctx, back, d, t.Station)
	return t, err
}

// replace stores the listed roster over the stored one, which may be nil.
func replace(ctx context.Context, back *backing, ring *seal.Keyring, stored, listed *station.Station) (*station.Station, error) {
	sealed, err := sealPhones(ring, *listed)
	if err != nil {
		return nil, err
	}
	next, was := &sealed, 0
	next.Version = 1
	if stored != nil {
		next, was = station.Merge(stored, &sealed), stored.Version
	}
	if loop, found := next.Loops(); found { // with absences that were reported
		return nil, fault.New(fault.Invalid, "%s。名册未导入", next.LoopWords(loop))
	}
	ok, err := back.PutStation(ctx, next, was)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "导入期间有人修改了这个站点，请重新导入")
	}
	return next, err
}

// rosterBound ties sealed phones to the roster they stand in.
func rosterBound(st string) string { return "roster/" + st }

func sealPhones(ring *seal.Keyring, s station.Station) (station.Station, error) {
	return eachPhone(s, ring.Seal)
}

func openPhones(ring *seal.Keyring, s station.Station) (station.Station, error) {
	return eachPhone(s, ring.Open)
}

// eachPhone returns the roster with every phone changed; s itself stays as it is.
func eachPhone(s station.Station, change func(phone, bound string) (string, error)) (station.Station, error) {
	put := func(phone *string) error {
		if *phone == "" {
			return nil
		}
		changed, err := change(*phone, rosterBound(s.ID))
		*phone = changed
		return err
	}
	s.Members, s.Liaisons = slices.Clone(s.Members), slices.Clone(s.Liaisons)
	for i := range s.Members {
		if err := put(&s.Members[i].Phone); err != nil {
			return s, err
		}
	}
	for i := range s.Liaisons {
		if err := put(&s.Liaisons[i].Phone); err != nil {
			return s, err
		}
	}
	return s, nil
}

// targets are all things of a station a code can point at, the station first.
func targets(st *station.Station) []station.Target {
	list := []station.Target{{Kind: station.ForStation}}
	for _, m := range st.Members {
		if !m.Gone {
			list = append(list, station.Target{Kind: station.ForMember, ID: m.ID})
		}
	}
	for _, r := range st.Rooms {
		list = append(list, station.Target{Kind: station.ForRoom, ID: r.ID})
	}
	for _, p := range st.Places {
		list = append(list, station.Target{Kind: station.ForPlace, ID: p.ID})
	}
	return list
}

func mintMissing(ctx context.Context, back *backing, d *desk.Desk, st *station.Station) ([]station.Code, error) {
	codes, err := back.Codes(ctx, st.ID)
	if err != nil {
		return nil, err
	}
	has := map[station.Target]bool{}
	for _, c := range codes {
		has[c.Target] = true
	}
	var made []station.Code
	for _, t := range targets(st) {
		if has[t] {
			continue
		}
		c, err := d.MintCode(ctx, st.ID, t)
		if err != nil {
			return made, err
		}
		made = append(made, c)
	}
	return made, nil
}

// unbound lists who of a station has no WeChat bound yet.
func unbound(ctx context.Context, back *backing, st *station.Station) ([]desk.Invite, error) {
	var all []desk.Invite
	for _, l := range st.Liaisons {
		if !l.Gone {
			all = append(all, desk.Invite{Station: st.ID, Role: string(access.Liaison), Ref: l.ID})
		}
	}
	for _, m := range st.Members {
		if !m.Gone {
			all = append(all, desk.Invite{Station: st.ID, Role: string(access.Member), Ref: m.ID})
		}
	}
	for _, d := range st.Departments {
		all = append(all, desk.Invite{Station: st.ID, Role: string(access.Department), Ref: d.ID})
	}
	var list []desk.Invite
	for _, in := range all {
		person, err := back.Bound(ctx, in)
		if err != nil {
			return nil, err
		}
		if person == "" {
			list = append(list, in)
		}
	}
	return list, nil
}

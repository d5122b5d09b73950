package desk

import (
	"context"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Whole submissions are in Desk.records, which nothing that works for a caller
// reads by itself: it calls reach, or reads a list of its own station and shows of
// each what see lets through. A test over the source holds who reads records.

// sight is one submission with what one caller is to it. Its relation is access's;
// the zero value is nothing to anybody, and view makes nothing of it.
type sight struct {
	s   casework.Submission
	st  *station.Station
	c   access.Caller
	rel access.Relation
}

// see is the submission as the caller stands to it. st is its station.
func (d *Desk) see(c access.Caller, st *station.Station, s casework.Submission) sight {
	return sight{s: s, st: st, c: c, rel: c.To(d.thing(st, s))}
}

// as is the role in which the caller sees it: whoever filed it is its visitor,
// whatever else they are. What a liaison wrote down for somebody who called or came
// is their work, and they go on seeing it as the station's.
func (x sight) as() access.Role {
	written := x.c.Role == access.Liaison && x.c.Station == x.s.Station && x.s.OnBehalf != nil
	switch {
	case x.rel.None():
		return ""
	case x.rel.Filer() && !written:
		return access.Visitor
	default:
		return x.c.Role
	}
}

// reach reads a submission for somebody who wants to do something to it or with it.
// It answers Unauthenticated, Denied, or NotFound for what is not there and what is
// not theirs.
func (d *Desk) reach(ctx context.Context, c access.Caller, a access.Action, id string) (sight, error) {
	if err := access.Can(c, a); err != nil {
		return sight{}, err
	}
	s, st, err := d.load(ctx, id)
	if err != nil {
		return sight{}, err
	}
	return d.seeFor(c, a, st, s)
}

// reachListed is reach to read it, and returns who of its people is on the list of
// the untold.
func (d *Desk) reachListed(ctx context.Context, c access.Caller, id string) (x sight, receivers []string, err error) {
	if err := access.Can(c, access.Read); err != nil {
		return sight{}, nil, err
	}
	s, st, err := d.loadBy(ctx, id, func(ctx context.Context, id string) (s casework.Submission, err error) {
		s, receivers, err = d.records.LoadListed(ctx, id)
		return s, err
	})
	if err != nil {
		return sight{}, nil, err
	}
	x, err = d.seeFor(c, access.Read, st, s)
	return x, receivers, err
}

// seeFor is see for an act, and answers as access does when it is not the caller's.
func (d *Desk) seeFor(c access.Caller, a access.Action, st *station.Station, s casework.Submission) (sight, error) {
	x := d.see(c, st, s)
	if err := x.rel.May(a); err != nil {
		return sight{}, err
	}
	return x, nil
}

// reachNow is reach for a change of what the caller saw in a version, nil for any:
// it answers Conflict when it is another by now. Whoever had it when they looked is
// told who moved it from them; to everybody else it does not exist.
func (d *Desk) reachNow(ctx context.Context, c access.Caller, a access.Action, id string, version *int) (sight, error) {
	if err := access.Can(c, a); err != nil {
		return sight{}, err
	}
	s, st, err := d.load(ctx, id)
	if err != nil {
		return sight{}, err
	}
	x := d.see(c, st, s)
	stale := version != nil && *version != s.Version
	if err := x.rel.May(a); err != nil {
		if e, ok := parted(s, c); ok && stale && fault.Is(err, fault.NotFound) {
			err = conflict(e, *version)
		}
		return sight{}, err
	}
	if stale {
		return sight{}, conflict(s.Last(), s.Version)
	}
	return x, nil
}

// parted is the step by which a submission left a member who had it, or a body that
// assisted; ok is false for whoever has it still or never had.
func parted(s casework.Submission, c access.Caller) (step casework.Entry, ok bool) {
	if c.Station != s.Station || c.ID == "" {
		return step, false
	}
	had := c.Role == access.Member && slices.Contains(s.Past, c.ID)
	assist, asked := s.AssistOf(c.Role, c.ID)
	for _, e := range slices.Backward(s.Thread) {
		switch e.What {
		case casework.Transfer, casework.Assign, casework.Cover, casework.Resume, casework.Return, casework.Release:
			if had && e.To == c.ID {
				return step, ok
			}
			if had {
				step, ok = e, true
			}
		case casework.Decline, casework.Recall:
			if asked && e.Assist == assist.ID {
				return e, true
			}
		}
	}
	return step, ok
}

// load reads a submission and its station for the desk's own work: a notice, a
// reminder, what a lead's followers hear. What somebody asked for goes by reach.
func (d *Desk) load(ctx context.Context, id string) (casework.Submission, *station.Station, error) {
	return d.loadBy(ctx, id, d.records.Load)
}

// loadBy is load with a way to read a submission by its id.
func (d *Desk) loadBy(ctx context.Context, id string, read func(context.Context, string) (casework.Submission, error)) (casework.Submission, *station.Station, error) {
	if stationOf(id) == "" || !station.ValidID(stationOf(id)) {
		return casework.Submission{}, nil, access.Missing()
	}
	s, err := read(ctx, id)
	if fault.Is(err, fault.NotFound) {
		err = access.Missing() // in the words for what is not the caller's
	}
	if err != nil {
		return s, nil, err
	}
	st, err := d.roster(ctx, s.Station)
	return s, st, err
}

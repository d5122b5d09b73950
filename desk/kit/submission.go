package kit

import (
	"context"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Scoped is one submission with what one caller is to it. Only this package makes
// one; its relation is access's. The zero value is nothing to anybody, and no view is
// made of it.
type Scoped struct {
	sub casework.Submission
	st  *station.Station
	c   access.Caller
	rel access.Relation
}

// Submission is the whole record, with what the caller may not see.
func (x Scoped) Submission() casework.Submission { return x.sub }

// Station is the submission's station.
func (x Scoped) Station() *station.Station { return x.st }

// Caller is who looks at it.
func (x Scoped) Caller() access.Caller { return x.c }

// Relation is what the caller is to it.
func (x Scoped) Relation() access.Relation { return x.rel }

// Scope is the submission as the caller stands to it. st is its station.
func (k *Kit) Scope(c access.Caller, st *station.Station, s casework.Submission) Scoped {
	return Scoped{sub: s, st: st, c: c, rel: c.RelationTo(k.resource(st, s))}
}

// Role is the role in which the caller sees it: whoever filed it is its visitor,
// whatever else they are. What a liaison wrote down for somebody who called or came
// is their work, and they go on seeing it as the station's.
func (x Scoped) Role() access.Role {
	written := x.c.Role == access.Liaison && x.c.Station == x.sub.Station && x.sub.OnBehalf != nil
	switch {
	case x.rel.None():
		return ""
	case x.rel.Filer() && !written:
		return access.Visitor
	default:
		return x.c.Role
	}
}

// Submission reads a submission for somebody who wants to do something to it or with it.
// It answers Unauthenticated, Denied, or NotFound for what is not there and what is
// not theirs.
func (k *Kit) Submission(ctx context.Context, c access.Caller, a access.Action, id string) (Scoped, error) {
	if err := access.Can(c, a); err != nil {
		return Scoped{}, err
	}
	s, st, err := k.Load(ctx, id)
	if err != nil {
		return Scoped{}, err
	}
	return k.scopeFor(c, a, st, s)
}

// SubmissionListed is Submission for reading, and returns whom of its people nothing
// reached.
func (k *Kit) SubmissionListed(ctx context.Context, c access.Caller, id string) (x Scoped, receivers []string, err error) {
	if err := access.Can(c, access.Read); err != nil {
		return Scoped{}, nil, err
	}
	s, st, err := k.loadBy(ctx, id, func(ctx context.Context, id string) (s casework.Submission, err error) {
		s, receivers, err = k.Records.LoadListed(ctx, id)
		return s, err
	})
	if err != nil {
		return Scoped{}, nil, err
	}
	x, err = k.scopeFor(c, access.Read, st, s)
	return x, receivers, err
}

// scopeFor is Scope for an act, and answers as access does when it is not the caller's.
func (k *Kit) scopeFor(c access.Caller, a access.Action, st *station.Station, s casework.Submission) (Scoped, error) {
	x := k.Scope(c, st, s)
	if err := x.rel.May(a); err != nil {
		return Scoped{}, err
	}
	return x, nil
}

// SubmissionAt is Submission for a change of what the caller saw in a version, nil for any:
// it answers Conflict when it is another by now. Whoever had it when they looked is
// told who moved it from them; to everybody else it does not exist.
func (k *Kit) SubmissionAt(ctx context.Context, c access.Caller, a access.Action, id string, version *int) (Scoped, error) {
	if err := access.Can(c, a); err != nil {
		return Scoped{}, err
	}
	s, st, err := k.Load(ctx, id)
	if err != nil {
		return Scoped{}, err
	}
	x := k.Scope(c, st, s)
	stale := version != nil && *version != s.Version
	if err := x.rel.May(a); err != nil {
		if e, ok := lastHandover(s, c); ok && stale && fault.Is(err, fault.NotFound) {
			err = conflict(e, *version)
		}
		return Scoped{}, err
	}
	if stale {
		return Scoped{}, conflict(s.Last(), s.Version)
	}
	return x, nil
}

// lastHandover is the step by which a submission left a member who had it, or a body that
// assisted; ok is false for whoever has it still or never had.
func lastHandover(s casework.Submission, c access.Caller) (step casework.Entry, ok bool) {
	if c.Station != s.Station || c.ID == "" {
		return step, false
	}
	had := c.Role == access.Member && slices.Contains(s.Past, c.ID)
	assist, asked := s.AssistOf(c.Role, c.ID)
	for _, e := range slices.Backward(s.Thread) {
		switch e.What {
		case access.Transfer, access.Assign, casework.Covered, casework.Resumed, access.Return, casework.Released:
			if had && e.To == c.ID {
				return step, ok
			}
			if had {
				step, ok = e, true
			}
		case access.Decline, access.Recall:
			if asked && e.Assist == assist.ID {
				return e, true
			}
		}
	}
	return step, ok
}

// Load reads a submission and its station for the desk's own work: a notice, a
// reminder, what a lead's followers hear. What somebody asked for goes by Submission.
func (k *Kit) Load(ctx context.Context, id string) (casework.Submission, *station.Station, error) {
	return k.loadBy(ctx, id, k.Records.Load)
}

// loadBy is Load with a way to read a submission by its id.
func (k *Kit) loadBy(ctx context.Context, id string, read func(context.Context, string) (casework.Submission, error)) (casework.Submission, *station.Station, error) {
	if StationOf(id) == "" || !station.ValidID(StationOf(id)) {
		return casework.Submission{}, nil, access.Missing()
	}
	s, err := read(ctx, id)
	if fault.Is(err, fault.NotFound) {
		err = access.Missing() // in the words for what is not the caller's
	}
	if err != nil {
		return s, nil, err
	}
	st, err := k.Roster(ctx, s.Station)
	return s, st, err
}

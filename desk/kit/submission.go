package kit

import (
	"context"
	"slices"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/station"
)

// Scoped is a submission together with one caller and that caller's relation to it, as access defines it. Only
// this package makes one. The zero value has no relation, and no view is made of it.
type Scoped struct {
	sub casework.Submission
	st  *station.Station
	c   access.Caller
	rel access.Relation
}

// Submission returns the whole record, including what the caller may not see.
func (x Scoped) Submission() casework.Submission { return x.sub }

// Station returns the submission's station.
func (x Scoped) Station() *station.Station { return x.st }

// Caller returns the caller that it is scoped to.
func (x Scoped) Caller() access.Caller { return x.c }

// Relation returns the caller's relation to it.
func (x Scoped) Relation() access.Relation { return x.rel }

// Scope scopes a submission to a caller. st is its station.
func (k *Kit) Scope(c access.Caller, st *station.Station, s casework.Submission) Scoped {
	return Scoped{sub: s, st: st, c: c, rel: c.RelationTo(k.resource(st, s))}
}

// Role returns the role in which the caller sees the submission, "" without a relation. Its filer is its
// visitor, whatever other role they have; their proxy is, unless they handle it. The exception is a liaison of
// the station who filed it for somebody else: they go on seeing it as the station's liaison.
func (x Scoped) Role() access.Role {
	recorded := x.c.Role == access.Liaison && x.c.Station == x.sub.Station && x.sub.OnBehalf != nil
	switch {
	case x.rel.None():
		return ""
	case (x.rel.Filer() || x.rel.Proxy()) && !recorded:
		return access.Visitor
	default:
		return x.c.Role
	}
}

// Submission reads a submission for an action of the caller. It returns Unauthenticated, Denied, or NotFound
// for what does not exist or is not the caller's.
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

// SubmissionWithUndelivered is Submission for reading, and returns the receivers with undelivered notices about
// it.
func (k *Kit) SubmissionWithUndelivered(ctx context.Context, c access.Caller, id string) (x Scoped, receivers []string, err error) {
	if err := access.Can(c, access.Read); err != nil {
		return Scoped{}, nil, err
	}
	s, st, err := k.loadBy(ctx, id, func(ctx context.Context, id string) (s casework.Submission, err error) {
		s, receivers, err = k.Records.LoadWithUndelivered(ctx, id)
		return s, err
	})
	if err != nil {
		return Scoped{}, nil, err
	}
	x, err = k.scopeFor(c, access.Read, st, s)
	return x, receivers, err
}

// scopeFor is Scope, and returns the error of access when the caller may not do the action.
func (k *Kit) scopeFor(c access.Caller, a access.Action, st *station.Station, s casework.Submission) (Scoped, error) {
	x := k.Scope(c, st, s)
	if err := x.rel.May(a); err != nil {
		return Scoped{}, err
	}
	return x, nil
}

// SubmissionAt is Submission for a change that is based on a version; nil is any. It returns Conflict when the
// submission has another version by now. A caller who had it until then is told who took it from them; to all
// others it does not exist.
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
		if e, ok := departure(s, c); ok && stale && fault.Is(err, fault.NotFound) {
			err = conflict(e, *version)
		}
		return Scoped{}, err
	}
	if stale {
		return Scoped{}, conflict(s.Last(), s.Version)
	}
	return x, nil
}

// departure finds the step by which a submission left a member who had it, or by which an assist of the
// caller ended. ok is false for a caller who still has it or never had it.
func departure(s casework.Submission, c access.Caller) (step casework.Entry, ok bool) {
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

// Load reads a submission and its station for the desk's own work: notices, reminders, followers of a lead.
// Requests of a caller use Submission.
func (k *Kit) Load(ctx context.Context, id string) (casework.Submission, *station.Station, error) {
	return k.loadBy(ctx, id, k.Records.Load)
}

// loadBy is Load with another function that reads a submission by its id.
func (k *Kit) loadBy(ctx context.Context, id string, read func(context.Context, string) (casework.Submission, error)) (casework.Submission, *station.Station, error) {
	if StationOf(id) == "" || !station.ValidID(StationOf(id)) {
		return casework.Submission{}, nil, access.Missing()
	}
	s, err := read(ctx, id)
	if fault.Is(err, fault.NotFound) {
		err = access.Missing() // with the same message as for what is not the caller's
	}
	if err != nil {
		return s, nil, err
	}
	st, err := k.Roster(ctx, s.Station)
	return s, st, err
}

package audit

import (
	"context"
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Act is an audited act that is about to be done.
type Act struct {
	By   access.Caller
	What Action
	// Object is the id of what the act is done to.
	Object string
	Why    string
}

// Written proves that the line of an action is in the audit, at each station that the act concerns. Only Do, Run
// and RunAt make one; the zero value proves nothing. Functions that carry out an audited act take one, so that a
// caller without a line does not compile.
type Written struct{ what Action }

// Of returns nil if the line names one of the actions, else Internal. Each function that takes a Written calls
// it first.
func (w Written) Of(actions ...Action) error {
	if w.what == "" || !slices.Contains(actions, w.what) {
		return fault.New(fault.Internal, "操作没有先写下记录，未执行")
	}
	return nil
}

// Do writes the audit line of an act at a station and then does the act. If the line cannot be written, the act
// is not done. Access and input are checked before, so that an act they refuse leaves no line; one that fails in do leaves its
// line.
func Do[T any](ctx context.Context, svc *Service, st string, a Act, do func(Written) (T, error)) (T, error) {
	w, err := svc.write(ctx, a, st)
	if err != nil {
		var none T
		return none, err
	}
	return do(w)
}

// Run is Do for an act without a result.
func Run(ctx context.Context, svc *Service, st string, a Act, do func(Written) error) error {
	return RunAt(ctx, svc, []string{st}, a, do)
}

// RunAt is Run for an act that concerns several stations. It writes a line at each; none when there is no
// station.
func RunAt(ctx context.Context, svc *Service, stations []string, a Act, do func(Written) error) error {
	w, err := svc.write(ctx, a, stations...)
	if err != nil {
		return err
	}
	return do(w)
}

// write writes the line of an act at each station.
func (svc *Service) write(ctx context.Context, a Act, stations ...string) (Written, error) {
	if actionNames[a.What] == "" {
		return Written{}, unknownKind()
	}
	for _, st := range stations {
		if err := svc.writeLine(ctx, st, record.Audit{
			At: svc.kit.Now(), Role: string(a.By.Role), ID: a.By.ID, Person: a.By.Person, Action: string(a.What), Object: a.Object, Why: a.Why,
		}); err != nil {
			return Written{}, err
		}
	}
	return Written{a.What}, nil
}

// Note writes the line of an event that is nobody's act.
func (svc *Service) Note(ctx context.Context, st string, e Event, object, why string) error {
	if eventNames[e] == "" {
		return unknownKind()
	}
	return svc.writeLine(ctx, st, record.Audit{At: svc.kit.Now(), Role: string(access.System), Action: string(e), Object: object, Why: why})
}

func unknownKind() error {
	return fault.New(fault.Internal, "操作记录里没有这个动作，未执行")
}

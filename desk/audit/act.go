package audit

import (
	"context"
	"slices"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// Act is what somebody is about to do.
type Act struct {
	By   access.Caller
	What Action
	// Object is the id of what it is done to.
	Object string
	Why    string
}

// Written proves that the line of an act is in the audit. Do and its like alone make
// one; the zero value proves nothing. What carries an audited act out takes one, so
// that a caller without a line does not compile.
type Written struct{ what Action }

// Of answers nil if the line says one of the actions, else Internal. Each function
// that takes a Written asks it first.
func (w Written) Of(actions ...Action) error {
	if w.what == "" || !slices.Contains(actions, w.what) {
		return fault.New(fault.Internal, "操作没有先写下记录，未执行")
	}
	return nil
}

// Do writes the line of an act at a station and then does it. An act that cannot be
// written down is not done. Access and input are checked before: what is refused
// leaves no line.
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

// RunAt is Run for an act that concerns several stations: each has its line. An act
// that concerns none has none.
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

// Note writes down what happened without anybody's act here.
func (svc *Service) Note(ctx context.Context, st string, e Event, object, why string) error {
	if eventNames[e] == "" {
		return unknownKind()
	}
	return svc.writeLine(ctx, st, record.Audit{At: svc.kit.Now(), Role: string(access.System), Action: string(e), Object: object, Why: why})
}

func unknownKind() error {
	return fault.New(fault.Internal, "操作记录里没有这个动作，未执行")
}

package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"mashang/domain/access"
	"mashang/domain/fault"
	"mashang/domain/record"
	"mashang/domain/station"
)

// AttemptLine is something that was refused.
type AttemptLine struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind" enum:"sign_in,unauthenticated,denied,not_found,too_many"`
	KindName string    `json:"kind_name" doc:"In Chinese."`
	Action   string    `json:"action" doc:"Method and route; empty for several together."`
	Who      string    `json:"who,omitempty" doc:"Stands for the person: equal for equal persons, and as in the log. Empty for somebody unknown."`
	Address  string    `json:"address,omitempty"`
	Account  string    `json:"account,omitempty" doc:"The id of whom it was tried to sign in as."`
	Name     string    `json:"account_name,omitempty"`
	Times    int       `json:"times" doc:"Within ten seconds."`
}

// attemptNames are the kinds in Chinese.
var attemptNames = map[string]string{
	record.AttemptSignIn: "验证失败", record.AttemptNoSession: "没有登录", record.AttemptDenied: "没有权限",
	record.AttemptMissing: "找不存在的", record.AttemptTooMany: "太频繁",
}

type attemptsIn struct {
	Paging

	Kind string `query:"kind" enum:"sign_in,unauthenticated,denied,not_found,too_many" doc:"One kind alone."`
}

func (f *Face) addAttempts() {
	handle(f, op(http.MethodGet, "/station/attempts", "attempts", "What was refused: failed sign-ins, and who asked for what is not theirs; newest first, thirty days.").
		by(access.Administrator).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.attempts)
}

func (f *Face) attempts(ctx context.Context, c access.Caller, in *attemptsIn) (*listed[AttemptLine], error) {
	p, err := f.desk.Login.Attempts(ctx, c, in.Kind, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[AttemptLine]{page[AttemptLine]{Items: make([]AttemptLine, len(p.Items)), NextCursor: p.Next}}
	for i, a := range p.Items {
		out.Body.Items[i] = AttemptLine{
			At: a.At.In(station.Zone), Kind: a.Kind, KindName: attemptNames[a.Kind], Action: a.Action, Who: a.Who, Address: a.Address,
			Account: a.Account, Name: a.AccountName, Times: a.Times,
		}
	}
	return out, nil
}

// proves names the fields that prove who somebody is: a wrong one is a failed
// sign-in.
func (o operation) proves(fields ...string) operation { o.proofs = fields; return o }

// unproven reports whether an error is about one of the fields.
func unproven(err error, proofs []string) bool {
	e, ok := errors.AsType[*fault.Error](err)
	return ok && e.Code == fault.Invalid && slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return slices.Contains(proofs, f.Field) })
}

// attemptKinds are the refusals that are noted.
var attemptKinds = map[fault.Code]string{
	fault.Unauthenticated: record.AttemptNoSession, fault.Denied: record.AttemptDenied, fault.NotFound: record.AttemptMissing,
	fault.TooMany: record.AttemptTooMany,
}

// note tells the desk of a request that was refused. An address that is none of
// ours (route "none") is no attempt at anything.
func (f *Face) note(v *visit, route string) {
	kind := attemptKinds[fault.CodeOf(v.cause)]
	if v.unproven {
		kind = record.AttemptSignIn
	}
	if p, ok := errors.AsType[*Problem](v.cause); ok {
		kind = attemptKinds[p.Code]
	}
	if kind == "" || route == noRouteLabel || f.desk == nil {
		return
	}
	a := record.Attempt{
		Kind: kind, Action: methodLabel(v.gin.Request.Method) + " " + route, Who: v.caller.Person, Station: v.caller.Station,
	}
	if v.account != "" {
		a.Station, a.Account = v.station, v.account
	}
	if addr, _ := f.addressOf(v.gin.Request.Context(), v.gin); addr.IsValid() {
		a.Address = addr.String()
	}
	f.desk.Login.Attempted(a)
}

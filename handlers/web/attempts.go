package web

import (
	"errors"
	"slices"

	"mashang/domain/fault"
	"mashang/domain/record"
)

// Proves names the fields that prove identity: a wrong one is a failed sign-in.
func (o Operation) Proves(fields ...string) Operation { o.proofs = fields; return o }

// unproven reports whether an error is about one of the proofs.
func unproven(err error, proofs []string) bool {
	e, ok := errors.AsType[*fault.Error](err)
	return ok && e.Code == fault.Invalid && slices.ContainsFunc(e.Fields, func(f fault.Field) bool { return slices.Contains(proofs, f.Field) })
}

// attemptKinds are the refusals that are recorded.
var attemptKinds = map[fault.Code]string{
	fault.Unauthenticated: record.AttemptNoSession, fault.Denied: record.AttemptDenied, fault.NotFound: record.AttemptMissing,
	fault.TooMany: record.AttemptTooMany,
}

// reportRefusal reports a refused request to the desk. An unknown address (route "none") does not count as an attempt.
func (api *API) reportRefusal(v *visit, route string) {
	kind := attemptKinds[fault.CodeOf(v.Cause)]
	if v.unproven {
		kind = record.AttemptSignIn
	}
	if p, ok := errors.AsType[*Problem](v.Cause); ok {
		kind = attemptKinds[p.Code]
	}
	if kind == "" || route == noRouteLabel || api.desk == nil {
		return
	}
	a := record.Attempt{
		Kind: kind, Action: methodLabel(v.Gin.Request.Method) + " " + route, Who: v.caller.Person, Station: v.caller.Station,
	}
	if v.Account != "" {
		a.Station, a.Account = v.Station, v.Account
	}
	if addr, _ := api.AddressOf(v.Gin.Request.Context(), v.Gin); addr.IsValid() {
		a.Address = addr.String()
	}
	api.desk.Attempted(a)
}

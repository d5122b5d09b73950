package overview

import (
	"context"
	"net/http"
	"time"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// AuditLine is one line of the audit: who did what to which object, and why.
type AuditLine struct {
	N        int64      `json:"n" doc:"The line's place in the station's chain; 0 for lines of before there was one."`
	At       time.Time  `json:"at"`
	By       wire.Actor `json:"by"`
	ByID     string     `json:"by_id,omitempty" doc:"The liaison's, member's or department's id."`
	What     string     `json:"what"`
	WhatName string     `json:"what_name" doc:"In Chinese."`
	Thing    string     `json:"thing" doc:"A submission's, upload's, member's or station's id."`
	Called   string     `json:"thing_name,omitempty" doc:"A submission's number, a member's or the station's name."`
	Why      string     `json:"why,omitempty"`
}

// AuditHead is the state of the station's audit.
type AuditHead struct {
	Count    int64           `json:"count" doc:"How many lines there are."`
	Newest   *AuditEnd       `json:"newest" doc:"Where it ends; null when nothing was written down yet."`
	Checked  int64           `json:"checked" doc:"How many of the newest lines were checked now, at most 1,000; mashang audit verify checks all."`
	Unsealed int64           `json:"unsealed" doc:"Of them, lines of before there was a chain."`
	Verified bool            `json:"verified" doc:"Nothing is wrong with those that were checked."`
	Faults   []AuditFault    `json:"faults" nullable:"false" doc:"At most 20."`
	Kinds    []AuditKind     `json:"kinds" nullable:"false" doc:"What is written down."`
	Staff    []wire.Receiver `json:"staff" nullable:"false" doc:"The station's liaisons and administrators, those who left too."`
}

// AuditEnd is the newest line. Stored elsewhere, it later proves that nothing was cut off.
type AuditEnd struct {
	N   int64     `json:"n"`
	At  time.Time `json:"at"`
	MAC string    `json:"mac" doc:"The seal over it and everything before it; empty for a line of before there was a chain."`
}

// AuditFault is the fault of a line.
type AuditFault struct {
	N    int64  `json:"n" doc:"The line's place; 0 for before those that were checked."`
	Text string `json:"text" doc:"In Chinese."`
}

// AuditKind is a kind of audited act.
type AuditKind struct {
	What string `json:"what"`
	Name string `json:"name" doc:"In Chinese."`
}

const maxFaults = 20

type auditIn struct {
	wire.Paging

	From  string `query:"from" doc:"The first day, 2026-07-01."`
	To    string `query:"to" doc:"The last day, included."`
	What  string `query:"what" maxLength:"40" doc:"One kind of act."`
	Thing string `query:"thing" maxLength:"64" doc:"What was done to one thing: its id, or a submission's number."`
	By    string `query:"by" maxLength:"64" doc:"What one liaison, member or department did."`
	Query string `query:"q" maxLength:"100" doc:"Looked for in the reasons and in the names of who did it."`
}

func (rt *routes) addAudit() {
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/audit", "audit", "Who did what, and who saw whose phone number; newest first.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden, http.StatusUnprocessableEntity), rt.audit)
	web.Handle(rt.api, web.Op(http.MethodGet, "/station/audit/head", "auditHead", "Where the audit ends, and whether its newest lines are as they were written.").
		By(web.StaffOrAdmin).Fails(http.StatusForbidden), rt.auditHead)
}

func (rt *routes) audit(ctx context.Context, c access.Caller, in *auditIn) (*wire.ListOutput[AuditLine], error) {
	from, to, err := wire.Span{From: in.From, To: in.To}.Days()
	if err != nil {
		return nil, err
	}
	filter := audit.Filter{Action: in.What, Object: in.Thing, By: in.By, Query: in.Query, From: from, To: to}
	p, err := rt.desk.audit.AuditList(ctx, c, filter, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &wire.ListOutput[AuditLine]{Body: wire.Page[AuditLine]{Items: make([]AuditLine, len(p.Items)), NextCursor: p.Next}}
	for i, l := range p.Items {
		out.Body.Items[i] = AuditLine{
			N: l.N, At: l.At.In(station.Zone), By: wire.Actor{Role: access.Role(l.Role), Name: l.Name}, ByID: l.ID,
			What: l.Action, WhatName: audit.NameOf(l.Action), Thing: l.Object, Called: l.ObjectName, Why: l.Why,
		}
	}
	return out, nil
}

func (rt *routes) auditHead(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[AuditHead], error) {
	a, err := rt.desk.audit.CheckAudit(ctx, c)
	if err != nil {
		return nil, err
	}
	out := AuditHead{
		Count: a.Count, Checked: a.Checked, Unsealed: a.Unsealed, Verified: len(a.Wrong) == 0,
		Faults: []AuditFault{}, Kinds: []AuditKind{}, Staff: make([]wire.Receiver, len(a.Staff)),
	}
	if a.Count > 0 {
		out.Newest = &AuditEnd{N: a.Head.N, At: a.Head.At.In(station.Zone), MAC: a.Head.MAC}
	}
	for _, x := range a.Wrong[:min(len(a.Wrong), maxFaults)] {
		out.Faults = append(out.Faults, AuditFault{N: x.N, Text: record.DescribeChainFault(x.What)})
	}
	for _, k := range audit.Kinds() {
		out.Kinds = append(out.Kinds, AuditKind{What: k.What, Name: k.Name})
	}
	for i, l := range a.Staff {
		out.Staff[i] = wire.Receiver{ID: l.ID, Name: l.Name}
	}
	return &wire.Output[AuditHead]{Body: out}, nil
}

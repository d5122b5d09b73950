package overview

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"mashang/desk/audit"
	"mashang/domain/access"
	"mashang/domain/record"
	"mashang/domain/station"
	"mashang/handlers/web"
	"mashang/handlers/wire"
)

// AuditLine is one line of the audit: who did what to which thing, and why.
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

// auditNames are what is written down, in Chinese.
var auditNames = map[string]string{ //nolint:gosec // acts are named here, "password" is one; no secret
	"phone": "查看电话", "dossier": "导出卷宗", "dossier-contacts": "导出卷宗（含电话）", "photo_shown": "放行照片", "photo_hidden": "不放行照片",
	"untold_done": "已另行告知", "roster-export": "导出名册", "publish": "公开结果", "unpublish": "撤下结果",
	"erasure": "本人删除信息", "erasure-unread": "删除遇到读不出的附件", "rules": "修改分派规则", "rules-undo": "撤销分派规则", "surge": "开启高峰", "surge-end": "结束高峰",
	"roster-put": "修改名册", "roster-remove": "从名册去掉", "roster-undo": "撤销名册修改", "roster-import": "导入名册",
	"roster-export-plain": "导出名册（不含电话）", "roster-phone": "查看名册里的电话", "invite": "发放邀请码", "invitations": "批量发放邀请码",
	"unbind": "解除微信绑定", "rebind": "换绑微信", "rebind-untold": "没能告知原绑定的微信", "away": "登记外出", "back": "取消外出", "report": "导出报告", "list-export": "导出清单", "list-export-texts": "导出清单（含内容）",
	"quota-clear": "清零微信调用次数",
	"guard":       "修改查看与导出的限制", "reveals-many": "查看电话异常多", "reveals-braked": "查看电话过密被拦下", "reveals-lift": "放开查看电话的限制",
	"export-ask": "申请导出内容", "export-agree": "同意导出内容", "export-refuse": "不同意导出内容", "export-drop": "撤回导出申请",
	"calendar": "自定工作日历", "calendar-undo": "取消自定日",
	"sign-in": "登录工作台", "sign-in-failed": "登录失败", "password": "设置密码", "totp": "启用动态码",
	"code-point": "改码的指向", "code-revoke": "停用码", "code-restore": "恢复码",
}

// AuditHead is how the station's audit stands.
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

// AuditEnd is the newest line: kept elsewhere it shows later that nothing was
// cut off.
type AuditEnd struct {
	N   int64     `json:"n"`
	At  time.Time `json:"at"`
	MAC string    `json:"mac" doc:"The seal over it and everything before it; empty for a line of before there was a chain."`
}

// AuditFault is what is wrong with a line.
type AuditFault struct {
	N    int64  `json:"n" doc:"The line's place; 0 for before those that were checked."`
	Text string `json:"text" doc:"In Chinese."`
}

// AuditKind is a kind of act that is written down.
type AuditKind struct {
	What string `json:"what"`
	Name string `json:"name" doc:"In Chinese."`
}

const mostFaults = 20

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
			What: l.Action, WhatName: cmp.Or(auditNames[l.Action], l.Action), Thing: l.Object, Called: l.ObjectName, Why: l.Why,
		}
	}
	return out, nil
}

func (rt *routes) auditHead(ctx context.Context, c access.Caller, _ *web.Nothing) (*wire.Output[AuditHead], error) {
	a, err := rt.desk.audit.AuditHead(ctx, c)
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
	for _, x := range a.Wrong[:min(len(a.Wrong), mostFaults)] {
		out.Faults = append(out.Faults, AuditFault{N: x.N, Text: record.DescribeChainFault(x.What)})
	}
	for _, what := range slices.Sorted(maps.Keys(auditNames)) {
		out.Kinds = append(out.Kinds, AuditKind{What: what, Name: auditNames[what]})
	}
	for i, l := range a.Staff {
		out.Staff[i] = wire.Receiver{ID: l.ID, Name: l.Name}
	}
	return &wire.Output[AuditHead]{Body: out}, nil
}

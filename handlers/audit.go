package handlers

import (
	"context"
	"net/http"
	"time"

	"mashang/access"
	"mashang/desk"
	"mashang/station"
)

// AuditLine is one line of the audit: who did what to which thing, and why.
type AuditLine struct {
	N        int64     `json:"n" doc:"The line's place in the station's chain; 0 for lines of before there was one."`
	At       time.Time `json:"at"`
	By       Actor     `json:"by"`
	ByID     string    `json:"by_id,omitempty" doc:"The liaison's, member's or department's id."`
	What     string    `json:"what"`
	WhatName string    `json:"what_name" doc:"In Chinese."`
	Thing    string    `json:"thing" doc:"A submission's, upload's or station's id."`
	Why      string    `json:"why,omitempty"`
}

// auditNames are what is written down, in Chinese.
var auditNames = map[string]string{
	"phone": "查看电话", "dossier": "导出卷宗", "dossier-contacts": "导出卷宗（含电话）", "photo_shown": "放行照片", "photo_hidden": "不放行照片",
	"untold_done": "已另行告知", "roster-export": "导出名册", "publish": "公开结果", "unpublish": "撤下结果",
	"erasure": "本人删除信息", "rules": "修改分派规则", "rules-undo": "撤销分派规则", "surge": "开启高峰", "surge-end": "结束高峰",
	"code-point": "改码的指向", "code-revoke": "停用码", "code-restore": "恢复码",
	"away": "登记外出", "back": "取消外出",
}

type auditIn struct {
	Paging

	What  string `query:"what" maxLength:"40" doc:"One kind of act."`
	Thing string `query:"thing" maxLength:"64" doc:"What was done to one thing."`
	By    string `query:"by" maxLength:"64" doc:"What one liaison, member or department did."`
	Query string `query:"q" maxLength:"100" doc:"Looked for in the reasons."`
}

func (f *Face) addAudit() {
	handle(f, op(http.MethodGet, "/station/audit", "audit", "Who did what, and who saw whose phone number; newest first.").
		by(staffOrAdmin).fails(http.StatusForbidden, http.StatusUnprocessableEntity), f.audit)
}

func (f *Face) audit(ctx context.Context, c access.Caller, in *auditIn) (*listed[AuditLine], error) {
	filter := desk.AuditFilter{What: in.What, Thing: in.Thing, By: in.By, Query: in.Query}
	p, err := f.desk.AuditList(ctx, c, filter, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &listed[AuditLine]{page[AuditLine]{Items: make([]AuditLine, len(p.Items)), NextCursor: p.Next}}
	for i, l := range p.Items {
		name := auditNames[l.What]
		if name == "" {
			name = l.What
		}
		out.Body.Items[i] = AuditLine{
			N: l.N, At: l.At.In(station.Zone), By: Actor{Role: access.Role(l.Role), Name: l.Name}, ByID: l.ID,
			What: l.What, WhatName: name, Thing: l.Thing, Why: l.Why,
		}
	}
	return out, nil
}

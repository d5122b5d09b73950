package audit

import (
	"maps"
	"slices"
)

// Action is an audited act of somebody. Do writes its line before the act.
type Action string

// The actions. Their values are stored and sent; none may change.
const (
	ShowPhone          Action = "phone"
	FindPhone          Action = "phone-find"
	ExportDossier      Action = "dossier"
	ExportDossierPhone Action = "dossier-contacts"
	ShowPhoto          Action = "photo_shown"
	HidePhoto          Action = "photo_hidden"
	NotifyByHand       Action = "untold_done"
	Publish            Action = "publish"
	Unpublish          Action = "unpublish"
	Erase              Action = "erasure"
	CloseInvalid       Action = "close-invalid"
	SetTags            Action = "tags"
	RemoveNote         Action = "note-remove"
	Nudge              Action = "nudge"
	HandOver           Action = "handover"

	Assign       Action = "assign"
	Transfer     Action = "transfer"
	Extend       Action = "extend"
	Close        Action = "close"
	Merge        Action = "merge"
	Split        Action = "split"
	Assist       Action = "assist"
	Recall       Action = "recall"
	Fulfil       Action = "fulfil"
	Promise      Action = "promise"
	HandleDanger Action = "attend"
	FollowUp     Action = "followup"

	PutEntry           Action = "roster-put"
	RemoveEntry        Action = "roster-remove"
	UndoRoster         Action = "roster-undo"
	ImportRoster       Action = "roster-import"
	ExportRoster       Action = "roster-export-plain"
	ExportRosterPhones Action = "roster-export"
	ShowRosterPhone    Action = "roster-phone"

	SetRules        Action = "rules"
	UndoRules       Action = "rules-undo"
	StartSurge      Action = "surge"
	EndSurge        Action = "surge-end"
	ReportAbsence   Action = "away"
	EndAbsence      Action = "back"
	SetDay          Action = "calendar"
	DropDay         Action = "calendar-undo"
	SetRevealPolicy Action = "guard"
	ResetReveals    Action = "reveals-lift"

	Invite    Action = "invite"
	InviteAll Action = "invitations"
	Unbind    Action = "unbind"
	Rebind    Action = "rebind"

	ExportReport Action = "report"
	ExportList   Action = "list-export"
	ExportTexts  Action = "list-export-texts"
	AskExport    Action = "export-ask"
	AgreeExport  Action = "export-agree"
	RefuseExport Action = "export-refuse"
	CancelExport Action = "export-drop"

	SignIn      Action = "sign-in"
	SetPassword Action = "password"
	ConfirmApp  Action = "totp"

	EditDay     Action = "day-edit"
	PublishDay  Action = "day-publish"
	CancelDay   Action = "day-cancel"
	RestoreDay  Action = "day-restore"
	KeepDay     Action = "day-keep"
	MoveDay     Action = "day-move"
	CloseDay    Action = "day-close"
	AddDay      Action = "day-add"
	FillDays    Action = "day-fill"
	ApproveSwap Action = "swap-approve"
	RefuseSwap  Action = "swap-refuse"
	SwapFor     Action = "swap-for"

	EnterBooking  Action = "booking-enter"
	ChangeBooking Action = "booking-change"
	ReadBooking   Action = "booking-phone"

	PointCode   Action = "code-point"
	RevokeCode  Action = "code-revoke"
	RestoreCode Action = "code-restore"
)

// Event is an audited event that is nobody's act. Note writes its line.
type Event string

// The events. Their values are stored and sent; none may change.
const (
	RevealsMany       Event = "reveals-many"
	RevealsStopped    Event = "reveals-braked"
	ErasureUnread     Event = "erasure-unread"
	RebindUndelivered Event = "rebind-untold"
	SignInFailed      Event = "sign-in-failed"
	QuotaCleared      Event = "quota-clear"
)

// actionNames and eventNames are the Chinese words. An action or event without words is not written.
var (
	actionNames = map[Action]string{ //nolint:gosec // acts are named here, setting a password is one; no secret
		ShowPhone: "查看电话", FindPhone: "按电话查找", ExportDossier: "导出卷宗", ExportDossierPhone: "导出卷宗（含电话）", ShowPhoto: "放行照片", HidePhoto: "不放行照片",
		NotifyByHand: "已另行告知", Publish: "公开结果", Unpublish: "撤下结果", Erase: "本人删除信息",
		CloseInvalid: "不予受理", SetTags: "改标签", RemoveNote: "删除备注", Nudge: "催办", HandOver: "交给本人接手",
		Assign: "分派", Transfer: "转交", Extend: "延期", Close: "办结", Merge: "并案", Split: "拆开", Assist: "请求协办", Recall: "撤回协办",
		Fulfil: "记录落实", Promise: "改落实日期", HandleDanger: "处理险情", FollowUp: "回访",
		PutEntry: "修改名册", RemoveEntry: "从名册去掉", UndoRoster: "撤销名册修改", ImportRoster: "导入名册",
		ExportRoster: "导出名册（不含电话）", ExportRosterPhones: "导出名册", ShowRosterPhone: "查看名册里的电话",
		SetRules: "修改分派规则", UndoRules: "撤销分派规则", StartSurge: "开启高峰", EndSurge: "结束高峰",
		ReportAbsence: "登记外出", EndAbsence: "取消外出", SetDay: "自定工作日历", DropDay: "取消自定日",
		SetRevealPolicy: "修改查看与导出的限制", ResetReveals: "放开查看电话的限制",
		Invite: "发放邀请码", InviteAll: "批量发放邀请码", Unbind: "解除微信绑定", Rebind: "换绑微信",
		ExportReport: "导出报告", ExportList: "导出清单", ExportTexts: "导出清单（含内容）",
		AskExport: "申请导出内容", AgreeExport: "同意导出内容", RefuseExport: "不同意导出内容", CancelExport: "撤回导出申请",
		SignIn: "登录工作台", SetPassword: "设置密码", ConfirmApp: "启用动态码",
		EditDay: "改接待日", PublishDay: "公布接待日", CancelDay: "取消接待日", RestoreDay: "恢复接待日", KeepDay: "保留接待日", MoveDay: "接待日改期", CloseDay: "接待日归档",
		AddDay: "加接待日", FillDays: "批量排班", ApproveSwap: "批准换班", RefuseSwap: "不批准换班", SwapFor: "代委员办换班",
		EnterBooking: "代登记预约", ChangeBooking: "改预约", ReadBooking: "查看预约人电话",
		PointCode: "改码的指向", RevokeCode: "停用码", RestoreCode: "恢复码",
	}
	eventNames = map[Event]string{
		RevealsMany: "查看电话异常多", RevealsStopped: "查看电话过密被拦下", ErasureUnread: "删除遇到读不出的附件",
		RebindUndelivered: "没能告知原绑定的微信", SignInFailed: "登录失败", QuotaCleared: "清零微信调用次数",
	}
)

// Kind is a kind of audit line.
type Kind struct {
	// What is an Action or an Event; Name is its Chinese word.
	What, Name string
}

// kinds has the Chinese words of all kinds, by their stored value.
var kinds = func() map[string]string {
	all := map[string]string{}
	for a, name := range actionNames {
		all[string(a)] = name
	}
	for e, name := range eventNames {
		all[string(e)] = name
	}
	return all
}()

// Kinds lists the kinds of lines in the order of What.
func Kinds() []Kind {
	list := make([]Kind, 0, len(kinds))
	for _, what := range slices.Sorted(maps.Keys(kinds)) {
		list = append(list, Kind{What: what, Name: kinds[what]})
	}
	return list
}

// NameOf returns the Chinese words for an action or event. A value that this version does not know is returned
// as it is.
func NameOf(what string) string {
	if name, ok := kinds[what]; ok {
		return name
	}
	return what
}

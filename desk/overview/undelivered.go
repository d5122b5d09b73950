package overview

import (
	"context"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// This file lists undelivered notices for the liaison, who tells the receivers by other means.

// Undelivered is one undelivered notice. Phones are not shown: the liaison has those of members on paper, and a
// visitor's is shown by Phone, which asks for a reason.
type Undelivered struct {
	ID   string
	View matters.View
	// Role is the receiver's; Name is "" for a visitor.
	Role    access.Role
	Name    string
	Purpose notice.Purpose
	// Why says in Chinese what happened and what to do.
	Why   string
	Since time.Time
}

// UndeliveredList lists the station's undelivered notices, oldest first.
func (svc *Service) UndeliveredList(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[Undelivered], error) {
	return kit.StaffList(ctx, svc.kit, c, cursor, limit, svc.store.UndeliveredPage,
		func(u record.Undelivered) string { return u.Submission },
		func(st *station.Station, s casework.Submission, u record.Undelivered) (Undelivered, error) {
			row := Undelivered{ID: u.ID(), View: svc.matters.View(svc.kit.Scope(c, st, s)), Purpose: u.Purpose, Since: u.Since}
			row.Role, row.Name, row.Why = receiverOf(st, u)
			return row, nil
		},
		func(record.Undelivered) error { return nil }) // the data were restored from before it was filed
}

// receiverOf returns who the receiver is and what to do.
func receiverOf(st *station.Station, u record.Undelivered) (role access.Role, name, why string) {
	role, id := record.ParseReceiver(u.Receiver)
	h, ok := st.Holder(role, id)
	if role == access.Member && (!ok || h.Left) {
		return role, h.Name, "该委员已不在本站名单里，请改派其他委员"
	}
	return role, h.Name, undeliveredReasons[role][u.Why]
}

// undeliveredReasons say what happened and what to do.
var undeliveredReasons = map[access.Role]map[notice.Outcome]string{
	access.Member: {
		notice.NoConsent:      "该委员的微信提醒次数已用完，请电话告知，并请他在小程序里再点一次允许",
		notice.NoAddress:      "该委员还没有绑定微信，请电话告知，并发邀请码请他绑定",
		notice.Refused:        "微信不接受这条提醒，请电话告知该委员，并请管理员运行检查（mashang doctor）",
		notice.Dead:           "多次发送都没有成功，请电话告知该委员",
		record.DeliveryFailed: "微信没有送达，请电话告知该委员，并请他在微信里打开本小程序的消息接收",
	},
	access.Liaison: {
		notice.NoConsent:      "该联络员的微信提醒次数已用完，请当面或电话告知，并请他在小程序里再点一次允许",
		notice.NoAddress:      "该联络员还没有绑定微信，请当面或电话告知，并请管理员发邀请码",
		notice.Refused:        "微信不接受这条提醒，请当面或电话告知，并请管理员运行检查（mashang doctor）",
		notice.Dead:           "多次发送都没有成功，请当面或电话告知该联络员",
		record.DeliveryFailed: "微信没有送达，请当面或电话告知该联络员",
	},
	access.Department: {
		notice.NoConsent:      "该部门的微信提醒次数已用完，请电话告知，并请经办人在小程序里再点一次允许",
		notice.NoAddress:      "该部门还没有绑定微信，请电话告知，并发邀请码请经办人绑定",
		notice.Refused:        "微信不接受这条提醒，请电话告知该部门，并请管理员运行检查（mashang doctor）",
		notice.Dead:           "多次发送都没有成功，请电话告知该部门",
		record.DeliveryFailed: "微信没有送达，请电话告知该部门",
	},
	access.Visitor: {
		notice.NoConsent:      "群众没有允许微信提醒或次数已用完，请打他留的电话告知",
		notice.NoAddress:      "这位群众不用微信，或找不到他的微信，请打他留的电话告知",
		notice.Refused:        "微信不接受这条提醒，请打群众留的电话告知，并请管理员运行检查（mashang doctor）",
		notice.Dead:           "多次发送都没有成功，请打群众留的电话告知",
		record.DeliveryFailed: "微信没有送达，请打群众留的电话告知",
		record.CallAsked:      "委员请您给群众打电话，要问的、要说的在办理经过里",
	},
}

// ResolveUndelivered removes an entry from the list: the liaison has told the receiver, or will not. It is
// audited with the note.
func (svc *Service) ResolveUndelivered(ctx context.Context, c access.Caller, id, note string) error {
	if err := access.RequireStaff(c, false); err != nil {
		return err
	}
	note = casework.Clean(note)
	if casework.Runes(note) > casework.MaxReason {
		return kit.Field("note", "备注最多 500 字")
	}
	u, err := svc.store.UndeliveredByID(ctx, c.Station, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "这一条已经不在待告知名单里")
	}
	if err != nil {
		return err
	}
	resolve := audit.Act{By: c, What: audit.NotifyByHand, Object: u.Submission, Why: note}
	return audit.Run(ctx, svc.audit, c.Station, resolve, func(w audit.Written) error { return svc.resolveUndelivered(ctx, w, c.Station, id) })
}

func (svc *Service) resolveUndelivered(ctx context.Context, w audit.Written, st, id string) error {
	if err := w.Of(audit.NotifyByHand); err != nil {
		return err
	}
	return svc.store.ResolveUndelivered(ctx, st, id)
}

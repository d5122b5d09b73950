package overview

import (
	"context"
	"slices"
	"strings"
	"time"

	"mashang/desk/audit"
	"mashang/desk/kit"
	"mashang/desk/matters"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/reception"
	"mashang/domain/record"
	"mashang/domain/station"
)

// This file lists undelivered notices for the liaison, who tells the receivers by other means.

// Undelivered is one undelivered notice. Phones are not shown: the liaison has those of members on paper, and a
// visitor's is shown by Phone, which asks for a reason.
type Undelivered struct {
	ID string
	// View is the submission, empty if it is about a reception day.
	View matters.View
	Day  *UndeliveredDay
	// Role is the receiver's; Name is "" for a visitor.
	Role    access.Role
	Name    string
	Purpose notice.Purpose
	// Why says in Chinese what happened and what to do.
	Why   string
	Since time.Time
}

// UndeliveredDay is the reception day that a notice was about.
type UndeliveredDay struct {
	reception.Day

	// Booking is what the receiver has booked, nil for a member or a liaison.
	Booking *reception.Booking
}

// UndeliveredList lists the station's undelivered notices, oldest first.
func (svc *Service) UndeliveredList(ctx context.Context, c access.Caller, cursor string, limit int) (kit.PageOf[Undelivered], error) {
	return svc.undelivered(ctx, c, cursor, limit, svc.store.UndeliveredPage)
}

// undelivered lists the entries that read returns.
func (svc *Service) undelivered(ctx context.Context, c access.Caller, cursor string, limit int,
	read func(context.Context, string, record.Cursor, int) ([]record.Undelivered, record.Cursor, bool, error),
) (kit.PageOf[Undelivered], error) {
	return kit.StaffRows(ctx, svc.kit, c, cursor, limit, read,
		func(u record.Undelivered) string { return u.Submission },
		func(st *station.Station, u record.Undelivered) (Undelivered, error) {
			row := Undelivered{ID: u.ID(), Purpose: u.Purpose, Since: u.Since}
			row.Role, row.Name, row.Why = receiverOf(st, u)
			if day, ok := record.ParseDayRef(u.Submission); ok {
				return svc.aboutDay(ctx, row, st.ID, day, u)
			}
			s, err := svc.kit.Records.Load(ctx, u.Submission)
			if err != nil {
				return row, err
			}
			row.View = svc.matters.View(svc.kit.Scope(c, st, s))
			return row, nil
		},
		func(record.Undelivered) error { return nil }) // the data were restored from before it was filed
}

// aboutDay completes an entry about a reception day.
func (svc *Service) aboutDay(ctx context.Context, row Undelivered, st, day string, u record.Undelivered) (Undelivered, error) {
	_, booking, _ := strings.Cut(u.Receiver, ".")
	if row.Role != access.Visitor {
		booking = ""
	}
	d, b, err := svc.delivery.DayOf(ctx, st, day, booking)
	row.Day = &UndeliveredDay{Day: d, Booking: b}
	if row.Role == access.Visitor && (b == nil || b.Phone == "") {
		row.Why = "通知没有送到，也没有留电话，请想别的办法告知，并在接待地点贴出告示"
	}
	return row, err
}

// UndeliveredOf lists what was not delivered about some of the station's submissions and reception days, all of it.
func (svc *Service) UndeliveredOf(ctx context.Context, c access.Caller, ids, days []string) (kit.PageOf[Undelivered], error) {
	return svc.undelivered(ctx, c, "", 0, func(ctx context.Context, st string, at record.Cursor, _ int) ([]record.Undelivered, record.Cursor, bool, error) {
		about := slices.Clone(ids)
		for _, d := range days {
			about = append(about, record.DayRef(st, d))
		}
		list, err := svc.store.UndeliveredOf(ctx, st, about)
		return list, at, false, err
	})
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
	u, _ := record.ParseUndeliveredID(c.Station, id)
	listed, err := svc.store.UndeliveredOf(ctx, c.Station, []string{u.Submission})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(listed, func(u record.Undelivered) bool { return u.ID() == id }) {
		return fault.New(fault.NotFound, "这一条已经不在待告知名单里")
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

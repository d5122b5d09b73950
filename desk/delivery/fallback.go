package delivery

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/desk/kit"
	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// This file delivers notices through other channels when no subscribe message can be sent.

// chatReserve is how many of a person's chat messages are kept for answers to what they write.
const chatReserve = 1

// tryFallbacks tries the station's fallback channels for an entry that no message can deliver, and settles it:
// as sent, or with the outcome why.
func (svc *Service) tryFallbacks(ctx context.Context, e notice.Entry, s casework.Submission, st *station.Station, person string, why notice.Outcome) error {
	for _, m := range st.ChannelsToTry() {
		switch m {
		case station.ChannelChat:
			if done, err := svc.sendByChat(ctx, e, s, st, person); done || err != nil {
				return err
			}
		case station.ChannelSMS:
			if done, err := svc.sendBySMS(ctx, e, s, st, person); done || err != nil {
				return err
			}
		case station.ChannelLiaison:
			if !liaisonCanHelp(e, s, why) {
				continue
			}
			// Listed before it is settled: a retried entry is listed as the same one again.
			if err := svc.addUndelivered(ctx, e, why); err != nil {
				return err
			}
			return svc.settle(ctx, st.ID, e, why)
		}
	}
	return svc.settle(ctx, st.ID, e, why)
}

// liaisonCanHelp reports whether the liaison can and should help. Members and liaisons can be called. Visitors
// are called about replies only, if they left a number: a list of everybody who did not tap "allow" would be
// read by nobody.
func liaisonCanHelp(e notice.Entry, s casework.Submission, why notice.Outcome) bool {
	switch {
	case why == notice.ConsentReserved:
		return false
	case e.Purpose == notice.LiaisonUrge, e.About == notice.AboutFirst, e.About == notice.AboutSoon, e.About == notice.AboutSquad, e.About == notice.AboutPromise:
		return false // nothing is late yet, or the liaison's start page shows it
	case e.Person == "":
		return true
	case e.Purpose == notice.VisitorReply || e.Purpose == notice.VisitorClosed:
		return s.Phone != ""
	default:
		return false
	}
}

// sendByChat sends the notice into the person's chat if the platform allows it. done means that the entry is
// settled or postponed.
func (svc *Service) sendByChat(ctx context.Context, e notice.Entry, s casework.Submission, st *station.Station, person string) (done bool, err error) {
	if person == "" {
		return false, nil
	}
	// Checked before taking the person's lock, which costs two synced writes.
	if left, err := svc.store.ChatLeft(ctx, person, svc.kit.Now()); err != nil || left <= chatReserve {
		return false, err
	}
	openid, err := svc.kit.OpenID(ctx, person)
	if err != nil {
		return false, err
	}
	release, ok, err := svc.store.LockPerson(ctx, person, kit.PersonLockTTL)
	if err != nil {
		return false, err
	}
	if !ok {
		return true, svc.postpone(ctx, st.ID, e, svc.kit.Now().Add(kit.PersonLockWait))
	}
	defer release()
	sending, cancel := context.WithTimeout(ctx, kit.PersonLockTTL)
	sent, cause := svc.SendChat(sending, person, openid, chatText(e, s, st), chatReserve)
	cancel()
	// The result is stored even if the time for sending is up.
	ctx = context.WithoutCancel(ctx)
	if sent {
		return true, svc.settle(ctx, st.ID, e, notice.SentByChat)
	}
	if cause == nil {
		return false, nil
	}
	svc.kit.Log.WarnContext(ctx, "notice not sent by chat", slog.String("purpose", string(e.Purpose)),
		slog.Int("attempt", e.Attempts), slog.Any("err", cause))
	if h, ok := errors.AsType[heldCall](cause); ok {
		return true, svc.postpone(ctx, st.ID, e, svc.kit.Now().Add(h.HeldFor()+time.Duration(svc.kit.Jitter()*float64(heldRetrySpread))))
	}
	dead, err := svc.retryLater(ctx, st.ID, e, notice.Retry)
	return dead == "", err
}

// chatHeads are the first lines of notices in the chat.
var chatHeads = map[notice.Purpose]string{
	notice.MemberNew:       "您有新的诉求待办理",
	notice.MemberUrge:      "您有诉求已到办理期限",
	notice.MemberMessage:   "您办理的诉求有新的消息",
	notice.VisitorReply:    "您的诉求有了答复",
	notice.VisitorClosed:   "您的诉求已办结",
	notice.VisitorProgress: "您的诉求有新的进展",
	notice.LiaisonAlarm:    "有诉求疑涉险情",
	notice.LiaisonUrge:     "有诉求等您督办",

	notice.DepartmentAssist: "有诉求请贵单位协办",
}

// chatText returns a notice's text in the chat.
func chatText(e notice.Entry, s casework.Submission, st *station.Station) string {
	m := notice.Compose(e, e.Purpose, s, st).Data
	head := chatHeads[e.Purpose]
	if e.Purpose == notice.MemberUrge && s.Owed() {
		head = "您有约定的事项待落实"
	}
	text := head + "\n编号：" + s.Number + "\n类型：" + s.Kind.Chinese()
	if e.Assist != 0 {
		return text + "\n期限：" + m[notice.Due] + "\n" + m[notice.Hint] + "。"
	}
	switch e.Purpose.Audience() {
	case string(access.Member):
		text += "\n地点：" + m[notice.Place] + "\n期限：" + m[notice.Due]
		switch s.State {
		case casework.Withdrawn:
			return text + "\n群众已经撤回，不必再办。"
		case casework.Closed:
			return text + "\n请在小程序里查看。"
		}
		return text + "\n直接回复 " + s.Number + " 加内容即可答复。"
	case string(access.Liaison):
		return text + "\n地点：" + m[notice.Place] + "\n" + m[notice.Hint] + "。"
	}
	text += "\n状态：" + m[notice.State]
	if e.About == notice.AboutPhoto {
		text += "\n有照片未通过检查"
	} else if e.Purpose != notice.VisitorProgress {
		text += "\n" + m[notice.Who] + "：" + kit.Clip(m[notice.Body], 100)
	}
	return text + "\n请在小程序“我的诉求”里查看。"
}

// addUndelivered adds the entry's receiver to the undelivered list.
func (svc *Service) addUndelivered(ctx context.Context, e notice.Entry, why notice.Outcome) error {
	return svc.store.PutUndelivered(ctx, record.Undelivered{
		Submission: e.Submission, Purpose: e.Purpose, Receiver: record.Receiver(e), Why: why, Since: svc.kit.Now(),
	})
}

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
func (svc *Service) tryFallbacks(ctx context.Context, e notice.Entry, t topic, person string, why notice.Outcome) error {
	st := t.station
	for _, m := range st.ChannelsToTry() {
		switch m {
		case station.ChannelChat:
			if done, err := svc.sendByChat(ctx, e, t, person); done || err != nil {
				return err
			}
		case station.ChannelSMS:
			if done, err := svc.sendBySMS(ctx, e, t, person); done || err != nil {
				return err
			}
		case station.ChannelLiaison:
			if !liaisonCanHelp(e, t, why) {
				continue
			}
			// Listed before it is settled: a retried entry is listed as the same one again.
			if err := svc.addUndelivered(ctx, st.ID, e, why); err != nil {
				return err
			}
			return svc.settle(ctx, st.ID, e, why)
		}
	}
	return svc.settle(ctx, st.ID, e, why)
}

// liaisonCanHelp reports whether the liaison can and should help. Members and liaisons can be called. Visitors
// are called about replies only, if they left a number: a list of everybody who did not tap "allow" would be
// read by nobody. Whoever has booked is called if the day has changed, whatever they left, as they would come in
// vain: the liaison may know them. Nobody is called about a reminder, nor about an offer, which is over by then.
func liaisonCanHelp(e notice.Entry, t topic, why notice.Outcome) bool {
	switch {
	case e.Booking != "":
		return e.About == notice.AboutCancelled || e.About == notice.AboutMoved || e.About == notice.AboutRestored || e.About == notice.AboutChanged
	case e.About == notice.AboutDuty, e.About == notice.AboutSwapOpen, e.About == notice.AboutSwapAgreed:
		return false // they know of their duty, others are asked too, or nothing is decided yet
	case why == notice.ConsentReserved, e.About == notice.AboutProxy: // the number in it is the filer's
		return false
	case e.Purpose == notice.LiaisonUrge, e.About == notice.AboutFirst, e.About == notice.AboutSoon, e.About == notice.AboutSquad, e.About == notice.AboutPromise:
		return false // nothing is late yet, or the liaison's start page shows it
	case e.Person == "":
		return true
	case e.Purpose == notice.VisitorReply || e.Purpose == notice.VisitorClosed:
		return t.submission.Phone != ""
	default:
		return false
	}
}

// sendByChat sends the notice into the person's chat if the platform allows it. done means that the entry is
// settled or postponed.
func (svc *Service) sendByChat(ctx context.Context, e notice.Entry, t topic, person string) (done bool, err error) {
	st := t.station
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
	sent, cause := svc.SendChat(sending, person, openid, chatText(e, t), chatReserve)
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

// chatHeads are the first lines of notices in the chat to those who handle a submission.
var chatHeads = map[notice.Purpose]string{
	notice.MemberNew:     "您有新的诉求待办理",
	notice.MemberUrge:    "您有诉求已到办理期限",
	notice.MemberMessage: "您办理的诉求有新的消息",
	notice.LiaisonAlarm:  "有诉求疑涉险情",
	notice.LiaisonUrge:   "有诉求等您督办",

	notice.DepartmentAssist: "有诉求请贵单位协办",
}

// chatHeadsAbout are the first lines of those about something else than a deadline that has passed.
var chatHeadsAbout = map[string]string{
	notice.AboutNudge:     "联络员催您办理一件诉求",
	notice.AboutMention:   "同事在内部备注里提到您",
	notice.AboutSoon:      "您有诉求快到办理期限",
	notice.AboutFirst:     "您有诉求还没有与群众联系",
	notice.AboutFirstLate: "有诉求还没有与群众联系，首次联系已超时",
}

// chatHead returns the first line of a notice in the chat.
func chatHead(e notice.Entry, s casework.Submission) string {
	if e.Person != "" {
		yours := "您的诉求"
		if e.About == notice.AboutProxy {
			yours = "您替人提交的诉求"
		}
		return yours + newsOf(e, s)
	}
	head, ok := chatHeadsAbout[e.About]
	switch {
	case e.About == notice.AboutNudge && e.Assist != 0:
		return "联络员催您答复协办"
	case e.Purpose == notice.MemberUrge && s.Owed() && e.About != notice.AboutNudge:
		return "您有约定的事项待落实"
	case ok:
		return head
	default:
		return chatHeads[e.Purpose]
	}
}

// chatHeadsDay are the first lines of those about reception days.
var chatHeadsDay = map[string]string{
	notice.AboutReminder:      "您预约的接待快到了",
	notice.AboutCancelled:     "您预约的接待取消了",
	notice.AboutMoved:         "您预约的接待改期了",
	notice.AboutRestored:      "您预约的接待照常进行",
	notice.AboutOffered:       "您候补的接待有空位了",
	notice.AboutChanged:       "您预约的时间改了",
	notice.AboutDuty:          "您快要值班了",
	notice.AboutSwapAsked:     "有委员请您换班",
	notice.AboutSwapOpen:      "有委员找人换班",
	notice.AboutSwapAgreed:    "有委员愿意和您换班",
	notice.AboutSwapRefused:   "换班没有成",
	notice.AboutSwapApproved:  "换班批准了",
	notice.AboutSwapExpired:   "您的班没有人接",
	notice.AboutDayCancelled:  "您值班的接待取消了",
	notice.AboutDayMoved:      "您值班的接待改期了",
	notice.AboutRosterChanged: "您的排班有变",
	notice.AboutHole:          "有接待日缺委员",
	notice.AboutSwap:          "有换班等您批准",
}

// chatTextDay returns the text of a notice about a reception day in the chat.
func chatTextDay(e notice.Entry, t topic) string {
	m := notice.ComposeDay(e, e.Purpose, *t.day, t.booking, t.station).Data
	text := chatHeadsDay[e.About] + "\n接待：" + m[notice.Subject]
	if t.booking != nil {
		text += "\n号码：" + t.booking.Number
	}
	return text + "\n时间：" + m[notice.Body] + "\n地点：" + m[notice.Place] + "\n" + m[notice.Hint] + "。"
}

// chatText returns a notice's text in the chat.
func chatText(e notice.Entry, t topic) string {
	if t.day != nil {
		return chatTextDay(e, t)
	}
	s, st := t.submission, t.station
	m := notice.Compose(e, e.Purpose, s, st).Data
	text := chatHead(e, s) + "\n编号：" + s.Number + "\n类型：" + s.Kind.Chinese()
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
func (svc *Service) addUndelivered(ctx context.Context, st string, e notice.Entry, why notice.Outcome) error {
	return svc.store.PutUndelivered(ctx, record.Undelivered{
		Submission: record.RefOf(st, e), Purpose: e.Purpose, Receiver: record.Receiver(e), Why: why, Since: svc.kit.Now(),
	})
}

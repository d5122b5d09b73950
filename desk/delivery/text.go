package delivery

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"time"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/notice"
	"mashang/domain/record"
	"mashang/domain/station"
)

// SMS sends text messages. Neither number nor text may be logged or stored.
type SMS interface {
	// SendText returns fault.Unavailable when a retry may succeed. A retry has the same id, so that nobody reads
	// a message twice.
	SendText(ctx context.Context, id, phone, text string) error
}

// Sealer is the part of the key ring that the area uses.
type Sealer interface {
	Open(sealed, bound string) (string, error)
	// BlindIndexes returns the index of a value under each key of the ring.
	BlindIndexes(plain, use string) []string
}

// maxNoticesPerNumber is how many texts a number gets in a day beside its one-time codes: each costs money, and
// nobody may be pestered.
const maxNoticesPerNumber = 5

// sendBySMS sends a text to a visitor who logged in with the number that they left in the submission: only that
// number is known to be theirs. It tells of answers, questions and the end, in none of anybody's words, because
// a screen shows a text to whoever holds the phone. Whoever booked is told of all that is about their booking. done means that the entry is settled or postponed.
func (svc *Service) sendBySMS(ctx context.Context, e notice.Entry, t topic, person string) (done bool, err error) {
	sealed, bound := t.phone()
	texted := e.Purpose == notice.VisitorReply || e.Purpose == notice.VisitorClosed || e.Purpose == notice.VisitorBooking
	if svc.sms == nil || e.Person == "" || sealed == "" || !texted {
		return false, nil
	}
	st := t.station
	openid, err := svc.kit.OpenID(ctx, person)
	if err != nil || !strings.HasPrefix(openid, kit.PhoneMark) {
		return false, err
	}
	phone, err := svc.sealer.Open(sealed, bound)
	if err != nil {
		// The liaison is asked instead: a number that cannot be read must not hold the notice for ever.
		svc.kit.Log.WarnContext(ctx, "number not read", slog.String("submission", record.RefOf(st.ID, e)), slog.Any("err", err))
		return false, nil
	}
	if !slices.ContainsFunc(svc.sealer.BlindIndexes(phone, kit.LoginIndex), func(x string) bool { return openid == kit.PhoneMark+x }) {
		return false, nil
	}
	// A text rings, so that even an answer waits until nobody sleeps.
	now := svc.kit.Now().In(station.Zone)
	if until := svc.kit.Config.Quiet.End(now); until.After(now) {
		return true, svc.postpone(ctx, st.ID, e, until)
	}
	if ok, err := svc.takeNotice(ctx, e, openid); err != nil || !ok {
		return false, err
	}
	err = svc.sms.SendText(ctx, e.ID, phone, smsText(e, t, svc.kit.Config.PublicURL))
	// The result is stored even if the time for sending is up.
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		return true, svc.settle(ctx, st.ID, e, notice.SentBySMS)
	}
	svc.kit.Log.WarnContext(ctx, "notice not sent by SMS", slog.String("purpose", string(e.Purpose)), slog.Int("attempt", e.Attempts), slog.Any("err", err))
	dead, err := svc.retryLater(ctx, st.ID, e, notice.Retry)
	return dead == "", err
}

// takeNotice takes one of the number's texts of the day, once for all attempts of an entry.
func (svc *Service) takeNotice(ctx context.Context, e notice.Entry, openid string) (ok bool, err error) {
	const day = 24 * time.Hour
	if wait, err := svc.store.TakeRate(ctx, "notice of "+e.ID, 1, day); err != nil || wait > 0 {
		return err == nil, err // it was taken at an earlier attempt
	}
	wait, err := svc.store.TakeRate(ctx, "notice "+openid, maxNoticesPerNumber, day)
	return wait == 0, err
}

// smsText returns a notice's text in a message.
func smsText(e notice.Entry, t topic, publicURL string) string {
	if t.day != nil {
		m := notice.ComposeDay(e, e.Purpose, *t.day, t.booking, t.station)
		return chatHeadsDay[e.About] + "（号码" + m.Data[notice.Number] + "，" + notice.WhenOf(*t.day) + "），请打开 " + publicURL + "/m/" + m.Page + " 查看。"
	}
	s := t.submission
	return "您反映的事（编号" + s.Number + "）" + newsOf(e, s) + "，请打开 " + publicURL + "/m/pages/matter/index?id=" + s.ID + " 查看。"
}

// newsOf says in a few words what a visitor is told, in nobody's own words.
func newsOf(e notice.Entry, s casework.Submission) string {
	switch {
	case e.Purpose == notice.VisitorProgress:
		return "有新的进展"
	case e.Purpose == notice.VisitorReply && s.State == casework.Waiting:
		return "需要您补充"
	case e.Purpose == notice.VisitorReply:
		return "有了答复"
	case s.Fulfilled():
		return "已落实"
	case s.Owed():
		return "有了约定，待落实"
	case s.Outcome == casework.Invalid:
		return "有了说明"
	default:
		return "已办结"
	}
}

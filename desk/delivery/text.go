package delivery

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/notice"
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
// a screen shows a text to whoever holds the phone. done means that the entry is settled or postponed.
func (svc *Service) sendBySMS(ctx context.Context, e notice.Entry, s casework.Submission, st *station.Station, person string) (done bool, err error) {
	if svc.sms == nil || e.Person == "" || s.Phone == "" || e.Purpose != notice.VisitorReply && e.Purpose != notice.VisitorClosed {
		return false, nil
	}
	openid, err := svc.kit.OpenID(ctx, person)
	if err != nil {
		return false, err
	}
	phone, err := svc.sealer.Open(s.Phone, s.ID)
	if err != nil {
		return false, err
	}
	if !slices.ContainsFunc(svc.sealer.BlindIndexes(phone, kit.LoginIndex), func(x string) bool { return openid == kit.PhoneMark+x }) {
		return false, nil
	}
	// A text rings, so that even an answer waits until nobody sleeps.
	now := svc.kit.Now().In(station.Zone)
	if until := svc.kit.Config.Quiet.End(now); until.After(now) {
		return true, svc.postpone(ctx, st.ID, e, until)
	}
	if e.Attempts <= 1 { // the limit counts messages, not attempts
		wait, err := svc.store.TakeRate(ctx, "notice "+openid, maxNoticesPerNumber, 24*time.Hour)
		if err != nil || wait > 0 {
			return false, err
		}
	}
	err = svc.sms.SendText(ctx, e.ID, phone, smsText(e, s, svc.kit.Config.PublicURL))
	// The result is stored even if the time for sending is up.
	ctx = context.WithoutCancel(ctx)
	if err == nil {
		return true, svc.settle(ctx, st.ID, e, notice.SentBySMS)
	}
	svc.kit.Log.WarnContext(ctx, "notice not sent by SMS", slog.String("purpose", string(e.Purpose)), slog.Int("attempt", e.Attempts), slog.Any("err", err))
	dead, err := svc.retryLater(ctx, st.ID, e, notice.Retry)
	return dead == "", err
}

// smsText returns a notice's text in a message.
func smsText(e notice.Entry, s casework.Submission, publicURL string) string {
	what := "有了答复"
	switch {
	case e.Purpose == notice.VisitorClosed:
		what = "已办结"
	case s.State == casework.Waiting:
		what = "需要您补充"
	}
	return "您反映的事（编号" + s.Number + "）" + what + "，请打开 " + publicURL + "/m/pages/matter/index?id=" + s.ID + " 查看。"
}

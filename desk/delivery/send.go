package delivery

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/desk/kit"
	"mashang/domain/notice"
)

// ChooseConsent returns the purpose whose consent is spent for a notice, or why there is none.
func (svc *Service) ChooseConsent(ctx context.Context, person string, p notice.Purpose) (use notice.Purpose, why notice.Outcome, err error) {
	left, err := svc.store.ConsentsLeft(ctx, person)
	if err != nil {
		return p, "", err
	}
	use, why = p.ChooseConsent(left)
	return use, why, nil
}

// send sends an entry's message as long as there is a consent to spend, and settles the entry. It returns Sent,
// the reason why no message can reach the person, or "" when the entry is otherwise settled or postponed. The
// caller holds the person's lock, so that nobody else spends the same consent.
func (svc *Service) send(ctx context.Context, st string, e notice.Entry, person string, compose func(use notice.Purpose) notice.Message) (r notice.Receipt, err error) {
	openid, err := svc.kit.OpenID(ctx, person)
	if err != nil {
		return r, err
	}
	// Both tries must end within the lock's time, so that they do not overlap with the next holder's.
	sending, cancel := context.WithTimeout(ctx, kit.PersonLockTTL)
	defer cancel()
	for range maxTemplates {
		use, why, err := svc.ChooseConsent(ctx, person, e.Purpose)
		if err != nil || why != "" {
			return notice.Receipt{Outcome: why}, err
		}
		m := compose(use)
		m.OpenID = openid
		r, err := svc.trySend(ctx, sending, st, e, person, m)
		if err != nil || r.Outcome != notice.NoConsent {
			return r, err
		}
		// The platform has no consent for this template; another may have one.
	}
	return notice.Receipt{Outcome: notice.NoConsent}, nil
}

// maxTemplates is how many templates one attempt tries: the stored count of one may be wrong.
const maxTemplates = 2

// trySend makes one attempt within sending and settles the entry, or returns why the person was not reached.
// Its receipt is that of send.
func (svc *Service) trySend(ctx, sending context.Context, st string, e notice.Entry, person string, m notice.Message) (notice.Receipt, error) {
	receipt, cause := svc.platform.Notify(sending, m)
	// The result is stored even if the time for sending is up.
	ctx = context.WithoutCancel(ctx)
	if cause != nil {
		svc.kit.Log.WarnContext(ctx, "notice not sent", slog.String("purpose", string(e.Purpose)),
			slog.String("outcome", string(receipt.Outcome)), slog.Int("attempt", e.Attempts), slog.Any("err", cause))
	}
	none := notice.Receipt{}
	switch receipt.Outcome {
	case notice.Sent:
		// Finished first: an uncounted consent costs one refused call later, but a retried entry notifies a
		// person twice.
		if err := svc.finish(ctx, st, e, receipt); err != nil {
			return receipt, err
		}
		return receipt, svc.store.SpendConsent(ctx, person, m.Purpose)
	case notice.NoConsent:
		if err := svc.store.ClearConsents(ctx, person, m.Purpose); err != nil {
			return none, err
		}
		if e.Unsure > 0 {
			// The message whose answer was lost has spent the last consent.
			return none, svc.settle(ctx, st, e, notice.Unconfirmed)
		}
		return receipt, nil
	case notice.Retry, notice.Unknown:
		if h, ok := errors.AsType[heldCall](cause); ok {
			// No attempt was made: the platform is down, or the day's calls are used up. However long that
			// lasts, the notice is not given up.
			spread := time.Duration(svc.kit.Jitter() * float64(heldRetrySpread))
			return none, svc.postpone(ctx, st, e, svc.kit.Now().Add(h.HeldFor()+spread))
		}
		outcome, err := svc.retryLater(ctx, st, e, receipt.Outcome)
		return notice.Receipt{Outcome: outcome}, err
	default:
		return receipt, nil
	}
}

// heldCall is the error of a call that the platform plug did not make, with the time for which it makes none.
type heldCall interface {
	error
	HeldFor() time.Duration
}

// heldRetrySpread spreads the retries of held entries over this time.
const heldRetrySpread = 10 * time.Second

// retryLater postpones the entry or gives it up. After a lost answer the message may have been delivered and
// its consent spent (errcode 43101 then corrects the count), so that is retried once only.
func (svc *Service) retryLater(ctx context.Context, st string, e notice.Entry, o notice.Outcome) (outcome notice.Outcome, err error) {
	if o == notice.Unknown {
		if e.Unsure++; e.Unsure >= notice.MaxUnsure {
			svc.kit.Config.Observe("notice", string(o))
			return "", svc.settle(ctx, st, e, notice.Unconfirmed)
		}
	}
	if e.Attempts >= svc.kit.Config.MaxAttempts {
		return notice.Dead, nil
	}
	if err := svc.store.Postpone(ctx, st, e, svc.kit.Now().Add(notice.Backoff(e.Attempts, svc.kit.Jitter()))); err != nil {
		return "", err
	}
	svc.kit.Config.Observe("notice", string(o))
	return "", nil
}

func (svc *Service) settle(ctx context.Context, st string, e notice.Entry, o notice.Outcome) error {
	return svc.finish(ctx, st, e, notice.Receipt{Outcome: o})
}

func (svc *Service) finish(ctx context.Context, st string, e notice.Entry, r notice.Receipt) error {
	if err := svc.store.Finish(ctx, st, e, r, svc.kit.Now()); err != nil {
		return err
	}
	svc.kit.Config.Observe("notice", string(r.Outcome))
	return nil
}

// postpone makes the entry due later without counting an attempt.
func (svc *Service) postpone(ctx context.Context, st string, e notice.Entry, until time.Time) error {
	e.Attempts--
	return svc.store.Postpone(ctx, st, e, until)
}

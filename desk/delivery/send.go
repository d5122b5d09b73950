package delivery

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/desk/kit"
	"mashang/domain/notice"
)

// Spend chooses whose consent tells of the purpose, or says why none does.
func (svc *Service) Spend(ctx context.Context, person string, p notice.Purpose) (use notice.Purpose, why notice.Outcome, err error) {
	left, err := svc.store.ConsentsLeft(ctx, person)
	if err != nil {
		return p, "", err
	}
	use, why = p.ChooseConsent(left)
	return use, why, nil
}

// send asks the platform as long as there is a consent to spend, and settles the
// entry by the answer. It returns Sent when it went, why the person cannot be told
// by a message, or "" when the entry is otherwise settled or put off. The lane
// keeps others from spending the same consent meanwhile.
func (svc *Service) send(ctx context.Context, st string, e notice.Entry, person string, compose func(use notice.Purpose) notice.Message) (r notice.Receipt, err error) {
	openid, err := svc.kit.OpenID(ctx, person)
	if err != nil {
		return r, err
	}
	// Both tries fit into the person's lock: whoever has it next must not meet this one.
	sending, cancel := context.WithTimeout(ctx, kit.PersonLockTTL)
	defer cancel()
	for range maxTemplates {
		use, why, err := svc.Spend(ctx, person, e.Purpose)
		if err != nil || why != "" {
			return notice.Receipt{Outcome: why}, err
		}
		m := compose(use)
		m.OpenID = openid
		r, err := svc.ask(ctx, sending, st, e, person, m)
		if err != nil || r.Outcome != notice.NoConsent {
			return r, err
		}
		// Not for this template, after all; another may do.
	}
	return notice.Receipt{Outcome: notice.NoConsent}, nil
}

// maxTemplates is how many are tried in one attempt: a count may be wrong of one.
const maxTemplates = 2

// ask makes one attempt within sending and settles the entry by the answer, or
// returns why the person was not told. The receipt is that of send.
func (svc *Service) ask(ctx, sending context.Context, st string, e notice.Entry, person string, m notice.Message) (notice.Receipt, error) {
	receipt, cause := svc.platform.Notify(sending, m)
	// What became of it is written down even if the time for sending is up.
	ctx = context.WithoutCancel(ctx)
	if cause != nil {
		svc.kit.Log.WarnContext(ctx, "notice not sent", slog.String("purpose", string(e.Purpose)),
			slog.String("outcome", string(receipt.Outcome)), slog.Int("attempt", e.Attempts), slog.Any("err", cause))
	}
	none := notice.Receipt{}
	switch receipt.Outcome {
	case notice.Sent:
		// Settled first: a consent we forget to count costs one refused call later,
		// an entry that comes back tells somebody twice.
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
			// No attempt was made: the platform is down, or today's calls are used
			// up. However long that lasts, it gives nothing up.
			spread := time.Duration(svc.kit.Jitter() * float64(heldRetrySpread))
			return none, svc.putOff(ctx, st, e, svc.kit.Now().Add(h.HeldFor()+spread))
		}
		untold, err := svc.retryLater(ctx, st, e, receipt.Outcome)
		return notice.Receipt{Outcome: untold}, err
	default:
		return receipt, nil
	}
}

// heldCall is a call that the plug did not make, and for how long it makes none.
type heldCall interface {
	error
	HeldFor() time.Duration
}

// heldRetrySpread is the time over which those that were held come back.
const heldRetrySpread = 10 * time.Second

// retryLater has the entry tried later, or gives it up. After a lost answer the
// message may have arrived and the consent been spent (the platform corrects our
// count then with errcode 43101), so that is tried again once and no more.
func (svc *Service) retryLater(ctx context.Context, st string, e notice.Entry, o notice.Outcome) (untold notice.Outcome, err error) {
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

// putOff makes the entry due later without counting an attempt.
func (svc *Service) putOff(ctx context.Context, st string, e notice.Entry, until time.Time) error {
	e.Attempts--
	return svc.store.Postpone(ctx, st, e, until)
}

package desk

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"mashang/domain/access"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/notice"
	"mashang/domain/record"
)

// The platform looks at every photo from the moment it is sent: by the time it
// is filed the answer is often there. Until then it is its sender's and the
// liaison's alone, and nothing that anybody answers removes it: it may be
// evidence.

const (
	// photoWait is how long an answer is waited for. The platform promises one
	// within 30 minutes (mediaCheckAsync).
	photoWait = 40 * time.Minute
	// tokenBytes is the length of the secret in a photo's address.
	tokenBytes = 20
	// earlyTries is how often an answer is kept that came before its question
	// was noted.
	earlyTries = 3
)

// errEarly is an answer to a question that is not noted, or not yet.
var errEarly = errors.New("the platform's answer is about no question of ours")

// askAbout queues the question about a photo.
func (d *Desk) askAbout(ctx context.Context, u Upload) error {
	token, err := d.random("", tokenBytes)
	if err != nil {
		return err
	}
	now := d.now()
	c := PhotoCheck{Upload: u.ID, Owner: u.Owner, Token: token, Until: now.Add(photoWait).UnixMilli()}
	if err := d.store.QueueCheck(ctx, c, now); err != nil {
		return err
	}
	wakeUp(d.asked)
	return nil
}

// CheckPhotos asks the platform about photos that wait for it, gives up those
// whose answer did not come, and returns how many it took on.
func (d *Desk) CheckPhotos(ctx context.Context) (int, error) {
	list, err := d.store.LeaseChecks(ctx, d.now(), leaseTime, leaseSize)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		if err := d.checkPhoto(ctx, c); err != nil {
			// The lease ends by itself and the question comes back.
			d.log.WarnContext(ctx, "photo not checked", slog.Int("attempt", c.Attempts), slog.Any("err", err))
		}
	}
	return len(list), nil
}

func (d *Desk) checkPhoto(ctx context.Context, c PhotoCheck) error {
	now, until := d.now(), time.UnixMilli(c.Until)
	if c.Trace != "" || !now.Before(until) {
		return d.judge(ctx, c.Upload, record.Unjudged)
	}
	openid, err := d.openid(ctx, c.Owner)
	if fault.Is(err, fault.NotFound) {
		return d.judge(ctx, c.Upload, record.Unjudged) // they had everything of theirs deleted
	}
	if err != nil {
		return err
	}
	if outside(openid) {
		return d.judge(ctx, c.Upload, record.Unjudged) // the liaison looks at it
	}
	trace, err := d.platform.CheckPhoto(ctx, openid, d.cfg.PublicURL+"/check/"+c.Token)
	if err == nil {
		c.Trace = trace
		return d.store.PostponeCheck(ctx, c, until)
	}
	d.log.WarnContext(ctx, "photo not asked about", slog.Int("attempt", c.Attempts), slog.Any("err", err))
	switch fault.CodeOf(err) {
	case fault.Unavailable, fault.TooMany:
		again := now.Add(notice.Backoff(c.Attempts, d.jitter()))
		if again.After(until) {
			again = until
		}
		return d.store.PostponeCheck(ctx, c, again)
	default:
		return d.judge(ctx, c.Upload, record.Unjudged)
	}
}

// photoChecked takes the platform's answer.
func (d *Desk) photoChecked(ctx context.Context, a Arrival) error {
	upload, err := d.store.Traced(ctx, a.Trace)
	if fault.Is(err, fault.NotFound) {
		if a.Attempts <= earlyTries {
			return errEarly
		}
		return nil // of another installation, or from before the data were restored
	}
	if err != nil {
		return err
	}
	return d.judge(ctx, upload, safetyOf(a))
}

// safetyOf reads an answer. One with an error says nothing of the photo: it is
// no pass.
func safetyOf(a Arrival) Safety {
	switch {
	case a.ErrorCode != 0:
		return record.Unjudged
	case a.Verdict == string(Pass):
		return record.Passed
	case a.Verdict == string(Risky):
		return record.Risky
	default:
		return record.Doubtful
	}
}

// judge writes down what is known of a photo, puts it before the liaisons of
// the submissions it belongs to, tells who sent it if it is risky, and ends the
// question. It can be repeated after a crash at any point.
func (d *Desk) judge(ctx context.Context, upload string, s Safety) error {
	_, err := d.store.Upload(ctx, upload)
	if fault.Is(err, fault.NotFound) {
		return d.store.FinishCheck(ctx, upload) // deleted at its sender's wish
	}
	if err != nil {
		return err
	}
	if _, err := d.store.Judge(ctx, upload, s, false); err != nil {
		return err
	}
	// Read after it was judged: what it is attached to by now.
	u, err := d.store.Upload(ctx, upload)
	if err != nil {
		return err
	}
	if u.Safety.Waits() {
		var unread error
		for _, id := range u.Submissions {
			if err := d.holdFor(ctx, id, u); fault.Is(err, fault.Internal) {
				unread = err // the liaisons of the others see it all the same
			} else if err != nil {
				return err
			}
		}
		if unread != nil {
			return unread
		}
	}
	d.cfg.Observe("photo", string(s))
	return d.store.FinishCheck(ctx, upload)
}

// holdFor puts a photo before the liaison of one submission and tells the
// visitor that their photo is risky.
func (d *Desk) holdFor(ctx context.Context, submission string, u Upload) error {
	s, err := d.records.Load(ctx, submission)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := d.store.HoldPhoto(ctx, s.ID, u.ID, d.now()); err != nil {
		return err
	}
	if u.Safety != record.Risky || u.Owner != s.Filer {
		return nil
	}
	e := notice.Entry{
		ID: "photo-" + u.ID + "-" + s.ID, Submission: s.ID, Purpose: notice.VisitorProgress, Person: s.Filer,
		About: notice.AboutPhoto, Version: s.Version, At: int64(casework.At(d.now())),
	}
	if err := d.store.Tell(ctx, s.Station, e, d.now()); err != nil {
		return err
	}
	d.wake(s.Station)
	return nil
}

// holdBad puts those of a submission's new photos that the platform has
// answered about already before the liaison. An answer that comes meanwhile
// finds the submission among the photo's: whichever is later sees the other.
func (d *Desk) holdBad(ctx context.Context, submission string, uploads []string) error {
	known, err := d.store.Safeties(ctx, uploads)
	if err != nil {
		return err
	}
	for _, id := range uploads {
		if known[id].Waits() {
			if err := d.store.HoldPhoto(ctx, submission, id, d.now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Peek opens a photo for the platform by its token, until it has answered.
func (d *Desk) Peek(ctx context.Context, token string) (*File, error) {
	id, err := d.store.Peeked(ctx, token)
	if err != nil {
		return nil, err
	}
	u, err := d.store.Upload(ctx, id)
	if err != nil {
		return nil, err
	}
	if u.Safety != record.Checking {
		return nil, access.Missing()
	}
	return d.media.Open(u.Kind, u.Hash, false)
}

// wakeUp hints that there is work; one hint is enough for any amount of it.
func wakeUp(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

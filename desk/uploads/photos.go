package uploads

import (
	"context"
	"log/slog"
	"time"

	"mashang/desk/kit"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/handover"
	"mashang/domain/notice"
	"mashang/domain/record"
)

const (
	// photoWait is how long the platform's answer is awaited. It promises one within 30 minutes
	// (mediaCheckAsync).
	photoWait = 40 * time.Minute
	// tokenBytes is the length of the secret in a photo's address.
	tokenBytes = 20
)

// queueCheck queues the platform's check of a photo.
func (svc *Service) queueCheck(ctx context.Context, u record.Upload) error {
	token, err := svc.kit.Random("", tokenBytes)
	if err != nil {
		return err
	}
	now := svc.kit.Now()
	c := record.PhotoCheck{Upload: u.ID, Owner: u.Owner, Token: token, Until: now.Add(photoWait).UnixMilli()}
	if err := svc.store.QueueCheck(ctx, c, now); err != nil {
		return err
	}
	Signal(svc.wake)
	return nil
}

// CheckPhotos sends queued photos to the platform's check and gives up those whose answer did not come. It
// returns how many it leased.
func (svc *Service) CheckPhotos(ctx context.Context) (int, error) {
	list, err := svc.store.LeaseChecks(ctx, svc.kit.Now(), kit.LeaseTime, kit.LeaseSize)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		if err := svc.checkPhoto(ctx, c); err != nil {
			// The lease expires and the check is due again.
			svc.kit.Log.WarnContext(ctx, "photo not checked", slog.Int("attempt", c.Attempts), slog.Any("err", err))
		}
	}
	return len(list), nil
}

func (svc *Service) checkPhoto(ctx context.Context, c record.PhotoCheck) error {
	now, until := svc.kit.Now(), time.UnixMilli(c.Until)
	if c.Trace != "" || !now.Before(until) {
		return svc.judge(ctx, c.Upload, record.Unjudged)
	}
	openid, err := svc.kit.OpenID(ctx, c.Owner)
	if fault.Is(err, fault.NotFound) {
		return svc.judge(ctx, c.Upload, record.Unjudged) // the owner has erased their data
	}
	if err != nil {
		return err
	}
	if kit.IsExternal(openid) {
		return svc.judge(ctx, c.Upload, record.Unjudged) // the liaison checks it
	}
	trace, err := svc.platform.CheckPhoto(ctx, openid, svc.kit.Config.PublicURL+"/check/"+c.Token)
	if err == nil {
		c.Trace = trace
		return svc.store.PostponeCheck(ctx, c, until)
	}
	svc.kit.Log.WarnContext(ctx, "photo not asked about", slog.Int("attempt", c.Attempts), slog.Any("err", err))
	switch fault.CodeOf(err) {
	case fault.Unavailable, fault.TooMany:
		again := now.Add(notice.Backoff(c.Attempts, svc.kit.Jitter()))
		if again.After(until) {
			again = until
		}
		return svc.store.PostponeCheck(ctx, c, again)
	default:
		return svc.judge(ctx, c.Upload, record.Unjudged)
	}
}

// PhotoChecked handles the platform's answer.
func (svc *Service) PhotoChecked(ctx context.Context, a record.InboundEvent) error {
	upload, err := svc.store.UploadByTrace(ctx, a.Trace)
	if fault.Is(err, fault.NotFound) {
		if a.Attempts <= kit.MaxEarlyAttempts {
			return kit.ErrEarly
		}
		return nil // of another installation, or from before the data were restored
	}
	if err != nil {
		return err
	}
	return svc.judge(ctx, upload, safetyOf(a))
}

// safetyOf converts an answer. An answer with an error says nothing about the photo and is no pass.
func safetyOf(a record.InboundEvent) record.Safety {
	switch {
	case a.ErrorCode != 0:
		return record.Unjudged
	case a.Verdict == string(kit.Pass):
		return record.Passed
	case a.Verdict == string(kit.Risky):
		return record.Risky
	default:
		return record.Doubtful
	}
}

// judge stores a photo's state, lists it for the liaisons of its submissions, notifies its sender if it is
// risky, and ends the check. It can be repeated after a crash at any point.
func (svc *Service) judge(ctx context.Context, upload string, s record.Safety) error {
	_, err := svc.store.Upload(ctx, upload)
	if fault.Is(err, fault.NotFound) {
		return svc.store.FinishCheck(ctx, upload) // erased by its sender
	}
	if err != nil {
		return err
	}
	if _, err := svc.store.Judge(ctx, upload, s, false); err != nil {
		return err
	}
	// Read after judging, to include what it was attached to meanwhile.
	u, err := svc.store.Upload(ctx, upload)
	if err != nil {
		return err
	}
	if u.Safety.Waits() {
		var unread error
		for _, id := range u.Submissions {
			if err := svc.holdFor(ctx, id, u); fault.Is(err, fault.Internal) {
				unread = err // the other submissions' liaisons see it all the same
			} else if err != nil {
				return err
			}
		}
		if unread != nil {
			return unread
		}
	}
	svc.kit.Config.Observe("photo", string(s))
	return svc.store.FinishCheck(ctx, upload)
}

// holdFor lists a photo for the liaison of one submission, and notifies its filer or their proxy if it is theirs and
// risky.
func (svc *Service) holdFor(ctx context.Context, submission string, u record.Upload) error {
	s, err := svc.kit.Records.Load(ctx, submission)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := svc.store.HoldPhoto(ctx, s.ID, u.ID, svc.kit.Now()); err != nil {
		return err
	}
	if u.Safety != record.Risky || !handover.IsParty(s, u.Owner) {
		return nil
	}
	e := notice.Entry{
		ID: "photo-" + u.ID + "-" + s.ID, Submission: s.ID, Purpose: notice.VisitorProgress, Person: u.Owner,
		About: notice.AboutPhoto, Version: s.Version, At: int64(casework.At(svc.kit.Now())),
	}
	if err := svc.store.EnqueueNotice(ctx, s.Station, e, svc.kit.Now()); err != nil {
		return err
	}
	svc.kit.Wake(s.Station)
	return nil
}

// holdRisky lists those of a submission's new photos for the liaison that the platform has already answered
// about. An answer that arrives meanwhile finds the submission in the photo's record, so one of the two always
// lists it.
func (svc *Service) holdRisky(ctx context.Context, submission string, uploads []string) error {
	known, err := svc.store.Safeties(ctx, uploads)
	if err != nil {
		return err
	}
	for _, id := range uploads {
		if known[id].Waits() {
			if err := svc.store.HoldPhoto(ctx, submission, id, svc.kit.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Signal hints that there is work. One pending hint is enough.
func Signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

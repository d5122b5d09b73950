package privacy

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"mashang/desk/audit"
	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// An upload is its owner's, and goes with them: what they filed, and what they
// sent and never filed. What somebody else's words need stays, without them.

// transferUploads makes the filer the owner of what came with their submission: what was
// written down for them was uploaded by somebody else. What the owner shows
// elsewhere as well stays the owner's.
func (svc *Service) transferUploads(ctx context.Context, s casework.Submission, person string) error {
	var unread error
	for _, id := range s.FilerUploads() {
		u, err := svc.store.Upload(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if u.Owner == person {
			continue
		}
		other, err := svc.nextOwner(ctx, u, s.ID)
		if fault.Is(err, fault.Internal) {
			unread = err // it stays the owner's
			continue
		}
		if err != nil {
			return err
		}
		if other != "" {
			continue
		}
		u.Owner = person
		if err := svc.store.PutUpload(ctx, u); err != nil {
			return err
		}
	}
	return unread
}

// nextOwner is whose an upload is if not its owner's: the filer's of a submission it
// came with, or nobody's, casework.Gone, when it is part of an answer; "" when
// nothing shows it. The submission but is not looked at. The fault is Internal where
// a record that cannot be read decides it.
func (svc *Service) nextOwner(ctx context.Context, u record.Upload, but string) (string, error) {
	heir := ""
	var unread error
	for _, id := range u.Submissions {
		if id == but {
			continue
		}
		s, err := svc.kit.Records.Load(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // attached on the way to an admission that never came
		}
		if fault.Is(err, fault.Internal) {
			unread = err // another may say whose it is
			continue
		}
		if err != nil {
			return "", err
		}
		if !s.HasUpload(u.ID) {
			continue
		}
		if slices.Contains(s.FilerUploads(), u.ID) {
			return s.Filer, nil
		}
		heir = casework.ErasedFiler
	}
	return heir, unread
}

// dropUploads deletes what a person uploaded, whose submissions are forgotten
// by now, with the files nobody else sent as well. A record goes after its file
// and after what waits for it, so that a second call finds what the first left.
// unread counts the records that cannot be read: what of theirs is among them is
// left to FinishErasures.
func (svc *Service) dropUploads(ctx context.Context, person string) (unread int, err error) {
	list, unread, err := svc.store.UploadsOf(ctx, person)
	if err != nil || len(list) == 0 {
		return unread, err
	}
	var drop []record.Upload
	var hashes []string
	for _, u := range list {
		heir, err := svc.nextOwner(ctx, u, "")
		if fault.Is(err, fault.Internal) {
			unread++ // it must not keep the others' files, nor the person
			continue
		}
		if err != nil {
			return unread, err
		}
		if heir == "" {
			drop, hashes = append(drop, u), append(hashes, u.Hash)
			continue
		}
		u.Owner = heir
		if err := svc.store.PutUpload(ctx, u); err != nil {
			return unread, err
		}
	}
	shared, err := svc.store.SharedFiles(ctx, person, hashes)
	if err != nil {
		return unread, err
	}
	for _, u := range drop {
		if err := svc.dropUpload(ctx, u, shared[u.Hash]); err != nil {
			return unread, err
		}
	}
	return unread, nil
}

// eraseUploads is dropUploads that writes down what it could not read, before the
// person is gone who would ask again.
func (svc *Service) eraseUploads(ctx context.Context, person string, stations []string) error {
	unread, err := svc.dropUploads(ctx, person)
	if err != nil || unread == 0 {
		return err
	}
	if err := svc.store.PutPendingErasure(ctx, person, svc.kit.Now()); err != nil {
		return err
	}
	svc.kit.Log.ErrorContext(ctx, "an erasure met records of uploads that cannot be read; it is finished once they are repaired or gone",
		slog.Int("records", unread), slog.String("advice", "mashang verify 会列出这些记录，处理办法见 docs/operation.md“一条记录坏了”"))
	for _, st := range stations {
		why := fmt.Sprintf("有 %d 条附件记录读不出，可能有本人的；修好后自动删除", unread)
		if err := svc.audit.Note(ctx, st, audit.ErasureUnread, person, why); err != nil {
			return err
		}
	}
	return nil
}

// FinishErasures deletes what erasures left because it could not be read, as far
// as it can be read now; left counts the persons it waits for still.
func (svc *Service) FinishErasures(ctx context.Context) (left int, err error) {
	persons, err := svc.store.PendingErasures(ctx)
	if err != nil {
		return 0, err
	}
	for _, person := range persons {
		unread, err := svc.dropUploads(ctx, person)
		if err != nil {
			return 0, err
		}
		if unread > 0 {
			left++
			continue
		}
		if err := svc.store.DropPendingErasure(ctx, person); err != nil {
			return 0, err
		}
	}
	return left, nil
}

func (svc *Service) dropUpload(ctx context.Context, u record.Upload, shared bool) error {
	if err := svc.store.FinishCheck(ctx, u.ID); err != nil {
		return err
	}
	for _, id := range u.Submissions {
		if err := svc.store.ReleasePhoto(ctx, id, u.ID); err != nil {
			return err
		}
	}
	if !shared {
		if err := svc.media.Remove(u.Hash); err != nil {
			return err
		}
	}
	return svc.store.DropUpload(ctx, u.ID)
}

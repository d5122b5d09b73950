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

// Uploads are erased with their owner: what they filed, and what they sent and never filed. A file that is part
// of somebody else's words stays, without an owner.

// TransferUploads makes the filer the owner of files of their submission that somebody else may have uploaded. A
// file that its owner also uses elsewhere stays the owner's.
func (svc *Service) TransferUploads(ctx context.Context, s casework.Submission, uploads []string, person string) error {
	var unread error
	for _, id := range uploads {
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

// nextOwner returns who owns an upload without its owner: the filer of a submission that it came with,
// casework.ErasedFiler when it is part of an answer, "" when nothing shows it. The submission except is
// ignored. The error is Internal when the result depends on an unreadable record.
func (svc *Service) nextOwner(ctx context.Context, u record.Upload, except string) (string, error) {
	owner := ""
	var unread error
	for _, id := range u.Submissions {
		if id == except {
			continue
		}
		s, err := svc.kit.Records.Load(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue // attached to a submission that was never admitted
		}
		if fault.Is(err, fault.Internal) {
			unread = err // another submission may have an owner for it
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
		owner = casework.ErasedFiler
	}
	return owner, unread
}

// dropUploads deletes the uploads of a person whose submissions are already erased, with the files that nobody
// else sent too. A record is deleted after its file and its pending check, so that a repeated call completes an
// interrupted one. unread counts unreadable records, any of which may be the person's; FinishErasures deletes
// those later.
func (svc *Service) dropUploads(ctx context.Context, person string) (unread int, err error) {
	list, unread, err := svc.store.UploadsOf(ctx, person)
	if err != nil || len(list) == 0 {
		return unread, err
	}
	var drop []record.Upload
	var hashes []string
	for _, u := range list {
		owner, err := svc.nextOwner(ctx, u, "")
		if fault.Is(err, fault.Internal) {
			unread++ // it must not keep the others' files or the person
			continue
		}
		if err != nil {
			return unread, err
		}
		if owner == "" {
			drop, hashes = append(drop, u), append(hashes, u.Hash)
			continue
		}
		u.Owner = owner
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

// eraseUploads is dropUploads, and stores that the erasure is pending when records were unreadable: the person
// who could repeat it is erased.
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

// FinishErasures completes pending erasures as far as the records are readable by now. left counts the persons
// that are still pending.
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

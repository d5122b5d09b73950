package codes

import (
	"context"

	"mashang/domain/fault"
)

// portraitOf returns the file hash of a member's portrait, "" for none that may be shown.
func (svc *Service) portraitOf(ctx context.Context, st, member string) (string, error) {
	portraits, err := svc.kit.Cache.Portraits.Get(ctx, st, func(ctx context.Context, _ map[string]string) (map[string]string, error) {
		uploads, err := svc.store.Portraits(ctx, st)
		if err != nil {
			return nil, err
		}
		files := make(map[string]string, len(uploads))
		for m, id := range uploads {
			u, err := svc.store.Upload(ctx, id)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			if err == nil && u.Safety.Harmless() {
				files[m] = u.Hash
			}
		}
		return files, nil
	})
	return portraits[member], err
}

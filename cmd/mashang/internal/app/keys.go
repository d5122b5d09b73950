package app

import (
	"context"
	"crypto/rand"
	"log/slog"

	"mashang/adapters/seal"
	"mashang/cmd/mashang/internal/config"
	"mashang/store"
)

// openKeys checks the store, returns the keys for encryption, and names a fresh store once its keys are on
// disk. The keys come from the configuration, from the keys folder, or, for a store that never held anything,
// are made now. Missing keys of existing data are an error, as new ones decrypt nothing. older handles data of
// an earlier format.
func openKeys(ctx context.Context, cfg config.Config, back *managedStore, older olderData, log *slog.Logger) (*seal.Keyring, error) {
	fresh, err := checkStore(ctx, cfg.Data.Dir, back, back.count)
	if err != nil {
		return nil, err
	}
	ring, err := keyring(ctx, cfg, fresh, log)
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := nameStore(ctx, cfg.Data.Dir, back, rand.Reader); err != nil {
			return nil, err
		}
	}
	if err := checkKeys(ctx, back, ring, true); err != nil {
		return nil, err
	}
	mark, err := back.Mark(ctx)
	if err != nil {
		return nil, err
	}
	back.Seal(ring, mark)
	if mark.Reached() < store.Format {
		if err := older(ctx, back, ring, mark); err != nil {
			return nil, err
		}
	}
	if err := saveCanary(ctx, cfg.Data.Dir, back, back.count); err != nil {
		return nil, err
	}
	if mark, err = back.Mark(ctx); err != nil {
		return nil, err
	}
	back.Seal(ring, mark)
	// From here on a Redis that restarts without the data is refused.
	back.RequireMark(mark)
	return ring, nil
}

// openKeysReadOnly is openKeys for a command that writes nothing: no name, no keys, no proof, no record.
func openKeysReadOnly(ctx context.Context, cfg config.Config, back *managedStore, log *slog.Logger) (*seal.Keyring, error) {
	if _, err := checkStore(ctx, cfg.Data.Dir, back, back.count); err != nil {
		return nil, err
	}
	ring, err := keyring(ctx, cfg, false, log)
	if err != nil {
		return nil, err
	}
	if err := checkKeys(ctx, back, ring, false); err != nil {
		return nil, err
	}
	mark, err := back.Mark(ctx)
	if err != nil {
		return nil, err
	}
	if mark.Reached() < store.Format {
		if err := refuseOlder(ctx, back, ring, mark); err != nil {
			return nil, err
		}
	}
	back.Seal(ring, mark)
	back.RequireMark(mark)
	return ring, nil
}

func keyring(ctx context.Context, cfg config.Config, fresh bool, log *slog.Logger) (*seal.Keyring, error) {
	if keys := cfg.Seal.Keys.Reveal(); keys != "" {
		return seal.Parse(keys)
	}
	if !fresh {
		return seal.Load(cfg.Seal.KeysDir)
	}
	ring, created, err := seal.LoadOrCreate(cfg.Seal.KeysDir, rand.Reader)
	if err == nil && created {
		log.WarnContext(ctx, "made a key for sealing phones; keep a copy of this folder apart from the data",
			slog.String("dir", cfg.Seal.KeysDir))
	}
	return ring, err
}

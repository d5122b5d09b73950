package kit

import (
	"context"
)

// Visit records that the person has to do with the station, once per process.
func (k *Kit) Visit(ctx context.Context, person, st string) error {
	key := person + " " + st
	if k.Cache.visited.Contains(key) {
		return nil
	}
	if err := k.store.Visit(ctx, person, st); err != nil {
		return err
	}
	k.Cache.visited.Add(key, struct{}{})
	return nil
}

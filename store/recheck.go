package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// glances is how often something that changes while it is looked at is looked
// at anew. What changes that fast is not damaged.
const glances = 5

// misplaced looks at a submission and its places at one moment and reports those
// that are wrong.
func (s *Store) misplaced(ctx context.Context, r *Report, id string) error {
	st, local, _ := split(id)
	sp := spaceOf(st)
	for range glances {
		value, err := s.optional(ctx, sp.value(local))
		if err != nil {
			return err
		}
		sub, err := s.decode(st, local, value)
		if err != nil {
			return nil //nolint:nilerr // it was reported, or is gone
		}
		p := s.rdb.TxPipeline()
		still := p.Get(ctx, sp.value(local))
		places := placements(sp, &sub)
		scores := make([]*redis.FloatCmd, len(places))
		for i, place := range places {
			scores[i] = p.ZScore(ctx, place.key, local)
		}
		if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
			return failed(err)
		}
		if still.Val() != value {
			continue
		}
		for i, place := range places {
			score, err := scores[i].Result()
			switch {
			case place.key == sp.relay():
			case err != nil:
				r.Add("诉求 %s：不在列表 %s 中", id, place.key)
			case !place.fits(score):
				r.Add("诉求 %s：在列表 %s 中的位置不对", id, place.key)
			}
		}
		return nil
	}
	return nil
}

// fits reports whether a score is the place's. Times of reminders move without an
// act.
func (p placement) fits(score float64) bool {
	return score == float64(p.score) || strings.HasSuffix(p.key, "}:urge") || strings.HasSuffix(p.key, "}:assists:urge")
}

// strays reports what stands in a list and does not belong there.
func (s *Store) strays(ctx context.Context, r *Report, st, key string) error {
	sp := spaceOf(st)
	for from := int64(0); ; from += batch {
		locals, err := s.rdb.ZRange(ctx, key, from, from+batch-1).Result()
		if err != nil {
			return failed(err)
		}
		for _, local := range locals {
			if err := s.stray(ctx, r, sp, st, key, local); err != nil {
				return err
			}
		}
		if len(locals) < batch {
			return nil
		}
	}
}

func (s *Store) stray(ctx context.Context, r *Report, sp space, st, key, local string) error {
	p := s.rdb.TxPipeline()
	got, in := p.Get(ctx, sp.value(local)), p.ZScore(ctx, key, local)
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return failed(err)
	}
	if in.Err() != nil {
		return nil //nolint:nilerr // it left meanwhile
	}
	if got.Err() != nil {
		r.Add("列表 %s：其中的诉求 %s-%s 不存在", key, st, local)
		return nil //nolint:nilerr // it is reported
	}
	sub, err := s.decode(st, local, got.Val())
	if err != nil {
		return nil //nolint:nilerr // reported where it is read
	}
	if !slices.ContainsFunc(placements(sp, &sub), func(p placement) bool { return p.key == key }) {
		r.Add("列表 %s：诉求 %s 不该在其中", key, sub.ID)
	}
	return nil
}

// verifyCount compares how many were filed with how many are listed, at one
// moment.
func (s *Store) verifyCount(ctx context.Context, r *Report, st string) error {
	p := s.rdb.TxPipeline()
	counter, listed := p.Get(ctx, spaceOf(st).count()), p.ZCard(ctx, spaceOf(st).all())
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return failed(err)
	}
	n, err := counter.Int()
	if err != nil && !errors.Is(err, redis.Nil) {
		r.Add("工作站 %s：累计提交的件数读不出", st)
		return nil
	}
	if n != int(listed.Val()) {
		r.Add("工作站 %s：累计提交 %d 件，清单中有 %d 件", st, n, listed.Val())
	}
	return nil
}

// verifyUploads reads the record of every upload.
func (s *Store) verifyUploads(ctx context.Context, r *Report, file func(id, hash string) error) error {
	return s.scan(ctx, keyUpload(""), func(keys []string) error {
		for _, key := range keys {
			id := strings.TrimPrefix(key, keyUpload(""))
			text, err := s.optional(ctx, key)
			if err != nil {
				return err
			}
			if text == "" {
				continue // dropped meanwhile
			}
			var u upload
			plain, err := s.openValue(key, []byte(text))
			if err == nil {
				err = unpack(plain, &u)
			}
			if err == nil && file != nil {
				err = file(id, u.Hash)
			}
			if err == nil {
				r.Uploads++
				continue
			}
			if again, lost := s.optional(ctx, key); lost == nil && again == text { // else it changed meanwhile
				r.Add("附件 %s：%v", id, err)
			}
		}
		return nil
	})
}

// HasUploads reports whether there is the record of any upload.
func (s *Store) HasUploads(ctx context.Context) (bool, error) {
	some := false
	err := s.scan(ctx, keyUpload(""), func(keys []string) error {
		some = some || len(keys) > 0
		return nil
	})
	return some, err
}

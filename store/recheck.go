package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"mashang/domain/fault"
)

// maxReadTries is how often a record that changes while it is checked is read again. A record that changes so
// fast is not damaged.
const maxReadTries = 5

// checkSubmissionPlaces reads a submission and its lists at one moment and reports the wrong ones.
func (s Upkeep) checkSubmissionPlaces(ctx context.Context, r *Report, id string) error {
	st, local, _ := split(id)
	sp := spaceOf(st)
	for range maxReadTries {
		value, err := s.optional(ctx, sp.value(local))
		if err != nil {
			return err
		}
		sub, err := s.sealer.Load().Decode(st, local, value)
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
		if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) && !isWrongType(err) {
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

// fits reports whether a score is correct for the placement. Reminders change their scores without an act.
func (p placement) fits(score float64) bool {
	return score == float64(p.score) || strings.HasSuffix(p.key, "}:urge") || strings.HasSuffix(p.key, "}:assists:urge")
}

// checkExtra reports the entries that do not belong in a list. Each batch of the list is read together with its
// submissions, at one moment.
func (s Upkeep) checkExtra(ctx context.Context, r *Report, st, key string) error {
	sp := spaceOf(st)
	for from := int64(0); ; from += batch {
		locals, err := s.rdb.ZRange(ctx, key, from, from+batch-1).Result()
		if isWrongType(err) {
			r.Add("列表 %s：不是列表", key)
			return nil
		}
		if err != nil {
			return failed(err)
		}
		if len(locals) == 0 {
			return nil
		}
		p := s.rdb.TxPipeline()
		values, in := make([]*redis.StringCmd, len(locals)), make([]*redis.FloatCmd, len(locals))
		for i, local := range locals {
			values[i], in[i] = p.Get(ctx, sp.value(local)), p.ZScore(ctx, key, local)
		}
		if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) && !isWrongType(err) {
			return failed(err)
		}
		for i, local := range locals {
			if in[i].Err() == nil { // else it has left meanwhile
				s.checkExtraEntry(r, sp, st, key, local, values[i])
			}
		}
		if len(locals) < batch {
			return nil
		}
	}
}

func (s Upkeep) checkExtraEntry(r *Report, sp space, st, key, local string, value *redis.StringCmd) {
	if value.Err() != nil {
		r.Add("列表 %s：其中的诉求 %s-%s 不存在", key, st, local)
		return
	}
	sub, err := s.sealer.Load().Decode(st, local, value.Val())
	if err == nil && !has(placements(sp, &sub), key) { // an unreadable one is reported elsewhere
		r.Add("列表 %s：诉求 %s 不该在其中", key, sub.ID)
	}
}

func isWrongType(err error) bool { return redis.HasErrorPrefix(err, "WRONGTYPE") }

// checkOrphanLists reports entries in personal lists that no readable submission belongs to. The lists are
// found by their names, because no record refers to them.
func (s Upkeep) checkOrphanLists(ctx context.Context, r *Report, stations []string, known map[string]int) error {
	return s.match(ctx, "{*}:[amq]*:*", func(keys []string) error {
		for _, key := range keys {
			st, name, _ := strings.Cut(strings.TrimPrefix(key, "{"), "}:")
			_, listed := known[key]
			if listed || !slices.Contains(stations, st) || !slices.ContainsFunc(personalLists, func(p string) bool { return strings.HasPrefix(name, p) }) {
				continue
			}
			if err := s.checkExtra(ctx, r, st, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// personalLists are the prefixes of lists that a station has for each person, member or assistant.
var personalLists = []string{"mine:", "q:in:", "q:an:", "q:cl:", "q:wd:", "as:in:", "as:an:"}

// verifyCount compares, at one moment, the number of filings with the number listed and with the filings by
// code.
func (s Upkeep) verifyCount(ctx context.Context, r *Report, st string) error {
	p := s.rdb.TxPipeline()
	counter, listed := p.Get(ctx, spaceOf(st).count()), p.ZCard(ctx, spaceOf(st).all())
	assigned, filed := p.HVals(ctx, spaceOf(st).lastAssigned()), p.HVals(ctx, spaceOf(st).filed())
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) && !isWrongType(err) {
		return failed(err)
	}
	if assigned.Err() != nil || filed.Err() != nil {
		r.Add("工作站 %s：最近接件的时间或各码的提交件数读不出", st)
	}
	n, err := counter.Int()
	if err != nil && !errors.Is(err, redis.Nil) {
		r.Add("工作站 %s：累计提交的件数读不出", st)
		return nil
	}
	if n != int(listed.Val()) {
		r.Add("工作站 %s：累计提交 %d 件，清单中有 %d 件", st, n, listed.Val())
	}
	if _, bad := sum(assigned.Val()); bad > 0 {
		r.Add("列表 %s：有 %d 项读不出", spaceOf(st).lastAssigned(), bad)
	}
	fromCodes, bad := sum(filed.Val())
	if bad > 0 {
		r.Add("列表 %s：有 %d 项读不出", spaceOf(st).filed(), bad)
	}
	if fromCodes > int64(n) {
		r.Add("列表 %s：各码共提交 %d 件，多于累计提交的 %d 件", spaceOf(st).filed(), fromCodes, n)
	}
	return nil
}

// sum adds up numbers; bad counts the texts that are none.
func sum(texts []string) (total int64, bad int) {
	for _, text := range texts {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			bad++
			continue
		}
		total += n
	}
	return total, bad
}

// verifyUploads reads the record of each upload.
func (s Upkeep) verifyUploads(ctx context.Context, r *Report, file func(id, hash string) error) error {
	return s.scan(ctx, keyUpload(""), func(keys []string) error {
		for _, key := range keys {
			id := strings.TrimPrefix(key, keyUpload(""))
			text, err := s.optional(ctx, key)
			if fault.Is(err, fault.Internal) {
				r.Add("附件 %s：%v", id, err)
				continue
			}
			if err != nil {
				return err
			}
			if text == "" {
				continue // dropped meanwhile
			}
			var u upload
			err = s.sealer.Load().Open(key, text, &u)
			if err == nil && file != nil {
				err = file(id, u.Hash)
			}
			if err == nil {
				r.Uploads++
				continue
			}
			if again, lost := s.optional(ctx, key); lost == nil && again == text { // else it has changed meanwhile
				r.Add("附件 %s：%v", id, err)
			}
		}
		return nil
	})
}

// HasUploads reports whether there is any upload.
func (s Upkeep) HasUploads(ctx context.Context) (bool, error) {
	found := false
	err := s.scan(ctx, keyUpload(""), func(keys []string) error {
		found = found || len(keys) > 0
		return nil
	})
	return found, err
}

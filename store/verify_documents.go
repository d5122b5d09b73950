package store

import (
	"context"
	"errors"
	"slices"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// verifyDocuments reads a station's documents, and checks that the index of each kind has those with a position and no
// others.
func (s Upkeep) verifyDocuments(ctx context.Context, r *Report, st string) error {
	sp := spaceOf(st)
	for _, kind := range record.DocumentKinds {
		p := s.rdb.Pipeline()
		stored, listed := p.HKeys(ctx, sp.documents(kind)), p.ZRange(ctx, sp.documentIndex(kind), 0, -1)
		if _, err := p.Exec(ctx); isWrongType(err) {
			r.Add("工作站 %s：接待数据 %s 读不出", st, kind)
			continue
		} else if err != nil {
			return failed(err)
		}
		ids := slices.Concat(stored.Val(), listed.Val())
		slices.Sort(ids)
		for part := range slices.Chunk(slices.Compact(ids), maxBatch) {
			if err := s.verifyDocumentBatch(ctx, r, sp, kind, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// verifyDocumentBatch reads documents and their positions at one moment.
func (s Upkeep) verifyDocumentBatch(ctx context.Context, r *Report, sp space, kind record.DocumentKind, ids []string) error {
	key, index := sp.documents(kind), sp.documentIndex(kind)
	p := s.rdb.TxPipeline()
	values, scores := p.HMGet(ctx, key, ids...), make([]*redis.FloatCmd, len(ids))
	for i, id := range ids {
		scores[i] = p.ZScore(ctx, index, id)
	}
	if _, err := p.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return failed(err)
	}
	for i, v := range values.Val() {
		name := record.Document{Kind: kind, ID: ids[i]}.Name()
		score, err := scores[i].Result()
		listed := err == nil
		if v == nil {
			if listed { // else it was deleted meanwhile
				r.Add("接待数据 %s：在列表 %s 中，却不存在", name, index)
			}
			continue
		}
		d, err := s.sealer.Load().DecodeDocument(key, kind, ids[i], fieldText(v))
		switch {
		case err != nil:
			r.Add("接待数据 %s：读不出", name)
		case d.At > 0 && !listed:
			r.Add("接待数据 %s：不在列表 %s 中", name, index)
		case d.At == 0 && listed:
			r.Add("接待数据 %s：不该在列表 %s 中", name, index)
		case listed && score != float64(d.At):
			r.Add("接待数据 %s：在列表 %s 中的位置不对", name, index)
		}
	}
	return nil
}

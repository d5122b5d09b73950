package store

import (
	"context"
	"fmt"
	"slices"
)

// verifyUndelivered checks that the undelivered list, its reasons and its index have the same entries. An entry
// missing in the index is shown on no submission's page, and one beyond the list could never be resolved. The
// three are read at one moment.
func (s Upkeep) verifyUndelivered(ctx context.Context, r *Report, st string) error {
	sp := spaceOf(st)
	p := s.rdb.TxPipeline()
	list, whys, index := p.ZRange(ctx, sp.undelivered(), 0, -1), p.HKeys(ctx, sp.undeliveredData()), p.ZRangeWithScores(ctx, sp.undeliveredIndex(), 0, -1)
	if _, err := p.Exec(ctx); isWrongType(err) {
		r.Add("工作站 %s：待告知名单读不出", st)
		return nil
	} else if err != nil {
		return failed(err)
	}
	indexed := make([]string, len(index.Val()))
	for i, z := range index.Val() {
		indexed[i] = fmt.Sprint(z.Member)
		if z.Score != 0 {
			r.Add("工作站 %s 的待告知索引 %s：%s 的分值不是 0，按诉求找不到它", st, sp.undeliveredIndex(), indexed[i])
		}
	}
	r.compare(sp.undelivered(), list.Val(), sp.undeliveredIndex(), indexed)
	r.compare(sp.undelivered(), list.Val(), sp.undeliveredData(), whys.Val())
	return nil
}

// compare reports the entries that only one of two keys has.
func (r *Report) compare(a string, inA []string, b string, inB []string) {
	for _, side := range []struct {
		has, lacks string
		with, of   []string
	}{{a, b, inA, inB}, {b, a, inB, inA}} {
		known := slices.Sorted(slices.Values(side.of))
		for _, id := range side.with {
			if _, ok := slices.BinarySearch(known, id); !ok {
				r.Add("待告知 %s 在 %s 中，不在 %s 中", id, side.has, side.lacks)
			}
		}
	}
}

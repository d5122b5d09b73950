package store

import (
	"context"
	"log/slog"
	"math"
	"strconv"
	"strings"

	"mashang/domain/casework"
	"mashang/domain/fault"
	"mashang/domain/record"
)

// maxPage bounds a page, so that its script does not block other clients for long.
const maxPage = 500

// Page reads up to limit (1 to maxPage) submissions after the cursor in one round trip. See kit.Records for the
// contract. Items that come, go or move between two pages neither repeat nor hide others. A damaged submission
// is left out and logged, so that it does not hide the others.
func (s Submissions) Page(ctx context.Context, st string, ix record.Index, after record.Cursor, limit int) (
	list []casework.Submission, next record.Cursor, more bool, err error,
) {
	items, more, err := s.page(ctx, st, ix, after, limit)
	if err != nil {
		return nil, after, false, err
	}
	list, next = make([]casework.Submission, 0, len(items)), after
	for i := range items {
		next = items[i].cursor
		if err := items[i].err; err != nil {
			s.unreadable(ctx, next.ID, err)
			continue
		}
		list = append(list, items[i].sub)
	}
	return list, next, more, nil
}

func (s Submissions) unreadable(ctx context.Context, id string, err error) {
	s.log.LogAttrs(ctx, slog.LevelError, "a listed submission cannot be read", slog.String("submission", id), slog.Any("error", err))
}

// item is one entry of a list: the submission, or the error of reading it.
type item struct {
	cursor record.Cursor
	sub    casework.Submission
	err    error
}

func (s *conn) page(ctx context.Context, st string, ix record.Index, after record.Cursor, limit int) ([]item, bool, error) {
	if err := checkStation(st); err != nil {
		return nil, false, err
	}
	if math.IsNaN(after.Score) || math.IsInf(after.Score, 0) {
		return nil, false, fault.New(fault.Invalid, "翻页位置无效，请从第一页重新开始")
	}
	sp := spaceOf(st)
	key, newest := indexKey(sp, ix)
	order, score := "0", ""
	if newest {
		order = "1"
	}
	if after.ID != "" {
		score = strconv.FormatFloat(after.Score, 'f', -1, 64)
	}
	answer, err := scriptPage.run(ctx, s.rdb, []string{key}, sp.valuePrefix(), order, score,
		strings.TrimPrefix(after.ID, st+"-"), min(max(limit, 1), maxPage)).StringSlice()
	if err != nil {
		return nil, false, failed(err)
	}
	items := make([]item, 0, len(answer)/3)
	for i := 1; i+2 < len(answer); i += 3 {
		local := answer[i]
		at, err := strconv.ParseFloat(answer[i+1], 64)
		if err != nil {
			return nil, false, broken(err, "列表")
		}
		sub, err := s.sealer.Load().Decode(st, local, answer[i+2])
		items = append(items, item{record.Cursor{Score: at, ID: st + "-" + local}, sub, err})
	}
	return items, len(answer) > 0 && answer[0] == "1", nil
}

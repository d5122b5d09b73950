package store

import (
	"context"
	"log/slog"
	"math"
	"strconv"
	"strings"

	"mashang/casework"
	"mashang/fault"
	"mashang/record"
)

// pageMost keeps a page within what one script may hold up everybody for.
const pageMost = 500

// Page reads up to limit (1 to 500) submissions after the cursor in one round
// trip. See desk.Submissions for the contract. Items that come, go or move
// between two pages neither repeat nor hide the others.
func (s *Store) Page(ctx context.Context, st string, ix record.Index, after record.Cursor, limit int) (
	list []casework.Submission, next record.Cursor, more bool, err error,
) {
	if err := checkStation(st); err != nil {
		return nil, after, false, err
	}
	sp := spaceOf(st)
	key, newest := indexKey(sp, ix)
	order, score, from := "0", "", strings.TrimPrefix(after.ID, st+"-")
	if newest {
		order = "1"
	}
	if math.IsNaN(after.Score) || math.IsInf(after.Score, 0) {
		return nil, after, false, fault.New(fault.Invalid, "翻页位置无效，请从第一页重新开始")
	}
	if after.ID != "" {
		score = strconv.FormatFloat(after.Score, 'f', -1, 64)
	}
	answer, err := scriptPage.run(ctx, s.rdb, []string{key},
		sp.valuePrefix(), order, score, from, min(max(limit, 1), pageMost)).StringSlice()
	if err != nil {
		return nil, after, false, failed(err)
	}
	if len(answer)%3 != 1 {
		return nil, after, false, broken(errAnswer, "列表")
	}
	list, next = make([]casework.Submission, 0, len(answer)/3), after
	for i := 1; i < len(answer); i += 3 {
		local := strings.Clone(answer[i])
		at, err := strconv.ParseFloat(answer[i+1], 64)
		if err != nil {
			return nil, after, false, broken(err, "列表")
		}
		next = record.Cursor{Score: at, ID: st + "-" + local}
		sub, err := decode(st, local, answer[i+2])
		if err != nil {
			// One damaged submission must not hide all others from a member.
			s.log.LogAttrs(ctx, slog.LevelError, "a listed submission cannot be read",
				slog.String("submission", next.ID), slog.Any("error", err))
			continue
		}
		list = append(list, sub)
	}
	return list, next, answer[0] == "1", nil
}

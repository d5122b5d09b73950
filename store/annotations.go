package store

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"mashang/domain/annotation"
	"mashang/domain/notice"
	"mashang/store/value"
)

// Annotations returns what is kept beside a station's submissions, by id. Those with nothing are absent; damaged ones
// are left out and logged, so that they do not hide the others.
func (s Submissions) Annotations(ctx context.Context, st string, ids []string) (map[string]annotation.Set, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	sets := map[string]annotation.Set{}
	for part := range slices.Chunk(ids, maxBatch) {
		locals := make([]string, len(part))
		for i, id := range part {
			locals[i] = strings.TrimPrefix(id, st+"-")
		}
		values, err := s.rdb.HMGet(ctx, spaceOf(st).annotations(), locals...).Result()
		if err != nil {
			return nil, failed(err)
		}
		for i, v := range values {
			text := fieldText(v)
			if text == "" {
				continue
			}
			set, err := annotationsOf(part[i], text)
			if err != nil {
				s.log.LogAttrs(ctx, slog.LevelError, "notes cannot be read", slog.String("submission", part[i]), slog.Any("error", err))
				continue
			}
			sets[part[i]] = set
		}
	}
	return sets, nil
}

// annotationsOf parses what is kept beside a submission.
func annotationsOf(id, text string) (annotation.Set, error) {
	set := annotation.Set{Submission: id}
	revision, body, _ := strings.Cut(text, "\t")
	var err error
	if set.Revision, err = strconv.Atoi(revision); err != nil {
		return set, err
	}
	return set, value.Unpack([]byte(body), &set)
}

// verifyAnnotations reads what is kept beside a station's submissions.
func (s Upkeep) verifyAnnotations(ctx context.Context, r *Report, st string) error {
	all := s.rdb.HScan(ctx, spaceOf(st).annotations(), 0, "", batch).Iterator()
	for all.Next(ctx) {
		id := st + "-" + all.Val()
		all.Next(ctx) // its value
		if _, err := annotationsOf(id, all.Val()); err != nil {
			r.Add("诉求 %s：内部备注读不出", id)
		}
	}
	if isWrongType(all.Err()) {
		r.Add("工作站 %s：内部备注读不出", st)
		return nil
	}
	return failed(all.Err())
}

// PutAnnotations replaces what is kept beside a submission and queues the notices; ok is false when it has another
// revision by now, or with AnyRevision when there is nothing to replace.
func (s Submissions) PutAnnotations(ctx context.Context, set annotation.Set, notices []notice.Entry) (ok bool, err error) {
	st, local, ok := split(set.Submission)
	if !ok {
		return false, missing(aSubmission)
	}
	text, err := value.Pack(set, "备注")
	if err != nil {
		return false, err
	}
	sp := spaceOf(st)
	args := []any{local, set.Revision, text, maxChanges}
	if set.Revision == annotation.AnyRevision {
		args[1] = "*"
	}
	for _, e := range notices {
		entry, err := entryText(e)
		if err != nil {
			return false, err
		}
		args = append(args, e.ID, max(e.At, e.NotBefore), entry)
	}
	n, err := scriptAnnotate.run(ctx, s.rdb, []string{sp.annotations(), sp.outbox(), sp.outboxData(), sp.changed()}, args...).Int()
	return n == 1, failed(err)
}

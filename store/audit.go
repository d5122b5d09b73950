package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"mashang/domain/record"
)

// LastAudit returns the newest line of a station's audit and the number of lines. Entry is "" when there is
// none.
func (s AuditLog) LastAudit(ctx context.Context, st string) (record.Link, int64, error) {
	if err := checkStation(st); err != nil {
		return record.Link{}, 0, err
	}
	key := spaceOf(st).audit()
	p := s.rdb.Pipeline()
	last, count := p.XRevRangeN(ctx, key, "+", "-", 1), p.XLen(ctx, key)
	if _, err := p.Exec(ctx); err != nil {
		return record.Link{}, 0, failed(err)
	}
	if len(last.Val()) == 0 {
		return record.Link{}, 0, nil
	}
	l, err := linkOf(last.Val()[0])
	return l, count.Val(), err
}

// AppendAudit appends a line to the station's audit, which is never trimmed. ok is false, and nothing is done,
// when the newest line is not after.
func (s AuditLog) AppendAudit(ctx context.Context, st, after string, l record.Link) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	n, err := scriptAudit.run(ctx, s.rdb, []string{spaceOf(st).audit()}, after,
		"at", l.At.UnixMilli(), "role", l.Role, "id", l.ID, "person", l.Person,
		"what", l.Action, "thing", l.Object, "why", l.Why, "n", l.N, "mac", l.MAC,
	).Int()
	return n == 1, failed(err)
}

// Audits returns up to n lines before an entry, newest first; "" begins at the newest.
func (s AuditLog) Audits(ctx context.Context, st, before string, n int) ([]record.Link, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	from := "+"
	if before != "" {
		from = "(" + before
	}
	return links(s.rdb.XRevRangeN(ctx, spaceOf(st).audit(), from, "-", int64(n)).Result())
}

// AuditsFrom returns up to n lines after an entry, oldest first; "" begins at the oldest.
func (s AuditLog) AuditsFrom(ctx context.Context, st, after string, n int) ([]record.Link, error) {
	if err := checkStation(st); err != nil {
		return nil, err
	}
	from := "-"
	if after != "" {
		from = "(" + after
	}
	return links(s.rdb.XRangeN(ctx, spaceOf(st).audit(), from, "+", int64(n)).Result())
}

func links(list []redis.XMessage, err error) ([]record.Link, error) {
	if err != nil {
		return nil, failed(err)
	}
	out := make([]record.Link, len(list))
	for i, m := range list {
		if out[i], err = linkOf(m); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func linkOf(m redis.XMessage) (record.Link, error) {
	at, err := strconv.ParseInt(fieldText(m.Values["at"]), 10, 64)
	if err != nil {
		return record.Link{}, broken(err, "审计")
	}
	l := record.Link{Entry: m.ID, MAC: fieldText(m.Values["mac"]), Audit: record.Audit{
		At: time.UnixMilli(at), Role: fieldText(m.Values["role"]), ID: fieldText(m.Values["id"]), Person: fieldText(m.Values["person"]),
		Action: fieldText(m.Values["what"]), Object: fieldText(m.Values["thing"]), Why: fieldText(m.Values["why"]),
	}}
	if text := fieldText(m.Values["n"]); text != "" {
		if l.N, err = strconv.ParseInt(text, 10, 64); err != nil {
			return l, broken(err, "审计")
		}
	}
	return l, nil
}

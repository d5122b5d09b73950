package store

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strconv"

	"mashang/domain/fault"
	"mashang/domain/record"
)

const (
	// maxWrites and maxHolds bound the documents that one change writes, and those it holds.
	maxWrites, maxHolds = 64, 600
	// maxDocumentBody bounds a document's body, in bytes.
	maxDocumentBody = 256 << 10
)

var (
	errDocument      = errors.New("store: not a document, or one twice in a change")
	errDocumentPlace = errors.New("store: the document's position is not that of the index")
)

const aDocument = "接待数据"

// checkDocuments refuses a station or a kind that makes no key.
func checkDocuments(st string, kind record.DocumentKind) error {
	if !kind.Known() {
		return broken(errDocument, aDocument)
	}
	return checkStation(st)
}

// Documents returns the documents of a kind that exist, in the order of the ids. A damaged one is an error, so that
// nobody takes it for one that does not exist.
func (s StationDocuments) Documents(ctx context.Context, st string, kind record.DocumentKind, ids ...string) ([]record.Document, error) {
	if err := checkDocuments(st, kind); err != nil {
		return nil, err
	}
	key, list := spaceOf(st).documents(kind), make([]record.Document, 0, len(ids))
	for part := range slices.Chunk(ids, maxBatch) {
		values, err := s.rdb.HMGet(ctx, key, part...).Result()
		if err != nil {
			return nil, failed(err)
		}
		for i, v := range values {
			if v == nil {
				continue
			}
			d, err := s.sealer.Load().DecodeDocument(key, kind, part[i], fieldText(v))
			if err != nil {
				return nil, broken(err, aDocument+" "+record.Document{Kind: kind, ID: part[i]}.Name()+" ")
			}
			list = append(list, d)
		}
	}
	return list, nil
}

// DocumentsBetween returns the first limit (1 to maxPage) documents of a kind with from <= At < to, by At and then by id.
// more tells that another one follows; the next page begins at the At of the last, and may repeat those of that At. A
// damaged document is left out and logged, so that it does not hide the others.
func (s StationDocuments) DocumentsBetween(ctx context.Context, st string, kind record.DocumentKind, from, to int64, limit int) (
	list []record.Document, more bool, err error,
) {
	if err := checkDocuments(st, kind); err != nil {
		return nil, false, err
	}
	limit = min(max(limit, 1), maxPage)
	sp := spaceOf(st)
	keys := []string{sp.documents(kind), sp.documentIndex(kind)}
	for skip := 0; ; skip += limit + 1 {
		rows, err := scriptDocumentPage.run(ctx, s.rdb, keys, from, to, skip, limit+1).StringSlice()
		if err != nil {
			return nil, false, failed(err)
		}
		for row := range slices.Chunk(rows, 3) {
			d, err := s.sealer.Load().DecodeDocument(keys[0], kind, row[0], row[2])
			if err == nil && row[1] != strconv.FormatInt(d.At, 10) {
				err = errDocumentPlace
			}
			if err != nil {
				s.log.LogAttrs(ctx, slog.LevelError, "a document cannot be read", slog.String("station", st),
					slog.String("document", record.Document{Kind: kind, ID: row[0]}.Name()), slog.Any("error", err))
				continue
			}
			if len(list) == limit {
				return list, true, nil
			}
			list = append(list, d)
		}
		if len(rows) < 3*(limit+1) {
			return list, false, nil
		}
	}
}

// CommitDocuments makes a change in one round trip. ok is false, and nothing is done, when a document that it writes or
// holds has another revision by now.
func (s StationDocuments) CommitDocuments(ctx context.Context, st string, c record.DocumentChange) (ok bool, err error) {
	if err := checkStation(st); err != nil {
		return false, err
	}
	if err := checkDocumentChange(&c); err != nil {
		return false, err
	}
	sp := spaceOf(st)
	keys := []string{sp.outbox(), sp.outboxData(), sp.changed(), sp.log()}
	args := []any{len(c.Writes), len(c.Holds), len(c.Events), maxChanges}
	for _, d := range c.Writes {
		key, seen, value := sp.documents(d.Kind), d.Revision, []byte(nil)
		if d.Revision++; d.Body != nil {
			value = s.sealer.Load().EncodeDocument(key, &d)
		}
		keys = append(keys, key, sp.documentIndex(d.Kind))
		args = append(args, d.ID, seen, value, d.At, d.Name())
	}
	for _, d := range c.Holds {
		keys = append(keys, sp.documents(d.Kind))
		args = append(args, d.ID, d.Revision)
	}
	for _, line := range c.Events {
		args = append(args, line)
	}
	for _, e := range c.Notices {
		text, err := entryText(e)
		if err != nil {
			return false, err
		}
		args = append(args, e.ID, max(e.At, e.NotBefore), text)
	}
	n, err := scriptDocuments.run(ctx, s.rdb, keys, args...).Int()
	return n == 1, failed(err)
}

// checkDocumentChange refuses a change that is too large, or that a caller must not make.
func checkDocumentChange(c *record.DocumentChange) error {
	if len(c.Writes) > maxWrites || len(c.Holds) > maxHolds {
		return fault.New(fault.Invalid, "一次改动的内容太多，请分几次改动")
	}
	seen := map[string]bool{}
	for _, list := range [][]record.Document{c.Writes, c.Holds} {
		for _, d := range list {
			if !d.Valid() || seen[d.Name()] {
				return broken(errDocument, aDocument)
			}
			seen[d.Name()] = true
		}
	}
	for _, d := range c.Writes {
		switch {
		case d.Body == nil && d.Revision == 0, d.Body != nil && !json.Valid(d.Body):
			return broken(errDocument, aDocument)
		case len(d.Body) > maxDocumentBody:
			return fault.New(fault.Invalid, "内容太多，保存不下，请精简后再保存")
		}
	}
	return nil
}

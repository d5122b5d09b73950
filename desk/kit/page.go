package kit

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"mashang/domain/record"
)

// PageBounds parses a client's cursor and limit.
func PageBounds(cursor string, limit int) (record.Cursor, int, error) {
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 1 || limit > PageLimit {
		return record.Cursor{}, 0, Field("limit", "limit 须为 1 至 100")
	}
	if cursor == "" {
		return record.Cursor{}, limit, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		score, id, ok := strings.Cut(string(raw), " ")
		f, perr := strconv.ParseFloat(score, 64)
		if ok && perr == nil && !math.IsNaN(f) && !math.IsInf(f, 0) && id != "" && len(id) <= 64 {
			return record.Cursor{Score: f, ID: id}, limit, nil
		}
	}
	return record.Cursor{}, 0, Field("cursor", "cursor 无效，请从第一页重新开始")
}

// PageLimit is the largest page of a list; DefaultLimit is used when the client names none.
const (
	PageLimit    = 100
	DefaultLimit = 25
)

// PageOf is one page of a list; Next is "" at the end.
type PageOf[T any] struct {
	Items []T
	Next  string
	// Unread counts the entries left out of the page because their record cannot be read. It tells the reader
	// that they are not gone.
	Unread int
}

// MaxScanned bounds how many records one filtered page reads. A page may therefore be short and still have a
// next one.
const MaxScanned = 2000

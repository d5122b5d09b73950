package desk

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
)

// encodeCursor makes a cursor opaque for the client.
func encodeCursor(c Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatFloat(c.Score, 'f', -1, 64) + " " + c.ID))
}

// place reads cursor and limit as a client sends them.
func place(cursor string, limit int) (Cursor, int, error) {
	if limit == 0 {
		limit = DefaultLimit
	}
	if limit < 1 || limit > PageLimit {
		return Cursor{}, 0, field("limit", "limit 须为 1 至 100")
	}
	if cursor == "" {
		return Cursor{}, limit, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		score, id, ok := strings.Cut(string(raw), " ")
		f, perr := strconv.ParseFloat(score, 64)
		if ok && perr == nil && !math.IsNaN(f) && !math.IsInf(f, 0) && id != "" && len(id) <= 64 {
			return Cursor{Score: f, ID: id}, limit, nil
		}
	}
	return Cursor{}, 0, field("cursor", "cursor 无效，请从第一页重新开始")
}

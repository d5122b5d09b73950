package kit

import (
	"encoding/base64"
	"strconv"

	"mashang/domain/record"
)

// EncodeCursor makes a cursor opaque for the client.
func EncodeCursor(c record.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatFloat(c.Score, 'f', -1, 64) + " " + c.ID))
}

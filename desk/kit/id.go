package kit

import (
	"encoding/base32"
	"io"
	"strings"

	"mashang/domain/fault"
)

// idEncoding writes ids in lower-case letters and digits, without those that are easily confused.
var idEncoding = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// NewID returns 80 random bits as 16 characters after the prefix.
func (k *Kit) NewID(prefix string) (string, error) { return k.Random(prefix, 10) }

// Random returns that many random bytes after the prefix, in the alphabet of ids.
func (k *Kit) Random(prefix string, bytes int) (string, error) {
	b := make([]byte, bytes)
	if _, err := io.ReadFull(k.Rand, b); err != nil {
		return "", fault.Wrap(err, fault.Internal, "系统忙，请稍后再试")
	}
	return prefix + idEncoding.EncodeToString(b), nil
}

// StationOf returns the station part of a submission's id, "" if it has none.
func StationOf(id string) string {
	st, _, ok := strings.Cut(id, "-")
	if !ok {
		return ""
	}
	return st
}

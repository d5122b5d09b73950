package kit

import (
	"crypto/sha256"
	"encoding/hex"
)

// Hash is the stored form of tokens and invitation codes. Nobody can log in with what the store holds.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

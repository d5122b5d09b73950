package kit

import (
	"crypto/sha256"
	"encoding/hex"
)

// Hash is what is stored of tokens and invitation codes: whoever reads the
// store cannot log in with it.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

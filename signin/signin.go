// Package signin keeps passwords and checks the codes of authenticator apps:
// Argon2id (RFC 9106) and TOTP (RFC 6238).
package signin

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"mashang/fold"
)

// The cost of a password: the first of those OWASP's password storage page
// recommends for Argon2id with 19 MiB.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	keyBytes  = 32
	saltBytes = 16
)

// mostAtOnce bounds the memory of all checks together to about 40 MiB.
const mostAtOnce = 2

// step is how long a code of an app lasts, and drift by how many of them a
// phone's clock may be off.
const (
	step  = 30 * time.Second
	drift = 1
)

// Factors checks who somebody is. It is safe for concurrent use.
type Factors struct {
	rand io.Reader
	turn chan struct{}
}

// New draws salts and secrets from rand.
func New(rand io.Reader) *Factors { return &Factors{rand: rand, turn: make(chan struct{}, mostAtOnce)} }

// HashPassword returns what is to be kept of a password.
func (f *Factors) HashPassword(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(f.rand, salt); err != nil {
		return "", fmt.Errorf("signin: salt: %w", err)
	}
	key := f.key(password, salt, memoryKiB, passes, lanes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// CheckPassword reports whether the password is the one that is kept. Nothing
// kept takes as long as something: who asks must not learn which accounts are.
func (f *Factors) CheckPassword(kept, password string) bool {
	memory, times, threads := uint32(memoryKiB), uint32(passes), uint8(lanes)
	salt, want := make([]byte, saltBytes), []byte(nil)
	if parts := strings.Split(kept, "$"); len(parts) == 6 && parts[1] == "argon2id" {
		if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &times, &threads); err != nil {
			return false
		}
		var err, err2 error
		salt, err = base64.RawStdEncoding.DecodeString(parts[4])
		want, err2 = base64.RawStdEncoding.DecodeString(parts[5])
		if err != nil || err2 != nil {
			return false
		}
	}
	got := f.key(password, salt, memory, times, threads)
	return len(want) > 0 && subtle.ConstantTimeCompare(got, want) == 1
}

func (f *Factors) key(password string, salt []byte, memory, times uint32, threads uint8) []byte {
	f.turn <- struct{}{}
	defer func() { <-f.turn }()
	return argon2.IDKey([]byte(password), salt, times, memory, threads, keyBytes)
}

// NewSecret makes the secret an authenticator app is given, and the otpauth
// address that hands it over.
func (f *Factors) NewSecret(issuer, account string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Rand: f.rand})
	if err != nil {
		return "", "", fmt.Errorf("signin: secret: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// CheckCode reports whether the code is the app's at about the time, and which
// step it is of, so that none is taken twice.
func (f *Factors) CheckCode(secret, code string, now time.Time) (at int64, ok bool) {
	code = fold.Code(code)
	present := now.Unix() / int64(step.Seconds())
	for n := present - drift; n <= present+drift; n++ {
		if n < 0 {
			continue
		}
		good, err := hotp.ValidateCustom(code, uint64(n), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && good {
			return n, true
		}
	}
	return 0, false
}

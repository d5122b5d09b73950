// Package signin hashes passwords and checks the codes of authenticator apps: Argon2id (RFC 9106) and TOTP (RFC
// 6238).
package signin

import (
	"context"
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

	"mashang/domain/fault"
	"mashang/domain/fold"
)

// The cost of a password: the first recommendation of OWASP's password storage page for Argon2id with 19 MiB.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	keyBytes  = 32
	saltBytes = 16
)

const (
	// maxComputing bounds the memory of all checks together to about 40 MiB.
	maxComputing = 2
	// maxWaiting bounds the wait behind others: a few hundred milliseconds on two cores.
	maxWaiting = 16
	// retryAfter is how long a caller should wait before a retry.
	retryAfter = 2 * time.Second
)

// step is the validity of an app's code; drift is by how many steps a phone's clock may be off.
const (
	step  = 30 * time.Second
	drift = 1
)

// Factors checks passwords and codes. It is safe for concurrent use.
type Factors struct {
	rand      io.Reader
	computing chan struct{}
	// queue has a place for each caller that computes or waits.
	queue chan struct{}
}

// New returns Factors that take salts and secrets from rand.
func New(rand io.Reader) *Factors {
	return &Factors{rand: rand, computing: make(chan struct{}, maxComputing), queue: make(chan struct{}, maxComputing+maxWaiting)}
}

// acquire waits for a place to compute. A caller whose ctx ends gives up its place. If too many wait, the fault
// is Unavailable at once.
func (f *Factors) acquire(ctx context.Context) (leave func(), err error) {
	select {
	case f.queue <- struct{}{}:
	default:
		return nil, fault.New(fault.Unavailable, "正在登录的人太多，请过几秒再试，或用手机扫码登录").Retry(retryAfter)
	}
	select {
	case f.computing <- struct{}{}:
		if ctx.Err() == nil {
			return func() { <-f.computing; <-f.queue }, nil
		}
		<-f.computing
	case <-ctx.Done():
	}
	<-f.queue
	return nil, fault.Wrap(ctx.Err(), fault.Unavailable, "登录没有完成，请再试一次")
}

// HashPassword returns the hash of a password for storing. It is Unavailable if too many wait, or ctx ends.
func (f *Factors) HashPassword(ctx context.Context, password string) (string, error) {
	leave, err := f.acquire(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(f.rand, salt); err != nil {
		return "", fmt.Errorf("signin: salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, passes, memoryKiB, lanes, keyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// CheckPassword reports whether the password matches the stored hash. count is called when this caller's
// turn comes, so that no attempt is counted that was never checked; it must be short, as others wait. An empty
// kept takes as long as a stored one, so that an attacker does not learn which accounts exist. It is
// Unavailable if too many wait, or ctx ends.
func (f *Factors) CheckPassword(ctx context.Context, password, hash string, count func() error) (bool, error) {
	leave, err := f.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if err := count(); err != nil {
		return false, err
	}
	return matches(hash, password), nil
}

func matches(hash, password string) bool {
	memory, times, threads := uint32(memoryKiB), uint32(passes), uint8(lanes)
	salt, want := make([]byte, saltBytes), []byte(nil)
	if parts := strings.Split(hash, "$"); len(parts) == 6 && parts[1] == "argon2id" {
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
	got := argon2.IDKey([]byte(password), salt, times, memory, threads, keyBytes)
	return len(want) > 0 && subtle.ConstantTimeCompare(got, want) == 1
}

// NewSecret makes the secret of an authenticator app, and the otpauth address for transferring it.
func (f *Factors) NewSecret(issuer, account string) (secret, address string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Rand: f.rand})
	if err != nil {
		return "", "", fmt.Errorf("signin: secret: %w", err)
	}
	return key.Secret(), key.URL(), nil
}

// CheckCode reports whether the code is the app's at about the time, and its step number, so that the caller
// can refuse a second use.
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

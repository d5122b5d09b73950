// Package signin keeps passwords and checks the codes of authenticator apps:
// Argon2id (RFC 9106) and TOTP (RFC 6238).
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

// The cost of a password: the first of those OWASP's password storage page
// recommends for Argon2id with 19 MiB.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	keyBytes  = 32
	saltBytes = 16
)

const (
	// mostAtOnce bounds the memory of all checks together to about 40 MiB.
	mostAtOnce = 2
	// mostWaiting bounds how long somebody waits behind others: a few hundred
	// milliseconds on two cores.
	mostWaiting = 16
	// busyFor is when there is a place again.
	busyFor = 2 * time.Second
)

// step is how long a code of an app lasts, and drift by how many of them a
// phone's clock may be off.
const (
	step  = 30 * time.Second
	drift = 1
)

// Factors checks who somebody is. It is safe for concurrent use.
type Factors struct {
	rand      io.Reader
	computing chan struct{}
	// queue has a place for each who computes or waits.
	queue chan struct{}
}

// New draws salts and secrets from rand.
func New(rand io.Reader) *Factors {
	return &Factors{rand: rand, computing: make(chan struct{}, mostAtOnce), queue: make(chan struct{}, mostAtOnce+mostWaiting)}
}

// acquire waits for a place to compute in. Whoever left gives theirs up; when too
// many wait, the answer is Unavailable at once.
func (f *Factors) acquire(ctx context.Context) (leave func(), err error) {
	select {
	case f.queue <- struct{}{}:
	default:
		return nil, fault.New(fault.Unavailable, "正在登录的人太多，请过几秒再试，或用手机扫码登录").Retry(busyFor)
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

// HashPassword returns what is to be kept of a password. It answers Unavailable
// when too many wait, or ctx ends.
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

// CheckPassword reports whether the password is the one that is kept. count is
// called once it is this caller's turn, so that no try is counted against somebody
// who never had one, and does no more, as it keeps others waiting. Nothing kept takes
// as long as something: who asks must not learn which accounts are. It answers
// Unavailable when too many wait, or ctx ends.
func (f *Factors) CheckPassword(ctx context.Context, password, kept string, count func() error) (bool, error) {
	leave, err := f.acquire(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if err := count(); err != nil {
		return false, err
	}
	return matches(kept, password), nil
}

func matches(kept, password string) bool {
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
	got := argon2.IDKey([]byte(password), salt, times, memory, threads, keyBytes)
	return len(want) > 0 && subtle.ConstantTimeCompare(got, want) == 1
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

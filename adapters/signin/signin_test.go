package signin_test

import (
	"context"
	"crypto/rand"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mashang/adapters/signin"
	"mashang/domain/fault"
)

// check compares a password with a stored hash.
func check(t *testing.T, f *signin.Factors, kept, password string) bool {
	t.Helper()
	ok, err := f.CheckPassword(t.Context(), password, kept, func() error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

// Of sixty concurrent attempts only as many compute as there are places. The rest is refused with a time to
// retry, and nothing is computed for callers that gave up.
func TestTriesAreBounded(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	inside, open := make(chan struct{}, 100), make(chan struct{})
	slow := func() error { //nolint:unparam // its type is given
		inside <- struct{}{}
		<-open
		return nil
	}
	ctx, leave := context.WithCancel(t.Context())
	var work sync.WaitGroup
	var busy, left, done atomic.Int64
	for range 60 {
		work.Go(func() {
			ok, err := f.CheckPassword(ctx, "x", "", slow)
			switch {
			case ok:
				t.Error("nothing kept lets somebody in")
			case errors.Is(err, context.Canceled):
				left.Add(1)
			case fault.Is(err, fault.Unavailable):
				busy.Add(1)
			case err == nil:
				done.Add(1)
			}
		})
	}
	<-inside
	<-inside
	for busy.Load() < 42 { // two compute, sixteen wait
		runtime.Gosched()
	}
	leave()
	for left.Load() < 16 {
		runtime.Gosched()
	}
	close(open)
	work.Wait()
	if busy.Load() != 42 || left.Load() != 16 || done.Load() != 2 || len(inside) != 0 {
		t.Errorf("%d refused, %d left, %d computed, %d more began", busy.Load(), left.Load(), done.Load(), len(inside))
	}
	if check(t, f, "", "x") {
		t.Error("no place was given back")
	}
}

func TestCommonPasswords(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	for _, p := range []string{
		"password123", "Password123", "1234567890", "qwertyuiop", "1q2w3e4r5t", "administrator", "qq123456789", "a123456789", "iloveyou12",
		"passwordpassword", "password2026!", "12password!", "Superman1234", "1111111111", "aaaaaaaaaa", "ababababab", "0123456789", "0987654321",
		"9012345678", "abcdefghij", "jihgfedcba", "1qaz2wsx3edc", " qwertyuiop ", "123456qwerty", "人人人人人人人人人人",
	} {
		if !f.Common(p) {
			t.Errorf("%q is taken", p)
		}
	}
	for _, p := range []string{
		goodPassword, "渡口的船 早上六点开", "correct horse battery", "another password", "inner space is fine", "十个字的密码刚好够长", "x7Kq-29fhs-Lw", "michael7492836510",
	} {
		if f.Common(p) {
			t.Errorf("%q is refused", p)
		}
	}
	if n := signin.CommonCount(); n < 10_000 {
		t.Errorf("only %d common passwords are known", n)
	}
}

// goodPassword is one that no attacker tries first.
const goodPassword = "黄河渡口 2026"

func TestPasswordIsKeptAsItsHashAlone(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	kept, err := f.HashPassword(t.Context(), "黄河渡口 2026")
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.HashPassword(t.Context(), "黄河渡口 2026")
	if err != nil {
		t.Fatal(err)
	}
	if kept == again || strings.Contains(kept, "黄河") || !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("kept %q and %q", kept, again)
	}
	for password, want := range map[string]bool{"黄河渡口 2026": true, "黄河渡口 2027": false, "": false} {
		if got := check(t, f, kept, password); got != want {
			t.Errorf("%q: %v", password, got)
		}
	}
}

func TestNothingKeptLetsNobodyIn(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	for _, kept := range []string{"", "x", "$argon2id$v=19$m=1,t=1,p=1$$", "$argon2id$v=19$m=x$YQ$YQ", "$argon2id$v=19$m=19456,t=2,p=1$*$*"} {
		if check(t, f, kept, "") || check(t, f, kept, "x") {
			t.Errorf("%q lets somebody in", kept)
		}
	}
}

func TestCodeOfAnAppIsGoodForItsStepAndItsNeighbours(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	secret, address, err := f.NewSecret("码上", "l1@hk")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(address, "otpauth://totp/") || !strings.Contains(address, secret) {
		t.Errorf("address %q", address)
	}
	now := time.Unix(1_764_000_000, 0)
	code, err := totp.GenerateCode(secret, now)
	if err != nil {
		t.Fatal(err)
	}
	for seconds, want := range map[int]bool{0: true, 30: true, -30: true, 90: false, -90: false} {
		at, ok := f.CheckCode(secret, " "+code+" ", now.Add(time.Duration(seconds)*time.Second))
		if ok != want || ok && at != now.Unix()/30 {
			t.Errorf("%d s later: step %d, %v", seconds, at, ok)
		}
	}
	if _, ok := f.CheckCode(secret, "", now); ok {
		t.Error("an empty code is good")
	}
}

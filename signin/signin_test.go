package signin_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"mashang/signin"
)

func TestPasswordIsKeptAsItsHashAlone(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	kept, err := f.HashPassword("黄河渡口 2026")
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.HashPassword("黄河渡口 2026")
	if err != nil {
		t.Fatal(err)
	}
	if kept == again || strings.Contains(kept, "黄河") || !strings.HasPrefix(kept, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("kept %q and %q", kept, again)
	}
	for password, want := range map[string]bool{"黄河渡口 2026": true, "黄河渡口 2027": false, "": false} {
		if got := f.CheckPassword(kept, password); got != want {
			t.Errorf("%q: %v", password, got)
		}
	}
}

func TestNothingKeptLetsNobodyIn(t *testing.T) {
	t.Parallel()
	f := signin.New(rand.Reader)
	for _, kept := range []string{"", "x", "$argon2id$v=19$m=1,t=1,p=1$$", "$argon2id$v=19$m=x$YQ$YQ", "$argon2id$v=19$m=19456,t=2,p=1$*$*"} {
		if f.CheckPassword(kept, "") || f.CheckPassword(kept, "x") {
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

package adapt_test

import (
	"testing"
	"time"

	"mashang/cmd/mashang/adapt"
)

func TestTokenCache(t *testing.T) {
	t.Parallel()
	ctx, m := t.Context(), &adapt.TokenCache{}
	want := func(value string) {
		t.Helper()
		if got, err := m.Get(ctx, "token"); got != value || err != nil {
			t.Errorf("%q, %v, want %q", got, err, value)
		}
	}
	want("")
	if err := m.DeleteIf(ctx, "token", ""); err != nil {
		t.Fatal(err)
	}
	for _, v := range []string{"a", "b"} {
		if err := m.Set(ctx, "token", v, time.Minute); err != nil {
			t.Fatal(err)
		}
		want(v)
	}
	if err := m.DeleteIf(ctx, "token", "a"); err != nil {
		t.Fatal(err)
	}
	want("b") // somebody has renewed it since
	if err := m.DeleteIf(ctx, "token", "b"); err != nil {
		t.Fatal(err)
	}
	want("")
}

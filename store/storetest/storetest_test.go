package storetest_test

import (
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"mashang/store"
	"mashang/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestServersAreApart(t *testing.T) {
	t.Parallel()
	a, b := storetest.New(t), storetest.New(t)
	if err := a.Client(t).Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := b.Client(t).DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("the other server has %d keys", n)
	}
}

func TestDataSurviveAKill(t *testing.T) {
	t.Parallel()
	s := storetest.New(t, storetest.Durable())
	c := s.Client(t)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Kill(t)
	s.Kill(t) // twice harms nothing
	if err := c.Ping(t.Context()).Err(); err == nil {
		t.Fatal("a dead server answers")
	}
	s.Start(t)
	s.Start(t) // likewise
	if v := s.Client(t).Get(t.Context(), "k").Val(); v != "v" {
		t.Errorf("after the kill the value is %q", v)
	}
	if v := c.ConfigGet(t.Context(), "appendfsync").Val()["appendfsync"]; v != "always" {
		t.Errorf("appendfsync is %q", v)
	}
}

func TestAServerThatHangsComesBack(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	st := s.Open(t, func(o *store.Options) { o.Timeout = 50 * time.Millisecond })
	s.Hang(t)
	if err := st.Healthy(t.Context()); err == nil {
		t.Error("a server that hangs answers")
	}
	s.Resume(t)
	if err := s.Open(t).Healthy(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	var dir string
	t.Cleanup(func() {
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("%s: %v", dir, err)
		}
	})
	t.Run("inner", func(t *testing.T) {
		t.Parallel()
		s := storetest.New(t, storetest.With("--maxmemory", "100mb"))
		dir = s.Dir()
		if v := s.Client(t).ConfigGet(t.Context(), "maxmemory").Val()["maxmemory"]; v != "104857600" {
			t.Errorf("maxmemory is %q", v)
		}
	})
}

package config_test

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"mashang/cmd/mashang/internal/config"
)

func TestSizeReads(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]config.Size{
		"0": 0, "512": 512, "512B": 512, "4KiB": 4096, "12 MiB": 12 * config.MiB, "1GiB": config.GiB,
		"8589934591GiB": 8589934591 * config.GiB,
	} {
		var got config.Size
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestSizeRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "MiB", "1MB", "1M", "1.5MiB", "-1", "-1KiB", "1 2", "8589934592GiB", "9223372036854775808", "１KiB"} {
		got := config.Size(7)
		if err := got.UnmarshalText([]byte(text)); err == nil || got != 7 {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestSizeWritesWhatItReads(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := config.Size(rapid.Int64Range(0, math.MaxInt64).Draw(t, "bytes"))
		text, err := want.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var got config.Size
		if err := got.UnmarshalText(text); err != nil || got != want {
			t.Fatalf("%d written %s read %d: %v", want, text, got, err)
		}
	})
	if got := (12 * config.MiB).String(); got != "12MiB" {
		t.Error(got)
	}
	if got := config.Size(0).String(); got != "0B" {
		t.Error(got)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	for text, want := range map[config.Clock]time.Duration{
		"00:00": 0, "07:00": 7 * time.Hour, "22:30": 22*time.Hour + 30*time.Minute, "23:59": 24*time.Hour - time.Minute,
		"": 0, "24:00": 0, "7:00": 0,
	} {
		if got := text.Offset(); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

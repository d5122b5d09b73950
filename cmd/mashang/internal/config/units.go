package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Size is a number of bytes, written 512KiB, 12MiB, 1GiB or as a bare number. There are only units of 1024, so
// that none is ambiguous.
type Size int64

// The units of Size.
const (
	KiB Size = 1 << 10
	MiB Size = 1 << 20
	GiB Size = 1 << 30
)

var units = []struct {
	suffix string
	size   Size
}{{"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}, {"B", 1}}

var errSize = errors.New("not a size")

// UnmarshalText parses the form of String.
func (s *Size) UnmarshalText(text []byte) error {
	number, unit := strings.TrimSpace(string(text)), Size(1)
	for _, u := range units {
		if rest, ok := strings.CutSuffix(number, u.suffix); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/int64(unit) {
		return errSize
	}
	*s = Size(n) * unit
	return nil
}

// String returns the size in the largest unit that divides it.
func (s Size) String() string {
	for _, u := range units {
		if s != 0 && s%u.size == 0 {
			return fmt.Sprintf("%d%s", int64(s/u.size), u.suffix)
		}
	}
	return "0B"
}

// MarshalText is String, so that a printed configuration can be parsed.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Clock is a time of day "HH:MM", 00:00 to 23:59, in the station's zone.
type Clock string

// Offset returns the time since midnight. An invalid Clock, which Load never returns, counts as midnight.
func (c Clock) Offset() time.Duration {
	d, _ := c.parse()
	return d
}

func (c Clock) parse() (time.Duration, bool) {
	t, err := time.Parse("15:04", string(c))
	if err != nil || len(c) != len("15:04") {
		return 0, false
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, true
}

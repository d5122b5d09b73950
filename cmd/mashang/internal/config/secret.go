package config

import (
	"fmt"
	"io"
	"log/slog"
)

// masked is what every way of printing a Secret shows, set or not, so that not
// even its presence or length gets into a log.
const masked = "***"

// Secret is a value that no log, error, dump or answer may show. Reveal is the
// one way to it, which makes every use easy to find.
type Secret string

// Reveal returns the value for the one who has to use it.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask.
func (Secret) String() string { return masked }

// GoString returns the mask (%#v).
func (Secret) GoString() string { return masked }

// Format writes the mask for every verb, %x and %q included.
func (Secret) Format(w fmt.State, _ rune) { _, _ = io.WriteString(w, masked) }

// MarshalText returns the mask; YAML and XML use it.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// MarshalJSON returns the mask as a JSON string.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// LogValue returns the mask.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

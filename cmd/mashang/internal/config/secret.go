package config

import (
	"fmt"
	"io"
	"log/slog"
)

// masked replaces a Secret in every output, even if it is empty, so that not even its presence or length is
// logged.
const masked = "***"

// Secret is a value that no log, error, dump or answer may show. Reveal is the only access to it, so that every
// use is easy to find.
type Secret string

// Reveal returns the value.
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

// Package secret has the type of values that nothing may print. Package target
// exports it.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
)

// Masked is what stands in the place of a secret.
const Masked = "[secret]"

// A Secret is a value that shows itself to nobody who does not ask: every verb of
// package fmt, package log/slog and every text encoder (JSON, XML, YAML) write
// [Masked] in its place, or the address of a function where it is an unexported field
// of something else: whoever walks through structures by reflection finds no more. An
// empty one is written as nothing, so that it can be seen that none is set. The
// zero Secret is empty. Secrets compare with Equal; they are safe for concurrent use.
type Secret struct {
	// A function, because reflection reaches unexported strings, and follows
	// pointers.
	reveal func() string
}

// New keeps a value.
func New(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return value }}
}

// Reveal returns the value, for the call that needs it.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether the value is empty.
func (s Secret) IsZero() bool { return s.reveal == nil }

// Equal compares two values in a time that does not depend on them.
func (s Secret) Equal(o Secret) bool {
	a, b := sha256.Sum256([]byte(s.Reveal())), sha256.Sum256([]byte(o.Reveal()))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// String returns Masked, or "" if the value is empty.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return Masked
}

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// Format writes String for every verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText is String, for every encoder.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText keeps a value that stands in a configuration.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = New(string(text))
	return nil
}

package target

import "github.com/provision-go/provision/internal/secret"

// A Secret is a value such as an initial password. It shows itself to nobody who
// does not ask: every verb of package fmt, package log/slog and every text
// encoder write "[secret]" in its place. Make one with [NewSecret]; Reveal returns the value,
// for the call that needs it.
type Secret = secret.Secret

// NewSecret keeps a value.
func NewSecret(value string) Secret { return secret.New(value) }

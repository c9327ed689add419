package target

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// An Entitlement is something an account may hold: a group, a role, a licence,
// a team, an assignment to an application. Kind is a lower-case word such as
// "group"; as text it reads "group:engineering".
type Entitlement struct{ Kind, Name string }

// String returns the text form, which [ParseEntitlement] reads back.
func (e Entitlement) String() string {
	if e == (Entitlement{}) {
		return ""
	}
	return e.Kind + ":" + e.Name
}

// Compare orders entitlements by kind, then name.
func (e Entitlement) Compare(o Entitlement) int {
	if c := cmp.Compare(e.Kind, o.Kind); c != 0 {
		return c
	}
	return cmp.Compare(e.Name, o.Name)
}

// ParseEntitlement reads "kind:name". The name may contain colons. The empty
// text is the zero Entitlement.
func ParseEntitlement(s string) (Entitlement, error) {
	if s == "" {
		return Entitlement{}, nil
	}
	kind, name, ok := strings.Cut(s, ":")
	if !ok || kind == "" || name == "" {
		return Entitlement{}, fmt.Errorf("entitlement %q: %w", s, errEntitlementSyntax)
	}
	return Entitlement{Kind: kind, Name: name}, nil
}

var errEntitlementSyntax = errors.New(`want "kind:name"`)

// valid reports whether the text form of an entitlement can be read back.
func (e Entitlement) valid() bool {
	return e.Kind != "" && e.Name != "" && !strings.Contains(e.Kind, ":")
}

// MarshalText writes the text form.
func (e Entitlement) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the text form.
func (e *Entitlement) UnmarshalText(b []byte) error {
	parsed, err := ParseEntitlement(string(b))
	if err != nil {
		return err
	}
	*e = parsed
	return nil
}

// Held is an entitlement as the target's catalogue has it.
type Held struct {
	Entitlement Entitlement
	ID          string // native id; passed back in requests
	// Members are the native ids of the accounts that hold it, for targets that
	// list membership on the entitlement (SCIM groups). [Collect] joins them with
	// what the accounts themselves say.
	Members []string
}

package target

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// A Key correlates an account with an identity. It is stamped on the account
// (SCIM: externalId), and an account without a key is not managed by us. Slot
// tells several accounts of one person apart; "" is the normal account.
//
// As text a key reads "E11" or, with a slot, "E11~admin". A tilde inside the
// identity is doubled.
type Key struct{ Identity, Slot string }

// IsZero reports whether there is no key.
func (k Key) IsZero() bool { return k == Key{} }

// Compare orders keys by identity, then slot.
func (k Key) Compare(o Key) int {
	if c := cmp.Compare(k.Identity, o.Identity); c != 0 {
		return c
	}
	return cmp.Compare(k.Slot, o.Slot)
}

// String returns the text form, which [ParseKey] reads back.
func (k Key) String() string {
	id := k.Identity
	if strings.Contains(id, "~") {
		id = strings.ReplaceAll(id, "~", "~~")
	}
	if k.Slot == "" {
		return id
	}
	return id + "~" + k.Slot
}

// ParseKey reads the text form of a key. The empty text is the zero Key.
func ParseKey(s string) (Key, error) {
	if !strings.Contains(s, "~") {
		return Key{Identity: s}, nil
	}
	var id strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '~' {
			id.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '~' {
			id.WriteByte('~')
			i++
			continue
		}
		slot := s[i+1:]
		if id.Len() == 0 || slot == "" || strings.Contains(slot, "~") {
			return Key{}, fmt.Errorf("key %q: %w", s, errKeySyntax)
		}
		return Key{Identity: id.String(), Slot: slot}, nil
	}
	return Key{Identity: id.String()}, nil
}

var errKeySyntax = errors.New(`want "identity" or "identity~slot"`)

// StoredKey reads the text that a target stores as key (SCIM: externalId). A
// text that is no key, which somebody else may have written, becomes a Key that
// [Collect] reports and takes for none. Empty text is no key.
func StoredKey(text string) Key {
	k, err := ParseKey(text)
	if err != nil {
		return Key{Slot: text}
	}
	return k
}

// valid reports whether the text form of a key can be read back.
func (k Key) valid() bool { return k.Identity != "" && !strings.Contains(k.Slot, "~") }

// MarshalText writes the text form.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the text form.
func (k *Key) UnmarshalText(b []byte) error {
	parsed, err := ParseKey(string(b))
	if err != nil {
		return err
	}
	*k = parsed
	return nil
}

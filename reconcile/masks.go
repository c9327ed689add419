package reconcile

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// Masks say how values of attributes are written down where nobody has to read them:
// as keyed hashes (HMAC-SHA256), by which equal values are recognised and nothing can be
// guessed without the key. They are used for names that are kept for somebody, for what
// [Plan.Redacted] shows, and in every Change.ID and imprint, because a hash without a
// key tells whoever guesses a value that the guess was right. The zero Masks hide
// nothing. They are plain data, safe for concurrent use.
type Masks struct {
	// ID names the key and gives nothing of it away; "" for the zero Masks.
	ID string `json:"id,omitempty"`
	// Plain are the attributes whose values may be read, sorted.
	Plain []string `json:"plain,omitempty"`
	// key is not stored: see Locked.
	key target.Secret
}

// NewMasks makes masks with a key, which must be secret and 16 bytes long or longer.
func NewMasks(key []byte, plain ...string) Masks {
	m := Masks{key: target.NewSecret(string(key)), Plain: slices.Sorted(slices.Values(plain))}
	m.ID = hex.EncodeToString(m.sum("id"))[:12]
	return m
}

// Locked reports whether the masks lack their key, as those of a plan that was read from a
// file: what would be hashed is left out then. See [Plan.Unlock].
func (m *Masks) Locked() bool { return m.ID != "" && m.key.IsZero() }

// Key returns the key; nil if it is not there.
func (m *Masks) Key() []byte {
	if m.key.IsZero() {
		return nil
	}
	return []byte(m.key.Reveal())
}

// unreadable stands for a value that is hidden and of which there is no hash.
const unreadable = "(masked)"

// hashed begins every keyed hash.
const hashed = "hmac:"

func (m *Masks) sum(parts ...string) []byte {
	d := newDigest("provision masks 1")
	for _, p := range parts {
		d.text(p)
	}
	h := hmac.New(sha256.New, m.Key())
	h.Write(d.buf)
	return h.Sum(nil)
}

// Hides reports whether values of an attribute stand as hashes.
func (m *Masks) Hides(attribute string) bool {
	return m.ID != "" && !slices.Contains(m.Plain, attribute)
}

// Value returns the hash of a value, "hmac:" and 22 characters, or "(masked)" if the key
// is not there.
func (m *Masks) Value(attribute, value string) string {
	if m.key.IsZero() {
		return unreadable
	}
	return hashed + base64.RawURLEncoding.EncodeToString(m.sum("value", attribute, value)[:16])
}

// Label returns the hash of what people recognise somebody by. Labels that differ in
// ASCII case or in white space around them have one hash.
func (m *Masks) Label(text string) string {
	return m.Value("\x00label", target.Fold(strings.TrimSpace(text)))
}

// Name returns a name as it is kept, unless its attribute is plain. The name of a
// Sensitive attribute is never plain.
func (m *Masks) Name(n Name) Name {
	if m.ID == "" || !m.Hides(n.Attribute) && !strings.HasPrefix(n.Value, sealed) {
		return n
	}
	return Name{n.Attribute, m.Value(n.Attribute, n.Value)}
}

// Field returns what an update writes as it is kept: with hashes, and Masked, unless the
// attribute is plain.
func (m *Masks) Field(f FieldChange) FieldChange {
	if !m.Hides(f.Name) {
		return f
	}
	f.Before, f.After, f.Masked = m.list(&f, f.Before), m.list(&f, f.After), true
	return f
}

// list hashes the values of a field as a set.
func (m *Masks) list(f *FieldChange, values []string) []string {
	var out []string
	for _, v := range values {
		if v == "" {
			continue
		}
		if f.CaseFold {
			v = target.Fold(v)
		}
		out = append(out, m.Value(f.Name, v))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Equal reports whether hashes that Field made are those of some values.
func (m *Masks) Equal(f *FieldChange, values, hashes []string) bool {
	return slices.Equal(m.list(f, values), hashes)
}

// equal reports whether an account has the values that a field had. A redacted bundle has
// no key, and its own hashes on both sides.
func (m *Masks) equal(at attribute, f *FieldChange, now, had []string) bool {
	if f.Masked && !m.key.IsZero() {
		return m.Equal(f, now, had)
	}
	return at.Equal(now, had)
}

// lost reports whether a field cannot be brought back, because there is only a hash of
// what it was. What was empty is known without one.
func (m *Masks) lost(f *FieldChange) bool {
	return f.Masked && len(f.Before) > 0
}

// secret is what a Change.ID or an imprint holds besides what is known to others.
func (m *Masks) secret() string {
	if m.key.IsZero() {
		return ""
	}
	return string(m.sum("ids"))
}

// under is the hash of the rules with the secret of the masks, for Change.ID.
func (m *Masks) under(rules string) string {
	if secret := m.secret(); secret != "" {
		return rules + "\x00" + secret
	}
	return rules
}

var errOtherMasks = errors.New("the plan was made with another key for masks")

// Unlock returns the plan with masks that have their key, which is not stored with it, and
// checks what could not be checked without: that the changes match their IDs. A plan that
// has the key, or needs none, is returned as it is.
func (p *Plan) Unlock(m Masks) (*Plan, error) {
	switch {
	case p.Masks.ID != m.ID:
		return nil, fmt.Errorf("plan for %s: %w", p.Target, errOtherMasks)
	case !p.Masks.Locked():
		return p, nil
	}
	out := *p
	out.Masks = m
	if err := out.verify(); err != nil {
		return nil, fmt.Errorf("plan for %s: %w", p.Target, err)
	}
	return &out, nil
}

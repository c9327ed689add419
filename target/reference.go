package target

import (
	"errors"
	"fmt"
	"strings"
)

// References are attributes that point at another account (manager). A target
// holds native ids in them; everywhere else in the module they hold the text of
// a key, "E12". An account without a key has no such text, so it reads "~" and
// its native id, "~00u17". No key starts with a single tilde followed by
// something, because identities are not empty and a tilde inside one is doubled;
// a native id that itself starts with a tilde or a colon gets a colon in front
// ("~:~x"), so that the two cannot meet.

// Text returns what a reference attribute holds for the account: its key, or "~"
// and its native id if it has none.
func (r Ref) Text() string {
	if r.Key.Identity != "" {
		return r.Key.String()
	}
	if strings.HasPrefix(r.ID, "~") || strings.HasPrefix(r.ID, ":") {
		return "~:" + r.ID
	}
	return "~" + r.ID
}

// ParseRef reads what [Ref.Text] returns: a Ref with either a key or a native
// id.
func ParseRef(text string) (Ref, error) {
	if id, ok := nativeText(text); ok {
		return Ref{ID: id}, nil
	}
	key, err := ParseKey(text)
	if err != nil || key.IsZero() {
		return Ref{}, fmt.Errorf("reference %q: %w", text, errRefSyntax)
	}
	return Ref{Key: key}, nil
}

var errRefSyntax = errors.New(`want a key or "~" and a native id`)

// nativeText returns the native id in the text of a reference to an account
// without a key.
func nativeText(text string) (string, bool) {
	id, ok := strings.CutPrefix(text, "~")
	if !ok || id == "" || id[0] == '~' {
		return "", false
	}
	if escaped, ok := strings.CutPrefix(id, ":"); ok {
		// Only an id that needs the colon has one: a reference has one text.
		return escaped, strings.HasPrefix(escaped, "~") || strings.HasPrefix(escaped, ":")
	}
	return id, true
}

// References returns the names of the attributes that hold references.
func (c Capabilities) References() []string {
	var names []string
	for _, a := range c.Attributes {
		if a.Ref {
			names = append(names, a.Name)
		}
	}
	return names
}

// KeyReferences returns a, as a target gave it, with native ids in its reference
// attributes turned into the text of keys, as [Collect] does for a whole target.
// refs are the names of those attributes. key returns the key of an account, zero
// for one without a key, and false if there is no such account; it is called
// once per reference. Ids of accounts that are not there are returned as well.
func KeyReferences(a Attributes, refs []string, key func(id string) (Key, bool)) (Attributes, []string) {
	var unknown []string
	for _, name := range refs {
		block, ok := a.block(name)
		if !ok {
			continue
		}
		values := unpack(block)
		for i, id := range values {
			k, ok := key(id)
			if !ok {
				unknown = append(unknown, id)
			}
			values[i] = Ref{ID: id, Key: k}.Text()
		}
		a = a.With(name, values...)
	}
	return a, unknown
}

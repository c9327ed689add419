package provision

import (
	"context"
	"slices"

	"github.com/provision-go/provision/target"
)

// translate turns the native ids in the references of found accounts into keys,
// as target.Collect does for a whole target. An id that the journal knows as
// what is wanted there anyway costs nothing; any other costs one find.
func (e *Engine) translate(
	ctx context.Context, t target.Target, found []target.Account, desired []target.Desired,
) ([]target.Account, error) {
	caps := t.Capabilities()
	refs := caps.References()
	if len(refs) == 0 || len(found) == 0 {
		return found, nil
	}
	seen := e.expected(t.Name(), refs, desired)
	var failed error
	key := func(id string) (target.Key, bool) {
		if k, ok := seen[id]; ok {
			return k, true
		}
		accounts, err := e.find(ctx, t, target.Find{ID: id})
		if err != nil {
			failed = err
			return target.Key{}, false
		}
		if len(accounts) == 0 {
			return target.Key{}, false
		}
		k := accounts[0].Key
		if !caps.Keys {
			k = e.keyOf(t.Name(), id)
		}
		seen[id] = k
		return k, true
	}
	out := make([]target.Account, len(found))
	for i := range found {
		out[i] = found[i]
		out[i].Attributes, _ = target.KeyReferences(found[i].Attributes, refs, key)
		if failed != nil {
			return nil, failed
		}
	}
	return out, nil
}

// expected returns native id → key for the references that are wanted, as far as
// the journal knows them.
func (e *Engine) expected(name string, refs []string, desired []target.Desired) map[string]target.Key {
	out := map[string]target.Key{}
	for i := range desired {
		for _, attribute := range refs {
			for _, text := range desired[i].Attributes.Values(attribute) {
				ref, err := target.ParseRef(text)
				if err != nil || ref.Key.IsZero() {
					continue
				}
				if id, ok := e.knownID(name, ref.Key); ok {
					out[id] = ref.Key
				}
			}
		}
	}
	return out
}

// keyOf returns the key that the journal links with a native id.
func (e *Engine) keyOf(name, id string) target.Key {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.state.of(name).owners[id]
}

// referencesFor looks up whether the people whom one person's accounts are to
// refer to have accounts themselves. A reference that is already so needs no
// look, nor does one that the journal knows; any other costs one find.
func (e *Engine) referencesFor(
	ctx context.Context, t target.Target, desired []target.Desired, found []target.Account,
) (map[target.Key]bool, error) {
	caps := t.Capabilities()
	out := map[target.Key]bool{}
	look := func(key target.Key) error {
		if _, done := out[key]; done {
			return nil
		}
		if _, known := e.knownID(t.Name(), key); known {
			out[key] = true
			return nil
		}
		switch {
		case !caps.Keys:
			out[key] = false // in the journal or nowhere
		case caps.FindKey:
			accounts, err := e.find(ctx, t, target.Find{Key: key})
			if err != nil {
				return err
			}
			out[key] = len(accounts) > 0
		}
		return nil // it cannot be looked up: the call will show
	}
	for i := range desired {
		d := &desired[i]
		for _, attribute := range caps.References() {
			for _, text := range d.Attributes.Values(attribute) {
				ref, err := target.ParseRef(text)
				if err != nil || ref.Key.IsZero() {
					continue
				}
				if refersTo(found, d.Key, attribute, text) {
					out[ref.Key] = true
					continue
				}
				if err := look(ref.Key); err != nil {
					return nil, err
				}
			}
		}
		if !d.Handover.IsZero() && anyEnabled(found, d.Key) {
			if err := look(d.Handover); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// refersTo reports whether the account with a key has this reference already.
func refersTo(found []target.Account, key target.Key, attribute, text string) bool {
	for i := range found {
		if found[i].Key == key && slices.Contains(found[i].Attributes.Values(attribute), text) {
			return true
		}
	}
	return false
}

func anyEnabled(found []target.Account, key target.Key) bool {
	for i := range found {
		if found[i].Key == key && found[i].State == target.Enabled {
			return true
		}
	}
	return false
}

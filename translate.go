package provision

import (
	"context"

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
		accounts, err := find(ctx, t, target.Find{ID: id})
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
	e.mu.Lock()
	defer e.mu.Unlock()
	for k, known := range e.state.of(name).ids {
		if known == id {
			return k
		}
	}
	return target.Key{}
}

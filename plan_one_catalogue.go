package provision

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// catalogueFor returns the entitlements of a target as far as a plan for one
// person has to know them: nil if nothing is to be granted. What was read last
// is good enough for some minutes while it has all that is wanted; otherwise it is
// read anew, because what is missing may have been made since.
func (e *Engine) catalogueFor(
	ctx context.Context, t target.Target, desired []target.Desired, found []target.Account,
) ([]target.Held, error) {
	wanted := toBeGranted(t.Capabilities(), desired, found)
	if len(wanted) == 0 {
		return nil, nil
	}
	if kept := e.lastCatalogue(t.Name()); covers(kept, wanted) {
		return kept, nil
	}
	catalogue := []target.Held{}
	for held, err := range t.Entitlements(ctx) {
		if err != nil {
			return nil, fmt.Errorf("read entitlements of %s: %w", t.Name(), err)
		}
		held.Members = nil
		catalogue = append(catalogue, held)
	}
	slices.SortFunc(catalogue, func(a, b target.Held) int { return a.Entitlement.Compare(b.Entitlement) })
	e.keepCatalogue(t.Name(), catalogue)
	return catalogue, nil
}

// toBeGranted lists what is wanted and not held, of the kinds that can be listed.
func toBeGranted(can target.Capabilities, desired []target.Desired, found []target.Account) []target.Entitlement {
	var out []target.Entitlement
	for i := range desired {
		d := &desired[i]
		if d.State != target.Enabled && d.State != target.Disabled {
			continue
		}
		var held []target.Entitlement
		for j := range found {
			if found[j].Key == d.Key {
				held = found[j].Entitlements
			}
		}
		want := d.Entitlements
		for _, ask := range d.Ask {
			want = append(slices.Clip(want), ask.Entitlement)
		}
		for _, entitlement := range want {
			if kind, ok := can.Kind(entitlement.Kind); ok && kind.List && !slices.Contains(held, entitlement) {
				out = append(out, entitlement)
			}
		}
	}
	return out
}

func covers(catalogue []target.Held, wanted []target.Entitlement) bool {
	for _, entitlement := range wanted {
		_, ok := slices.BinarySearchFunc(catalogue, entitlement, func(h target.Held, e target.Entitlement) int {
			return h.Entitlement.Compare(e)
		})
		if !ok {
			return false
		}
	}
	return true
}

// catalogueLife is how long a catalogue is good for. Somebody may rename a group,
// and its native id then gives something else.
const catalogueLife = 10 * time.Minute

// keptCatalogue is what was read last, and when.
type keptCatalogue struct {
	held []target.Held
	at   time.Time
}

func (e *Engine) keepCatalogue(name string, catalogue []target.Held) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.catalogues[name] = keptCatalogue{catalogue, e.config.Clock()}
}

func (e *Engine) lastCatalogue(name string) []target.Held {
	e.mu.RLock()
	defer e.mu.RUnlock()
	kept := e.catalogues[name]
	if e.config.Clock().Sub(kept.at) > catalogueLife {
		return nil
	}
	return kept.held
}

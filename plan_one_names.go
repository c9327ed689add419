package provision

import (
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// candidates are the names that somebody may get, in order.
func (e *Engine) candidates(
	identity *source.Identity, name string, key target.Key, attribute string, at time.Time,
) []string {
	if identity == nil {
		return nil
	}
	return e.config.Rules.Candidates(rules.Person{Identity: identity}, at, name, key.Slot, attribute)
}

// namesFor looks up which names are taken on a target, until there is a free one
// for every account of one person that is about to be made: one find for each
// candidate, and none for what is reserved anyway. A target that cannot search by
// the attribute is not asked: it refuses what is taken, or the create is held.
func (e *Engine) namesFor(
	ctx context.Context, t target.Target, identity *source.Identity, desired []target.Desired, found []target.Account,
	at time.Time,
) (map[reconcile.Name]bool, error) {
	unique := e.owned[t.Name()].Unique
	if len(unique) == 0 {
		return nil, nil
	}
	caps := t.Capabilities()
	taken := map[reconcile.Name]bool{}
	made := map[string]int{} // accounts that choose, by attribute
	for _, u := range unique {
		spec, ok := caps.Attribute(u.Attribute)
		if !ok || spec.ReadOnly || spec.WriteOnly || !slices.Contains(caps.Find, u.Attribute) {
			continue
		}
		for i := range desired {
			d := &desired[i]
			if d.Key.Slot != u.Slot || !isNew(d, found) || d.Attributes.Has(u.Attribute) {
				continue
			}
			made[u.Attribute]++
			candidates := e.candidates(identity, t.Name(), d.Key, u.Attribute, at)
			if err := e.lookUpNames(ctx, t, spec, d.Key, candidates, made[u.Attribute], at, taken); err != nil {
				return nil, err
			}
		}
	}
	return taken, nil
}

// isNew reports whether an account is wanted and none is there.
func isNew(d *target.Desired, found []target.Account) bool {
	wanted := d.State == target.Enabled || d.State == target.Disabled
	return wanted && !slices.ContainsFunc(found, func(a target.Account) bool { return a.Key == d.Key })
}

// lookUpNames looks candidates up until so many are free.
func (e *Engine) lookUpNames(
	ctx context.Context, t target.Target, spec target.AttributeSpec, key target.Key, candidates []string, free int,
	at time.Time, taken map[reconcile.Name]bool,
) error {
	for _, value := range candidates {
		if value == "" {
			continue
		}
		name := reconcile.NameOf(spec, value)
		is, known := taken[name]
		switch {
		case known:
		case e.isReserved(t.Name(), name, key, at):
			is = true // also what a run under way is about to give
			taken[name] = true
		default:
			accounts, err := e.find(ctx, t, target.Find{Attribute: spec.Name, Value: value})
			if err != nil {
				return err
			}
			is = len(accounts) > 0
			taken[name] = is
		}
		if is {
			continue
		}
		if free--; free == 0 {
			return nil
		}
	}
	return nil
}

// isReserved reports whether a name is somebody else's.
func (e *Engine) isReserved(name string, n reconcile.Name, key target.Key, at time.Time) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.barred(name, n, key, at)
}

package provision

import (
	"errors"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// naming is a name on a target.
type naming struct {
	target string
	name   reconcile.Name
}

var errNameGiven = errors.New("the name was given to somebody else since the plan was made")

// namesIn are the names that a create chose or that a delete sets free; nil for any
// other change.
func (e *Engine) namesIn(target string, c *reconcile.Change) []reconcile.Name {
	if c.Action == reconcile.Delete {
		return c.Names
	}
	unique := e.owned[target].Unique
	if c.Action != reconcile.Create || len(unique) == 0 {
		return nil
	}
	can := e.byName[target].Capabilities()
	var out []reconcile.Name
	for _, u := range unique {
		spec, ok := can.Attribute(u.Attribute)
		if u.Slot != c.Key.Slot || !ok {
			continue
		}
		for i := range c.Fields {
			if c.Fields[i].Name != u.Attribute {
				continue
			}
			for _, value := range c.Fields[i].After {
				out = append(out, reconcile.NameOf(spec, value))
			}
		}
	}
	return out
}

// barred reports whether a name is somebody else's, or about to be. The caller
// holds e.mu.
func (e *Engine) barred(name string, n reconcile.Name, key target.Key, at time.Time) bool {
	if owner, chosen := e.naming[naming{name, n}]; chosen && owner != key {
		return true
	}
	masks := e.masks[name]
	for _, kept := range [2]reconcile.Name{n, masks.Name(n)} { // it may be older than the masks
		if e.state.of(name).reserved[kept].Bars(key, n.Attribute, e.owned[name].Unique, at) {
			return true
		}
	}
	return false
}

// nameIsGiven reports whether another account was given a name that a create chose,
// or another run is about to give it. The caller holds e.mu.
func (r *targetRun) nameIsGiven(c *reconcile.Change, now time.Time) bool {
	for _, n := range r.engine.namesIn(r.plan.Target, c) {
		if r.engine.barred(r.plan.Target, n, c.Key, now) {
			return true
		}
	}
	return false
}

// name keeps the names of a change that is about to run from all others, and with
// false lets go of them. The caller holds e.mu.
func (e *Engine) name(target string, c *reconcile.Change, keep bool) {
	for _, n := range e.namesIn(target, c) {
		if at := (naming{target, n}); keep {
			e.naming[at] = c.Key
		} else if e.naming[at] == c.Key {
			delete(e.naming, at)
		}
	}
}

package provision

import (
	"slices"

	"github.com/provision-go/provision/reconcile"
)

// kept is what the journal keeps of the attributes that a change overwrites: their
// names, and their values if the program wants to be able to restore them.
func (x *execution) kept(a *attempt) []reconcile.FieldChange {
	c := a.change
	if c.Action != reconcile.Update && c.Action != reconcile.Adopt || len(c.Fields) == 0 {
		return nil
	}
	out := make([]reconcile.FieldChange, 0, len(c.Fields))
	for _, f := range c.Fields {
		if a.leaves(f.Name) {
			continue
		}
		if !x.config.KeepValues || f.Sensitive {
			f = reconcile.FieldChange{Name: f.Name, Sensitive: f.Sensitive}
		} else {
			f = x.masks.Field(f)
		}
		out = append(out, f)
	}
	return out
}

// maskedNames are the names of a change as the journal keeps them.
func (x *execution) maskedNames(c *reconcile.Change) []reconcile.Name {
	names := slices.Clone(x.names(c))
	for i := range names {
		names[i] = x.masks.Name(names[i])
	}
	return names
}

// undoes is what a change takes back; nil for one that takes back nothing.
func (x *execution) undoes(c *reconcile.Change) *Undo {
	if x.undo == "" || c.Undoes == "" {
		return nil
	}
	return &Undo{Run: x.undo, Actor: x.actor, Change: c.Undoes, Redo: c.Redo}
}

// takesBack is what the whole run takes back.
func (r *targetRun) takesBack() *Undo {
	if r.plan.Undo == "" {
		return nil
	}
	return &Undo{Run: r.plan.Undo, Actor: r.actor}
}

package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// protection is by which rules an account was protected by a condition.
type protection struct {
	rules    []string // sorted
	position uint64   // since when it is remembered so
}

// protect folds that rules protect an account, or that none does any more. What ended
// is remembered until the account is gone: a plan that was made before does not know
// it.
func (t *targetState) protect(e *Entry) {
	t.protected[e.Key] = protection{slices.Clone(e.Rules), e.Position}
}

// protectedBy are the accounts that are remembered as protected by one of the rules
// that there are now.
func (t *targetState) protectedBy(rules map[string]bool) map[target.Key][]string {
	out := map[target.Key][]string{}
	for key, p := range t.protected {
		for _, id := range p.rules {
			if rules[id] {
				out[key] = append(out[key], id)
			}
		}
	}
	return out
}

// protecting is what a run has to remember of whom the rules protect, as its plan
// says: what differs, unless a later plan has said otherwise since.
func (r *targetRun) protecting(t *targetState, now time.Time) []Entry {
	if r.late(t) {
		return nil
	}
	said := make(map[target.Key]bool, len(r.plan.Protected))
	var entries []Entry
	note := func(key target.Key, rules []string) {
		old := t.protected[key]
		if slices.Equal(old.rules, rules) || old.position > r.plan.Position {
			return
		}
		entries = append(entries, Entry{At: now, Kind: Protecting, Run: r.id, Target: r.plan.Target, Key: key, Rules: rules})
	}
	for i := range r.plan.Protected {
		p := &r.plan.Protected[i]
		said[p.Key] = true
		note(p.Key, p.Rules)
	}
	for key := range t.protected {
		if !said[key] && (r.plan.Whole || key.Identity == r.identity) {
			note(key, nil)
		}
	}
	slices.SortFunc(entries, func(a, b Entry) int { return a.Key.Compare(b.Key) })
	return entries
}

// keepsProtected reports whether a removal is from somebody whom the source does not
// list and whom the rules protected when it did.
func (r *targetRun) keepsProtected(c *reconcile.Change) bool {
	p := r.engine.state.of(r.plan.Target).protected[c.Key]
	return c.Situation == reconcile.Disappeared &&
		slices.ContainsFunc(p.rules, func(id string) bool { return r.engine.protecting[id] })
}

package provisiontest

import (
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// settleRuns is how many runs must be enough once nothing is broken any more: one
// more with seats, which a run frees for the next one.
const settleRuns = 3

// check is what must hold after every step. What is right of a single call was
// checked as it was made.
func (w *stormWorld) check(ctx context.Context) {
	for _, t := range w.targets {
		all, err := accountsOf(ctx, t.inner)
		if err != nil {
			continue
		}
		known := w.oracle.accounts[t.name]
		for _, a := range all {
			switch k := known[a.ID]; {
			case k == nil:
				w.oracle.breaks("nothing but what was asked for", "account %s of %s on %s came from nowhere", a.ID, a.Key, t.name)
			case t.can.Keys && k.key != a.Key:
				w.oracle.breaks("an account belongs to one person", "account %s was made for %s and is %s's", a.ID, k.key, a.Key)
			case w.record.find(k.key.Identity) == nil:
				w.oracle.breaks(separation, "account %s is of %s, who never worked here", a.ID, k.key)
			case w.foreign(&a):
				w.oracle.breaks(separation, "account %s of %s is named %s", a.ID, k.key, a.Attributes.Get("userName"))
			case k.open != (a.State == target.Enabled):
				w.oracle.breaks("nothing but what was asked for", "account %s of %s on %s is %s", a.ID, a.Key, t.name, a.State)
			}
		}
	}
}

// end ends the storm: nothing fails any more, everybody is listed, and nobody is still to
// leave: of more than the limits allow somebody would have to decide about the rest.
func (w *stormWorld) end() {
	w.calm()
	clear(w.record.gone)
	today := source.DateOf(time.Now().UTC())
	for _, p := range w.record.truth {
		p.WorkEmail = w.address(p.ID)
		if p.LastDay.After(today) {
			p.LastDay = today
		}
	}
}

// settleRuns is how many runs must be enough.
func (w *stormWorld) settleRuns() int {
	for _, name := range w.company.targets {
		if len(w.company.set.Owned(name).Budgets) > 0 {
			return settleRuns + 1
		}
	}
	return settleRuns
}

// settle runs after the storm, for the n-th time. People decide about what waits for
// them. The last run must have nothing to write.
func (w *stormWorld) settle(ctx context.Context, n, last int) {
	if n < last {
		w.oracle.forget()
		if n > 0 {
			w.decideAll(ctx)
		}
		w.settleRun(ctx, n == last-1)
		return
	}
	writes := w.writes()
	if !w.settleRun(ctx, true) {
		return
	}
	if n := w.writes() - writes; n > 0 {
		w.oracle.breaks("a second run writes nothing", "%d calls that write", n)
	}
	plan, err := w.p.engine.Plan(ctx)
	if err != nil || !plan.NothingToDo() {
		w.oracle.breaks("a calm converges", "after %d runs, error %v:\n%s", last, err, plan)
	}
	w.settled(ctx)
}

func (w *stormWorld) writes() int {
	n := 0
	for _, t := range w.targets {
		n += t.writes
	}
	return n
}

func (w *stormWorld) settleRun(ctx context.Context, last bool) bool {
	report, err := w.p.engine.Sync(ctx)
	if err != nil {
		w.oracle.breaks("a calm converges", "%v", err)
		return false
	}
	w.conserved(report)
	if err := report.Err(); err != nil && last {
		w.oracle.breaks("a calm converges", "%v", err)
	}
	rule, _ := w.oracle.verdict()
	return rule == ""
}

// decideAll has people agree to all that waits for them.
func (w *stormWorld) decideAll(ctx context.Context) {
	desk := w.desk()
	pending, err := desk.Pending(ctx)
	if err != nil {
		return
	}
	there := map[string]bool{} // creates whose account a person has looked for, and found; what was approved
	released := map[string]bool{}
	for i := range pending {
		there[pending[i].Hold.Change.ID] = w.doubted(&pending[i])
	}
	for i := range pending {
		by := provision.Decision{Actor: "the CFO"}
		one := &pending[i]
		if one.Guarded != "" && !released[one.Guarded] {
			released[one.Guarded] = true
			_ = desk.Release(ctx, one.Guarded, by)
		}
		for _, r := range one.Hold.Reasons {
			if r.Kind != reconcile.Guarded && !there[r.Change] { // what is guarded was released
				there[r.Change] = true
				_ = desk.Approve(ctx, r.Change, by)
			}
		}
	}
	alarms, err := desk.Alarms(ctx) // also those that hold nothing yet
	if err != nil {
		return
	}
	for i := range alarms {
		if !released[alarms[i].Guarded] {
			_ = desk.Release(ctx, alarms[i].Guarded, provision.Decision{Actor: "the CFO"})
		}
	}
}

// doubted reports whether a held create may have made its account before: then
// somebody has to look, and here it is there.
func (w *stormWorld) doubted(p *provision.Pending) bool {
	c := &p.Hold.Change
	if c.Action.String() != "create" {
		return false
	}
	for _, a := range w.oracle.accounts[p.Target] {
		if a.key == c.Key {
			return true
		}
	}
	return false
}

// settled compares every account with what is true of its person.
func (w *stormWorld) settled(ctx context.Context) {
	now := w.now()
	for _, t := range w.targets {
		all, err := accountsOf(ctx, t.inner)
		if err != nil {
			w.oracle.breaks("a calm converges", "read %s: %v", t.name, err)
			return
		}
		byKey := map[target.Key][]target.Account{}
		for _, a := range all {
			// Some targets tell who is in a group by the group only, except when they are
			// asked about one account.
			if found, err := t.inner.Find(ctx, target.Find{ID: a.ID}); err == nil && len(found) == 1 {
				a = found[0]
			}
			if k := w.oracle.accounts[t.name][a.ID]; k != nil {
				byKey[k.key] = append(byKey[k.key], a)
			}
		}
		for _, p := range w.record.truth {
			w.settledOne(t, p, byKey[keyOf(p.ID)], now)
		}
	}
}

func (w *stormWorld) settledOne(t *stormCore, p *source.Identity, accounts []target.Account, now time.Time) {
	o, key := w.oracle, keyOf(p.ID)
	if len(accounts) > 1 {
		o.breaks("no account twice", "%s has %d accounts on %s", p.ID, len(accounts), t.name)
		return
	}
	switch {
	case o.judge.protects(p.ID):
	case o.judge.left(p, now):
		if len(accounts) == 0 || !w.linked(t, key, accounts[0]) {
			return
		}
		a, known := accounts[0], o.accounts[t.name][accounts[0].ID]
		if a.State != target.Disabled && t.can.Disable || len(a.Entitlements) > 0 && w.company.builtin || known.sessions && t.can.EndSessions && w.company.builtin {
			o.breaks("nobody who left stays open", "%s has left; account %s on %s is %s, holds %v, sessions open: %t",
				p.ID, a.ID, t.name, a.State, a.Entitlements, known.sessions)
		}
	case o.judge.employs(p, now, t.name, key):
		if len(accounts) == 0 {
			if w.waits(key) {
				return // a create that nobody can tell about
			}
			o.breaks("nobody who works here stays out", "%s has no account on %s", p.ID, t.name)
			return
		}
		if a := accounts[0]; a.State != target.Enabled && w.linked(t, key, a) {
			o.breaks("nobody who works here stays out", "%s works here; account %s on %s is %s", p.ID, a.ID, t.name, a.State)
		} else if w.company.builtin && w.linked(t, key, a) {
			w.settledValues(t, p, a)
		}
	}
}

// linked reports whether the engine can know whose account it is.
func (w *stormWorld) linked(t *stormCore, key target.Key, a target.Account) bool {
	if t.can.Keys {
		return true
	}
	for e := range w.town.store.read(w.tenant, 0) {
		if e.Target == t.name && e.Account == a.ID && e.Key == key && e.Outcome == provision.Done {
			return true
		}
	}
	return false
}

// waits reports whether something about an account is held.
func (w *stormWorld) waits(key target.Key) bool {
	for _, p := range w.oracle.pending {
		if p.Hold.Change.Key == key {
			return true
		}
	}
	return false
}

func (w *stormWorld) settledValues(t *stormCore, p *source.Identity, a target.Account) {
	const fights = 3 // what was written three times counts as not kept, and is left
	if p.JobTitle != "" && a.Attributes.Get("title") != p.JobTitle && t.drifted[a.ID] < fights {
		w.oracle.breaks("a calm converges", "the title of %s on %s is %q", p.ID, t.name, a.Attributes.Get("title"))
	}
	if t.name != "app" || p.Department.IsZero() {
		return
	}
	for group, department := range map[string]string{"engineering": "Engineering", "sales": "Sales"} {
		want := p.Department.Name == department
		if has := slices.Contains(a.Entitlements, stormGroup(group)); has != want && !w.waits(keyOf(p.ID)) {
			w.oracle.breaks("a calm converges", "%s is in %s; group %s: %t", p.ID, p.Department.Name, group, has)
		}
	}
}

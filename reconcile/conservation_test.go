package reconcile_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

func TestLawConservation(t *testing.T) { worlds(t, lawConservation) }

// lawConservation compares desired and actual in the plainest way, and asks the
// plan about every difference.
func lawConservation(t testing.TB, d dice) {
	w := d.world()
	b := books{TB: t, w: w, p: compute(t, w.input(t))}
	b.planned = append(everything(b.p), b.p.Omitted...)
	ids := map[string]bool{}
	for _, c := range b.planned {
		assert.False(t, ids[c.ID], "two changes with one ID: %s %s\n%s", c.Action, c.Key, b.p)
		ids[c.ID] = true
	}
	for _, c := range b.planned {
		for _, n := range c.Needs {
			assert.True(t, ids[n.Change], "%s %s needs what is not planned\n%s", c.Action, c.Key, b.p)
		}
	}
	for i := range w.desired {
		b.checkDesired(&w.desired[i])
	}
	for l := range w.history.Losing {
		b.checkLoss(l)
	}
	for i := range w.accounts {
		b.checkAccount(&w.accounts[i])
	}
}

// books hold a plan and what it should account for.
type books struct {
	testing.TB
	w       *world
	p       *reconcile.Plan
	planned []reconcile.Change
}

// expect wants a change of one of the actions, or a finding that says why not.
func (b *books) expect(what string, is func(*reconcile.Change) bool, codes ...string) {
	b.Helper()
	for i := range b.planned {
		if is(&b.planned[i]) {
			return
		}
	}
	for _, f := range b.p.Findings {
		if slices.Contains(codes, f.Code) {
			return
		}
	}
	assert.Fail(b, "lost: "+what, "%s", b.p)
}

func (b *books) with(key target.Key) []*target.Account {
	var out []*target.Account
	for i := range b.w.accounts {
		if b.w.accounts[i].Key == key {
			out = append(out, &b.w.accounts[i])
		}
	}
	return out
}

func (b *books) checkDesired(d *target.Desired) {
	found := b.with(d.Key)
	switch {
	case d.State == target.Undecided:
		assert.Positive(b, b.p.Undecided)
		b.expect("undecided "+d.Key.String(), func(*reconcile.Change) bool { return false }, reconcile.CodeUndecided)
		if closes(d) && len(found) == 1 && found[0].State == target.Enabled {
			b.expect("disable "+d.Key.String(), func(c *reconcile.Change) bool {
				return c.Key == d.Key && c.Action == reconcile.Disable
			}, reconcile.CodeUnsupported, reconcile.CodeProtected)
		}
		for i := range b.planned {
			c := &b.planned[i]
			shut := closes(d) && (c.Action == reconcile.Disable || c.Action == reconcile.EndSessions)
			assert.False(b, c.Key == d.Key && !shut, "undecided: %s %s\n%s", c.Action, c.Key, b.p)
		}
	case len(found) > 1:
		b.expect("ambiguous "+d.Key.String(), func(*reconcile.Change) bool { return false }, reconcile.CodeAmbiguous)
	case len(found) == 1:
		b.checkPair(d, found[0])
	case d.State == target.Enabled || d.State == target.Disabled && d.Phase == target.PreHire:
		b.expect("create "+d.Key.String(), func(c *reconcile.Change) bool {
			return c.Key == d.Key && (c.Action == reconcile.Create || c.Action == reconcile.Adopt)
		}, reconcile.CodeUnsupported, reconcile.CodeNotYet, reconcile.CodeVanished, reconcile.CodeTooEarly)
	}
}

func (b *books) checkPair(d *target.Desired, a *target.Account) {
	kept := d.Phase == target.Future && d.State != target.Enabled
	is := func(action reconcile.Action) func(*reconcile.Change) bool {
		return func(c *reconcile.Change) bool { return c.Key == d.Key && c.Action == action }
	}
	closing := d.State == target.Disabled || d.State == target.None || d.State == target.Deleted
	why := []string{
		reconcile.CodeUnsupported, reconcile.CodeProtected, reconcile.CodeDrift, reconcile.CodeUnqualified,
		reconcile.CodeTooEarly, reconcile.CodeDuplicateEntitlement,
	}
	if closing && a.State == target.Enabled {
		b.expect("disable "+d.Key.String(), is(reconcile.Disable), why...)
	}
	if d.State == target.Enabled && a.State == target.Disabled {
		b.expect("enable "+d.Key.String(), is(reconcile.Enable), why...)
	}
	if d.State == target.Deleted && !kept {
		since, known := b.w.history.Retained[d.Key]
		early := a.State == target.Enabled || !known || b.w.at.Sub(since) < 24*time.Hour
		runs := slices.ContainsFunc(b.p.Changes, func(c reconcile.Change) bool { return is(reconcile.Delete)(&c) })
		assert.False(b, early && runs, "delete of %s too early\n%s", d.Key, b.p)
		later := slices.ContainsFunc(b.p.Scheduled, func(s reconcile.Scheduled) bool { return s.Action == reconcile.Delete })
		if !early || !later {
			b.expect("delete "+d.Key.String(), is(reconcile.Delete), why...)
		}
	}
	if kept || d.State == target.Deleted || d.State == target.None {
		return
	}
	for _, e := range d.Entitlements {
		if !slices.Contains(a.Entitlements, e) {
			b.expect("grant "+d.Key.String()+" "+e.String(), b.about(reconcile.Grant, d.Key, e),
				reconcile.CodeUnsupported, reconcile.CodeKind, reconcile.CodeNoEntitlement, reconcile.CodeDuplicateEntitlement)
		}
	}
	for _, e := range a.Entitlements {
		asked := asksFor(d, e) && !b.w.approvalEnded(d, e)
		if slices.Contains(b.w.owned.Entitlements, e) && !slices.Contains(d.Entitlements, e) &&
			!slices.Contains(d.Undecided, e) && !asked && !keptByRules(d, e, b.w.at) {
			b.expect("revoke "+d.Key.String()+" "+e.String(), b.about(reconcile.Revoke, d.Key, e), why...)
		}
	}
	b.checkFields(d, a)
}

// checkLoss: what was being lost is revoked, going on, given again or not there.
func (b *books) checkLoss(l reconcile.Loss) {
	held := slices.ContainsFunc(b.with(l.Key), func(a *target.Account) bool { return slices.Contains(a.Entitlements, l.Entitlement) })
	given := slices.ContainsFunc(b.w.desired, func(d target.Desired) bool {
		asked := slices.ContainsFunc(d.Ask, func(k target.Ask) bool { return k.Entitlement == l.Entitlement })
		works := d.State == target.Enabled || d.State == target.Disabled
		return d.Key == l.Key && works && (asked || slices.Contains(d.Entitlements, l.Entitlement))
	})
	revoked := slices.ContainsFunc(everything(b.p), func(c reconcile.Change) bool { return b.about(reconcile.Revoke, l.Key, l.Entitlement)(&c) })
	assert.Equal(b, held && !given && !revoked, slices.Contains(b.p.Losing, l), "%s %s\n%s", l.Key, l.Entitlement, b.p)
}

func (b *books) about(action reconcile.Action, k target.Key, e target.Entitlement) func(*reconcile.Change) bool {
	return func(c *reconcile.Change) bool { return c.Action == action && c.Key == k && c.Entitlement == e }
}

func (b *books) checkFields(d *target.Desired, a *target.Account) {
	for _, o := range b.w.owned.Attributes {
		spec, ok := b.w.can.Attribute(o.Name)
		want, have := d.Attributes.Values(o.Name), a.Attributes.Values(o.Name)
		if slices.Contains(d.Clear, o.Name) && len(want) == 0 && ok && o.Strength == target.Always && len(have) > 0 && !spec.ReadOnly {
			b.expectField(d, o.Name)
		}
		if len(want) == 0 || spec.WriteOnly || o.Strength == target.CreateOnly || spec.Equal(want, have) ||
			o.Strength == target.IfEmpty && len(have) > 0 {
			continue
		}
		b.expectField(d, o.Name)
	}
}

func (b *books) expectField(d *target.Desired, name string) {
	b.expect(fmt.Sprintf("%s of %s", name, d.Key), func(c *reconcile.Change) bool {
		return c.Key == d.Key && slices.ContainsFunc(c.Fields, func(f reconcile.FieldChange) bool { return f.Name == name })
	}, reconcile.CodeUnsupported, reconcile.CodeAttribute, reconcile.CodeManyValues, reconcile.CodeReference,
		reconcile.CodeBadReference, reconcile.CodeReferenceLoop, reconcile.CodeNotKept)
}

// checkAccount looks for accounts that nobody desires.
func (b *books) checkAccount(a *target.Account) {
	if a.Key.IsZero() {
		taken := func(c *reconcile.Change) bool { return c.Account == a.ID }
		b.expect("account "+a.ID, taken, reconcile.CodeOrphans, reconcile.CodeAmbiguous,
			reconcile.CodeContested, reconcile.CodeUnsupported, reconcile.CodeTooEarly)
		return
	}
	for i := range b.w.desired {
		if b.w.desired[i].Key.Identity == a.Key.Identity {
			return
		}
	}
	assert.Contains(b, b.p.Missing, a.Key)
	kept := slices.ContainsFunc(b.p.Protected, func(x reconcile.Protected) bool { return x.Key == a.Key })
	assert.Equal(b, len(b.w.history.Protected[a.Key]) > 0, kept, "protection of %s\n%s", a.Key, b.p)
	if a.State == target.Enabled {
		b.expect("missing "+a.Key.String(), func(c *reconcile.Change) bool {
			return c.Account == a.ID && c.Action == reconcile.Disable
		}, reconcile.CodeUnsupported, reconcile.CodeProtected)
	}
}

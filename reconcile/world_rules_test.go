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

// rules lets the rules of a world say more than who gets what.
func (d dice) rules(w *world) {
	for i := range w.desired {
		p := &w.desired[i]
		p.Protected, p.Since = d.chance(8), int32(d.IntN(4))
		if d.chance(25) {
			p.Extra = d.extra()
		}
	}
	if d.chance(10) {
		w.owned.Protect = []string{d.key().Identity}
	}
	for range d.IntN(4) {
		w.owned.Grace = append(w.owned.Grace, target.Grace{
			Entitlement: d.entitlement(), Days: d.IntN(5), Rule: pick(d, "grace.a", "grace.b"),
		})
	}
	for i := range d.IntN(4) {
		w.owned.Budgets = append(w.owned.Budgets, target.Budget{
			Rule: fmt.Sprintf("seats.%d", i/2), Entitlements: append(d.entitlements(2), d.entitlement()), Seats: d.IntN(6),
		})
	}
	for _, slot := range []string{"", "admin"} {
		if d.chance(30) {
			w.owned.Rehires = append(w.owned.Rehires, target.Rehire{Slot: slot, Rule: "back", Hold: d.chance(30), Within: d.IntN(3)})
		}
	}
	w.history.Losing = map[reconcile.Loss]time.Time{}
	for range d.IntN(6) {
		w.history.Losing[reconcile.Loss{Key: d.key(), Entitlement: d.entitlement()}] = day.Add(-time.Duration(d.IntN(100)) * time.Hour)
	}
	d.names(w)
	d.approved(w)
	for i := range d.IntN(3) {
		w.owned.Duties = append(w.owned.Duties, target.Duties{
			Slot: pick(d, "", "", "admin"), Rule: fmt.Sprintf("apart.%d", i), Entitlements: append(d.entitlements(2), d.entitlement()),
			Approvable: d.chance(50),
		})
	}
	w.history.Protected = map[target.Key][]string{}
	for range d.IntN(3) {
		w.history.Protected[d.key()] = pick(d, []string{"glass"}, []string{"a", "glass"}, nil)
	}
	for i := range w.desired {
		if x := w.desired[i].Extra; x != nil && d.chance(20) {
			x.ProtectedBy = pick(d, []string{"glass"}, []string{"a", "glass"})
		}
	}
}

// approved lets accounts hold what somebody has to approve, and often did.
func (d dice) approved(w *world) {
	for i := range w.accounts {
		a := &w.accounts[i]
		for j := range w.desired {
			if p := &w.desired[j]; p.Key == a.Key && len(p.Ask) > 0 && d.chance(60) {
				e := p.Ask[0].Entitlement
				a.Entitlements = append(without(a.Entitlements, e), e)
				past := w.history.Accounts[a.Key]
				for range d.IntN(3) {
					past.Approved = append(past.Approved, reconcile.ApprovedGrant{
						Entitlement: pick(d, e, e, d.entitlement()), At: day.Add(-time.Duration(d.IntN(100)) * time.Hour),
					})
				}
				if past.Approved != nil {
					w.history.Accounts[a.Key] = past
				}
			}
		}
	}
}

func (d dice) extra() *target.Extra {
	x := &target.Extra{Close: d.chance(50)}
	for range d.IntN(3) {
		x.Keep = append(x.Keep, target.Kept{Entitlement: d.entitlement(), Until: day.Add(time.Duration(d.IntN(100)-30) * time.Hour)})
	}
	if d.chance(30) {
		x.Take = d.entitlements(2)
	}
	for range d.IntN(3) {
		x.Notes = append(x.Notes, target.Note{Code: pick(d, "conflict", "no-end"), Rule: pick(d, "r", "s"), Text: pick(d, "x", "y")})
	}
	return x
}

// names has some attributes chosen once.
func (d dice) names(w *world) {
	w.candidates = map[target.Key][]string{}
	w.history.Reserved, w.taken = map[reconcile.Name]reconcile.Reservation{}, map[reconcile.Name]bool{}
	for _, slot := range []string{"", "admin"} {
		if d.chance(50) {
			w.owned.Unique = append(w.owned.Unique, target.Unique{
				Slot: slot, Attribute: pick(d, "userName", "userName", "displayName", "pin"), Rule: "names" + slot, NeverReuse: d.IntN(3),
			})
		}
	}
	pool := []string{"ana", "Ana", "bo", "cy", "dee", "eva", "zoe", "yan", ""}
	for range d.IntN(9) {
		for range d.IntN(4) {
			k := d.key()
			w.candidates[k] = append(w.candidates[k], pick(d, pool...))
		}
		spec, _ := w.can.Attribute(pick(d, "userName", "displayName"))
		r := reconcile.Reservation{Key: d.key()}
		if d.chance(50) {
			r.Gone = day.Add(-time.Duration(d.IntN(100)) * time.Hour)
		}
		w.history.Reserved[reconcile.NameOf(spec, pick(d, pool...))] = r
		w.taken[reconcile.NameOf(spec, pick(d, pool...))] = d.chance(40)
	}
	for i := range w.desired {
		for _, u := range w.owned.Unique {
			if u.Slot == w.desired[i].Key.Slot && d.chance(80) {
				w.desired[i].Attributes = w.desired[i].Attributes.Without(u.Attribute)
			}
		}
		if d.chance(20) {
			w.desired[i].Label = ""
		}
	}
}

func (d dice) shuffleRules(w *world) {
	w.owned.Protect, w.owned.Grace = shuffled(d, w.owned.Protect), shuffled(d, w.owned.Grace)
	w.owned.Budgets, w.owned.Rehires = shuffled(d, w.owned.Budgets), shuffled(d, w.owned.Rehires)
	for i := range w.owned.Budgets {
		w.owned.Budgets[i].Entitlements = shuffled(d, w.owned.Budgets[i].Entitlements)
	}
	w.owned.Unique, w.owned.Duties = shuffled(d, w.owned.Unique), shuffled(d, w.owned.Duties)
	for key, past := range w.history.Accounts {
		past.Approved = shuffled(d, past.Approved)
		w.history.Accounts[key] = past
	}
	for i := range w.desired {
		if x := w.desired[i].Extra; x != nil {
			w.desired[i].Extra = &target.Extra{
				Keep: shuffled(d, x.Keep), Take: shuffled(d, x.Take), Notes: shuffled(d, x.Notes), Close: x.Close,
				ProtectedBy: shuffled(d, x.ProtectedBy),
			}
		}
	}
}

func asksFor(d *target.Desired, e target.Entitlement) bool {
	return slices.ContainsFunc(d.Ask, func(a target.Ask) bool { return a.Entitlement == e })
}

// approvalEnded reports whether the last approval of what somebody holds is over who
// stays, by one of those that ask.
func (w *world) approvalEnded(d *target.Desired, e target.Entitlement) bool {
	if d.Phase == target.Left && d.State != target.Enabled || d.State == target.None || d.State == target.Deleted {
		return false
	}
	var last time.Time
	for _, a := range w.history.Accounts[d.Key].Approved {
		if a.Entitlement == e && a.At.After(last) {
			last = a.At
		}
	}
	return !last.IsZero() && slices.ContainsFunc(d.Ask, func(a target.Ask) bool {
		return a.Entitlement == e && a.Days > 0 && w.at.Sub(last).Hours() >= float64(24*a.Days)
	})
}

// frees reports whether a plan takes anything that has seats.
func (w *world) frees(p *reconcile.Plan) bool {
	return slices.ContainsFunc(p.Changes, func(c reconcile.Change) bool {
		return w.freesName(c) || c.Action == reconcile.Revoke && slices.ContainsFunc(w.owned.Budgets,
			func(b target.Budget) bool { return slices.Contains(b.Entitlements, c.Entitlement) })
	})
}

// keptByRules reports whether the rules keep an entitlement for now.
func keptByRules(d *target.Desired, e target.Entitlement, at time.Time) bool {
	return d.Extra != nil && !slices.Contains(d.Extra.Take, e) && slices.ContainsFunc(d.Extra.Keep, func(k target.Kept) bool {
		return k.Entitlement == e && k.Until.After(at)
	})
}

// assertGrace wants a revoke from somebody who stays to have waited long enough.
func (w *world) assertGrace(t testing.TB, d *target.Desired, c *reconcile.Change, what string) {
	t.Helper()
	if c.Situation != reconcile.Confirmed && c.Situation != reconcile.Found {
		return
	}
	assert.False(t, keptByRules(d, c.Entitlement, w.at), "kept: %s", what)
	if d.Extra != nil && (slices.Contains(d.Extra.Take, c.Entitlement) ||
		slices.ContainsFunc(d.Extra.Keep, func(k target.Kept) bool { return k.Entitlement == c.Entitlement })) {
		return
	}
	if asksFor(d, c.Entitlement) {
		return // no time of grace comes after the end of an approval
	}
	for _, g := range w.owned.Grace {
		if g.Entitlement == c.Entitlement && g.Days > 0 {
			since, known := w.history.Losing[reconcile.Loss{Key: c.Key, Entitlement: c.Entitlement}]
			assert.True(t, known && w.at.Sub(since) >= time.Duration(g.Days)*24*time.Hour, "in grace: %s", what)
		}
	}
}

// TestLawSeats: whatever people decide, no plan gives more seats than there are.
func TestLawSeats(t *testing.T) { worlds(t, lawSeats) }

func lawSeats(t testing.TB, d dice) {
	w := d.world()
	p := compute(t, w.input(t))
	run, held := p.Lift(day, d.decisions(p), d.releases(p))
	before := w.seated()
	// What is granted, without what frees seats: that may fail.
	gets := map[target.Key][]target.Entitlement{}
	for _, c := range run {
		switch c.Action {
		case reconcile.Grant:
			gets[c.Key] = append(gets[c.Key], c.Entitlement)
		case reconcile.Adopt:
			w.find(&c).Key = c.Key
		default:
		}
	}
	for i, b := range w.owned.Budgets {
		after := before[i]
		for key, list := range gets {
			if holdsAny(list, b.Entitlements) && !w.seatOf(key, b) {
				after++
			}
		}
		assert.LessOrEqual(t, after, max(before[i], b.Seats), "%s\n%s", b.Rule, p)
		if before[i] > b.Seats {
			assert.True(t, slices.ContainsFunc(p.Findings, func(f reconcile.Finding) bool { return f.Code == reconcile.CodeSeats }))
		}
		for _, h := range held {
			for _, r := range h.Reasons {
				full := r.Kind == reconcile.NeedsSeat && len(w.owned.Budgets) == 1 && len(h.Reasons) == 1
				assert.False(t, full && after < b.Seats, "%s waits for a free seat\n%s", h.Change.Key, p)
			}
		}
	}
}

func (w *world) seated() []int {
	out := make([]int, len(w.owned.Budgets))
	for i, b := range w.owned.Budgets {
		for _, a := range w.accounts {
			if holdsAny(a.Entitlements, b.Entitlements) {
				out[i]++
			}
		}
	}
	return out
}

// seatOf reports whether the account of a key has a seat.
func (w *world) seatOf(key target.Key, b target.Budget) bool {
	return slices.ContainsFunc(w.accounts, func(a target.Account) bool {
		return a.Key == key && holdsAny(a.Entitlements, b.Entitlements)
	})
}

func holdsAny(list, of []target.Entitlement) bool {
	return slices.ContainsFunc(list, func(e target.Entitlement) bool { return slices.Contains(of, e) })
}

// TestLawNames: a name that is chosen is nobody else's, and nobody who has an
// account gets another one.
func TestLawNames(t *testing.T) { worlds(t, lawNames) }

func lawNames(t testing.TB, d dice) {
	w := d.world()
	w.one = d.chance(30)
	p := compute(t, w.input(t))
	chosen := map[reconcile.Name]target.Key{}
	for _, c := range everything(p) {
		for _, u := range w.owned.Unique {
			i := slices.IndexFunc(c.Fields, func(f reconcile.FieldChange) bool { return f.Name == u.Attribute })
			own := slices.IndexFunc(w.desired, func(d target.Desired) bool { return d.Key == c.Key && d.Attributes.Has(u.Attribute) })
			if c.Key.Slot != u.Slot || i < 0 || own >= 0 {
				continue
			}
			assert.Contains(t, []reconcile.Action{reconcile.Create, reconcile.Update}, c.Action)
			if c.Action == reconcile.Update {
				assert.Empty(t, c.Fields[i].After, "only ever cleared")
				continue
			}
			value := c.Fields[i].After[0]
			spec, _ := w.can.Attribute(u.Attribute)
			name := reconcile.NameOf(spec, value)
			assert.Contains(t, w.candidates[c.Key], value)
			assert.NotContains(t, chosen, name, "chosen twice")
			chosen[name] = c.Key
			for _, a := range w.accounts {
				for _, v := range a.Attributes.Values(u.Attribute) {
					assert.NotEqual(t, name, reconcile.NameOf(spec, v), "held by %s", a.ID)
				}
			}
			if r, ok := w.history.Reserved[name]; ok && r.Key != c.Key {
				assert.False(t, r.Gone.IsZero(), "reserved for %s", r.Key)
			}
		}
	}
}

package rules

import (
	"iter"
	"math/bits"
	"slices"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// Decide applies the rules to one person at one instant. The answer depends on
// nothing else. A Person without an Identity gets the zero Decision.
//
// In the phase Left the account is disabled whatever its condition says, nothing
// is wanted and nothing undecided. In the phase Future the state is None for
// everybody: an account that exists already, such as one that was closed when
// the person left the first time, is to be left as it is. With the state
// Undecided every entitlement that the rules can give is undecided as well.
func (s *Set) Decide(p Person, at time.Time) Decision {
	if p.Identity == nil {
		return Decision{}
	}
	return s.Decider().Decide(p, at)
}

// view returns what the rules of an account see.
func (r *round) view(a *account) (view, *time.Location) {
	if zone := a.life.Clock.in(r.id); zone != r.zone {
		r.zone, r.day = zone, r.dayIn(zone)
	}
	return view{r.id, r.day, &r.memo}, r.zone
}

func (r *round) decide(a *account, d *target.Desired) {
	lacking := missingFields{}
	if v, on := r.decideState(a, d, &lacking); on {
		r.attributes(a, v, d, &lacking)
		r.entitlements(a, v, d, &lacking)
	}
	d.Missing = lacking.sorted()
}

// decideState decides whether there is an account and whether it works. It reports
// whether something is wanted on it besides.
func (r *round) decideState(a *account, d *target.Desired, lacking *missingFields) (view, bool) {
	v, zone := r.view(a)
	d.Key = target.Key{Identity: r.id.ID, Slot: a.slot}
	d.Label = v.text(a.label)
	at := a.life.stage(v, r.at, zone)
	d.Phase, d.State = at.phase, at.state
	switch at.phase {
	case target.PhaseUnknown:
		at.lacking(lacking)
	case target.Future:
		return v, false
	case target.Left:
		r.leave(a, v, d)
		return v, false
	default:
		d.State = a.state(v, at.state, lacking)
	}
	// Whoever shall not come in shall not stay in either.
	d.EndSessions = a.life.EndSessions && (d.State == target.Disabled || d.State == target.None)
	switch d.State {
	case target.Undecided:
		d.Undecided = a.entitlements()
	case target.Disabled, target.Enabled:
		return v, true
	case target.None, target.Deleted:
	}
	return v, false
}

// leave fills what is wanted of a leaver's account.
func (r *round) leave(a *account, v view, d *target.Desired) {
	if d.State == target.Disabled {
		r.attributes(a, v, d, &missingFields{})
		d.Secrets = nil // nothing is created for a leaver
	}
	d.EndSessions = a.life.EndSessions
	if m := v.id.Manager.ID; a.life.Handover && m != v.id.ID {
		d.Handover = target.Key{Identity: m}
	}
}

// state is the state of an account that the life cycle would have in state.
func (a *account) state(v view, state target.State, lacking *missingFields) target.State {
	switch v.truth(a.cond) {
	case No:
		return target.None
	case Undecided:
		v.undecided(a.cond, lacking)
		return target.Undecided
	case Yes:
	}
	for i := range a.attributes {
		x := &a.attributes[i]
		if x.ifMissing != Block || x.to == nil || x.when != nil && v.truth(x.when) != Yes {
			continue
		}
		if _, known := v.values(x.to); !known {
			v.lacking(x.to, lacking)
			state = target.Undecided
		}
	}
	return state
}

func (r *round) attributes(a *account, v view, d *target.Desired, lacking *missingFields) {
	for i := range a.attributes {
		x := &a.attributes[i]
		if x.when != nil {
			if t := v.truth(x.when); t != Yes {
				if t == Undecided {
					v.undecided(x.when, lacking)
				}
				continue
			}
		}
		switch {
		case x.secret:
			d.Secrets = append(d.Secrets, x.name)
		case x.to.op == opField && x.to.ref.kind != source.FieldList:
			// The usual case, without a slice for one text.
			if text := v.text(x.to); text != "" {
				r.attrs.Add(x.name, text)
			} else if x.ifMissing == Clear {
				d.Clear = append(d.Clear, x.name)
			}
		default:
			texts, known := v.values(x.to)
			r.attrs.Add(x.name, texts...)
			if !known && x.ifMissing == Clear || known && !slices.ContainsFunc(texts, notEmpty) {
				d.Clear = append(d.Clear, x.name)
			}
		}
	}
	d.Attributes = r.attrs.Build()
}

func notEmpty(text string) bool { return text != "" }

// entitlements decides what each entitlement's grants come to: given by one of
// them, else to be asked for, else undecided.
func (r *round) entitlements(a *account, v view, d *target.Desired, lacking *missingFields) {
	if len(a.gives) == 0 {
		return
	}
	r.evaluate(v)
	n, wanted := 0, uint64(0)
	for i := range r.given(a) {
		g := &a.gives[i]
		switch best, by := r.best(g); {
		case best == Yes && by == "":
			n, wanted = n+1, wanted|1<<(i%64)
		case best == Yes:
			d.Ask = append(d.Ask, target.Ask{Entitlement: g.entitlement, By: by})
		case best == Undecided:
			d.Undecided = append(d.Undecided, g.entitlement)
			for _, k := range g.grants {
				v.undecided(r.set.grants[k].when, lacking)
			}
		}
	}
	if n > 0 {
		d.Entitlements = r.wanted(a, n, wanted)
	}
}

// given yields what some grant gives, may give, or asks for: of most entitlements
// every grant says no.
func (r *round) given(a *account) iter.Seq[int] {
	return func(yield func(int) bool) {
		if len(a.gives) > 64 {
			for i := range a.gives {
				if !yield(i) {
					return
				}
			}
			return
		}
		var some uint64
		for n, truth := range r.truths {
			if truth != No {
				some |= a.givenBy[n]
			}
		}
		for ; some != 0; some &= some - 1 {
			if !yield(bits.TrailingZeros64(some)) {
				return
			}
		}
	}
}

// wanted returns the list of the n entitlements that are given.
func (r *round) wanted(a *account, n int, numbers uint64) []target.Entitlement {
	list, keep := r.shared(a, numbers)
	if list != nil {
		return list
	}
	list = make([]target.Entitlement, 0, n)
	for i := range r.given(a) {
		if best, by := r.best(&a.gives[i]); best == Yes && by == "" {
			list = append(list, a.gives[i].entitlement)
		}
	}
	if keep != nil {
		keep[numbers] = list
	}
	return list
}

// best returns the strongest outcome of the grants of an entitlement, and who
// has to approve it. A grant without an approval beats those with one; among
// those, the first by ID is asked.
func (r *round) best(g *given) (best Truth, by string) {
	best = No
	for _, n := range g.grants {
		t, approval := r.truths[n], r.set.grants[n].approval
		switch {
		case t == Yes && approval == "":
			return Yes, ""
		case t > best:
			best, by = t, approval
		}
	}
	return best, by
}

// evaluate makes sure that truths holds every grant's outcome on the day of v.
func (r *round) evaluate(v view) {
	if len(r.truths) > 0 && r.truthOn == v.day {
		return
	}
	r.truths, r.truthOn = slices.Grow(r.truths[:0], len(r.set.grants))[:len(r.set.grants)], v.day
	r.set.index.evaluate(v, r.set.grants, r.truths)
}

// entitlements returns all that the grants can give here.
func (a *account) entitlements() []target.Entitlement {
	var list []target.Entitlement
	for i := range a.gives {
		list = append(list, a.gives[i].entitlement)
	}
	return list
}

// missingFields collects names of fields.
type missingFields struct{ names []string }

func (m *missingFields) add(name string) { m.names = append(m.names, name) }

func (m *missingFields) sorted() []string {
	slices.Sort(m.names)
	return slices.Compact(m.names)
}

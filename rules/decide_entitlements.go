package rules

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/provision-go/provision/target"
)

// A mark is what becomes of a grant besides its truth.
type mark uint8

const (
	plain    mark = iota
	excepted      // an exception is in force; its truth counts as no
	asks          // yes, and somebody has to approve it
	mayAsk        // yes, and nobody can tell whether somebody has to
)

// entitlements decides what each entitlement's grants come to: given by one of
// them, else to be asked for, else undecided.
func (r *round) entitlements(a *account, v view, d *target.Desired, lacking *missingFields) {
	if len(a.gives) == 0 {
		return
	}
	r.evaluate(v)
	r.wants = r.wants[:0]
	for i := range r.some(a) {
		g := &a.gives[i]
		outcome, needs, _ := r.outcome(a, g)
		switch outcome {
		case granted:
			r.wants = append(r.wants, i)
		case toApprove:
			d.Ask = append(d.Ask, target.Ask{Entitlement: g.entitlement, By: needs.by, Days: needs.days})
		case undecided:
			d.Undecided = append(d.Undecided, g.entitlement)
			r.undecided(g, v, lacking)
		case notGiven:
		}
	}
	if len(r.wants) > 0 {
		d.Entitlements = r.wanted(a)
	}
	if len(a.graced) > 0 {
		r.graces(a, d)
	}
	r.conflicts(a, d)
}

// outcome is what becomes of one entitlement.
type outcome uint8

const (
	notGiven outcome = iota
	undecided
	toApprove
	granted
)

// outcome returns the strongest outcome of the grants of an entitlement, and which
// approval it needs. A grant that needs none beats those that do; among
// those, the first by ID asks: who, and for how long. Of what is not given, denied says that somebody
// wanted it so: a denial, an exception, a rejected approval.
func (r *round) outcome(a *account, g *given) (best outcome, needs *approval, denied bool) {
	for _, n := range g.grants {
		t, m := r.truths[n], r.mark(n)
		switch {
		case m == excepted:
			denied = true
		case t == Undecided:
			best = max(best, undecided)
		case t == Yes && m == plain:
			best = granted
		case t == Yes:
			o := r.approval(&r.set.grants[n], m, a, g.entitlement)
			denied = denied || o == notGiven
			if o == toApprove && best < toApprove {
				needs = r.set.grants[n].approval
			}
			best = max(best, o)
		}
		if best == granted {
			break
		}
	}
	if len(g.nevers) == 0 {
		return best, needs, denied
	}
	switch never := r.never(g); {
	case never == Yes:
		return notGiven, nil, true
	case never == Undecided && best != notGiven:
		return undecided, nil, false
	}
	return best, needs, denied
}

func (r *round) mark(n int) mark {
	if len(r.marks) == 0 {
		return plain
	}
	return r.marks[n]
}

// never is the strongest outcome of the denials of an entitlement.
func (r *round) never(g *given) Truth {
	best := No
	for _, n := range g.nevers {
		best = max(best, r.nevers[n])
	}
	return best
}

// undecided adds the fields without which an entitlement is undecided.
func (r *round) undecided(g *given, v view, lacking *missingFields) {
	for _, k := range g.grants {
		if r.truths[k] == Undecided {
			v.undecided(r.set.grants[k].when, lacking)
		} else if r.mark(k) == mayAsk {
			v.undecided(r.set.grants[k].approval.when, lacking)
		}
		lacking.few()
	}
	for _, k := range g.nevers {
		v.undecided(r.set.never[k].when, lacking)
	}
}

// roleName writes an entitlement as rules do.
func roleName(a *account, e target.Entitlement) string {
	return placeName(a.target, a.slot) + "/" + e.String()
}

// some yields what some grant gives, may give, or asks for: of most entitlements
// every grant says no.
func (r *round) some(a *account) func(yield func(int) bool) {
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
		for n, m := range r.marks {
			if m == excepted {
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

// wanted returns the list of the entitlements that are given.
func (r *round) wanted(a *account) []target.Entitlement {
	var numbers uint64
	for _, i := range r.wants {
		numbers |= 1 << (i % 64)
	}
	list, keep := r.shared(a, numbers)
	if list != nil {
		return list
	}
	list = make([]target.Entitlement, 0, len(r.wants))
	for _, i := range r.wants {
		list = append(list, a.gives[i].entitlement)
	}
	if keep != nil {
		keep[numbers] = list
	}
	return list
}

// evaluate makes sure that truths holds every grant's outcome on the day of v.
func (r *round) evaluate(v view) {
	if len(r.truths) > 0 && r.truthOn == v.day {
		return
	}
	r.truths, r.truthOn = slices.Grow(r.truths[:0], len(r.set.grants))[:len(r.set.grants)], v.day
	r.set.index.evaluate(v, r.truths)
	r.nevers = r.nevers[:0]
	for i := range r.set.never {
		r.nevers = append(r.nevers, v.truth(r.set.never[i].when))
	}
	r.marks = r.marks[:0]
	if len(r.set.special) > 0 {
		r.special(v)
	}
	r.contested = r.contested[:0]
	for i := range r.set.picks {
		r.pick(&r.set.picks[i])
	}
	slices.SortFunc(r.contested, func(a, b *pick) int { return cmp.Compare(a.id, b.id) })
}

// entitlements returns all that the grants can give here.
func (a *account) entitlements() []target.Entitlement {
	var list []target.Entitlement
	for i := range a.gives {
		list = append(list, a.gives[i].entitlement)
	}
	return list
}

package rules

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// pick leaves one choice of a pick yes: that with the highest rank. What may be
// beaten by a choice that is undecided is undecided, and so is all that a conflict
// is about, and all below: nothing is taken while nobody knows.
func (r *round) pick(p *pick) {
	won, open := -1, false
	for from, to := 0, 0; from < len(p.choices); from = to {
		to = r.set.sameRank(p.choices, from)
		rank := p.choices[from:to]
		switch {
		case open:
			r.open(rank)
		case won >= 0:
			for _, n := range rank {
				r.truths[n] = No
			}
		default:
			if won, open = r.winner(p, rank); open {
				r.open(rank)
			}
		}
	}
}

// sameRank returns where the choices of another rank begin.
func (s *Set) sameRank(choices []int, from int) int {
	to := from + 1
	for to < len(choices) && s.grants[choices[to]].rank == s.grants[choices[from]].rank {
		to++
	}
	return to
}

// winner finds the choice of one rank that is yes, and whether another one is, or
// may be, as well.
func (r *round) winner(p *pick, rank []int) (won int, open bool) {
	won = -1
	for _, n := range rank {
		switch {
		case r.truths[n] == Undecided:
			open = true
		case r.truths[n] == No:
		case won < 0:
			won = n
		case !slices.Equal(r.set.grants[won].gives, r.set.grants[n].gives):
			r.contested = append(r.contested, p)
			return won, true
		}
	}
	return won, open
}

// open leaves undecided what is not no.
func (r *round) open(choices []int) {
	for _, n := range choices {
		r.truths[n] = min(r.truths[n], Undecided)
	}
}

// conflicts notes contested picks that concern an account: those of which a choice
// that gives something there is left undecided.
func (r *round) conflicts(a *account, d *target.Desired) {
	here := func(g gift) bool { return g.account == a.index }
	for _, p := range r.contested {
		if slices.ContainsFunc(p.choices, func(n int) bool {
			return r.truths[n] == Undecided && slices.ContainsFunc(r.set.grants[n].gives, here)
		}) {
			note(d, CodeConflict, p.id, "two choices of the same rank apply")
		}
	}
}

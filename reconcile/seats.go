package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// A Budget is what Owned.Budgets allows, as counted by a whole plan.
type Budget struct {
	Rule         string               `json:"rule,omitempty"`
	Entitlements []target.Entitlement `json:"entitlements"` // sorted; they share the seats
	Seats        int                  `json:"seats"`
	// Used is how many accounts, managed or not, hold one of the entitlements. What
	// the plan itself takes frees nothing before a later plan: a revoke may fail.
	Used int `json:"used"`
}

// A Claim is a grant that takes a seat: the account holds none of what the budget
// is about.
type Claim struct {
	Change  string `json:"change"`
	Budgets []int  `json:"budgets"` // positions in Plan.Budgets, ascending
}

// seat is a Claim in the making.
type seat struct {
	n       *node
	since   int32
	budgets []int
}

// readBudgets takes over the budgets and counts what is used.
func (p *planner) readBudgets() {
	if len(p.in.Owned.Budgets) == 0 {
		return
	}
	p.budgets = make([]Budget, len(p.in.Owned.Budgets))
	for i, b := range p.in.Owned.Budgets {
		list := slices.Clone(sortedEntitlements(b.Entitlements))
		p.budgets[i] = Budget{Rule: b.Rule, Entitlements: list, Seats: max(b.Seats, 0)}
	}
	slices.SortFunc(p.budgets, func(a, b Budget) int {
		return cmp.Or(
			cmp.Compare(a.Rule, b.Rule), slices.CompareFunc(a.Entitlements, b.Entitlements, target.Entitlement.Compare),
			cmp.Compare(a.Seats, b.Seats),
		)
	})
	p.budgeted = map[target.Entitlement][]int{}
	for i := range p.budgets {
		for _, e := range p.budgets[i].Entitlements {
			p.budgeted[e] = append(p.budgeted[e], i)
		}
	}
	if !p.in.Scope.whole {
		return
	}
	for _, accounts := range [][]target.Account{p.managed, p.unmanaged} {
		p.countUsed(accounts)
	}
	for i := range p.budgets {
		b := &p.budgets[i]
		if b.Used > b.Seats {
			p.note(Finding{
				Code: CodeSeats, Count: b.Used - b.Seats,
				Message: plural(b.Used, "account holds ", "accounts hold ") + b.names() + ", which has " +
					plural(b.Seats, "seat", "seats") + inRule(b.Rule) + "; nothing is taken",
			})
		}
	}
}

func (p *planner) countUsed(accounts []target.Account) {
	used := make([]bool, len(p.budgets))
	for i := range accounts {
		clear(used)
		for _, e := range accounts[i].Entitlements {
			for _, b := range p.budgeted[e] {
				used[b] = true
			}
		}
		for b, holds := range used {
			if holds {
				p.budgets[b].Used++
			}
		}
	}
}

// names lists the entitlements that share the seats, the first few of many.
func (b *Budget) names() string {
	out := make([]string, 0, shown)
	for i, e := range b.Entitlements {
		if i == shown {
			return strings.Join(out, ", ") + " …"
		}
		out = append(out, clean(e.String()))
	}
	return strings.Join(out, ", ")
}

func (b *Budget) taken() string {
	if b.Seats == 1 {
		return "the seat of " + b.names() + " is taken" + inRule(b.Rule)
	}
	return "all " + plural(b.Seats, "seat", "seats") + " of " + b.names() + " are taken" + inRule(b.Rule)
}

// takeSeat notes that a grant takes a seat. Only a whole plan can count them.
func (p *planner) takeSeat(w work, n *node) {
	var takes []int
	for _, i := range p.budgeted[n.Entitlement] {
		if w.have == nil || !slices.ContainsFunc(p.budgets[i].Entitlements, func(e target.Entitlement) bool {
			return slices.Contains(w.have.Entitlements, e)
		}) {
			takes = append(takes, i)
		}
	}
	switch {
	case len(takes) == 0:
	case p.in.Scope.whole:
		p.seats = append(p.seats, seat{n, w.want.Since, takes})
	default:
		text := "seats are counted in runs for everybody" + inRule(p.budgets[takes[0]].Rule)
		n.hold(NeedsSeat, text, false)
	}
}

// claims puts those who wait for seats into the order in which they are served:
// whoever is here longest first.
func (p *planner) claims() {
	slices.SortFunc(p.seats, func(a, b seat) int {
		return cmp.Or(
			compareBool(a.since == 0, b.since == 0), cmp.Compare(a.since, b.since), a.n.Change.Compare(&b.n.Change),
		)
	})
	for _, s := range p.seats {
		if s.n.matter != nil {
			p.plan.Claims = append(p.plan.Claims, Claim{s.n.ID, s.budgets})
		}
	}
	if len(p.plan.Claims) > 0 {
		p.plan.Budgets = p.budgets
	}
}

func (p *Plan) valid(c Claim) bool {
	return !slices.ContainsFunc(c.Budgets, func(i int) bool { return i < 0 || i >= len(p.Budgets) })
}

// seat gives the free seats to those whom nothing else holds, one after the other,
// and holds the others, if there are any: then it is true. An account takes one seat
// of a budget, however much of it is granted.
func (p *Plan) seat(matters []*matter) bool {
	held := false
	if len(p.Claims) == 0 {
		return false
	}
	byID := make(map[string]*matter, len(p.Claims))
	for _, m := range ofAction(matters, Grant) {
		byID[m.c.ID] = m
	}
	type place struct {
		budget int
		key    target.Key
	}
	used := map[place]bool{}
	free := make([]int, len(p.Budgets))
	for i := range p.Budgets {
		free[i] = p.Budgets[i].Seats - p.Budgets[i].Used
	}
	for _, claim := range p.Claims {
		m := byID[claim.Change]
		if m == nil || len(m.reasons) > 0 || !p.valid(claim) {
			continue
		}
		full := slices.IndexFunc(claim.Budgets, func(i int) bool {
			return free[i] <= 0 && !used[place{i, m.c.Key}]
		})
		if full >= 0 {
			b := &p.Budgets[claim.Budgets[full]]
			m.seat = &HoldReason{Kind: NeedsSeat, Text: b.taken(), Change: m.c.ID}
			held = true
			continue
		}
		for _, i := range claim.Budgets {
			if at := (place{i, m.c.Key}); !used[at] {
				used[at] = true
				free[i]--
			}
		}
	}
	return held
}

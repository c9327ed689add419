package reconcile

import (
	"cmp"
	"iter"
	"slices"

	"github.com/provision-go/provision/target"
)

// claim is a value of a unique attribute that the plan writes and that the
// account does not have yet.
type claim struct{ attribute, value string }

// contest looks for unique values that the plan writes and that are wanted twice
// or taken. Only what the plan writes is looked at.
func (p *planner) contest() {
	claims := map[claim][]*node{}
	for _, at := range p.attributes {
		if !at.Unique {
			continue
		}
		for _, n := range p.nodes {
			if f := n.field(at.Name); f != nil {
				for _, v := range f.After {
					k := at.claim(v)
					if !slices.ContainsFunc(f.Before, func(old string) bool { return at.claim(old) == k }) {
						claims[k] = append(claims[k], n)
					}
				}
			}
		}
	}
	if len(claims) == 0 {
		return
	}
	for k, nodes := range claims {
		if len(nodes) < 2 || owners(nodes) < 2 {
			continue
		}
		for _, n := range nodes {
			p.dispute(n, k.attribute+" is wanted by "+claimants(nodes)+" at once")
		}
	}
	p.findHolders(claims)
	p.holdSwaps()
}

// field returns what the change does to an attribute, or nil.
func (c *Change) field(name string) *FieldChange {
	for i := range c.Fields {
		if c.Fields[i].Name == name {
			return &c.Fields[i]
		}
	}
	return nil
}

func (at attribute) claim(value string) claim {
	if at.CaseFold {
		value = target.Fold(value)
	}
	return claim{at.Name, value}
}

func owners(nodes []*node) int {
	seen := map[target.Key]bool{}
	for _, n := range nodes {
		seen[n.Key] = true
	}
	return len(seen)
}

// claimants lists the keys of the first changes.
func claimants(nodes []*node) string {
	people := make([]*target.Desired, 0, len(nodes))
	for _, n := range nodes {
		people = append(people, &target.Desired{Key: n.Key})
	}
	slices.SortFunc(people, func(a, b *target.Desired) int { return a.Key.Compare(b.Key) })
	people = slices.CompactFunc(people, func(a, b *target.Desired) bool { return a.Key == b.Key })
	return keys(people)
}

func (p *planner) dispute(n *node, text string) {
	n.Situation = Contested
	n.hold(InConflict, text, false)
}

// hit is a claimed value that an account has.
type hit struct {
	claim
	account *target.Account
}

// findHolders looks who has a claimed value.
func (p *planner) findHolders(claims map[claim][]*node) {
	var hits []hit
	for k := range claims {
		for a := range p.holders(k) {
			hits = append(hits, hit{k, a})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		return cmp.Or(
			compareBool(a.account.Key.IsZero(), b.account.Key.IsZero()), a.account.Key.Compare(b.account.Key),
			cmp.Compare(a.account.ID, b.account.ID), cmp.Compare(a.attribute, b.attribute), cmp.Compare(a.value, b.value),
		)
	})
	if len(hits) == 0 {
		return
	}
	freeing := p.byAccount()
	for _, h := range hits {
		for _, n := range claims[h.claim] {
			p.taken(n, h.account, p.attributes[h.attribute], h.claim, freeing[h.account.ID])
		}
	}
}

// holders yields the accounts that have a value.
func (p *planner) holders(k claim) iter.Seq[*target.Account] {
	if p.in.Scope.whole {
		return p.in.Scope.actual.Holders(k.attribute, k.value)
	}
	at := p.attributes[k.attribute]
	return func(yield func(*target.Account) bool) {
		for _, accounts := range [][]target.Account{p.managed, p.unmanaged} {
			for i := range accounts {
				has := slices.ContainsFunc(accounts[i].Attributes.Values(at.Name), func(v string) bool { return at.claim(v) == k })
				if has && !yield(&accounts[i]) {
					return
				}
			}
		}
	}
}

func (p *planner) byAccount() map[string][]*node {
	out := map[string][]*node{}
	for _, n := range p.nodes {
		if n.Account != "" && (n.Action == Update || n.Action == Adopt || n.Action == Delete) {
			out[n.Account] = append(out[n.Account], n)
		}
	}
	return out
}

// taken settles a claim to a value that an account has. It is no conflict if the
// plan makes that account let go of it first.
func (p *planner) taken(n *node, a *target.Account, at attribute, k claim, changes []*node) {
	for _, c := range changes {
		if frees(c, at, k) {
			n.need(c, "")
			return
		}
	}
	if a.Key.IsZero() && p.makers[n.Key] != nil && p.claimed[a.ID] && n.Situation == Ambiguous {
		return // said already
	}
	if !a.Key.IsZero() {
		p.dispute(n, at.Name+" exists on account "+quote(a.ID)+" of "+clean(a.Key.String()))
		p.doubtDeparture(n, a, at)
		return
	}
	p.dispute(n, at.Name+" exists on account "+quote(a.ID)+", not managed")
	p.claimed[a.ID] = true
	p.note(Finding{
		Code: CodeContested, Key: n.Key, Account: a.ID, Label: n.Label, Field: at.Name,
		Message: "account " + quote(a.ID) + " has this " + at.Name + " and is not managed; adopt it or free the value",
	})
}

// doubtDeparture holds the disable of somebody missing whose unique value somebody
// else claims. That is seldom another person and often the same one under a new
// ID, as after a spreadsheet has dropped leading zeros: who works must not be
// locked out for it.
func (p *planner) doubtDeparture(n *node, a *target.Account, at attribute) {
	d := p.disables[a.ID]
	if d == nil || d.Situation != Disappeared || slices.ContainsFunc(d.reasons, func(r HoldReason) bool { return r.Kind == InConflict }) {
		return
	}
	d.hold(InConflict, clean(n.Key.String())+" claims its "+at.Name+": is that the same person under another ID?", true)
}

func frees(c *node, at attribute, k claim) bool {
	if c.Action == Delete {
		return true
	}
	for _, f := range c.Fields {
		if f.Name == at.Name {
			return !slices.ContainsFunc(f.After, func(v string) bool { return at.claim(v) == k })
		}
	}
	return false
}

// holdSwaps holds changes that each wait for the other to let go of a value.
// There is no order in which single writes could do it.
func (p *planner) holdSwaps() {
	for _, n := range p.nodes {
		if len(n.needs) > 0 && n.Fields != nil && reaches(n, n, map[*node]bool{}) {
			p.dispute(n, "unique values would be swapped between accounts")
		}
	}
}

// reaches reports whether from needs to, directly or not, references aside.
func reaches(from, to *node, seen map[*node]bool) bool {
	var stack []*node
	stack = append(stack, from)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, e := range n.needs {
			if e.field != "" || seen[e.to] {
				continue
			}
			if e.to == to {
				return true
			}
			seen[e.to] = true
			stack = append(stack, e.to)
		}
	}
	return false
}

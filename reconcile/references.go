package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// refer settles the references that the plan writes. One to an account that this
// plan makes needs it; one to nobody is left out and reported; one to an account
// that is there is simply written.
func (p *planner) refer() {
	for _, n := range p.nodes {
		// Backwards: a field may be left out.
		for i := len(n.Fields) - 1; i >= 0; i-- {
			if f := &n.Fields[i]; f.Ref && len(f.After) > 0 {
				p.referField(n, *f)
			}
		}
		if n.Action == Update && len(n.Fields) == 0 {
			p.drop(n)
		}
	}
	p.compact()
	p.cutLoops()
}

func (p *planner) referField(n *node, f FieldChange) {
	var makers []*node
	for _, text := range f.After {
		ref, err := target.ParseRef(text)
		switch {
		case err != nil:
			p.leaveOut(n, f, CodeBadReference)
			return
		case ref.ID != "":
			continue
		case ref.Key == n.Key:
			p.leaveOut(n, f, CodeReferenceLoop)
			return
		}
		if p.there(ref.Key) {
			continue
		}
		switch maker := p.makers[ref.Key]; {
		case maker != nil:
			makers = append(makers, maker)
		case p.knows(ref.Key):
			p.leaveOut(n, f, CodeReference)
			return
		}
	}
	for _, maker := range makers {
		n.need(maker, f.Name)
	}
}

// there reports whether an account with the key was read.
func (p *planner) there(key target.Key) bool {
	_, n := p.position(key)
	return n > 0 || p.in.Scope.references[key]
}

// knows reports whether it would have been read if there were one.
func (p *planner) knows(key target.Key) bool {
	_, looked := p.in.Scope.references[key]
	return looked || p.in.Scope.whole || p.wanted(key) != nil
}

// leaveOut takes a field out of a change: the account keeps what it has there.
func (p *planner) leaveOut(n *node, f FieldChange, code string) {
	n.Fields = slices.DeleteFunc(n.Fields, func(g FieldChange) bool { return g.Name == f.Name })
	if len(n.Fields) == 0 {
		n.Fields = nil
	}
	p.count(noteKey{code: code, field: f.Name}, &target.Desired{Key: n.Key, Label: n.Label})
}

// cutLoops finds changes that would wait for each other because they refer to
// each other, and takes the reference that closes the circle out of its change
// into one of its own, to be written when both accounts are there. It starts
// from the smallest key, so the cut is always the same.
func (p *planner) cutLoops() {
	const (
		open = iota + 1
		closed
	)
	if !slices.ContainsFunc(p.nodes, soft) {
		return
	}
	nodes := slices.Clone(p.nodes)
	slices.SortStableFunc(nodes, compareNodes)
	state := map[*node]int{}
	for _, root := range nodes {
		if state[root] != 0 || !soft(root) {
			continue
		}
		path := []step{{n: root}}
		state[root] = open
		for len(path) > 0 {
			at := &path[len(path)-1]
			if at.next == len(at.n.needs) {
				state[at.n] = closed
				path = path[:len(path)-1]
				continue
			}
			e := at.n.needs[at.next]
			at.next++
			switch {
			case state[e.to] == 0:
				state[e.to] = open
				path = append(path, step{n: e.to})
			case state[e.to] == open && e.field != "":
				p.cut(at.n, e)
				at.next = 0
			case state[e.to] == open:
				path = p.cutBack(path, state, e.to)
			}
		}
	}
}

// step is where a walk along needs stands in one change.
type step struct {
	n    *node
	next int
}

// cutBack cuts the last reference on the way from a change to the one at hand,
// which needs it for another reason, and goes back to there. Without any
// reference on the way it is no circle of references.
func (p *planner) cutBack(path []step, state map[*node]int, from *node) []step {
	for i := len(path) - 2; i >= 0; i-- {
		if e := path[i].n.needs[path[i].next-1]; e.field != "" {
			for _, later := range path[i+1:] {
				state[later.n] = 0
			}
			p.cut(path[i].n, e)
			path[i].next = 0
			return path[:i+1]
		}
		if path[i].n == from {
			break
		}
	}
	return path
}

func soft(n *node) bool {
	return slices.ContainsFunc(n.needs, func(e edge) bool { return e.field != "" })
}

// cut moves one field of a change into an update of its own.
func (p *planner) cut(n *node, e edge) {
	i := slices.IndexFunc(n.Fields, func(f FieldChange) bool { return f.Name == e.field })
	f := n.Fields[i]
	p.leaveOut(n, f, CodeReferenceLoop)
	w := work{
		want:      &target.Desired{Key: n.Key, Label: n.Label, Phase: n.Phase},
		situation: n.Situation, reason: n.Reason,
	}
	own := p.change(&w, Change{Action: Update, Account: n.Account, Fields: []FieldChange{f}})
	if own != nil {
		own.Account = n.Account
		own.need(n, "")
	}
	n.needs = slices.DeleteFunc(n.needs, func(g edge) bool {
		if g.field == f.Name && own != nil {
			own.need(g.to, "")
		}
		return g.field == f.Name
	})
}

func compareNodes(a, b *node) int {
	return cmp.Or(
		a.Key.Compare(b.Key), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Account, b.Account),
		a.Entitlement.Compare(b.Entitlement), compareFields(a.Fields, b.Fields),
	)
}

func compareFields(a, b []FieldChange) int {
	return slices.CompareFunc(a, b, func(a, b FieldChange) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.Before, b.Before), slices.Compare(a.After, b.After))
	})
}

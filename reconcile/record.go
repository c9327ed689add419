package reconcile

import (
	"maps"
	"slices"

	"github.com/provision-go/provision/target"
)

// record is what a planner has planned so far.
type record struct {
	plan *Plan

	twins    map[target.Key]bool // keys that several accounts carry
	nodes    []*node
	slab     []node
	dropped  bool                         // some node is to be taken out
	makers   map[target.Key]*node         // create or adopt, by key
	ensured  map[target.Entitlement]*node // create-entitlement
	disables map[string]*node             // by native id
	deletes  map[string]*node             // by native id
	absent   []*target.Desired            // sorted by key: an account is wanted, none is there
	departed []*target.Desired            // have left and have no account

	notes  []Finding
	counts map[noteKey]*tally
	// undecided is the identity that was counted last.
	undecided string
	// marks counts nodes and findings, so that an account without either is seen
	// to be unchanged.
	marks int
	due   map[Action]*Scheduled

	seats []seat
	said  map[remark]*remarks
}

func newRecord(plan *Plan) record {
	return record{
		plan:     plan,
		twins:    map[target.Key]bool{},
		makers:   map[target.Key]*node{},
		ensured:  map[target.Entitlement]*node{},
		disables: map[string]*node{},
		deletes:  map[string]*node{},
		counts:   map[noteKey]*tally{},
		due:      map[Action]*Scheduled{},
		said:     map[remark]*remarks{},
	}
}

// absorb adds what was planned for people who come after all those so far.
func (r *record) absorb(o *record) {
	r.plan.Unchanged += o.plan.Unchanged
	r.plan.Undecided += o.plan.Undecided
	r.plan.Missing = append(r.plan.Missing, o.plan.Missing...)
	r.plan.Retained = append(r.plan.Retained, o.plan.Retained...)
	if !o.plan.Next.IsZero() {
		r.soon(o.plan.Next)
	}
	r.plan.Left = append(r.plan.Left, o.plan.Left...)
	r.plan.Unclosed = append(r.plan.Unclosed, o.plan.Unclosed...)
	r.unite(o)
	maps.Copy(r.twins, o.twins)
	maps.Copy(r.makers, o.makers)
	maps.Copy(r.disables, o.disables)
	maps.Copy(r.deletes, o.deletes)
	r.nodes = slices.Concat(r.nodes, o.nodes)
	r.absent = append(r.absent, o.absent...)
	r.departed = append(r.departed, o.departed...)
	r.notes = append(r.notes, o.notes...)
	r.marks += o.marks
	r.seats = append(r.seats, o.seats...)
	for k, list := range o.said {
		if known := r.said[k]; known != nil {
			known.add(list)
		} else {
			r.said[k] = list
		}
	}
	r.undecided = o.undecided
	for k, t := range o.counts {
		if known := r.counts[k]; known != nil {
			known.add(t)
		} else {
			r.counts[k] = t
		}
	}
	for action, s := range o.due {
		known := r.due[action]
		if known == nil {
			r.due[action] = s
			continue
		}
		known.Count += s.Count
		if s.First.Before(known.First) {
			known.First = s.First
		}
	}
}

// unite has an entitlement that several parts would make made once.
func (r *record) unite(o *record) {
	twice := map[*node]*node{}
	for e, n := range o.ensured {
		if known := r.ensured[e]; known != nil {
			twice[n] = known
		} else {
			r.ensured[e] = n
		}
	}
	if len(twice) == 0 {
		return
	}
	o.nodes = slices.DeleteFunc(o.nodes, func(n *node) bool { return twice[n] != nil })
	for _, n := range o.nodes {
		for i := range n.needs {
			if known := twice[n.needs[i].to]; known != nil {
				n.needs[i].to = known
			}
		}
	}
}

// add counts people who come after those so far.
func (t *tally) add(o *tally) {
	t.count += o.count
	t.last, t.key = o.last, o.key
	t.labels = append(t.labels, o.labels[:min(len(o.labels), shown-len(t.labels))]...)
}

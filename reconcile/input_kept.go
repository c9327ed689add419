package reconcile

import (
	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/target"
)

// Input returns what the plan was computed from, if Input.Keep said that it should be
// kept, and for a plan of [Undo] what was to be taken back; otherwise nil. Read only. It is
// no part of the plan's JSON.
func (p *Plan) Input() (*Input, *Undoing) { return p.input, p.what }

// keep has the plan keep what it is computed from.
func (p *planner) keep(what *Undoing) {
	if p.in.Keep {
		p.plan.input, p.plan.what = p.in, what
	}
}

// Parts are what a scope was made from.
type Parts struct {
	Whole    bool
	Evidence proof.Complete
	Desired  []target.Desired
	Actual   target.Snapshot // of Whole
	// The rest is of One. A nil Catalogue is unknown.
	Found      []target.Account
	Catalogue  []target.Held
	References map[target.Key]bool
}

// Parts returns what the scope was made from. Read only.
func (s *Scope) Parts() Parts {
	p := Parts{Whole: s.whole, Evidence: s.evidence, Desired: s.desired, Actual: s.actual}
	if !s.whole {
		p.Found, p.Catalogue, p.References = s.found, s.catalogue, s.references
	}
	return p
}

package provision

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// A Plan is what would be done on every target. It is data: as JSON it is
// complete and can be applied by another process. Read only: Apply and Desk take
// it as it was made.
type Plan struct {
	Targets []*reconcile.Plan // in the order of Config.Targets
	// Identity is the only person the plan is about; "" is everybody.
	Identity string
	Findings []Finding // of the source, the targets and the plans for them
	Unread   []Unread  // targets that could not be read
	// Quarantined are targets that a run leaves alone, but for what ends the access
	// of leavers.
	Quarantined []Quarantined
	// fresh: made in this process just now, so accounts need no second look.
	fresh bool
	// people are those whom it was made for, if Config.Record says that plans keep what
	// they are made from. Each plan of a target keeps the rest.
	people   []recordedPerson
	recorded bool
	rules    rulesJSON
	replayed bool // by a bundle: not to be applied
}

// Redacted returns a copy for display, without sensitive values, and without what
// findings quote from a source; with Config.Masking, with hashes in the place of all
// values that it hides, and without any text of findings and errors: Apply refuses it with ErrMasked.
func (p *Plan) Redacted() *Plan {
	hides := slices.ContainsFunc(p.Targets, func(tp *reconcile.Plan) bool { return tp.Masks.ID != "" })
	return p.redacted(hides)
}

// redacted is Redacted; hides: Config.Masking is in force.
func (p *Plan) redacted(hides bool) *Plan {
	out := *p
	out.fresh, out.people, out.recorded = false, nil, false
	out.Targets = make([]*reconcile.Plan, len(p.Targets))
	for i, tp := range p.Targets {
		out.Targets[i] = tp.Redacted()
	}
	out.Findings = slices.Clone(p.Findings)
	for i := range out.Findings {
		// What a source could not use stands in quotes; whether somebody may see it is
		// known only of what targets have.
		if f := &out.Findings[i]; strings.HasPrefix(f.Origin, fromSource) {
			f.Message = withoutQuoted(f.Message)
		}
		if hides {
			out.Findings[i].Message = masked
		}
	}
	out.Unread = slices.Clone(p.Unread)
	for i := range out.Unread {
		if hides {
			out.Unread[i].Err = errNotShown
		}
	}
	return &out
}

// NothingToDo reports whether every target was read and no change may run. What
// is held, and people for whom nothing could be decided, do not count: see
// reconcile.Plan.Holds and Undecided.
func (p *Plan) NothingToDo() bool {
	for _, tp := range p.Targets {
		if len(tp.Changes) > 0 {
			return false
		}
	}
	return len(p.Unread) == 0
}

// add joins the plan of one target.
func (p *Plan) add(tp *reconcile.Plan, noticed []target.Finding) {
	p.Targets = append(p.Targets, tp)
	for _, f := range noticed {
		p.Findings = append(p.Findings, Finding{
			Origin: "target " + f.Target, Code: f.Code, Identity: f.Key.Identity, Key: f.Key,
			Account: f.Account, Field: f.Field, Message: f.Message,
		})
	}
	for _, f := range tp.Findings {
		p.Findings = append(p.Findings, Finding{
			Origin: "plan " + tp.Target, Code: f.Code, Identity: f.Key.Identity, Key: f.Key,
			Account: f.Account, Field: f.Field, Count: f.Count, Message: f.Message,
		})
	}
}

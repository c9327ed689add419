package provision

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
)

// A BundleComparison says what a run would have done under other rules.
type BundleComparison struct {
	Was, Would *Plan // neither can be applied
	// Differences are the changes whose fate differs, by target, then in the order of
	// plans. Words, and IDs, which depend on the rules, do not count.
	Differences []PlanDifference
}

// PlanDifference is a change that one of two plans has and the other has not, or that
// runs in one and not in the other.
type PlanDifference struct {
	Target string
	Change reconcile.Change // as in the plan under the other rules if it is there
	// Was and Would are "runs", "held", "omitted", or "" if the plan has no such change.
	Was, Would string
}

// String writes the difference in one line.
func (d *PlanDifference) String() string {
	c := &d.Change
	parts := []string{d.Target, c.Action.String(), c.Key.String(), c.Entitlement.String()}
	for i := range c.Fields {
		parts = append(parts, c.Fields[i].Name)
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return printable(strings.Join(parts, " ")) + ": " + cmp.Or(d.Was, "nothing") + " → " + cmp.Or(d.Would, "nothing")
}

// Compare computes what the run would have done under other rules, if they had been in
// force before, with all else as it was: the people, the accounts, the history, the approvals and the policy. Approvals bind to
// rules, so those of the run lift nothing where the rules differ. It never alters
// anything, anywhere. The error wraps ErrRedacted, or ErrUnknownTarget if the rules say
// nothing about a target of the run.
func (b *Bundle) Compare(set *rules.Set) (*BundleComparison, error) {
	was, err := b.Plan()
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	would, err := b.replay(set)
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	out := &BundleComparison{Was: was, Would: would}
	for i, tp := range was.Targets {
		out.compare(tp, would.Targets[i])
	}
	return out, nil
}

// fate is a change, and what a plan does with it.
type fate struct {
	change *reconcile.Change
	word   string
}

func (c *BundleComparison) compare(was, would *reconcile.Plan) {
	old, now := fatesIn(was), fatesIn(would)
	var list []PlanDifference
	for name, f := range now {
		if o := old[name]; o.word != f.word {
			list = append(list, PlanDifference{Target: would.Target, Change: *f.change, Was: o.word, Would: f.word})
		}
	}
	for name, o := range old {
		if _, both := now[name]; !both {
			list = append(list, PlanDifference{Target: was.Target, Change: *o.change, Was: o.word})
		}
	}
	slices.SortFunc(list, func(a, b PlanDifference) int {
		return cmp.Or(a.Change.Compare(&b.Change), cmp.Compare(a.Was, b.Was))
	})
	c.Differences = append(c.Differences, list...)
}

// fatesIn are all changes of a plan, by what they do.
func fatesIn(p *reconcile.Plan) map[string]fate {
	out := map[string]fate{}
	for i := range p.Changes {
		out[contentOf(&p.Changes[i])] = fate{&p.Changes[i], "runs"}
	}
	for i := range p.Holds {
		out[contentOf(&p.Holds[i].Change)] = fate{&p.Holds[i].Change, "held"}
	}
	for i := range p.Omitted {
		out[contentOf(&p.Omitted[i])] = fate{&p.Omitted[i], "omitted"}
	}
	return out
}

// contentOf is what a change does, whatever the rules are called.
func contentOf(c *reconcile.Change) string {
	return fmt.Sprintf("%q", []any{
		c.Action, c.Key, c.Account, c.From, c.To, c.Fields, c.Secrets, c.Entitlement, c.HandoverTo, c.Undoes,
	})
}

package rules

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/target"
)

// valueOf is the outcome of an attribute.
func valueOf(d *target.Desired, name string) string {
	if values := d.Attributes.Values(name); len(values) > 0 {
		return strings.Join(values, ", ")
	}
	if slices.Contains(d.Clear, name) {
		return "cleared"
	}
	return noOpinion
}

// entitlements compares what is granted, asked for, kept and undecided.
func (c *comparison) entitlements(p Person, name string, was, is *target.Desired, x *PersonDiff) {
	if sameWishes(was, is) {
		return
	}
	all := slices.Concat(was.Entitlements, is.Entitlements, was.Undecided, is.Undecided)
	for _, d := range []*target.Desired{was, is} {
		for _, a := range d.Ask {
			all = append(all, a.Entitlement)
		}
		for _, k := range keeps(d) {
			all = append(all, k.Entitlement)
		}
	}
	slices.SortFunc(all, target.Entitlement.Compare)
	for _, e := range slices.Compact(all) {
		before, _ := roleOutcome(was, e)
		after, rankAfter := roleOutcome(is, e)
		if before == after {
			continue
		}
		x.Changes = append(x.Changes, Difference{
			Target: name, Slot: is.Key.Slot, Subject: e.String(), Gain: roleGain(rankAfter),
			Before: before, After: after, Rule: c.rule(p, name, is.Key.Slot, e.String()),
		})
	}
}

// roleGain is the direction of what becomes of an entitlement that was something
// else before.
func roleGain(after int) Gain {
	switch after {
	case isGranted:
		return Gains
	case 0:
		return Loses
	default:
		return Alters
	}
}

// rule names the rule behind a difference: the one that decides in the new set, and
// where that is silent, in the old one.
func (c *comparison) rule(p Person, name, slot, subject string) string {
	now, said := c.now.decisive(p, c.at, name, slot, subject)
	before, _ := c.old.decisive(p, c.at, name, slot, subject)
	if !said || now == "" {
		return before
	}
	return now
}

// decisive names the rule that decides a subject by one set, "" if none does; said
// is false if the set does not speak of it.
func (c *compared) decisive(p Person, at time.Time, name, slot, subject string) (rule string, said bool) {
	a, _ := c.find(name, slot)
	if a == nil {
		return "", false
	}
	e := c.set.causes(a, p, at)
	defer e.close()
	x, ok := e.subject(subject)
	if !ok {
		return "", false
	}
	best := No - 1
	for _, cause := range x.Causes {
		switch {
		case cause.Forbids && cause.Outcome == Yes:
			return cause.Rule, true
		case cause.Exception != nil:
			rule, best = cause.Rule, max(best, No)
		case cause.Outcome > best && (cause.Outcome > No || subject == SubjectAccount):
			rule, best = cause.Rule, cause.Outcome
		}
	}
	return rule, true
}

// sum fills in which rules are behind the differences.
func (d *Diff) sum() {
	by := map[string]*RuleDiff{}
	for i := range d.Changed {
		seen := map[string]bool{}
		for _, x := range d.Changed[i].Changes {
			r := by[x.Rule]
			if r == nil {
				r = &RuleDiff{Rule: x.Rule}
				by[x.Rule] = r
			}
			if !seen[x.Rule] {
				seen[x.Rule] = true
				r.People++
			}
			switch x.Gain {
			case Gains:
				r.Gains++
			case Loses:
				r.Losses++
			default:
				r.Alters++
			}
		}
	}
	for _, r := range by {
		d.Rules = append(d.Rules, *r)
	}
	slices.SortFunc(d.Rules, func(a, b RuleDiff) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Rule, b.Rule))
	})
}

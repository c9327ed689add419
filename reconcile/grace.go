package reconcile

import (
	"cmp"
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// Loss is an entitlement that an account holds and that no rule gives any more.
type Loss struct {
	Key         target.Key         `json:"key"`
	Entitlement target.Entitlement `json:"entitlement"`
}

// readGrace notes the times of grace; of several for one entitlement the longest.
func (p *planner) readGrace() {
	if len(p.in.Owned.Grace) == 0 {
		return
	}
	p.grace = make(map[target.Entitlement]target.Grace, len(p.in.Owned.Grace))
	for _, g := range p.in.Owned.Grace {
		known := p.grace[g.Entitlement]
		if g.Days > known.Days || g.Days == known.Days && g.Rule < known.Rule {
			p.grace[g.Entitlement] = g
		}
	}
}

// keeps reports whether the rules themselves keep an entitlement until a time that
// has not come yet.
func (p *planner) keeps(d *target.Desired, e target.Entitlement) bool {
	until, said := decided(d, e)
	if !said || !until.After(p.in.At) {
		return false
	}
	if p.protector(d) == nobody {
		p.await(Revoke, until)
	}
	return true
}

// decided returns until when the rules say that an entitlement is kept; zero if it
// is to be taken at once. said is false if they leave that to Owned.Grace.
func decided(d *target.Desired, e target.Entitlement) (until time.Time, said bool) {
	if d.Extra == nil {
		return time.Time{}, false
	}
	if slices.Contains(d.Extra.Take, e) {
		return time.Time{}, true
	}
	for _, k := range d.Extra.Keep {
		if k.Entitlement == e && (!said || k.Until.After(until)) {
			until, said = k.Until.UTC().Round(0), true
		}
	}
	return until, said
}

// graceful holds a revoke until its time of grace is over: so many times 24 hours
// since it was first planned, under whatever rules that was.
func (p *planner) graceful(d *target.Desired, n *node) {
	if _, said := decided(d, n.Entitlement); said {
		return
	}
	g := p.grace[n.Entitlement]
	if g.Days <= 0 {
		return
	}
	since, known := p.in.History.Losing[Loss{n.Key, n.Entitlement}]
	if !known || since.After(p.in.At) {
		since = p.in.At
	}
	end := since.Add(days(g.Days)).UTC().Round(0)
	if !end.After(p.in.At) {
		return
	}
	text := "no rule gives it any more, grace of " + plural(g.Days, "day", "days") + " until " + instant(end) + inRule(g.Rule)
	n.hold(InGrace, text, false)
	n.reasons[len(n.reasons)-1].Until = end
	if len(n.reasons) == 1 {
		p.await(Revoke, end)
	}
}

// stillLosing notes of which revokes that were planned before nobody can say that
// they are over, though this plan does not have them: the answer is undecided, the
// person is missing, or the mode leaves them out.
func (p *planner) stillLosing() {
	if len(p.in.History.Losing) == 0 {
		return
	}
	planned := make(map[Loss]bool)
	for _, n := range p.nodes {
		if n.Action == Revoke && n.matter != nil {
			planned[Loss{n.Key, n.Entitlement}] = true
		}
	}
	for l := range p.in.History.Losing {
		if !planned[l] && (p.in.Scope.whole || p.known(l.Key)) && !p.regained(l) {
			p.plan.Losing = append(p.plan.Losing, l)
		}
	}
	slices.SortFunc(p.plan.Losing, func(a, b Loss) int {
		return cmp.Or(a.Key.Compare(b.Key), a.Entitlement.Compare(b.Entitlement))
	})
}

// known reports whether anything is known of what is desired for a person, in
// whatever slot.
func (p *planner) known(key target.Key) bool {
	at := p.wants.search(target.Key{Identity: key.Identity})
	return at < p.wants.len() && p.wants.at(at).Key.Identity == key.Identity
}

// regained reports whether it is certain that nothing is to be taken any more: a rule
// gives it again, or the account does not hold it.
func (p *planner) regained(l Loss) bool {
	at, n := p.position(l.Key)
	holds := func(a target.Account) bool { return slices.Contains(a.Entitlements, l.Entitlement) }
	if !slices.ContainsFunc(p.managed[at:at+n], holds) {
		return n > 0 || p.in.Scope.complete
	}
	d := p.wanted(l.Key)
	return d != nil && (d.State == target.Enabled || d.State == target.Disabled) &&
		(slices.Contains(d.Entitlements, l.Entitlement) ||
			slices.ContainsFunc(d.Ask, func(a target.Ask) bool { return a.Entitlement == l.Entitlement }))
}

// days are as many times 24 hours; a hundred years are for ever.
func days(n int) time.Duration { return time.Duration(min(n, 36_500)) * 24 * time.Hour }

// inRule names the rule behind a text: " (rule crm.seats)".
func inRule(id string) string {
	if id == "" {
		return ""
	}
	return " (rule " + clean(id) + ")"
}

package reconcile

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/provision-go/provision/target"
)

// The Texts of verdicts. In a first run nothing is there to compare with; an
// empty target is filled at once.
const (
	firstRun    = "first run"
	emptyTarget = "empty target"
)

// DefaultLimits are the limits of actions that Policy.Limits does not mention:
//
//	disable 10 or 10 %     delete 10 or 5 %       revoke 25 or 20 %
//	update  50 or 30 %     grant 100 or 50 %
//	create 500 or 100 %    adopt 500 or 100 %     enable 500 or 100 %
//
// Those that let people in are wide: joiners must not wait for anybody, a rollout
// and a company that grows are ordinary, and an account too many is easily closed
// again. They still stop the export of another company from being taken for ours:
// that is more people than there are accounts.
//
// What goes with another change follows it and is not counted: the revokes of a
// leaver, and the grants of a joiner. Other actions have no limit: ending sessions
// and handing over follow a disable, and making an entitlement gives nobody
// anything. On a target that cannot disable the limit of a disable is theirs as well.
func DefaultLimits() map[Action]Limit {
	return map[Action]Limit{
		Disable: {Count: 10, Percent: 10},
		Delete:  {Count: 10, Percent: 5},
		Revoke:  {Count: 25, Percent: 20},
		Update:  {Count: 50, Percent: 30},
		Create:  {Count: 500, Percent: 100},
		Adopt:   {Count: 500, Percent: 100},
		Enable:  {Count: 500, Percent: 100},
		Grant:   {Count: 100, Percent: 50},
	}
}

// exceeded reports whether n is beyond both sides of the limit.
func (l Limit) exceeded(n, of int) bool {
	if l.Count == math.MaxInt {
		return false
	}
	return n > l.Count && float64(n)*100 > l.Percent*float64(of)
}

// verdicts prepares one for each action that has a limit, for each entitlement that
// is taken away, and for what is doubted. Counts come later.
func (p *planner) verdicts(matters []*matter) []Verdict {
	limits := DefaultLimits()
	maps.Copy(limits, p.in.Policy.Limits)
	for _, a := range []Action{EndSessions, Handover} {
		if _, set := limits[a]; !set && !p.in.Capabilities.Disable {
			limits[a] = limits[Disable] // they follow none that could be counted for them
		}
	}
	var out []Verdict
	for action, limit := range limits {
		v := Verdict{Action: action, Recent: max(p.in.History.Recent[action], 0), Of: p.plan.Managed, Limit: limit}
		switch {
		case p.in.History.Runs == 0:
			v.Text = firstRun
		case action.Removes() && p.rulesChanged():
			v.Text = newRules
		case p.plan.Managed == 0 && p.in.History.Managed == 0 && !action.Removes() && action != Update:
			v.Text = emptyTarget
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b Verdict) int { return int(a.Action) - int(b.Action) })
	p.beginning(out, matters)
	out = append(out, p.losses(matters)...)
	out = append(out, p.stillHeld(matters)...)
	return append(out, p.doubts...)
}

// judge decides on the changes of one action that nothing else holds, and
// returns which of them must wait. It changes only Count, Held and Release.
//
// Adding to the count or tightening the limit never lets more through.
func (v *Verdict) judge(changes []*matter) []*matter {
	v.Count = accounts(changes, func(*matter) bool { return true })
	if v.Limit.Count == math.MaxInt {
		return nil
	}
	switch v.Text {
	case firstRun, newRules:
		return v.judgeFirst(changes)
	case emptyTarget:
		return nil
	}
	if !v.Limit.exceeded(v.Count+v.Recent, v.Of) {
		return nil
	}
	planned := accounts(changes, func(m *matter) bool { return !m.extra })
	if v.Limit.exceeded(planned+v.Recent, v.Of) {
		return changes
	}
	return filter(changes, func(m *matter) bool { return m.extra })
}

// judgeFirst judges a first run, in which there is nothing to compare with:
// nothing is taken from anybody except from a few proven leavers, and access is
// given without a limit. What was released counts, whoever loses it.
func (v *Verdict) judgeFirst(changes []*matter) []*matter {
	if !v.Action.Removes() && v.Action != Update {
		return nil
	}
	n := accounts(changes, func(m *matter) bool { return v.Action == Update || leaves(m.c) || m.released }) + v.Recent
	over := n > v.Limit.Count
	if v.Action == Update {
		over = v.Limit.exceeded(n, v.Of)
	}
	if over {
		return changes
	}
	return filter(changes, func(m *matter) bool { return v.Action != Update && !leaves(m.c) })
}

func filter(list []*matter, keep func(*matter) bool) []*matter {
	var out []*matter
	for _, m := range list {
		if keep(m) {
			out = append(out, m)
		}
	}
	return out
}

// accounts counts the accounts that some changes of one action affect. Those of
// one account come in a row, except the revokes of what is privileged, which come
// first.
func accounts(changes []*matter, count func(*matter) bool) int {
	n := 0
	var last *Change
	split := false
	for _, m := range changes {
		if !count(m) {
			continue
		}
		if last != nil && last.Privileged && !m.c.Privileged {
			split = true
			break
		}
		if last == nil || last.Key != m.c.Key || last.Account != m.c.Account {
			n++
		}
		last = m.c
	}
	if !split {
		return n
	}
	type account struct {
		key target.Key
		id  string
	}
	seen := map[account]bool{}
	for _, m := range changes {
		if count(m) {
			seen[account{m.c.Key, m.c.Account}] = true
		}
	}
	return len(seen)
}

// leaves reports whether the change is part of a proven leaver's departure. A
// delete is not: it has time.
func leaves(c *Change) bool {
	return c.Phase == target.Left && c.Action != Delete
}

// Reason is the Text of the reasons, of kind Guarded, that the guard gives to what it
// holds: one text for all of them, so whoever tells people can count them by it.
func (v *Verdict) Reason() string {
	switch {
	case v.Guard == GuardKept:
		return "guard: a first run held it, and nobody has released it"
	case v.Alarm() != "":
		return "guard: " + v.doubt()
	case v.first() && v.Action != Update:
		return "guard: " + v.Text
	}
	return "guard: " + v.amount()
}

// String says what the guard found, as a plan prints it: "disable 1 of 415 (0.2 %),
// limit max(10, 10 %) in 24 h, held".
func (v Verdict) String() string { return v.line() } // of values too, which fmt prints

// line says what the guard found: "disable 1 of 415 (0.2 %), limit max(10, 10 %)
// in 24 h".
func (v *Verdict) line() string {
	text := v.amount()
	switch {
	case v.Guard == GuardKept:
		text = plural(v.Count, "change", "changes") + " that a first run held"
	case v.Alarm() != "":
		text = v.doubt() // a finding says what to do
	}
	if v.Text != "" {
		text += ", " + clean(v.Text)
	}
	switch {
	case v.Release:
		text += ", released"
	case v.Held:
		text += ", held"
	}
	return text
}

func (v *Verdict) amount() string {
	what := v.Action.String()
	if v.Guard == GuardEntitlement {
		what += " " + clean(v.Entitlement.String())
	}
	text := fmt.Sprintf("%s %d of %d", what, v.Count+v.Recent, v.Of)
	if v.Of > 0 {
		text += fmt.Sprintf(" (%.1f %%)", 100*float64(v.Count+v.Recent)/float64(v.Of))
	}
	if v.Limit.Count == math.MaxInt {
		return text + ", no limit"
	}
	return text + fmt.Sprintf(", limit max(%d, %s %%) in 24 h", v.Limit.Count, number(v.Limit.Percent))
}

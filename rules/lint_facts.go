package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// exceptions looks for exceptions that are over, or that never seem to be.
func (l *linter) exceptions(at time.Time) {
	accounts := map[string][]int{}
	for n := range l.set.grants {
		g := &l.set.grants[n]
		accounts[g.id] = append(accounts[g.id], accountsOf(g.gives)...)
	}
	today := source.DateOf(at.UTC())
	year, month, day := today.Civil()
	limit := source.Day(year+1, month, day)
	for i := range l.set.spec.Grants {
		g := &l.set.spec.Grants[i]
		for k, x := range g.Except {
			c := &condition{kind: KindException, rule: g.ID, number: k + 1, pos: l.set.pos[g.ID]}
			switch {
			case l.earliest(accounts[g.ID], at).After(x.Until):
				l.say(LintExpired, c, nil, "expired: it kept "+printable(x.Who)+" out until "+x.Until.String()+
					", and no longer does. Remove it, or give it a new day")
			case x.Until.After(limit):
				l.say(LintTooLong, c, nil, "too long: it keeps "+printable(x.Who)+" out until "+x.Until.String()+
					", which is more than a year from "+today.String()+". Shorten it, or put the reason into the condition")
			}
		}
	}
}

// earliest is the earliest day that it is at an instant by the clocks of accounts.
func (l *linter) earliest(accounts []int, at time.Time) source.Date {
	westernmost := time.FixedZone("", -12*60*60)
	var first source.Date
	for _, i := range accounts {
		zone := l.set.accounts[i].life.zone.Location
		if zone == nil {
			zone = westernmost
		}
		if day := dayAt(at, zone); first.IsZero() || day.Before(first) {
			first = day
		}
	}
	return first
}

// unfilled looks for fields that rules look at and no source fills.
func (l *linter) unfilled(filled []string) {
	has := func(list ...string) bool {
		return slices.ContainsFunc(list, func(name string) bool { return slices.Contains(filled, name) })
	}
	kinds := l.kinds()
	for _, use := range l.set.Uses() {
		users := slices.DeleteFunc(use.Rules, l.byDefault)
		switch short := strings.TrimPrefix(use.Name, customPrefix); {
		case len(users) == 0, has(use.Name, short):
		case use.Name == relTerminated && !slices.ContainsFunc(users, func(id string) bool { return kinds[id] != "" }):
			// Many systems know no instant of a termination, and no rule asks for it.
		case use.Name == relStart && has(relStartDate, relHireDate):
		case use.Name == relEnd && has("end_date", relLastDay, relTerm):
		default:
			rule := users[0]
			c := &condition{kind: kinds[rule], rule: rule, pos: l.set.pos[rule]}
			text := "looks at " + use.Name + ", which no source fills"
			if more := len(users) - 1; more > 0 {
				text += "; so " + map[bool]string{true: "does ", false: "do "}[more == 1] + count(more, "other rule")
			}
			l.say(LintUnfilled, c, nil, text+". Have a source fill it, or take it out of the rules")
		}
	}
}

// byDefault reports whether a rule is what labels a person where nobody says how.
func (l *linter) byDefault(rule string) bool {
	return slices.ContainsFunc(l.set.spec.Targets, func(t TargetSpec) bool {
		return t.Label == nil && rule == "label."+placeName(t.Target, t.Slot)
	})
}

// kinds returns the kinds of rules, by ID.
func (l *linter) kinds() map[string]RuleKind {
	kinds := map[string]RuleKind{}
	for _, c := range l.set.conditions() {
		kind := c.kind
		switch kind {
		case KindRow, KindApproval:
			kind = KindGrant
		case KindChoice:
			kind = KindPick
		case KindExpiry:
			continue
		default: // the rule itself
		}
		kinds[c.rule] = kind
	}
	for i := range l.set.accounts {
		for k := range l.set.accounts[i].attributes {
			kinds[l.set.accounts[i].attributes[k].id] = KindAttribute
		}
	}
	return kinds
}

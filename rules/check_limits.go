package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// mentioned returns every entitlement that a rule of any layer gives, sorted.
func mentioned(layers []Spec) []string {
	var all []string
	for i := range layers {
		l := &layers[i]
		for _, g := range l.Grants {
			all = append(all, g.Give...)
		}
		for _, p := range l.Picks {
			for _, x := range p.Choices {
				all = append(all, x.Give)
			}
		}
		for _, t := range l.Tables {
			for _, r := range t.Rows {
				all = append(all, r.Give...)
			}
			all = append(all, t.Else...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// roles reads entitlements that some rule has to give: taking away, or limiting,
// what nobody can get is a typing error. In files they stand behind a key.
func (c *checker) roles(list, given []string, key string) []gift {
	out := c.give(list, key)
	if c.lacks["grants"] || c.lacks["pick"] || c.lacks["tables"] || c.lacks["replace"] || c.lacks[gifts] {
		return out
	}
	understood := make(map[string]bool, len(out))
	for _, g := range out {
		understood[roleName(&c.accounts[g.account], g.entitlement)] = true
	}
	for i, text := range list {
		if _, found := slices.BinarySearch(given, text); !found && understood[text] {
			c.point(key, itoa(i))
			c.say(c.nearest(text, given), "%q is given by no rule", text)
		}
	}
	c.point()
	return out
}

func (c *checker) nevers(s *Set, specs []Never, given []string) {
	for _, spec := range specs {
		c.enter(spec.ID)
		c.rule = "never " + spec.ID
		c.ruleID(spec.ID)
		if len(spec.Take) == 0 {
			c.fail("", "takes nothing")
		}
		s.never = append(s.never, never{id: spec.ID, pos: c.at, when: c.condition(spec.When), take: c.roles(spec.Take, given, "take")})
	}
	slices.SortStableFunc(s.never, func(a, b never) int { return cmp.Compare(a.id, b.id) })
	for n := range s.never {
		for _, to := range s.never[n].take {
			for i := range c.accounts[to.account].gives {
				if x := &c.accounts[to.account].gives[i]; x.entitlement == to.entitlement {
					x.nevers = append(x.nevers, n)
				}
			}
		}
	}
}

func (c *checker) duties(s *Set, specs []NeverTogether, given []string) {
	for _, spec := range specs {
		c.enter(spec.ID)
		c.rule = "never_together " + spec.ID
		c.ruleID(spec.ID)
		before := len(c.problems)
		d := duties{id: spec.ID, pos: c.at, do: spec.Do, by: spec.By, roles: c.roles(spec.Roles, given, "roles")}
		switch {
		case len(spec.Roles) < 2 || len(d.roles) < 2 && len(c.problems) == before:
			c.point("roles")
			c.fail("", "%stwo or more different entitlements that must not meet", c.wording("want ", "roles has to name "))
		case spec.Do > ReportDuties:
			c.fail("", "Do: %d does not exist", uint8(spec.Do))
		case spec.Do == ApproveDuties && (spec.By == "" || !clean(spec.By)):
			if c.point("by"); spec.By == "" {
				c.point("do")
			}
			c.fail("", "%s", c.wording(fmt.Sprintf("By %q: want the name of who approves", spec.By),
				"do: approve needs a line by: and who approves, such as manager"))
		case spec.Do != ApproveDuties && spec.By != "":
			c.point("by")
			c.fail("", "%s", c.wording("By has a meaning with ApproveDuties only", "by has a meaning with do: approve only"))
		}
		s.duties = append(s.duties, d)
	}
	slices.SortStableFunc(s.duties, func(a, b duties) int { return cmp.Compare(a.id, b.id) })
}

func (c *checker) requirements(specs []Requirement) {
	for _, spec := range specs {
		c.enter(spec.ID)
		c.rule = "require " + spec.ID
		c.ruleID(spec.ID)
		r := requirement{id: spec.ID, pos: c.at, report: spec.Else == ReportIt, when: c.optional(spec.When), must: c.condition(spec.Must)}
		if spec.Else > ReportIt {
			c.fail("", "Else: %d does not exist", uint8(spec.Else))
		}
		places := c.places()
		for i, at := range spec.For {
			if !slices.Contains(places, at) {
				c.point("for", itoa(i))
				c.noPlace("", at)
			}
		}
		for i := range c.accounts {
			if len(spec.For) == 0 || slices.Contains(spec.For, places[i]) {
				c.accounts[i].requires = append(c.accounts[i].requires, r)
			}
		}
	}
	for i := range c.accounts {
		slices.SortStableFunc(c.accounts[i].requires, func(a, b requirement) int { return cmp.Compare(a.id, b.id) })
	}
}

// maxSeats bounds a budget.
const maxSeats = 1_000_000_000

func (c *checker) budgets(s *Set, specs []Budget, given []string) {
	for _, spec := range specs {
		c.enter(spec.ID)
		c.rule = "budget " + spec.ID
		c.ruleID(spec.ID)
		if spec.Seats < 0 || spec.Seats > maxSeats {
			c.point("seats")
			c.fail("", c.wording("%d seats: want 0 to %d", "seats is %d, and has to be 0 to %d"), spec.Seats, maxSeats)
			c.point()
		}
		if len(spec.Roles) == 0 {
			c.fail("", "is about no entitlement")
		}
		b := budget{Budget: target.Budget{Rule: spec.ID, Seats: spec.Seats}, pos: c.at}
		for _, to := range c.roles(spec.Roles, given, "roles") {
			name := c.accounts[to.account].target
			if b.target != "" && b.target != name {
				c.point("roles", itoa(slices.Index(spec.Roles, roleName(&c.accounts[to.account], to.entitlement))))
				c.say("", "seats are counted on one target, and these are on %s and %s%s", b.target, name,
					c.wording("", ": write a budget for each"))
				break
			}
			b.target = name
			if !slices.Contains(b.Entitlements, to.entitlement) {
				b.Entitlements = append(b.Entitlements, to.entitlement)
			}
		}
		slices.SortFunc(b.Entitlements, target.Entitlement.Compare)
		s.budgets = append(s.budgets, b)
	}
	slices.SortStableFunc(s.budgets, func(a, b budget) int { return cmp.Compare(a.Rule, b.Rule) })
	for i := range c.accounts {
		a := &c.accounts[i]
		a.budgeted = slices.ContainsFunc(s.budgets, func(b budget) bool { return b.target == a.target })
	}
}

func (c *checker) protections(s *Set, specs []Protection) {
	for _, spec := range specs {
		c.enter(spec.ID)
		c.rule = "protect " + spec.ID
		c.ruleID(spec.ID)
		if len(spec.Who) == 0 && spec.When.IsZero() {
			c.fail("", "%s", c.wording("protects nobody: want who or when", "a protection needs who or when: whom it protects"))
		}
		for i, id := range spec.Who {
			if id == "" || !clean(id) {
				c.point("who", itoa(i))
				c.fail("", "%q is no ID of a person%s", id, c.wording("", ": "+wrongName(id)))
			}
		}
		c.point()
		s.protect = append(s.protect, protection{
			id: spec.ID, pos: c.at, who: slices.Sorted(slices.Values(spec.Who)), when: c.optional(spec.When),
		})
	}
	slices.SortStableFunc(s.protect, func(a, b protection) int { return cmp.Compare(a.id, b.id) })
}

func (c *checker) scope(s *Set, spec Scope) {
	c.enter(scopeID)
	s.scope = scope{pos: c.at, when: c.optional(spec.When), close: spec.Outside == DisableOutside}
	if spec.Outside > DisableOutside {
		c.fail("", "Outside: %d does not exist", uint8(spec.Outside))
	}
	if s.scope.close && spec.When.IsZero() {
		c.fail("", "nobody can leave a scope without a condition")
	}
}

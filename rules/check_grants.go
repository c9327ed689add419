package rules

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// grants checks grants and picks, and compiles them to a list sorted by ID: one for
// each grant without a table, for each row of the table of one that has one, and
// for each choice of a pick.
func (c *checker) grants(s *Set, specs []Grant, picks []Pick) {
	for i := range specs {
		c.grant(s, &specs[i])
	}
	for i := range picks {
		c.pick(s, &picks[i])
	}
	slices.SortStableFunc(s.grants, func(a, b grant) int {
		return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.number, b.number))
	})
	for n := range s.grants {
		g := &s.grants[n]
		for _, to := range g.gives {
			c.accounts[to.account].give(to.entitlement, n, g)
		}
		if g.approval != nil || len(g.except) > 0 {
			s.special = append(s.special, n)
		}
		if g.pick > 0 {
			s.picks[g.pick-1].choices = append(s.picks[g.pick-1].choices, n)
		}
	}
	for i := range s.picks {
		slices.SortStableFunc(s.picks[i].choices, func(a, b int) int { return cmp.Compare(s.grants[b].rank, s.grants[a].rank) })
	}
}

func (c *checker) grant(s *Set, spec *Grant) {
	c.enter(spec.ID)
	c.rule = "grant " + spec.ID
	c.ruleID(spec.ID)
	g := grant{id: spec.ID, pos: c.at, grace: spec.Grace}
	c.days("Grace", spec.Grace, "grace")
	g.when = c.condition(spec.When)
	g.approval = c.approval(&spec.Approval)
	g.except = c.exceptions(spec.Except)
	g.gives = c.give(spec.Give, "give")
	if len(spec.Give) == 0 && spec.GiveFrom == "" {
		c.fail("", "gives nothing")
	}
	if spec.GiveFrom == "" {
		s.grants = append(s.grants, g)
		return
	}
	if len(g.gives) > 0 {
		s.grants = append(s.grants, g)
	}
	t := c.tables[spec.GiveFrom]
	if t == nil {
		if c.point("give_from"); !c.lacks["tables"] && !c.goneTable(spec.GiveFrom, c.at) {
			c.say(c.nearest(spec.GiveFrom, sortedKeys(c.tables)), "there is no table %q%s", spec.GiveFrom,
				c.wording("", " under tables"))
		}
		return
	}
	g.table, g.own = t, g.when
	if t.number == 0 {
		c.numbered++
		t.number = c.numbered
	}
	for i, row := range t.rows {
		r := g
		r.number, r.pos, r.when = i+1, row.pos, c.both(g.when, t.applies(i))
		r.gives = t.given[i]
		s.grants = append(s.grants, r)
	}
	if len(t.otherwise) > 0 {
		r := g
		r.number, r.when, r.gives = len(t.rows)+1, c.both(g.when, t.none()), t.given[len(t.rows)]
		s.grants = append(s.grants, r)
	}
}

// both is the conjunction of two resolved conditions.
func (c *checker) both(a, b *node) *node {
	switch {
	case a.isBad() || b.isBad():
		return bad(a)
	case a.op == opConst:
		return b
	}
	return &node{op: opAll, args: []*node{a, b}}
}

func (c *checker) ruleID(id string) {
	if id == "" || !clean(id) {
		c.fail("", "ID %q: %s", id, c.wording("want a name", wrongName(id)))
	}
}

func (c *checker) approval(spec *Approval) *approval {
	if *spec == (Approval{}) {
		return nil
	}
	if spec.By == "" || !clean(spec.By) {
		c.point("approval", "by")
		c.fail("", "%s %q: %s", c.wording("Approval", "approval by"), spec.By,
			c.wording("want the name of who approves", wrongName(spec.By)))
		c.point()
	}
	c.days("Approval.Days", spec.Days, "approval", "expires")
	return &approval{by: spec.By, when: c.optional(spec.When), days: spec.Days, keepIfDenied: spec.KeepIfDenied}
}

func (c *checker) exceptions(list []Exception) []Exception {
	for i, x := range list {
		switch {
		case x.Who == "" || !clean(x.Who):
			c.point("except", itoa(i), "who")
			c.fail("", "%s", c.wording("an exception needs who: the ID of one person", fmt.Sprintf("who %q: %s", x.Who, wrongName(x.Who))))
		case x.Until.IsZero() || x.Why == "":
			c.fail("", "an exception needs until and why")
		}
	}
	c.point()
	return slices.Clone(list)
}

// give reads a list of entitlements, which stands at a path in files.
func (c *checker) give(list []string, path ...string) []gift {
	out := make([]gift, 0, len(list))
	seen := make(map[gift]bool, len(list))
	for i, text := range list {
		c.point(append(path, itoa(i))...)
		if a, e := c.entitlement(text); a != nil {
			if g := (gift{a.index, e}); !seen[g] {
				seen[g] = true
				out = append(out, g)
			}
		}
	}
	c.point()
	return out
}

func (c *checker) pick(s *Set, spec *Pick) {
	c.enter(spec.ID)
	c.rule = "pick " + spec.ID
	c.ruleID(spec.ID)
	if len(spec.Choices) == 0 {
		c.fail("", "a pick without choices")
	}
	s.picks = append(s.picks, pick{id: spec.ID, pos: c.at})
	for i := range spec.Choices {
		x := &spec.Choices[i]
		if x.To != nil || x.Give == "" {
			c.fail("", "choice %d: want Give, and no To", i+1)
			continue
		}
		g := grant{id: spec.ID, pos: c.at, number: i + 1, pick: len(s.picks), rank: x.Rank}
		g.when = c.condition(x.When)
		g.gives = c.give([]string{x.Give}, "choices", itoa(i), "give")
		s.grants = append(s.grants, g)
	}
}

// gift returns the place of an entitlement in gives, or where it would be.
func (a *account) gift(e target.Entitlement) (int, bool) {
	return slices.BinarySearchFunc(a.gives, e, func(g given, e target.Entitlement) int { return g.entitlement.Compare(e) })
}

// give notes that a grant can give an entitlement here.
func (a *account) give(e target.Entitlement, n int, g *grant) {
	i, found := a.gift(e)
	if !found {
		a.gives = slices.Insert(a.gives, i, given{entitlement: e})
	}
	to := &a.gives[i]
	if !slices.Contains(to.grants, n) {
		to.grants = append(to.grants, n)
	}
	if g.grace > to.grace {
		to.grace, to.graceOf = g.grace, g.id
	}
}

// picksAlone checks that nothing else gives what a pick gives one of.
func (c *checker) picksAlone(s *Set) {
	for i := range c.accounts {
		for _, x := range c.accounts[i].gives {
			first := &s.grants[x.grants[0]]
			for _, n := range x.grants[1:] {
				g := &s.grants[n]
				if g.pick == first.pick {
					continue
				}
				if g.pick == 0 {
					g, first = first, g
				}
				c.pickAlone(g, first, roleName(&c.accounts[i], x.entitlement))
				break
			}
		}
	}
}

// pickAlone reports what is given by a choice of a pick and by another rule, at the
// rule of the later layer.
func (c *checker) pickAlone(choice, other *grant, role string) {
	if other.pick > 0 && c.layer[other.id] > c.layer[choice.id] {
		choice, other = other, choice
	}
	c.enter(choice.id)
	if at := c.entryOf(other.id, role); !at.IsZero() {
		c.at = at
	}
	if c.layer[choice.id] > c.layer[other.id] {
		c.point("choices", itoa(choice.number-1), "give")
	}
	c.say("", "%s is given by the pick %s and by %s: only the pick may give it", role, choice.id, other.id)
}

// entryOf is where a grant names an entitlement.
func (c *checker) entryOf(id, text string) Pos {
	if v := partOf(c.bodies[id], "give"); v != nil {
		at := Pos{c.pos[id].File, v.Line, v.Column}
		for _, item := range v.Items {
			if item.Text == text {
				at.Line, at.Column = item.Line, item.Column
			}
		}
		return at
	}
	return Pos{}
}

// ids checks that no two rules share an ID: plans and explanations quote it. A
// life cycle may serve several targets.
func (c *checker) ids(s *Set, spec *Spec) {
	lives := map[string]*life{}
	seen := map[string]bool{}
	claim := func(id string) {
		if id != "" && seen[id] && !c.twice[id] {
			c.enter(id)
			c.say("", "two rules have the ID %q", id)
		}
		seen[id] = true
	}
	for i := range c.accounts {
		a := &c.accounts[i]
		claim(a.id)
		if l, ok := lives[a.life.ID]; !ok || !l.same(&a.life) {
			claim(a.life.ID)
			lives[a.life.ID] = &a.life
		}
		for _, x := range a.attributes {
			claim(x.id)
		}
	}
	for i := range spec.Grants {
		claim(spec.Grants[i].ID)
	}
	for i := range spec.Picks {
		claim(spec.Picks[i].ID)
	}
	for i := range s.never {
		claim(s.never[i].id)
	}
	for i := range s.duties {
		claim(s.duties[i].id)
	}
	for i := range spec.Require {
		claim(spec.Require[i].ID)
	}
	for i := range s.budgets {
		claim(s.budgets[i].Rule)
	}
	for i := range s.protect {
		claim(s.protect[i].id)
	}
}

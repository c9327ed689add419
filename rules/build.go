package rules

import (
	"maps"
	"slices"
	"strconv"

	"github.com/provision-go/provision/rules/internal/document"
)

// Build puts layers together, checks them and compiles them. Later layers add to
// earlier ones, and take the place of their rules where they say so: see
// [Spec.Replace] and [Spec.Off]. Usually the first layer is the product's own, and
// the next what a customer's administrator wrote, read by [File].
//
// The error is [Problems]: everything that is wrong in any of the layers; the Set
// is then nil. The layers are copied: changing them afterwards has no effect.
func Build(layers ...Spec) (*Set, error) {
	c := &checker{
		files: map[string]*document.File{}, broken: map[string]bool{}, twice: map[string]bool{}, lacks: map[string]bool{},
		functions: functions(),
	}
	var names []string
	unread := false
	for i := range layers {
		if o := layers[i].origin; o != nil {
			c.files[o.file.Name()] = o.file
			for _, p := range o.problems {
				copied := *p // Build may be called again
				c.problems = append(c.problems, &copied)
			}
			maps.Copy(c.lacks, o.lacks)
			unread = unread || o.unread
			names = append(names, o.file.Name())
		}
	}
	if unread { // what the other layers refer to may be there
		return nil, c.problems.arrange(names, c.files)
	}
	spec := c.join(layers)
	s := c.compile(&spec, mentioned(layers))
	if len(c.problems) > 0 {
		return nil, c.problems.arrange(names, c.files)
	}
	return s, nil
}

// compile checks the layers as one and compiles them.
func (c *checker) compile(spec *Spec, given []string) *Set {
	c.enter("")
	if spec.Name == "" && !c.lacks["name"] {
		c.fail("", "%s", c.wording("the set has no name", `the rules have no name: write a line such as "name: acme"`))
	}
	if c.size(spec); c.tooLarge {
		return nil // nothing else is looked at: that is what the limit is for
	}
	c.zones, c.tenant = spec.Zones, spec.Tenant
	c.declare(spec.Fields)
	c.funcs(spec.Funcs)
	c.tables = make(map[string]*table, len(spec.Tables))
	for i := range spec.Tables {
		t := &spec.Tables[i]
		if c.tables[t.Name] != nil {
			c.enter(tablePrefix + t.Name)
			c.fail("", "table %q is there twice", t.Name)
		}
		c.tables[t.Name] = c.table(t)
	}
	s := &Set{name: spec.Name, spec: *spec, fields: c.fields, pos: c.pos}
	c.scope(s, spec.Scope)
	for _, t := range spec.Targets {
		if !t.Account.IsZero() {
			c.named = append(c.named, placeName(t.Target, t.Slot))
		}
	}
	for _, t := range spec.Targets {
		c.accounts = append(c.accounts, c.account(t))
		c.accounts[len(c.accounts)-1].index = len(c.accounts) - 1
	}
	c.accountsTogether()
	for i := range spec.Grants {
		if t := c.tables[spec.Grants[i].GiveFrom]; t != nil {
			c.gifts(t)
		}
	}
	c.grants(s, spec.Grants, spec.Picks)
	c.picksAlone(s)
	c.nevers(s, spec.Never, given)
	c.duties(s, spec.NeverTogether, given)
	c.requirements(spec.Require)
	c.budgets(s, spec.Budgets, given)
	c.protections(s, spec.Protect)
	c.ids(s, spec)
	if len(c.problems) > 0 {
		return nil
	}
	s.accounts = c.accounts
	for _, name := range sortedKeys(c.tables) {
		s.tables = append(s.tables, c.tables[name])
	}
	s.index = indexGrants(s.grants)
	for n := range s.grants {
		g := &s.grants[n]
		s.matches = append(s.matches, match{Match{g.id, g.number}, g.gives[0].account})
	}
	for i := range s.accounts {
		a := &s.accounts[i]
		a.givenBy = givenBy(a.gives, len(s.grants))
		for n := range a.gives {
			if a.gives[n].grace > 0 {
				a.graced = append(a.graced, n)
			}
		}
		a.asOf = s.termsOf(a)
	}
	s.hash = hashOf(s, spec)
	return s
}

// maxRules bounds how many rules a set has: as many as large identity providers
// allow, and more than people can oversee.
const maxRules = 2000

// maxTargets bounds how many targets, with their slots, one person has accounts on.
const maxTargets = 500

// maxChecks bounds how many requirements are checked for one person, over all
// targets.
const maxChecks = 10_000

func (c *checker) size(spec *Spec) {
	if !c.last.IsZero() {
		c.at = c.last // the layers before it are known to be few enough
	}
	n := len(spec.Grants) + len(spec.Never) + len(spec.NeverTogether) + len(spec.Require) + len(spec.Budgets) + len(spec.Protect)
	for i := range spec.Picks {
		n += len(spec.Picks[i].Choices)
	}
	uses := map[string]int{}
	for i := range spec.Grants {
		uses[spec.Grants[i].GiveFrom]++
	}
	for i := range spec.Tables {
		t := &spec.Tables[i]
		n += len(t.Rows) * max(1, uses[t.Name]) // each grant that gives from a table has all its rows
	}
	for i := range spec.Targets {
		n += len(spec.Targets[i].Attributes)
	}
	if len(spec.Targets) > maxTargets {
		c.fail("", "%d targets, counting second accounts: at most %d", len(spec.Targets), maxTargets)
		c.tooLarge = true
	}
	if checks := len(spec.Require) * len(spec.Targets); checks > maxChecks {
		c.fail("", "%d requirements on %d targets: at most %d in all", len(spec.Require), len(spec.Targets), maxChecks)
	}
	if n > maxRules {
		c.fail("", "%d rules, counting attributes, choices, and the rows of a table for each grant that gives from it: at most %d", n, maxRules)
		c.tooLarge = true
	}
}

func itoa(n int) string { return strconv.Itoa(n) }

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return itoa(n) + " " + thing + "s"
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

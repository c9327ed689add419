package rules

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/target"
)

// place is how a target with a slot is written: "app", "app~admin".
func place(name, slot string) string {
	if slot == "" {
		return name
	}
	return name + "~" + slot
}

func (c *checker) account(t TargetSpec) account {
	a := account{target: t.Target, slot: t.Slot, life: t.Lifecycle}
	at := place(t.Target, t.Slot)
	c.rule = "target " + at
	if t.Target == "" || strings.ContainsAny(t.Target, "/~") || !clean(t.Target) {
		c.fail("", `name %q: want a name without "/" and "~"`, t.Target)
	}
	if !validSlot(t.Slot) {
		c.fail("", `slot %q: want lower-case letters, digits and "-"`, t.Slot)
	}
	a.id = "account." + at
	c.rule = a.id
	a.cond = c.cond(t.Account.node)
	c.lifecycle(&a, at)
	c.rule = "label." + at
	label := t.Label
	if label == nil {
		label = First(WorkEmail, Username, DisplayName)
	}
	a.label = c.value(label.value(), true)
	for _, spec := range t.Attributes {
		a.attributes = append(a.attributes, c.attribute(spec, at))
	}
	slices.SortStableFunc(a.attributes, func(x, y attribute) int { return cmp.Compare(x.name, y.name) })
	for i, x := range a.attributes {
		if i > 0 && a.attributes[i-1].name == x.name && x.name != "" {
			c.rule = "target " + at
			c.fail("", "attribute %s is set by both %s and %s", x.name, a.attributes[i-1].id, x.id)
		}
	}
	return a
}

func validSlot(slot string) bool {
	for _, r := range slot {
		if !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-') {
			return false
		}
	}
	return true
}

// clean reports whether a name can be quoted in a line of text.
func clean(name string) bool {
	return name == strings.TrimSpace(name) && strings.ToValidUTF8(name, "") == name &&
		!strings.ContainsFunc(name, unicode.IsControl)
}

func (c *checker) lifecycle(a *account, at string) {
	l := &a.life
	if l.ID == "" {
		l.ID = "lifecycle." + at
	}
	c.rule = l.ID
	for _, f := range []struct {
		name string
		days int
	}{{"PreHire", l.PreHire}, {"EnableBefore", l.EnableBefore}, {"DeleteAfter", l.DeleteAfter}} {
		if f.days < 0 || f.days > maxDays {
			c.fail("", "%s: %d days: want 0 to %d", f.name, f.days, maxDays)
		}
	}
	if l.PreHire > 0 && l.EnableBefore > l.PreHire {
		c.fail("", "EnableBefore (%d) is more than PreHire (%d): the account would be enabled before it exists",
			l.EnableBefore, l.PreHire)
	}
	if l.Leave > DisableOnLeave {
		c.fail("", "Leave: %d does not exist", uint8(l.Leave))
	}
	if z := l.Clock.zone; z != nil && z.String() == "Local" {
		c.fail("", "Clock: the local zone depends on the machine; name one")
	}
	// An account that is enabled early has to exist by then.
	l.PreHire = max(l.PreHire, l.EnableBefore)
}

func (c *checker) attribute(spec Attribute, at string) attribute {
	a := attribute{
		id: spec.ID, name: spec.Set, apply: spec.Apply, ifMissing: spec.IfMissing, secret: spec.Secret,
	}
	if a.id == "" {
		a.id = at + "." + spec.Set
	}
	c.rule = a.id
	if spec.Set == "" || !clean(spec.Set) {
		c.fail("", "attribute name %q: want a name", spec.Set)
	}
	if spec.Apply > target.IfEmpty {
		c.fail("", "Apply: %d does not exist", uint8(spec.Apply))
	}
	if spec.IfMissing > Block {
		c.fail("", "IfMissing: %d does not exist", uint8(spec.IfMissing))
	}
	if spec.When.node != nil {
		a.when = c.cond(spec.When.node)
	}
	switch {
	case spec.Secret && (spec.To != nil || spec.IfMissing != Keep || spec.Apply == target.IfEmpty):
		c.fail("", "a secret is obtained at the create: To, IfMissing and IfEmpty have no meaning")
	case spec.Secret:
		a.apply = target.CreateOnly
	case spec.To == nil:
		c.fail("", "To is not set")
	default:
		a.to = c.value(spec.To.value(), false)
	}
	return a
}

// accountsTogether checks what no two TargetSpecs may contradict each other in.
func (c *checker) accountsTogether(accounts []account) {
	seen := map[string]bool{}
	strengths := map[[2]string]target.Strength{}
	for i := range accounts {
		a := &accounts[i]
		at := place(a.target, a.slot)
		c.rule = "target " + at
		if seen[at] {
			c.fail("", "declared twice; two accounts of one person need different slots")
		}
		seen[at] = true
		for _, x := range a.attributes {
			k := [2]string{a.target, x.name}
			if s, ok := strengths[k]; ok && s != x.apply {
				c.rule = x.id
				c.fail("", "Apply is %s here and %s in another slot of %s", x.apply, s, a.target)
			}
			strengths[k] = x.apply
		}
	}
}

func (c *checker) grants(s *Set, specs []Grant) {
	places := make([]string, len(s.accounts))
	for i := range s.accounts {
		places[i] = place(s.accounts[i].target, s.accounts[i].slot)
	}
	specs = slices.Clone(specs)
	slices.SortStableFunc(specs, func(a, b Grant) int { return cmp.Compare(a.ID, b.ID) })
	for i, spec := range specs {
		c.rule = "grant " + spec.ID
		if spec.ID == "" || !clean(spec.ID) {
			c.fail("", "ID %q: want a name", spec.ID)
		}
		if !clean(spec.Approval) {
			c.fail("", "Approval %q: want a name", spec.Approval)
		}
		s.grants = append(s.grants, grant{id: spec.ID, when: c.cond(spec.When.node), approval: spec.Approval})
		if len(spec.Give) == 0 {
			c.fail("", "gives nothing")
		}
		for _, text := range spec.Give {
			at, e, ok := c.give(text)
			if !ok {
				continue
			}
			index := slices.Index(places, at)
			if index < 0 {
				c.fail(words.Nearest(at, places), "%q: there is no target %q", text, at)
				continue
			}
			s.accounts[index].give(e, i)
		}
	}
}

// give reads "target/kind:name" or "target~slot/kind:name".
func (c *checker) give(text string) (at string, e target.Entitlement, ok bool) {
	at, rest, ok := strings.Cut(text, "/")
	name, slot, slotted := strings.Cut(at, "~")
	e, err := target.ParseEntitlement(rest)
	if !ok || err != nil || rest == "" || name == "" || slotted && slot == "" || !validSlot(slot) || !clean(text) {
		c.fail("", `%q: want "target/kind:name" or "target~slot/kind:name"`, text)
		return "", target.Entitlement{}, false
	}
	return at, e, true
}

// give notes that a grant can give an entitlement here.
func (a *account) give(e target.Entitlement, grant int) {
	i, found := slices.BinarySearchFunc(a.gives, e, func(g given, e target.Entitlement) int {
		return g.entitlement.Compare(e)
	})
	if !found {
		a.gives = slices.Insert(a.gives, i, given{entitlement: e})
	}
	if g := &a.gives[i]; !slices.Contains(g.grants, grant) {
		g.grants = append(g.grants, grant)
	}
}

// ids checks that no two rules share an ID: plans and explanations quote it. A
// life cycle may serve several targets.
func (c *checker) ids(s *Set) {
	lives := map[string]Lifecycle{}
	seen := map[string]bool{}
	claim := func(id string) {
		if id != "" && seen[id] {
			c.rule = id
			c.fail("", "two rules have this ID")
		}
		seen[id] = true
	}
	for i := range s.accounts {
		a := &s.accounts[i]
		claim(a.id)
		if l, ok := lives[a.life.ID]; !ok || !sameLife(l, a.life) {
			claim(a.life.ID)
			lives[a.life.ID] = a.life
		}
		for _, x := range a.attributes {
			claim(x.id)
		}
	}
	for _, g := range s.grants {
		claim(g.id)
	}
}

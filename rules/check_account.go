package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/target"
)

const accountPrefix = "account."

// id is the ID of a life cycle of an account.
func (l *Lifecycle) id(at string) string {
	if l.ID != "" {
		return l.ID
	}
	return "lifecycle." + at
}

// id is the ID of an attribute of an account.
func (a *Attribute) id(at string) string {
	if a.ID != "" {
		return a.ID
	}
	return at + "." + a.Set
}

func (c *checker) account(t TargetSpec) account {
	a := account{target: t.Target, slot: t.Slot, life: life{Lifecycle: t.Lifecycle}}
	at := placeName(t.Target, t.Slot)
	a.id = accountPrefix + at
	c.enter(a.id)
	if t.Target == "" || strings.ContainsAny(t.Target, "/~") || !clean(t.Target) {
		c.fail("", `name %q: want a name without "/" and "~"`, t.Target)
	}
	if !validSlot(t.Slot) {
		c.fail("", `slot %q: want lower-case letters, digits and "-"`, t.Slot)
	}
	if t.Account.IsZero() {
		c.fail("", "nothing says who has an account on %s: to mean everybody write rules.Everyone", at)
		a.cond = &node{op: opBad}
	} else {
		a.cond = c.condition(t.Account)
	}
	c.lifecycle(&a.life, at)
	c.enter("label." + at)
	label := t.Label
	if label == nil {
		label = First(WorkEmail, Username, DisplayName)
	}
	a.label = c.value(label.value(), true)
	for i := range t.Attributes {
		a.attributes = append(a.attributes, c.attribute(&t.Attributes[i], at))
	}
	slices.SortStableFunc(a.attributes, func(x, y attribute) int { return cmp.Compare(x.name, y.name) })
	for i, x := range a.attributes {
		if i > 0 && a.attributes[i-1].name == x.name && x.name != "" {
			c.enter(x.id)
			c.fail("", "attribute %s is set by both %s and %s", x.name, a.attributes[i-1].id, x.id)
		}
	}
	return a
}

func (c *checker) lifecycle(l *life, at string) {
	l.ID = l.id(at)
	c.enter(l.ID)
	c.days("PreHire", l.PreHire)
	c.days("EnableBefore", l.EnableBefore)
	c.days("DeleteAfter", l.DeleteAfter)
	c.days("LeaveAfter", l.LeaveAfter)
	c.days("Rehire.Within", l.Rehire.Within)
	if l.PreHire > 0 && l.EnableBefore > l.PreHire {
		c.fail("", "EnableBefore (%d) is more than PreHire (%d): the account would be enabled before it exists",
			l.EnableBefore, l.PreHire)
	}
	switch {
	case l.Leave > DisableOnLeave:
		c.fail("", "Leave: %d does not exist", uint8(l.Leave))
	case l.Leave != DisableOnLeave && (l.LeaveAfter != 0 || l.LeaveSince != ""):
		c.fail("", "LeaveAfter and LeaveSince have a meaning with DisableOnLeave only")
	case (l.LeaveAfter != 0) != (l.LeaveSince != ""):
		c.fail("", "a leave that disables some days later needs both the days and the field with its first day")
	case l.LeaveSince != "":
		l.leaveSince = c.dateField(l.LeaveSince)
	}
	l.zone = c.zone(l.Clock)
	c.expiry(l)
	// An account that is enabled early has to exist by then.
	l.PreHire = max(l.PreHire, l.EnableBefore)
}

func (c *checker) dateField(f DateField) *node {
	n := f.date()
	if ref := c.find(n.field); ref != nil {
		n.field = ref.name
	}
	return c.date(n)
}

func (c *checker) expiry(l *life) {
	x := l.Expire
	if x == (Expiry{}) {
		return
	}
	l.expireWhen = c.condition(x.When)
	if x.On == nil {
		c.fail("", "Expire: the day is not set")
		return
	}
	n := x.On.date()
	if n != nil && n.op == opRaw {
		n = c.lowerDate(n)
	}
	l.expireOn = c.fixedDate(n)
	if x.Missing > ReportIt {
		c.fail("", "Expire.Missing: %d does not exist", uint8(x.Missing))
	}
}

func (c *checker) attribute(spec *Attribute, at string) attribute {
	a := attribute{
		id: spec.id(at), name: spec.Set, apply: spec.Apply, ifMissing: spec.IfMissing, secret: spec.Secret,
	}
	c.enter(a.id)
	if spec.Set == "" || !clean(spec.Set) {
		c.fail("", "attribute name %q: want a name", spec.Set)
	}
	if spec.Apply > target.IfEmpty {
		c.fail("", "Apply: %d does not exist", uint8(spec.Apply))
	}
	if spec.IfMissing > Block {
		c.fail("", "IfMissing: %d does not exist", uint8(spec.IfMissing))
	}
	a.when = c.optional(spec.When)
	values := 0
	for _, there := range []bool{spec.To != nil, spec.Secret, spec.Unique != nil, spec.Pick != nil} {
		if there {
			values++
		}
	}
	switch {
	case values > 1:
		c.fail("", "want only one of To, Pick, Unique and Secret")
	case values == 0:
		c.fail("", "To is not set")
	case (spec.Secret || spec.Unique != nil) && (spec.IfMissing != Keep || spec.Apply == target.IfEmpty):
		c.fail("", "a value that is made at the create: IfMissing and IfEmpty have no meaning")
	case spec.Secret:
		a.apply = target.CreateOnly
	case spec.Unique != nil && !spec.When.IsZero():
		c.fail("", "a unique value is made for everybody who gets the account: it has no condition of its own")
	case spec.Unique != nil:
		a.apply = target.CreateOnly
		a.unique = c.unique(spec.Unique)
	case spec.Pick != nil:
		a.choices = c.choices(spec.Pick)
	default:
		a.to = c.value(spec.To.value(), false)
	}
	return a
}

// maxCandidates bounds how many names are tried for one person.
const maxCandidates = 1000

func (c *checker) unique(spec *Unique) *unique {
	u := &unique{Unique: *spec}
	if u.Max == 0 {
		u.Max = 50
	}
	if u.Max < 1 || u.Max > maxCandidates {
		c.fail("", "Max: %d numbers: want 1 to %d", u.Max, maxCandidates)
	}
	c.days("NeverReuse", u.NeverReuse)
	if len(u.Try) == 0 {
		c.fail("", "there is nothing to try")
	}
	c.counter = true
	for _, v := range u.Try {
		var n *node
		if v != nil {
			n = v.value()
		}
		u.try = append(u.try, c.value(n, true))
	}
	c.counter = false
	return u
}

func (c *checker) choices(list []Choice) []choice {
	var out []choice
	if len(list) == 0 {
		c.fail("", "a pick without choices")
	}
	for i := range list {
		if list[i].Give != "" || list[i].To == nil {
			c.fail("", "choice %d of an attribute: want To, and no Give", i+1)
			continue
		}
		out = append(out, choice{
			when: c.condition(list[i].When), rank: list[i].Rank, to: c.value(list[i].To.value(), false), number: i + 1,
		})
	}
	slices.SortStableFunc(out, func(a, b choice) int { return cmp.Compare(b.rank, a.rank) })
	return out
}

// accountsTogether checks what no two TargetSpecs may contradict each other in.
func (c *checker) accountsTogether() {
	seen := map[string]bool{}
	strengths := map[[2]string]target.Strength{}
	for i := range c.accounts {
		a := &c.accounts[i]
		at := placeName(a.target, a.slot)
		if seen[at] {
			c.enter(a.id)
			c.fail("", "target %s is declared twice; two accounts of one person need different slots", at)
		}
		seen[at] = true
		for _, x := range a.attributes {
			k := [2]string{a.target, x.name}
			if s, ok := strengths[k]; ok && s != x.apply {
				c.enter(x.id)
				c.fail("", "Apply is %s here and %s in another slot of %s", x.apply, s, a.target)
			}
			strengths[k] = x.apply
		}
	}
}

func (c *checker) noPlace(text, at string) {
	places := c.places()
	near := words.Nearest(at, places)
	if near == "" && len(places) > 0 && len(places) < 8 {
		c.fail("", "%q: there is no target %q, only %s", text, at, strings.Join(places, ", "))
		return
	}
	c.fail(near, "%q: there is no target %q", text, at)
}

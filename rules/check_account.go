package rules

import (
	"cmp"
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
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
		c.fail("", c.wording(`name %q: want a name without "/" and "~"`, `the name of a target cannot be %q: it has neither "/" nor blanks at its ends`), t.Target)
	}
	if !validSlot(t.Slot) {
		c.fail(c.wording("", t.Target+"~"+strings.ToLower(t.Slot)), `slot %q: want lower-case letters, digits and "-"`, t.Slot)
	}
	if t.Account.IsZero() {
		c.noAccount(at)
		a.cond = &node{op: opBad}
	} else {
		a.cond = c.condition(t.Account)
	}
	c.lifecycle(&a.life, at)
	c.enter(a.id)
	c.rule = "label." + at
	c.point("label")
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
		if i > 0 && a.attributes[i-1].name == x.name && x.name != "" && !c.twice[x.id] {
			first := a.attributes[i-1].id
			if c.layer[first] > c.layer[x.id] {
				c.enter(first)
			} else {
				c.enter(x.id)
			}
			c.point("set")
			c.fail("", "attribute %s is set by both %s and %s", x.name, first, x.id)
		}
	}
	return a
}

// noAccount reports a target of which something is said, but not who has an
// account there.
func (c *checker) noAccount(at string) {
	if c.at.IsZero() {
		c.fail("", "nothing says who has an account on %s: to mean everybody write rules.Everyone", at)
		return
	}
	if !c.lacks["account"] {
		c.fail(c.nearest(at, c.named), "account does not say who has one on %s: write there a line such as %s: %s", at, at, everyone)
	}
}

func (c *checker) lifecycle(l *life, at string) {
	l.ID = l.id(at)
	c.enter(l.ID)
	c.days("PreHire", l.PreHire, "create")
	c.days("EnableBefore", l.EnableBefore, "enable")
	c.days("DeleteAfter", l.DeleteAfter, "delete")
	c.days("LeaveAfter", l.LeaveAfter, "leave")
	c.days("Rehire.Within", l.Rehire.Within, "rehire", "within")
	if l.PreHire > 0 && l.EnableBefore > l.PreHire {
		c.point("enable")
		c.say("", c.wording("EnableBefore (%d) is more than PreHire (%d): the account would be enabled before it exists",
			"enable is %d days before the start and create %d: the account would be enabled before it exists"), l.EnableBefore, l.PreHire)
	}
	c.point("leave")
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
	c.point("clock")
	l.zone = c.zone(l.Clock)
	c.point("expire")
	c.expiry(l)
	c.point()
	// An account that is enabled early has to exist by then.
	l.PreHire = max(l.PreHire, l.EnableBefore)
}

func (c *checker) dateField(f DateField) *node {
	n := f.date()
	n.at = spotAt(c.at)
	ref := c.find(n.field)
	if ref != nil {
		n.field = ref.name
	}
	if ref != nil && ref.kind != source.FieldDate && !ref.broken && !c.at.IsZero() {
		c.say("", "leave counts from a date, and %s is a %s", ref.name, kindName(ref.kind))
		return bad(n)
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
		c.point("set")
		c.fail("", "attribute name %q: %s", spec.Set, c.wording("want a name", wrongName(spec.Set)))
		c.point()
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
		c.fail("", "%s", c.wording("want only one of To, Pick, Unique and Secret", "an attribute has only one of to, pick, unique and secret"))
	case values == 0:
		c.fail("", "%s", c.wording("To is not set", "the attribute has no value: write to: and a field such as job_title, or pick, unique or secret"))
	case (spec.Secret || spec.Unique != nil) && (spec.IfMissing != Keep || spec.Apply == target.IfEmpty):
		if c.point("if_missing"); spec.IfMissing == Keep {
			c.point("apply")
		}
		c.fail("", "%s", c.wording("a value that is made at the create: IfMissing and IfEmpty have no meaning",
			"the value is made once, together with the account: leave this line out"))
		c.point()
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

// maxPatterns bounds how many patterns a unique name has.
const maxPatterns = 20

// maxCandidates bounds how many names are tried for one person.
const maxCandidates = 1000

func (c *checker) unique(spec *Unique) *unique {
	u := &unique{Unique: *spec}
	if u.Max == 0 {
		u.Max = 50
	}
	if u.Max < 1 || u.Max > maxCandidates {
		c.point("unique", "max")
		c.fail("", c.wording("Max: %d numbers: want 1 to %d", "max is %d, and has to be 1 to %d"), u.Max, maxCandidates)
		c.point()
	}
	if len(u.Try) > maxPatterns {
		c.fail("", "%d patterns to try: at most %d", len(u.Try), maxPatterns)
	}
	c.days("NeverReuse", u.NeverReuse, "unique", "never_reuse_for")
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
	type first struct {
		account   int
		attribute *attribute
	}
	known := map[[2]string]first{}
	for i := range c.accounts {
		a := &c.accounts[i]
		for n := range a.attributes {
			x, k := &a.attributes[n], [2]string{a.target, a.attributes[n].name}
			other, ok := known[k]
			if ok && other.account != i && other.attribute.apply != x.apply {
				c.strengths(a.target, other.attribute, x)
			}
			if !ok {
				known[k] = first{i, x}
			}
		}
	}
}

// strengths reports two attributes of one name that are not written alike, at that of
// the later layer.
func (c *checker) strengths(name string, other, here *attribute) {
	if c.layer[other.id] > c.layer[here.id] {
		other, here = here, other
	}
	c.enter(here.id)
	c.point("apply")
	c.say("", "%s is %s here and %s in another slot of %s%s", c.wording("Apply", "apply"),
		c.wording(here.apply.String(), applied(here.apply)), c.wording(other.apply.String(), applied(other.apply)), name,
		c.wording("", ": write the same in both"))
}

// applied is the word of rule files for a strength.
func applied(s target.Strength) string { return cmp.Or(strengthWord(s), "always") }

// noPlace reports a target that is not there.
func (c *checker) noPlace(prefix, at string) {
	if c.lacks["account"] {
		return
	}
	places := c.places()
	near := c.nearest(at, places)
	if near == "" && len(places) > 0 && len(places) < 8 {
		c.say("", "%sthere is no target %q, only %s", prefix, at, strings.Join(places, ", "))
		return
	}
	c.say(near, "%sthere is no target %q", prefix, at)
}

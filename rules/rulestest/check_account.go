package rulestest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// Account checks the state of an account, named "app", or "app~admin" for a slot.
func (c *Case) Account(account string, state target.State) *Case {
	c.t.Helper()
	d := c.decided()
	name, slot := c.place(account)
	c.subjects = []subject{{name, slot, rules.SubjectAccount}}
	if got := desired(d.Decision, name, slot).State; got != state {
		c.fail(d.why(name, slot, rules.SubjectAccount), "the account %s should be %s, and is %s", account, state, got)
	}
	return c
}

// Attribute checks what the rules want in an attribute; without values, that they
// want nothing there. Of an attribute that is chosen at the create it is the first
// name that may be tried: see [Case.Name].
func (c *Case) Attribute(account, attribute string, values ...string) *Case {
	c.t.Helper()
	d := c.decided()
	name, slot := c.place(account)
	if err := c.set.attribute(name, attribute); err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
	c.subjects = []subject{{name, slot, rules.SubjectAttribute(attribute)}}
	got, want := d.attribute(name, slot, attribute), slices.Sorted(slices.Values(values))
	if !slices.Equal(got, want) {
		c.fail(d.why(name, slot, rules.SubjectAttribute(attribute)), "attribute %s of %s should be %s, and is %s",
			attribute, account, quoted(want), quoted(got))
	}
	return c
}

// attribute returns the values that the rules want in an attribute, sorted.
func (d decided) attribute(name, slot, attribute string) []string {
	if d.set.rules.Candidates(d.Person.Person, d.At, name, slot, attribute) != nil {
		if state := desired(d.Decision, name, slot).State; state != target.Enabled && state != target.Disabled {
			return nil
		}
		if value, ok := d.set.rules.ChooseName(d.Person.Person, d.At, name, slot, attribute); ok {
			return []string{value}
		}
		return nil
	}
	return desired(d.Decision, name, slot).Attributes.Values(attribute)
}

// Name checks which name the person gets in a unique attribute when the account is
// made, others having those of [Case.Taken]. The empty text is that none is left.
func (c *Case) Name(account, attribute, value string) *Case {
	c.t.Helper()
	d := c.decided()
	name, slot := c.place(account)
	who := d.Person.Person
	for _, text := range c.taken {
		who.Reserved = append(slices.Clip(who.Reserved), rules.Reserved{Target: name, Attribute: attribute, Value: text})
	}
	candidates := c.set.rules.Candidates(who, d.At, name, slot, attribute)
	if candidates == nil {
		c.t.Fatalf("%s: the rules choose no name in attribute %q of %s: say Attribute if it has a value", c.name, attribute, account)
	}
	c.subjects = []subject{{name, slot, rules.SubjectAttribute(attribute)}}
	if got, _ := c.set.rules.ChooseName(who, d.At, name, slot, attribute); got != value {
		c.fail("", "the name in %s of %s should be %q, and is %q; tried are %s, taken are %s",
			attribute, account, value, got, some(candidates), some(c.taken))
	}
	return c
}

// Next checks on which day time alone alters anything the next time, where the person
// works. It may be an instant too; "never" is that nothing does.
func (c *Case) Next(day string) *Case {
	c.t.Helper()
	d := c.decided()
	got := d.Decision.Next
	want := time.Time{}
	if day != never {
		want = c.instant(day)
	}
	if got.IsZero() != (day == never) || day != never && !sameTime(got, want, day, d.zone()) {
		c.fail("", "something should change on %s, and does on %s", day, nextText(got, d.zone()))
	}
	return c
}

// never is how tests write that time alone alters nothing.
const never = "never"

func nextText(at time.Time, zone *time.Location) string {
	if at.IsZero() {
		return never
	}
	return at.In(zone).Format(time.RFC3339)
}

// Misses checks the fields without which something stayed undecided; without any,
// that nothing did.
func (c *Case) Misses(fields ...string) *Case {
	c.t.Helper()
	d := c.decided()
	var want []string
	for _, field := range fields {
		name, err := c.set.fields.looked(field)
		if err != nil {
			c.t.Fatalf("%s: %v", c.name, err)
		}
		want = append(want, name)
	}
	slices.Sort(want)
	if got := lacking(d.Decision); !slices.Equal(got, want) {
		c.fail(d.all(), "the fields %s should be missing, and it is %s", quoted(want), quoted(got))
	}
	return c
}

// Noted checks the codes of what somebody should look at, such as rules.CodeConflict;
// without any, that there is nothing.
func (c *Case) Noted(codes ...string) *Case {
	c.t.Helper()
	d := c.decided()
	want := slices.Sorted(slices.Values(codes))
	if got := noted(d.Decision); !slices.Equal(got, want) {
		c.fail(d.all(), "it should be noted %s, and is %s", quoted(want), quoted(got))
	}
	return c
}

func (c *Case) place(account string) (name, slot string) {
	c.t.Helper()
	name, slot, err := c.set.place(account)
	if err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
	return name, slot
}

// quoted writes values for messages.
func quoted(values []string) string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		out = append(out, fmt.Sprintf("%q", v))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

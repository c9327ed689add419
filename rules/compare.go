package rules

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A Diff is what another rule set would make of people: who would gain or lose
// what, and by which rules. See [Compare]. Its JSON form has the same names.
type Diff struct {
	Old    string    `json:"old"` // hashes of the sets
	New    string    `json:"new"`
	At     time.Time `json:"at"`
	People int       `json:"people"` // that were compared
	// Changed are the people for whom something differs, by ID.
	Changed []PersonDiff `json:"changed"`
	// Rules sums up which rules are behind it, by how many people they concern,
	// then by ID.
	Rules []RuleDiff `json:"rules"`
}

// PersonDiff is what differs for one person.
type PersonDiff struct {
	Identity string       `json:"identity"`
	Label    string       `json:"label,omitempty"` // what people recognise, as plans have it
	Changes  []Difference `json:"changes"`
}

// Gain is the direction of a difference. As text it is "gains", "loses" or
// "alters".
type Gain int8

// The directions. Nobody gains what is only undecided, kept or asked for, and who
// has it loses it only where it is not given at all.
const (
	Loses  Gain = -1
	Alters Gain = 0 // another value, neither more nor less
	Gains  Gain = 1
)

// A Difference is one subject that comes out differently.
type Difference struct {
	Target  string `json:"target"`
	Slot    string `json:"slot,omitempty"`
	Subject string `json:"subject"` // as in [Explanation]
	Gain    Gain   `json:"gain"`
	// Before and After are as [Explanation.Outcome]; of attributes whose value
	// names or reaches a person they are masked.
	Before string `json:"before"`
	After  string `json:"after"`
	// Rule is the ID of the rule that decides it: in the new set, or in the old one
	// for what the new one does not give; "" if no single rule does.
	Rule string `json:"rule,omitempty"`
}

// RuleDiff sums up what a rule is behind.
type RuleDiff struct {
	Rule   string `json:"rule"`
	People int    `json:"people"` // with any difference by this rule
	Gains  int    `json:"gains"`  // differences
	Losses int    `json:"losses"`
	Alters int    `json:"alters"`
}

// Compare decides for everybody by two sets at one instant and tells what differs:
// what a change of rules would do, before it is made. Either set may be nil, which
// wants nothing for anybody. It writes nothing and depends on its arguments alone;
// people are taken in any order.
func Compare(before, after *Set, people iter.Seq[Person], at time.Time) *Diff {
	c := comparison{at: at, old: side(before), now: side(after)}
	d := &Diff{Old: c.old.hash(), New: c.now.hash(), At: at.UTC()}
	for p := range people {
		if p.Identity == nil {
			continue
		}
		d.People++
		if x, differs := c.person(p); differs {
			d.Changed = append(d.Changed, x)
		}
	}
	slices.SortStableFunc(d.Changed, func(a, b PersonDiff) int { return cmp.Compare(a.Identity, b.Identity) })
	d.sum()
	return d
}

// Identities makes a sequence of people of whom nothing else is known.
func Identities(people iter.Seq[*source.Identity]) iter.Seq[Person] {
	return func(yield func(Person) bool) {
		for i := range people {
			if !yield(Person{Identity: i}) {
				return
			}
		}
	}
}

// compared is one side of a comparison.
type compared struct {
	set     *Set
	decider *Decider
	list    []AccountDecision
}

func side(s *Set) compared {
	if s == nil {
		return compared{}
	}
	return compared{set: s, decider: s.Decider()}
}

func (c *compared) hash() string {
	if c.set == nil {
		return ""
	}
	return c.set.hash
}

// decide decides without looking ahead.
func (c *compared) decide(p Person, at time.Time) {
	if c.set == nil {
		return
	}
	c.decider.now.begin(p, at)
	c.list = c.decider.now.accounts(c.list)
	c.decider.now.again = true
}

// find returns what is wanted on a target and slot; the account is nil for what
// the set does not speak of.
func (c *compared) find(name, slot string) (*account, *target.Desired) {
	if c.set == nil {
		return nil, nil
	}
	a := c.set.find(name, slot)
	if a == nil {
		return nil, nil
	}
	return a, &c.list[a.index].Desired
}

type comparison struct {
	at       time.Time
	old, now compared
}

// person compares what two sets want for one person.
func (c *comparison) person(p Person) (PersonDiff, bool) {
	c.old.decide(p, c.at)
	c.now.decide(p, c.at)
	x := PersonDiff{Identity: p.Identity.ID}
	for i := range c.now.list {
		d := &c.now.list[i]
		_, was := c.old.find(d.Target, d.Desired.Key.Slot)
		if x.Label == "" {
			x.Label = d.Desired.Label
		}
		c.account(p, d.Target, was, &d.Desired, &x)
	}
	for i := range c.old.list {
		d := &c.old.list[i]
		if _, is := c.now.find(d.Target, d.Desired.Key.Slot); is == nil {
			if x.Label == "" {
				x.Label = d.Desired.Label
			}
			c.account(p, d.Target, &d.Desired, nil, &x)
		}
	}
	return x, len(x.Changes) > 0
}

// account compares one account. Nothing wanted counts as no account.
func (c *comparison) account(p Person, name string, was, is *target.Desired, x *PersonDiff) {
	none := target.Desired{State: target.None}
	if was == nil {
		none.Key = is.Key
		was = &none
	}
	if is == nil {
		none.Key = was.Key
		is = &none
	}
	if was.State == is.State && was.Attributes == is.Attributes && sameWishes(was, is) {
		return
	}
	slot := is.Key.Slot
	if was.State != is.State {
		x.Changes = append(x.Changes, Difference{
			Target: name, Slot: slot, Subject: SubjectAccount, Gain: stateGain(was.State, is.State),
			Before: was.State.String(), After: is.State.String(), Rule: c.rule(p, name, slot, SubjectAccount),
		})
	}
	c.attributes(p, name, was, is, x)
	c.entitlements(p, name, was, is, x)
}

// sameWishes reports whether two decisions want the same entitlements and clear the
// same attributes.
func sameWishes(a, b *target.Desired) bool {
	return slices.Equal(a.Entitlements, b.Entitlements) && slices.Equal(a.Undecided, b.Undecided) &&
		slices.Equal(a.Ask, b.Ask) && slices.Equal(a.Clear, b.Clear) && slices.Equal(a.Secrets, b.Secrets) &&
		slices.Equal(keeps(a), keeps(b))
}

// open ranks states by how much they let somebody do; undecided is in between.
func open(s target.State) int {
	switch s {
	case target.Enabled:
		return 3
	case target.Undecided:
		return 2
	case target.Disabled:
		return 1
	default:
		return 0
	}
}

// stateGain is the direction of a state; one that is undecided is none.
func stateGain(before, after target.State) Gain {
	if after == target.Undecided {
		return Alters
	}
	return Gain(cmp.Compare(open(after), open(before)))
}

func (c *comparison) attributes(p Person, name string, was, is *target.Desired, x *PersonDiff) {
	if was.Attributes == is.Attributes && slices.Equal(was.Clear, is.Clear) {
		return
	}
	var names []string
	for n := range was.Attributes.All() {
		names = append(names, n)
	}
	for n := range is.Attributes.All() {
		names = append(names, n)
	}
	names = append(append(names, was.Clear...), is.Clear...)
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		before, after := valueOf(was, n), valueOf(is, n)
		if before == after {
			continue
		}
		d := Difference{Target: name, Slot: is.Key.Slot, Subject: SubjectAttribute(n), Before: before, After: after}
		if c.sensitive(name, is.Key.Slot, n) {
			d.Before, d.After = hidden(before), hidden(after)
		}
		d.Rule = c.rule(p, name, is.Key.Slot, d.Subject)
		x.Changes = append(x.Changes, d)
	}
}

// masked stands for a value that names or reaches a person.
const masked = "(sensitive)"

func hidden(value string) string {
	switch value {
	case noOpinion, "cleared":
		return value
	}
	return masked
}

// sensitive reports whether an attribute is made of what names or reaches a person,
// in one of the sets.
func (c *comparison) sensitive(name, slot, attribute string) bool {
	for _, s := range []*compared{&c.old, &c.now} {
		a, _ := s.find(name, slot)
		if a == nil {
			continue
		}
		for _, x := range a.attributes {
			if x.name != attribute {
				continue
			}
			if x.to != nil && sensitive(x.to) || slices.ContainsFunc(x.choices, func(y choice) bool { return sensitive(y.to) }) {
				return true
			}
		}
	}
	return false
}

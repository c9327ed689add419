package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// choice is an attribute of a new account whose value is to be chosen.
type choice struct {
	n          *node
	rule       target.Unique
	candidates []string
}

// choose gives every new account the names that are chosen once, one account after
// the other in the order of keys. An account that is there keeps what it has.
func (p *planner) choose() {
	choices := p.choices()
	if len(choices) == 0 {
		return
	}
	if p.in.Candidates != nil {
		sideBySide(choices, worthwhile, func(part []choice) {
			for i := range part {
				part[i].candidates = p.in.Candidates(part[i].n.Key, part[i].rule.Attribute)
			}
		})
	}
	chooser := p.newChooser(choices)
	labels := map[target.Key]string{}
	for i := range choices {
		c := &choices[i]
		value, why := chooser.pick(c)
		if why != "" {
			c.n.hold(InConflict, why, false)
			continue
		}
		at := p.attributes[c.rule.Attribute]
		c.n.Fields = append(c.n.Fields, at.field(nil, []string{value}))
		slices.SortFunc(c.n.Fields, func(a, b FieldChange) int { return cmp.Compare(a.Name, b.Name) })
		if c.n.Label == "" && !at.Sensitive && !p.secret(value, p.wanted(c.n.Key).Attributes) {
			labels[c.n.Key] = value
		}
	}
	p.relabel(labels)
}

// choices lists what is to be chosen, by key.
func (p *planner) choices() []choice {
	if len(p.in.Owned.Unique) == 0 {
		return nil
	}
	rules := slices.Clone(p.in.Owned.Unique)
	slices.SortFunc(rules, func(a, b target.Unique) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Attribute, b.Attribute), cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.NeverReuse, b.NeverReuse))
	})
	rules = slices.CompactFunc(rules, func(a, b target.Unique) bool { return a.Slot == b.Slot && a.Attribute == b.Attribute })
	var out []choice
	for _, n := range p.nodes {
		if n.Action != Create {
			continue
		}
		for _, u := range rules {
			_, usable := p.attributes[u.Attribute]
			if u.Slot == n.Key.Slot && usable && n.field(u.Attribute) == nil {
				out = append(out, choice{n: n, rule: u})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b choice) int { return a.n.Key.Compare(b.n.Key) })
	return out
}

// chooser knows which names are free.
type chooser struct {
	p *planner
	// written are the names that the plan writes to other accounts, or has chosen.
	written map[Name]bool
	// held are the names of all accounts, for attributes that the snapshot does not
	// index.
	held map[Name]bool
}

func (p *planner) newChooser(choices []choice) *chooser {
	c := &chooser{p: p, written: map[Name]bool{}, held: map[Name]bool{}}
	seen := map[string]bool{}
	for i := range choices {
		name := choices[i].rule.Attribute
		if seen[name] {
			continue
		}
		seen[name] = true
		at := p.attributes[name]
		for _, n := range p.nodes {
			if f := n.field(name); f != nil {
				for _, v := range f.After {
					c.written[NameOf(at.AttributeSpec, v)] = true
				}
			}
		}
		if p.in.Scope.whole && at.Unique {
			continue
		}
		for _, accounts := range [][]target.Account{p.managed, p.unmanaged} {
			for j := range accounts {
				for _, v := range accounts[j].Attributes.Values(name) {
					c.held[NameOf(at.AttributeSpec, v)] = true
				}
			}
		}
	}
	return c
}

// pick returns the first candidate that is free, or why there is none.
func (c *chooser) pick(of *choice) (value, why string) {
	at := c.p.attributes[of.rule.Attribute]
	in := inRule(of.rule.Rule)
	if at.WriteOnly {
		return "", "no " + at.Name + " is chosen: it cannot be read back, so nobody knows which are taken" + in
	}
	tried := slices.DeleteFunc(slices.Clone(of.candidates), func(v string) bool { return v == "" })
	if len(tried) == 0 {
		return "", "no " + at.Name + " is chosen: the rules give no candidate" + in
	}
	for _, v := range tried {
		name := NameOf(at.AttributeSpec, v)
		if c.written[name] || c.held[name] || c.p.reserved(name, of.n.Key) {
			continue
		}
		taken, known := c.taken(at, name, v)
		if !known {
			return "", "no " + at.Name + " is chosen: the target cannot be asked who has one" + in
		}
		if !taken {
			c.written[name] = true
			return v, ""
		}
	}
	return "", "no " + at.Name + " is chosen: " + exhausted(at, tried) + in
}

func (p *planner) reserved(n Name, key target.Key) bool {
	for _, kept := range [2]Name{n, p.in.Masks.Name(n)} { // it may be older than the masks
		if p.in.History.Reserved[kept].Bars(key, n.Attribute, p.in.Owned.Unique, p.in.At) {
			return true
		}
	}
	return false
}

// taken reports whether an account has the name. A plan for one person knows it of
// the names that were looked up; of others the target itself refuses the second, if
// it says that the attribute is unique.
func (c *chooser) taken(at attribute, name Name, value string) (taken, known bool) {
	if !c.p.in.Scope.whole {
		taken, known = c.p.in.Taken[name]
		return taken, known || at.Unique
	}
	if !at.Unique {
		return false, true // not held, or it would be in held
	}
	for range c.p.in.Scope.actual.Holders(at.Name, value) {
		return true, true
	}
	return false, true
}

func exhausted(at attribute, tried []string) string {
	text := "all " + plural(len(tried), "candidate is", "candidates are") + " taken or reserved"
	if len(tried) == 1 {
		text = "the only candidate is taken or reserved"
	}
	if at.Sensitive {
		return text
	}
	quoted := make([]string, 0, shown)
	for _, v := range tried[:min(len(tried), shown)] {
		quoted = append(quoted, quote(v))
	}
	text += ": " + strings.Join(quoted, ", ")
	if len(tried) > shown {
		text += " …"
	}
	return text
}

// relabel names new accounts by what was chosen for them, where the rules give no
// other label.
func (p *planner) relabel(labels map[target.Key]string) {
	if len(labels) == 0 {
		return
	}
	for _, n := range p.nodes {
		if n.Label == "" && n.Account == "" {
			n.Label = labels[n.Key]
		}
	}
}

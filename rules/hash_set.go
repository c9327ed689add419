package rules

import (
	"cmp"
	"slices"
)

func hashOf(s *Set, spec *Spec) string {
	e := &encoder{b: make([]byte, 0, 16<<10)}
	e.text("provision rules 2")
	e.text(s.name)
	e.declared(spec.Fields)
	e.node(s.scope.when)
	e.bool(s.scope.close)
	accounts := make([]*account, len(s.accounts))
	for i := range s.accounts {
		accounts[i] = &s.accounts[i]
	}
	slices.SortFunc(accounts, func(a, b *account) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.slot, b.slot))
	})
	e.int(len(accounts))
	for _, a := range accounts {
		e.account(a)
	}
	e.int(len(s.grants))
	for i := range s.grants {
		e.grant(s, &s.grants[i])
	}
	e.int(len(s.never))
	for i := range s.never {
		n := &s.never[i]
		e.text(n.id)
		e.node(n.when)
		e.gifts(s, n.take)
	}
	e.int(len(s.duties))
	for i := range s.duties {
		d := &s.duties[i]
		e.text(d.id)
		e.gifts(s, d.roles)
		e.int(int(d.do))
		e.text(d.by)
	}
	e.int(len(s.budgets))
	for _, b := range s.budgets {
		e.text(b.Rule)
		e.text(b.target)
		e.int(len(b.Entitlements))
		for _, x := range b.Entitlements {
			e.text(x.String())
		}
		e.int(b.Seats)
	}
	e.int(len(s.protect))
	for i := range s.protect {
		p := &s.protect[i]
		e.text(p.id)
		e.texts(p.who)
		e.node(p.when)
	}
	return e.sum()
}

func (e *encoder) declared(fields []FieldSpec) {
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b FieldSpec) int { return cmp.Compare(a.Name, b.Name) })
	e.int(len(fields))
	for _, f := range fields {
		e.text(f.Name)
		e.int(int(f.Type))
		words := slices.Clone(f.Values)
		slices.Sort(words)
		e.texts(slices.Compact(words))
		e.bool(f.PII)
	}
}

func (e *encoder) account(a *account) {
	e.text(a.target)
	e.text(a.slot)
	e.node(a.cond)
	e.node(a.label)
	l := &a.life
	e.text(l.ID)
	e.ints(l.PreHire, l.EnableBefore, int(l.Leave), l.LeaveAfter, l.DeleteAfter, l.Rehire.Within, int(l.Expire.Missing))
	e.bools(l.EndSessions, l.Handover, l.Rehire.Hold)
	e.text(zoneText(l.zone.Location))
	e.node(l.leaveSince)
	e.node(l.expireWhen)
	e.node(l.expireOn)
	e.int(len(a.attributes))
	for i := range a.attributes {
		e.attribute(&a.attributes[i])
	}
	e.int(len(a.requires))
	for i := range a.requires {
		q := &a.requires[i]
		e.text(q.id)
		e.node(q.when)
		e.node(q.must)
		e.bool(q.report)
	}
}

func (e *encoder) attribute(x *attribute) {
	e.text(x.id)
	e.text(x.name)
	e.node(x.to)
	e.node(x.when)
	e.ints(int(x.apply), int(x.ifMissing))
	e.bools(x.secret, x.unique != nil)
	if u := x.unique; u != nil {
		e.ints(u.Max, u.NeverReuse)
		e.nodes(u.try)
	}
	e.int(len(x.choices))
	for _, y := range x.choices {
		e.int(y.rank)
		e.node(y.when)
		e.node(y.to)
	}
}

func (e *encoder) grant(s *Set, g *grant) {
	e.text(g.id)
	e.ints(g.number, g.grace, g.rank)
	e.bools(g.pick > 0, g.approval != nil)
	if g.table == nil {
		e.node(g.when)
	} else if e.node(g.own); g.number == 1 {
		e.table(g.table) // once: the rows of one need those before them
	}
	e.gifts(s, g.gives)
	if p := g.approval; p != nil {
		e.text(p.by)
		e.node(p.when)
		e.int(p.days)
		e.bool(p.keepIfDenied)
	}
	e.int(len(g.except))
	for _, x := range g.except {
		e.text(x.Who)
		e.text(x.Until.String())
		e.text(x.Why)
	}
}

func (e *encoder) table(t *table) {
	e.text(t.name)
	e.bool(t.first)
	e.nodes(t.in)
	e.rows(t.rows)
	e.texts(t.otherwise)
}

// gifts writes entitlements in an order that does not depend on how they were
// listed.
func (e *encoder) gifts(s *Set, list []gift) {
	names := make([]string, len(list))
	for i, g := range list {
		names[i] = roleName(&s.accounts[g.account], g.entitlement)
	}
	slices.Sort(names)
	e.texts(slices.Compact(names))
}

// RuleHash identifies the content of one grant, pick or separation of duties by
// its ID, as [Set.Hash] does that of all, with what is declared of the custom fields
// that it looks at; "" for an ID that the set does not have. Approvals bind to it:
// see [Approved].
func (s *Set) RuleHash(id string) string {
	e := &encoder{}
	found := false
	var asked []*node
	for i := range s.grants {
		if g := &s.grants[i]; g.id == id {
			found = true
			e.grant(s, g)
			if g.table == nil {
				asked = g.when.fields(asked)
			} else if g.number == 1 {
				asked = append(g.own.fields(asked), g.table.in...)
			}
			if g.approval != nil && g.approval.when != nil {
				asked = g.approval.when.fields(asked)
			}
		}
	}
	for i := range s.duties {
		if d := &s.duties[i]; d.id == id {
			found = true
			e.gifts(s, d.roles)
			e.int(int(d.do))
			e.text(d.by)
		}
	}
	if !found {
		return ""
	}
	e.asked(asked)
	return e.sum()
}

// asked writes what is declared of custom fields, as far as it can alter a decision.
func (e *encoder) asked(fields []*node) {
	refs := map[string]*fieldRef{}
	for _, n := range fields {
		if n.ref.custom {
			refs[n.ref.name] = n.ref
		}
	}
	e.int(len(refs))
	for _, name := range sortedKeys(refs) {
		f := refs[name]
		words := slices.Clone(f.words)
		slices.Sort(words)
		e.text(name)
		e.int(int(f.kind))
		e.texts(slices.Compact(words))
	}
}

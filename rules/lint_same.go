package rules

// sameRules looks for rules with the content of another one.
func (l *linter) sameRules() {
	s := l.set
	seen := map[string]*condition{}
	note := func(kind RuleKind, id string, write func(e *encoder)) {
		e := &encoder{}
		e.text(string(kind))
		write(e)
		c := &condition{kind: kind, rule: id, pos: s.pos[id]}
		first, again := seen[string(e.b)]
		if !again {
			seen[string(e.b)] = c
			return
		}
		l.same[id] = true
		l.say(LintSame, c, first, "is the same as "+first.place()+". Remove one of them")
	}
	of := map[string][]int{} // grants by rule
	for n := range s.grants {
		of[s.grants[n].id] = append(of[s.grants[n].id], n)
	}
	grants := func(id string) func(e *encoder) {
		return func(e *encoder) {
			for _, n := range of[id] {
				g := s.grants[n]
				g.id = ""
				if g.table != nil { // one row stands for all of them
					e.text(g.table.name)
					g.number, g.when, g.gives = 0, g.own, nil
				}
				e.grant(s, &g)
				if g.table != nil {
					return
				}
			}
		}
	}
	for i := range s.spec.Grants {
		note(KindGrant, s.spec.Grants[i].ID, grants(s.spec.Grants[i].ID))
	}
	for n := range s.grants {
		l.skip[n] = l.same[s.grants[n].id]
	}
	for _, t := range s.tables {
		note(KindTable, tablePrefix+t.name, func(e *encoder) {
			e.bool(t.first)
			e.nodes(t.in)
			e.rows(t.rows)
			e.texts(t.otherwise)
		})
	}
	nevers := map[string]*never{}
	for i := range s.never {
		nevers[s.never[i].id] = &s.never[i]
	}
	for i := range s.spec.Never {
		n := nevers[s.spec.Never[i].ID]
		note(KindNever, n.id, func(e *encoder) {
			e.node(n.when)
			e.gifts(s, n.take)
		})
	}
	l.sameLimits(note)
}

// sameLimits is sameRules for what only bounds what others give.
func (l *linter) sameLimits(note func(kind RuleKind, id string, write func(e *encoder))) {
	s := l.set
	for i := range s.duties {
		d := &s.duties[i]
		note(KindDuties, d.id, func(e *encoder) {
			e.gifts(s, d.roles)
			e.int(int(d.do))
			e.text(d.by)
		})
	}
	requirements := map[string]*requirement{}
	places := map[string][]int{}
	for i := range s.accounts {
		for k := range s.accounts[i].requires {
			q := &s.accounts[i].requires[k]
			requirements[q.id] = q
			places[q.id] = append(places[q.id], i)
		}
	}
	for i := range s.spec.Require {
		q := requirements[s.spec.Require[i].ID]
		if q == nil {
			continue // the set has no accounts
		}
		note(KindRequirement, q.id, func(e *encoder) {
			e.node(q.when)
			e.node(q.must)
			e.bool(q.report)
			e.ints(places[q.id]...)
		})
	}
	for i := range s.budgets {
		b := &s.budgets[i]
		note(KindBudget, b.Rule, func(e *encoder) {
			e.text(b.target)
			for _, x := range b.Entitlements {
				e.text(x.String())
			}
			e.int(b.Seats)
		})
	}
	for i := range s.protect {
		p := &s.protect[i]
		note(KindProtection, p.id, func(e *encoder) {
			e.texts(p.who)
			e.node(p.when)
		})
	}
}

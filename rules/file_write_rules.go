package rules

import "slices"

// sections writes the rules of a layer.
func (w *fileWriter) sections(depth int, s *Spec) {
	w.fields(depth, s.Fields)
	if s.Scope != (Scope{}) {
		w.rule = scopeID
		w.key(depth, "scope")
		w.needs(depth+1, "when", s.Scope.When)
		if s.Scope.Outside == DisableOutside {
			w.line(depth+1, "on_leave_scope", "disable")
		}
		w.remarks(depth+1, scopeID)
	}
	w.targets(depth, s.Targets)
	if len(s.Tables) > 0 {
		w.key(depth, "tables")
		for i := range s.Tables {
			w.table(depth+1, &s.Tables[i])
		}
	}
	section(w, depth, "grants", s.Grants, (*fileWriter).grant)
	section(w, depth, "pick", s.Picks, (*fileWriter).pick)
	section(w, depth, "never", s.Never, func(w *fileWriter, depth int, n *Never) {
		w.item(depth, n.ID, func(depth int) {
			w.line(depth, "id", n.ID)
			w.needs(depth, "when", n.When)
			w.texts(depth, "take", n.Take)
			w.remarks(depth, n.ID)
		})
	})
	section(w, depth, "never_together", s.NeverTogether, func(w *fileWriter, depth int, n *NeverTogether) {
		w.item(depth, n.ID, func(depth int) {
			w.line(depth, "id", n.ID)
			w.texts(depth, "roles", n.Roles)
			w.text(depth, "do", map[Duties]string{ApproveDuties: "approve", ReportDuties: "report"}[n.Do])
			w.text(depth, "by", n.By)
			w.remarks(depth, n.ID)
		})
	})
	section(w, depth, "require", s.Require, func(w *fileWriter, depth int, q *Requirement) {
		w.item(depth, q.ID, func(depth int) {
			w.line(depth, "id", q.ID)
			w.texts(depth, "for", q.For)
			w.cond(depth, "when", q.When)
			w.needs(depth, "must", q.Must)
			w.text(depth, "else", reactionWord(q.Else))
			w.remarks(depth, q.ID)
		})
	})
	section(w, depth, "budget", s.Budgets, func(w *fileWriter, depth int, b *Budget) {
		w.item(depth, b.ID, func(depth int) {
			w.line(depth, "id", b.ID)
			w.texts(depth, "roles", b.Roles)
			w.number(depth, "seats", b.Seats)
			w.remarks(depth, b.ID)
		})
	})
	section(w, depth, "protect", s.Protect, func(w *fileWriter, depth int, p *Protection) {
		w.item(depth, p.ID, func(depth int) {
			w.line(depth, "id", p.ID)
			w.texts(depth, "who", p.Who)
			w.cond(depth, "when", p.When)
			w.remarks(depth, p.ID)
		})
	})
}

func reactionWord(r Reaction) string {
	switch r {
	case HoldIt:
		return "hold"
	case ReportIt:
		return "report"
	default:
		return ""
	}
}

// section writes a list of rules.
func section[T any](w *fileWriter, depth int, name string, list []T, write func(*fileWriter, int, *T)) {
	if len(list) == 0 {
		return
	}
	w.key(depth, name)
	for i := range list {
		write(w, depth+1, &list[i])
	}
}

func (w *fileWriter) fields(depth int, list []FieldSpec) {
	if len(list) == 0 {
		return
	}
	w.key(depth, "fields")
	for _, f := range list {
		id := "field " + f.Name
		if f.Values == nil && !f.PII && w.notes[id] == "" {
			w.line(depth+1, f.Name, f.Type.String())
			continue
		}
		w.key(depth+1, f.Name)
		w.line(depth+2, "type", f.Type.String())
		w.texts(depth+2, "values", f.Values)
		w.flag(depth+2, "pii", f.PII)
		w.text(depth+2, "note", w.notes[id])
	}
}

func (w *fileWriter) grant(depth int, g *Grant) {
	w.item(depth, g.ID, func(depth int) {
		w.line(depth, "id", g.ID)
		w.needs(depth, "when", g.When)
		w.texts(depth, "give", g.Give)
		w.text(depth, "give_from", g.GiveFrom)
		if p := g.Approval; p != (Approval{}) {
			if p == (Approval{By: p.By}) {
				w.line(depth, "approval", p.By)
			} else {
				w.key(depth, "approval")
				w.line(depth+1, "by", p.By)
				w.cond(depth+1, "when", p.When)
				w.days(depth+1, "expires", p.Days)
				w.flag(depth+1, "keep_if_denied", p.KeepIfDenied)
			}
		}
		w.days(depth, "grace", g.Grace)
		section(w, depth, "except", g.Except, func(w *fileWriter, depth int, x *Exception) {
			w.item(depth, g.ID, func(depth int) {
				w.line(depth, "who", x.Who)
				w.line(depth, "until", x.Until.String())
				w.line(depth, "why", x.Why)
			})
		})
		w.remarks(depth, g.ID)
	})
}

func (w *fileWriter) pick(depth int, p *Pick) {
	w.item(depth, p.ID, func(depth int) {
		w.line(depth, "id", p.ID)
		section(w, depth, "choices", p.Choices, func(w *fileWriter, depth int, x *Choice) {
			w.item(depth, p.ID, func(depth int) {
				w.line(depth, "give", x.Give)
				w.needs(depth, "when", x.When)
				w.number(depth, "rank", x.Rank)
			})
		})
		w.remarks(depth, p.ID)
	})
}

func (w *fileWriter) table(depth int, t *Table) {
	w.rule = tablePrefix + t.Name
	w.key(depth, t.Name)
	w.texts(depth+1, "in", t.In)
	w.flag(depth+1, "first", t.First)
	w.key(depth+1, "rows")
	for _, row := range t.Rows {
		w.indent(depth + 2)
		w.b = append(w.b, "- ["...)
		for _, cell := range row.Match {
			w.b = append(w.b, w.cell(cell, anyWord)...)
			w.b = append(w.b, ", "...)
		}
		w.b = append(w.b, w.cell(row.Give, "[]")...)
		w.b = append(w.b, "]\n"...)
	}
	if len(t.Else) > 0 {
		w.texts(depth+1, "else", t.Else)
	}
	w.remarks(depth+1, w.rule)
}

// cell writes a list of texts in a row; one text without brackets.
func (w *fileWriter) cell(list []string, empty string) []byte {
	switch {
	case len(list) == 0:
		return []byte(empty)
	case len(list) > 1:
		return appendFlow(nil, list)
	case list[0] == anyWord:
		return appendFlow(nil, list)
	}
	one := appendFlow(nil, list)
	return one[1 : len(one)-1]
}

// targets writes accounts, then life cycles, then attributes.
func (w *fileWriter) targets(depth int, list []TargetSpec) {
	named := func(name string, there func(*TargetSpec) bool, write func(depth int, t *TargetSpec, at string)) {
		if !slices.ContainsFunc(list, func(t TargetSpec) bool { return there(&t) }) {
			return
		}
		w.key(depth, name)
		for i := range list {
			if t := &list[i]; there(t) {
				write(depth+1, t, placeName(t.Target, t.Slot))
			}
		}
	}
	named("account", func(t *TargetSpec) bool { return t.Account.node != nil || t.Label != nil }, w.account)
	named("lifecycle", func(t *TargetSpec) bool { return t.Lifecycle != (Lifecycle{}) }, w.lifecycle)
	named("attributes", func(t *TargetSpec) bool { return len(t.Attributes) > 0 }, func(depth int, t *TargetSpec, at string) {
		w.key(depth, at)
		for i := range t.Attributes {
			w.attribute(depth+1, &t.Attributes[i], at)
		}
	})
}

func (w *fileWriter) account(depth int, t *TargetSpec, at string) {
	w.rule = accountPrefix + at
	if t.Label == nil && w.notes[w.rule] == "" && !slices.Contains(w.final, w.rule) {
		w.needs(depth, at, t.Account)
		return
	}
	w.key(depth, at)
	w.needs(depth+1, "when", t.Account)
	w.value(depth+1, "label", t.Label)
	w.remarks(depth+1, w.rule)
}

func (w *fileWriter) attribute(depth int, a *Attribute, at string) {
	w.item(depth, a.id(at), func(depth int) {
		w.line(depth, "set", a.Set)
		w.text(depth, "id", a.ID)
		w.value(depth, "to", a.To)
		if a.Unique == nil && !a.Secret {
			w.text(depth, "apply", strengthWord(a.Apply))
		}
		w.text(depth, "if_missing", map[IfMissing]string{Clear: "clear", Block: "block"}[a.IfMissing])
		w.cond(depth, "when", a.When)
		section(w, depth, "pick", a.Pick, func(w *fileWriter, depth int, x *Choice) {
			w.item(depth, a.id(at), func(depth int) {
				w.value(depth, "to", x.To)
				w.needs(depth, "when", x.When)
				w.number(depth, "rank", x.Rank)
			})
		})
		if u := a.Unique; u != nil {
			w.key(depth, "unique")
			w.key(depth+1, "try")
			for _, v := range u.Try {
				w.indent(depth + 2)
				w.b = append(w.b, "- "+scalar(written(v))+"\n"...)
			}
			if u.Max != 0 {
				w.number(depth+1, "max", u.Max)
			}
			w.days(depth+1, "never_reuse_for", u.NeverReuse)
		}
		w.flag(depth, "secret", a.Secret)
		w.remarks(depth, a.id(at))
	})
}

func (w *fileWriter) lifecycle(depth int, t *TargetSpec, at string) {
	l := &t.Lifecycle
	w.rule = l.id(at)
	w.key(depth, at)
	depth++
	w.text(depth, "id", l.ID)
	if l.PreHire != 0 {
		w.line(depth, "create", "start - "+itoa(l.PreHire)+"d")
	}
	if l.EnableBefore != 0 {
		w.line(depth, "enable", "start - "+itoa(l.EnableBefore)+"d")
	}
	switch {
	case l.LeaveAfter != 0:
		w.line(depth, "leave", "disable after "+itoa(l.LeaveAfter)+"d since "+string(l.LeaveSince))
	case l.Leave == DisableOnLeave:
		w.line(depth, "leave", "disable")
	}
	if l.DeleteAfter != 0 {
		w.line(depth, "delete", "end + "+itoa(l.DeleteAfter)+"d")
	}
	switch {
	case l.Clock.name != "":
		w.line(depth, "clock", l.Clock.name)
	case l.Clock.zone != nil:
		w.line(depth, "clock", l.Clock.zone.String())
	}
	w.flag(depth, "end_sessions", l.EndSessions)
	if l.Handover {
		w.line(depth, "handover", "manager")
	}
	if r := l.Rehire; r != (Rehire{}) {
		w.key(depth, "rehire")
		if r.Hold {
			w.line(depth+1, "do", "hold")
		}
		w.days(depth+1, "within", r.Within)
	}
	if x := l.Expire; x != (Expiry{}) {
		w.key(depth, "expire")
		w.needs(depth+1, "when", x.When)
		if x.On != nil {
			w.line(depth+1, "last_day", shown(x.On.date()))
		}
		w.text(depth+1, "if_missing", reactionWord(x.Missing))
	}
	w.remarks(depth, w.rule)
}

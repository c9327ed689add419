package rules

import "fmt"

// given refuses what a layer may not give, or not keep for so long: by a rule of its
// own, from a table of an earlier layer, or by an earlier rule from its own table.
func (j *layering) given(l *Spec) {
	if len(j.gifts) == 0 && j.out.Later.Give == nil {
		return
	}
	terms := map[string]*giftTerms{}
	users := map[string][]*Grant{}
	for i := range j.out.Grants {
		if g := &j.out.Grants[i]; g.GiveFrom != "" {
			users[g.GiveFrom] = append(users[g.GiveFrom], g)
		}
	}
	for i := range l.Grants {
		if g := &l.Grants[i]; !j.refused[g.ID] && !j.closed["grants"] {
			j.givenBy(g, terms)
		}
	}
	for i := range l.Tables {
		t := &l.Tables[i]
		if id := tablePrefix + t.Name; !j.refused[id] && !j.closed["tables"] && len(users[t.Name]) > 0 {
			j.givenFrom(t, users[t.Name], terms)
		}
	}
	for i := range l.Picks {
		p := &l.Picks[i]
		for n := range p.Choices {
			if !j.refused[p.ID] && !j.closed["pick"] {
				j.give(p.ID, p.Choices[n].Give, "", "choices", itoa(n), "give")
			}
		}
	}
}

// givenBy looks at a grant of the layer.
func (j *layering) givenBy(g *Grant, known map[string]*giftTerms) {
	var all giftTerms
	for n, role := range g.Give {
		j.give(g.ID, role, "", "give", itoa(n))
		all.add(j, role)
	}
	if t := j.termsOfTable(g.GiveFrom, known); t != nil {
		if t.barred != "" && !j.inThis[tablePrefix+g.GiveFrom] { // else the table is told of
			j.give(g.ID, t.barred, fmt.Sprintf("table %q gives it: ", g.GiveFrom), "give_from")
		}
		all.addTable(t)
	}
	if all.by != "" && g.Grace > all.days {
		j.problemAt(g.ID, j.layer.part(g.ID, "grace"), "", "%s", all.tooLong(j))
	}
}

// givenFrom looks at a table of the layer from which some grants give.
func (j *layering) givenFrom(t *Table, users []*Grant, known map[string]*giftTerms) {
	id := tablePrefix + t.Name
	for i := range t.Rows {
		for n, role := range t.Rows[i].Give {
			j.give(id, role, "", "rows", itoa(i), itoa(len(t.In)), itoa(n))
		}
	}
	for n, role := range t.Else {
		j.give(id, role, "", "else", itoa(n))
	}
	all := j.termsOfTable(t.Name, known)
	for _, g := range users {
		if all != nil && all.by != "" && g.Grace > all.days && !j.inThis[g.ID] {
			j.problemAt(id, j.layer.part(id, "rows"), "", "grant %q%s gives from this table: %s", g.ID, j.where(g.ID), all.tooLong(j))
			return
		}
	}
}

// give reports an entitlement that the layer may not give, at a part of a rule.
func (j *layering) give(id, role, prefix string, path ...string) {
	if why := j.bars(role); why != "" {
		j.problemAt(id, j.layer.part(id, path...), "", "%s%q %s", prefix, role, why)
	}
}

// bars says why no later layer may give an entitlement, or nothing.
func (j *layering) bars(role string) string {
	if role == "" { // that it could not be read was said
		return ""
	}
	if by := j.gifts[role].asks; by != "" {
		return fmt.Sprintf("is given by the final rule %q%s after an approval: no later rule may give it", by, j.where(by))
	}
	for i := range j.bounds {
		if b := &j.bounds[i]; !b.gives(role) {
			return "may not be given here: " + b.giving()
		}
	}
	return ""
}

// giftTerms are what a layer may do with what a rule gives.
type giftTerms struct {
	barred   string // the first entitlement that it may not give
	days     int    // for how long it may keep what is given: as long as the final rule
	role, by string // that is the shortest; by is empty if none is final
}

func (t *giftTerms) add(j *layering, role string) {
	if t.barred == "" && j.bars(role) != "" {
		t.barred = role
	}
	if g := j.gifts[role]; g.by != "" && (t.by == "" || g.grace < t.days) {
		t.days, t.role, t.by = g.grace, role, g.by
	}
}

func (t *giftTerms) addTable(from *giftTerms) {
	if from.by != "" && (t.by == "" || from.days < t.days) {
		t.days, t.role, t.by = from.days, from.role, from.by
	}
}

func (t *giftTerms) tooLong(j *layering) string {
	kept := "has no time of grace in"
	if t.days > 0 {
		kept = "is kept for " + count(t.days, "day") + " by"
	}
	return fmt.Sprintf("%q %s the final rule %q%s: no later rule may keep it longer", t.role, kept, t.by, j.where(t.by))
}

// termsOfTable are those of everything that a table gives; nil if there is no such table.
func (j *layering) termsOfTable(name string, known map[string]*giftTerms) *giftTerms {
	if t, ok := known[name]; ok || name == "" {
		return t
	}
	var all *giftTerms
	if t := j.table(name); t != nil {
		all = &giftTerms{}
		for _, role := range t.gives() {
			all.add(j, role)
		}
	}
	known[name] = all
	return all
}

package rules

import "slices"

// reach makes final what the final grants of a layer stand on: the tables that they
// give from, and that nobody gets what they give after an approval without it.
func (j *layering) reach(l *Spec) {
	for i := range l.Grants {
		g := &l.Grants[i]
		if !slices.Contains(l.Final, g.ID) {
			continue
		}
		gives := g.Give
		if at := slices.IndexFunc(j.out.Tables, func(t Table) bool { return t.Name == g.GiveFrom }); at >= 0 {
			j.final[tablePrefix+g.GiveFrom] = true
			gives = append(slices.Clone(gives), j.out.Tables[at].gives()...)
		}
		if g.Approval.By == "" {
			continue
		}
		for _, role := range gives {
			if j.asked[role] == "" {
				j.asked[role] = g.ID
			}
		}
	}
}

// gives returns everything that a table gives.
func (t *Table) gives() []string {
	list := slices.Clone(t.Else)
	for i := range t.Rows {
		list = append(list, t.Rows[i].Give...)
	}
	return list
}

// unasked refuses rules that give what a final grant of an earlier layer gives only
// after an approval: a union would give it without, or ask somebody else.
func (j *layering) unasked(l *Spec) {
	if len(j.asked) == 0 {
		return
	}
	check := func(id string, gives []string) {
		for _, role := range gives {
			if by := j.asked[role]; by != "" && by != id {
				j.problem(id, "", "%q is given by the final rule %q%s after an approval: no later rule may give it", role, by, j.where(by))
			}
		}
	}
	for i := range l.Grants {
		check(l.Grants[i].ID, l.Grants[i].Give)
	}
	for i := range l.Tables {
		check(tablePrefix+l.Tables[i].Name, l.Tables[i].gives())
	}
	for i := range l.Picks {
		for _, x := range l.Picks[i].Choices {
			check(l.Picks[i].ID, []string{x.Give})
		}
	}
}

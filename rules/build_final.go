package rules

import "slices"

// finalGift is what final grants of earlier layers say of an entitlement.
type finalGift struct {
	asks  string // the first that gives it after an approval
	grace int    // the longest of those that give it, in days
	by    string // which one that is
}

// reach makes final what the final grants of a layer stand on: the tables that they
// give from, that nobody gets what they give after an approval without it, and for
// how long it is kept.
func (j *layering) reach(l *Spec) {
	for i := range l.Grants {
		g := &l.Grants[i]
		if !slices.Contains(l.Final, g.ID) {
			continue
		}
		gives := g.Give
		if t := j.table(g.GiveFrom); t != nil {
			j.final[tablePrefix+t.Name] = true
			gives = append(slices.Clone(gives), t.gives()...)
		}
		for _, role := range gives {
			known, there := j.gifts[role]
			if g.Approval.By != "" && known.asks == "" {
				known.asks = g.ID
			}
			if !there || g.Grace > known.grace {
				known.grace, known.by = g.Grace, g.ID
			}
			j.gifts[role] = known
		}
	}
}

// table is the table of a name that the layers have so far, or nil.
func (j *layering) table(name string) *Table {
	for i := range j.out.Tables {
		if t := &j.out.Tables[i]; t.Name == name {
			return t
		}
	}
	return nil
}

// gives returns everything that a table gives.
func (t *Table) gives() []string {
	list := slices.Clone(t.Else)
	for i := range t.Rows {
		list = append(list, t.Rows[i].Give...)
	}
	return list
}

package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// told is how many people a remark of one rule names one by one. Beyond that they
// are one finding.
const told = 20

// remark is what one rule says of people, in one code.
type remark struct{ code, rule string }

// remarks are of whom it says so; people come in the order of their keys.
type remarks struct {
	count int
	first []Finding // as many as are told
}

// remark notes what the rules say of one person.
func (p *planner) remark(d *target.Desired) {
	if d.Extra == nil {
		return
	}
	notes := slices.Clone(d.Extra.Notes)
	slices.SortFunc(notes, func(a, b target.Note) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Text, b.Text))
	})
	for _, note := range slices.Compact(notes) {
		k := remark{note.Code, note.Rule}
		list := p.said[k]
		if list == nil {
			list = &remarks{}
			p.said[k] = list
		}
		list.count++
		if len(list.first) < told {
			list.first = append(list.first, Finding{
				Code: note.Code, Key: d.Key, Label: p.name(d, nil), Message: note.Text,
			})
		}
	}
}

// add takes over remarks about people who come after those so far.
func (r *remarks) add(o *remarks) {
	r.count += o.count
	r.first = append(r.first, o.first[:min(len(o.first), told-len(r.first))]...)
}

// remarks makes findings of what the rules say.
func (p *planner) remarks() {
	for k, list := range p.said {
		if list.count <= told {
			for _, f := range list.first {
				f.Message += inRule(k.rule)
				p.notes = append(p.notes, f)
			}
			continue
		}
		t := tally{count: list.count}
		for _, f := range list.first[:shown] {
			t.labels = append(t.labels, cmp.Or(f.Label, f.Key.String()))
		}
		p.notes = append(p.notes, Finding{
			Code: k.code, Count: list.count,
			Message: list.first[0].Message + inRule(k.rule) + "; so it is, or much like it, for " +
				plural(list.count, "account", "accounts") + names(&t),
		})
	}
}

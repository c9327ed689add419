package reconcile

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/target"
)

// masked stands for a value that is not shown.
const masked = "(sensitive)"

// Redacted returns a copy for display, with nothing shared, in which sensitive
// values are masked: in fields, and wherever else one of them turns up, such as
// a label. IDs and the fingerprint are those of the plan itself. The copy says
// Masked and cannot be applied.
func (p *Plan) Redacted() *Plan {
	secret := map[string]bool{}
	p.eachChange(func(c *Change) {
		for _, f := range c.Fields {
			if f.Sensitive {
				for _, v := range slices.Concat(f.Before, f.After) {
					secret[v], secret[target.Fold(v)] = true, true
				}
			}
		}
	})
	m := masker{exact: secret, inside: replacer(secret)}
	out := *p
	out.Masked = true
	out.Changes = m.changes(p.Changes)
	out.Omitted = m.changes(p.Omitted)
	out.Holds = slices.Clone(p.Holds)
	for i := range out.Holds {
		h := &out.Holds[i]
		h.Change = m.change(h.Change)
		h.Reasons = slices.Clone(h.Reasons)
		for j := range h.Reasons {
			h.Reasons[j].Text = m.text(h.Reasons[j].Text)
		}
	}
	out.Findings = slices.Clone(p.Findings)
	for i := range out.Findings {
		f := &out.Findings[i]
		f.Label, f.Message = m.text(f.Label), m.text(f.Message)
	}
	out.Approved = slices.Clone(p.Approved)
	out.Guards = slices.Clone(p.Guards)
	out.Scheduled = slices.Clone(p.Scheduled)
	out.Missing = slices.Clone(p.Missing)
	return &out
}

func (p *Plan) eachChange(visit func(*Change)) {
	for i := range p.Changes {
		visit(&p.Changes[i])
	}
	for i := range p.Holds {
		visit(&p.Holds[i].Change)
	}
	for i := range p.Omitted {
		visit(&p.Omitted[i])
	}
}

// minSecret is the length from which a sensitive value is looked for inside
// other text. A shorter one, such as "1", would mask everything.
const minSecret = 4

type masker struct {
	exact  map[string]bool
	inside *strings.Replacer
}

// replacer masks sensitive values inside other text.
func replacer(secret map[string]bool) *strings.Replacer {
	var values []string
	for v := range secret {
		if len(v) < minSecret {
			continue
		}
		values = append(values, v)
		if q := strconv.Quote(v); q[1:len(q)-1] != v {
			values = append(values, q[1:len(q)-1]) // as messages write it
		}
	}
	// Longest first, so that no part of one value survives the masking of another.
	slices.SortFunc(values, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	pairs := make([]string, 0, 2*len(values))
	for _, v := range values {
		pairs = append(pairs, v, masked)
	}
	return strings.NewReplacer(pairs...)
}

func (m masker) changes(list []Change) []Change {
	out := slices.Clone(list)
	for i := range out {
		out[i] = m.change(out[i])
	}
	return out
}

func (m masker) change(c Change) Change {
	c.Label = m.text(c.Label)
	c.Because = slices.Clone(c.Because)
	for i := range c.Because {
		c.Because[i] = m.text(c.Because[i])
	}
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		f := &c.Fields[i]
		f.Before, f.After = m.values(f.Before, f.Sensitive), m.values(f.After, f.Sensitive)
	}
	c.Secrets = slices.Clone(c.Secrets)
	c.Needs = slices.Clone(c.Needs)
	return c
}

// values masks a sensitive field as one value, so that not even their number
// shows.
func (m masker) values(list []string, sensitive bool) []string {
	if sensitive && len(list) > 0 {
		return []string{masked}
	}
	return slices.Clone(list)
}

func (m masker) text(s string) string {
	if m.exact[s] || m.exact[target.Fold(s)] {
		return masked
	}
	return m.inside.Replace(s)
}

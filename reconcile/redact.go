package reconcile

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/target"
)

// masked stands for a value that is not shown.
const masked = "(sensitive)"

// Redacted returns a copy for display, with nothing shared, in which sensitive
// values are masked: those of a change's fields, wherever they are in the change
// and in what holds it. Labels and findings give none away to begin with. IDs and
// the fingerprint are those of the plan itself. The copy says Masked and cannot be
// applied. What Plan.Masks hide stands as keyed hashes, and messages of findings, which
// may name people, are left out then.
func (p *Plan) Redacted() *Plan {
	out := p.display()
	out.hide()
	return out
}

// display is Redacted with what only Plan.Masks hide.
func (p *Plan) display() *Plan {
	masks := map[string]mask{}
	for c := range p.All() {
		if m := maskOf(c); m.inside != nil {
			masks[c.ID] = m
		}
	}
	out := *p
	out.Masked = true
	out.input, out.what = nil, nil
	out.Changes = redacted(p.Changes, masks)
	out.Omitted = redacted(p.Omitted, masks)
	out.Holds = slices.Clone(p.Holds)
	for i := range out.Holds {
		h := &out.Holds[i]
		h.Change = masks[h.Change.ID].change(h.Change)
		h.Reasons = slices.Clone(h.Reasons)
		for j := range h.Reasons {
			r := &h.Reasons[j]
			r.Text = masks[h.Change.ID].text(masks[r.Change].text(r.Text))
		}
	}
	out.Findings = slices.Clone(p.Findings)
	out.Claims = slices.Clone(p.Claims)
	for i := range out.Claims {
		out.Claims[i].Budgets = slices.Clone(out.Claims[i].Budgets)
	}
	out.Budgets = slices.Clone(p.Budgets)
	for i := range out.Budgets {
		out.Budgets[i].Entitlements = slices.Clone(out.Budgets[i].Entitlements)
	}
	out.Approved = slices.Clone(p.Approved)
	out.Released = slices.Clone(p.Released)
	out.Filled, out.Members = maps.Clone(p.Filled), maps.Clone(p.Members)
	out.Guards = slices.Clone(p.Guards)
	for i := range out.Guards {
		v := &out.Guards[i]
		v.Missing, v.Changes = slices.Clone(v.Missing), slices.Clone(v.Changes)
	}
	out.Scheduled = slices.Clone(p.Scheduled)
	out.Missing = slices.Clone(p.Missing)
	out.Protected = slices.Clone(p.Protected)
	for i := range out.Protected {
		out.Protected[i].Rules = slices.Clone(out.Protected[i].Rules)
	}
	out.Left, out.Back, out.Unclosed = slices.Clone(p.Left), slices.Clone(p.Back), slices.Clone(p.Unclosed)
	out.Losing = slices.Clone(p.Losing)
	out.Retained, out.Unretained = slices.Clone(p.Retained), slices.Clone(p.Unretained)
	out.Unsure = slices.Clone(p.Unsure)
	return &out
}

// minSecret is the length from which a sensitive value is looked for inside
// other text. A shorter one, such as "1", would mask everything.
const minSecret = 4

// mask hides the sensitive values of one change. The zero mask hides nothing.
type mask struct {
	exact  map[string]bool
	inside *strings.Replacer
}

func maskOf(c *Change) mask {
	secret := map[string]bool{}
	for _, f := range c.Fields {
		if f.Sensitive {
			for _, v := range slices.Concat(f.Before, f.After) {
				secret[v], secret[target.Fold(v)] = true, true
			}
		}
	}
	if len(secret) == 0 {
		return mask{}
	}
	return mask{exact: secret, inside: replacer(secret)}
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

func redacted(list []Change, masks map[string]mask) []Change {
	out := slices.Clone(list)
	for i := range out {
		out[i] = masks[out[i].ID].change(out[i])
	}
	return out
}

func (m mask) change(c Change) Change {
	c.Label = m.text(c.Label)
	c.Because = slices.Clone(c.Because)
	for i := range c.Because {
		c.Because[i] = m.text(c.Because[i])
	}
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		f := &c.Fields[i]
		f.Before, f.After = hidden(f.Before, f.Sensitive), hidden(f.After, f.Sensitive)
	}
	c.Secrets = slices.Clone(c.Secrets)
	c.Names = nil // the hash of a short value hides nothing
	c.Needs = slices.Clone(c.Needs)
	return c
}

// hidden masks a sensitive field as one value, so that not even their number
// shows.
func hidden(list []string, sensitive bool) []string {
	if sensitive && len(list) > 0 {
		return []string{masked}
	}
	return slices.Clone(list)
}

func (m mask) text(s string) string {
	switch {
	case m.inside == nil:
		return s
	case m.exact[s] || m.exact[target.Fold(s)]:
		return masked
	}
	return m.inside.Replace(s)
}

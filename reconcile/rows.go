package reconcile

import (
	"slices"
	"strings"
)

func (t *printer) addChange(c *Change) {
	text := t.details(c)
	if reason := because(c); reason != "" {
		text = append(text, reason)
	}
	l := line{sign: sign(c.Action), color: color(c.Action), text: strings.Join(text, ", ")}
	t.addRow(l, c)
	t.addFields(c)
	for _, name := range c.Secrets {
		t.lines = append(t.lines, line{field: brief(name), text: masked})
	}
}

func (t *printer) addHold(h *Hold) {
	var why, others []string
	for _, r := range h.Reasons {
		text := r.Kind.String() + ": " + clean(r.Text)
		if r.Kind == NeedsApproval || r.Kind == Guarded || r.Kind == NeedsSeat {
			text = clean(r.Text)
		}
		switch {
		case r.Change != h.Change.ID && h.says(r):
		case r.Change != h.Change.ID:
			others = append(others, text)
		case !slices.Contains(why, text):
			why = append(why, text)
		}
	}
	// What another change waits for stands in its own row.
	with := ""
	if len(others) > 0 {
		if with = t.with(h, len(why) == 0); with == "" {
			why = append(why, others...)
		}
	}
	text := t.details(&h.Change)
	switch {
	case len(why) == 0:
		text = append(text, "held with "+with)
	case with == "":
		text = append(text, "held: "+strings.Join(why, "; "))
	default:
		text = append(text, "held with "+with+", also: "+strings.Join(why, "; "))
	}
	t.addRow(line{sign: "⏸", color: yellow, text: strings.Join(text, ", ")}, &h.Change)
	t.addFields(&h.Change)
}

// with names the held changes whose fate a change shares: "it" if the row names
// just that one, and "" if there is none. An update that is held for nothing else
// waits for the accounts that its references need.
func (t *printer) with(h *Hold, fields bool) string {
	var names []string
	needs := 0
	for _, n := range h.Change.Needs {
		if n.Field != "" || t.labels[n.Change] == nil {
			continue
		}
		needs++
		if name := t.short(&h.Change, n.Change); t.waiting[n.Change] && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 1 && needs == 1 {
		return "it"
	}
	if len(names) == 0 && fields {
		for _, n := range h.Change.Needs {
			if name := t.named(n.Change); t.waiting[n.Change] && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func (t *printer) addFields(c *Change) {
	for _, f := range c.Fields {
		t.lines = append(t.lines, line{field: brief(f.Name), text: t.values(c, f)})
	}
}

// says reports whether the change itself is held for the same reason.
func (h *Hold) says(r HoldReason) bool {
	return slices.ContainsFunc(h.Reasons, func(own HoldReason) bool {
		return own.Change == h.Change.ID && own.Kind == r.Kind && own.Text == r.Text
	})
}

func (t *printer) addRow(l line, c *Change) {
	l.word, l.label, l.key = c.Action.String(), brief(c.Label), brief(c.Key.String())
	t.lines = append(t.lines, l)
}

// details says what a change is about, besides its fields.
func (t *printer) details(c *Change) []string {
	var text []string
	if c.Entitlement.Kind != "" {
		text = append(text, clean(c.Entitlement.String()))
	}
	if !c.HandoverTo.IsZero() {
		text = append(text, "to "+brief(c.HandoverTo.String()))
	}
	if c.Action == Create && c.To.String() == "disabled" {
		text = append(text, "disabled")
	}
	if c.Action == Adopt {
		text = append(text, "account "+quote(c.Account))
	}
	var after []string
	for _, n := range c.Needs {
		if n.Field == "" && t.labels[n.Change] != nil {
			if name := t.short(c, n.Change); !slices.Contains(after, name) {
				after = append(after, name)
			}
		}
	}
	slices.Sort(after)
	if len(after) > 0 {
		text = append(text, "after "+strings.Join(after, ", "))
	}
	return text
}

// short names a change, without the key if it is about the same account.
func (t *printer) short(c *Change, id string) string {
	if to := t.labels[id]; to != nil && to.Key == c.Key {
		return to.Action.String()
	}
	return t.named(id)
}

func (t *printer) named(id string) string {
	c := t.labels[id]
	if c == nil {
		return "change " + id
	}
	return strings.TrimSpace(c.Action.String() + " " + brief(c.Key.String()+c.entitlementMade()))
}

// entitlementMade is what tells changes without a key apart.
func (c *Change) entitlementMade() string {
	if c.Action != CreateEntitlement {
		return ""
	}
	return c.Entitlement.String()
}

// because joins reason and words: "leaver: last day 2026-03-01".
func because(c *Change) string {
	reason := c.Reason.String()
	if len(c.Because) == 0 || c.Action == Grant && c.Reason == Joiner {
		if c.Action == Grant || c.Action == EndSessions || c.Action == Handover {
			return ""
		}
		return reason
	}
	words := make([]string, 0, len(c.Because))
	for _, b := range c.Because {
		words = append(words, clean(b))
	}
	if reason == "" {
		return strings.Join(words, "; ")
	}
	return reason + ": " + strings.Join(words, "; ")
}

// values prints one field: what it becomes, or before → after.
func (t *printer) values(c *Change, f FieldChange) string {
	text := list(f.Before) + " → " + list(f.After)
	if len(f.Before) == 0 {
		text = list(f.After)
	}
	if f.Sensitive {
		text = masked
	}
	for _, n := range c.Needs {
		switch {
		case n.Field != f.Name || t.labels[n.Change] == nil:
		case t.held[n.Change]:
			text += ", left out until " + t.named(n.Change)
		default:
			text += ", after " + t.named(n.Change)
		}
	}
	return text
}

func list(values []string) string {
	switch len(values) {
	case 0:
		return "(none)"
	case 1:
		return quote(values[0])
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = quote(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

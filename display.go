package provision

import (
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/reconcile"
)

// masked stands for what is not shown.
const masked = "(sensitive)"

// withoutValues is text without the values of a change, for the journal and the
// log.
func withoutValues(text string, c *reconcile.Change) string { return maskFields(text, c, false) }

// withoutSensitive is text without the sensitive values of a change, for people
// who may see the change.
func withoutSensitive(text string, c *reconcile.Change) string { return maskFields(text, c, true) }

// maskFields replaces the values of fields in a text, in every form in which a target may
// have written them. Values of one or two characters are left: they would be found
// everywhere, and say nothing.
func maskFields(text string, c *reconcile.Change, sensitiveOnly bool) string {
	if text == "" {
		return ""
	}
	type value struct{ text, mark string }
	var values []value
	for i := range c.Fields {
		f := &c.Fields[i]
		mark := "…"
		if f.Sensitive {
			mark = masked
		} else if sensitiveOnly {
			continue
		}
		for _, list := range [2][]string{f.Before, f.After} {
			for _, v := range list {
				if len(v) <= 2 {
					continue
				}
				for _, form := range written(v) {
					values = append(values, value{form, mark})
				}
			}
		}
	}
	// Longest first, so that no part of one survives the masking of another.
	slices.SortStableFunc(values, func(a, b value) int { return len(b.text) - len(a.text) })
	for _, v := range values {
		text = strings.ReplaceAll(text, v.text, v.mark)
	}
	return text
}

// withoutQuoted is text with what stands in double quotes, as Go quotes, masked.
func withoutQuoted(text string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			return b.String() + text
		}
		quoted, err := strconv.QuotedPrefix(text[at:])
		if err != nil {
			quoted = text[at:] // no end: all of it may be a value
		}
		b.WriteString(text[:at] + masked)
		text = text[at+len(quoted):]
	}
}

// printable returns text that cannot move the cursor, colour or reorder a
// terminal: whatever is not a printable rune is escaped.
func printable(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}

// changeName names a change for people: its action and whom it concerns.
func changeName(c *reconcile.Change) string { return c.Action.String() + " " + subject(c) }

// subject names whom or what a change concerns: the key, else the native id,
// and the entitlement if there is one.
func subject(c *reconcile.Change) string {
	name := c.Key.String()
	if name == "" {
		name = c.Account
	}
	entitlement := c.Entitlement.String()
	switch {
	case entitlement == "":
		return name
	case name == "":
		return entitlement
	}
	return name + " " + entitlement
}

// forDisplay returns the changes of a plan by ID, for display. Without holds there is
// nothing to display.
func forDisplay(p *reconcile.Plan, holds int) map[string]reconcile.Change {
	if holds == 0 {
		return nil
	}
	redacted := p.Redacted()
	out := make(map[string]reconcile.Change, len(redacted.Changes)+len(redacted.Holds))
	for i := range redacted.Changes {
		out[redacted.Changes[i].ID] = redacted.Changes[i]
	}
	for i := range redacted.Holds {
		out[redacted.Holds[i].Change.ID] = redacted.Holds[i].Change
	}
	return out
}

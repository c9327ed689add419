package reconcile

import (
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/target"
)

// hide replaces what the masks of the plan hide. The plan is a copy that shares nothing
// that is written here.
func (p *Plan) hide() {
	m := p.Masks
	p.Masks.key = target.Secret{}
	if m.ID == "" {
		return
	}
	p.Masks.Plain = slices.Clone(m.Plain)
	for i := range p.Changes {
		p.Changes[i] = m.Change(p.Changes[i])
	}
	for i := range p.Omitted {
		p.Omitted[i] = m.Change(p.Omitted[i])
	}
	for i := range p.Holds {
		p.Holds[i] = m.Hold(p.Holds[i])
	}
	for i := range p.Findings {
		f := &p.Findings[i]
		if f.Label != f.Key.String() && f.Label != f.Account {
			f.Label = m.Label(f.Label)
		}
		f.Message = unreadable // labels of several people may be in it
	}
}

// Change returns a copy for display in which what the masks hide stands as hashes: values
// of fields, the label unless it is the key or the native id, and both where words have
// them. Values of Sensitive fields stand as "(sensitive)".
func (m *Masks) Change(c Change) Change {
	if m.ID == "" {
		return c
	}
	text := m.words(&c)
	c.Fields = slices.Clone(c.Fields)
	for i := range c.Fields {
		f := &c.Fields[i]
		if f.Sensitive {
			f.Before, f.After = hidden(f.Before, true), hidden(f.After, true)
		} else {
			*f = m.Field(*f)
		}
	}
	c.Because = slices.Clone(c.Because)
	for i := range c.Because {
		c.Because[i] = text.text(c.Because[i])
	}
	c.Names = nil
	if c.Label != "" && c.Label != c.Key.String() && c.Label != c.Account {
		c.Label = m.Label(c.Label)
	}
	return c
}

// Hold is Change for a change that is held, and its reasons, without what they quote:
// candidates for a name, for instance, are in no field.
func (m *Masks) Hold(h Hold) Hold {
	if m.ID == "" {
		return h
	}
	text := m.words(&h.Change)
	h.Change, h.Reasons = m.Change(h.Change), slices.Clone(h.Reasons)
	for i := range h.Reasons {
		h.Reasons[i].Text = unquoted(text.text(h.Reasons[i].Text))
	}
	return h
}

// unquoted is text with what stands in double quotes, as Go quotes, left out.
func unquoted(text string) string {
	var b strings.Builder
	for {
		at := strings.IndexByte(text, '"')
		if at < 0 {
			b.WriteString(text)
			return b.String()
		}
		quoted, err := strconv.QuotedPrefix(text[at:])
		if err != nil {
			quoted = text[at:] // no end: all of it may be a value
		}
		b.WriteString(text[:at] + unreadable)
		text = text[at+len(quoted):]
	}
}

// words masks in a text what the masks hide of a change.
func (m *Masks) words(c *Change) mask {
	hide := map[string]bool{}
	if c.Label != c.Key.String() && c.Label != c.Account {
		hide[c.Label] = true
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		if f.Sensitive || !m.Hides(f.Name) {
			continue
		}
		for _, v := range slices.Concat(f.Before, f.After) {
			hide[v] = true
		}
	}
	delete(hide, "")
	if len(hide) == 0 {
		return mask{}
	}
	return mask{exact: hide, inside: replacer(hide)}
}

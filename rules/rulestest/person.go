package rulestest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// A Person is somebody at the instant at which they are looked at.
type Person struct {
	rules.Person
	At time.Time
}

// Status returns where the person stands in their employment.
func (p Person) Status() source.Status { return p.Identity.Status }

// EmploymentType returns on what terms the person works.
func (p Person) EmploymentType() source.EmploymentType { return p.Identity.EmploymentType }

// Today returns the day where the person works, in UTC if that is unknown.
func (p Person) Today() source.Date { return source.DateOf(p.At.In(p.zone())) }

func (p Person) zone() *time.Location {
	if z := p.Identity.Location.Zone; z != nil {
		return z
	}
	return time.UTC
}

// DaysGone returns how many days ago the last day of work was, and -1 if it is not
// over or not known.
func (p Person) DaysGone() int {
	end := p.Identity.End()
	if end.IsZero() || !p.Today().After(end) {
		return -1
	}
	return p.Today().Sub(end)
}

// Text returns a field as text, "" if it is missing; the names are those of rule
// files, such as "department" and "custom.level".
func (p Person) Text(field string) string {
	spec, ok := fieldNamed(field)
	if !ok {
		return ""
	}
	return spec.Text(p.Identity)
}

// Holds reports whether the person is known to have a role, such as
// "app/group:developer".
func (p Person) Holds(role string) bool {
	return slices.ContainsFunc(p.Held, func(h rules.Held) bool { return heldRole(h).String() == role })
}

func heldRole(h rules.Held) role { return role{h.Target, h.Slot, h.Entitlement} }

// fieldNamed finds a field by one of its names, derived ones included.
func fieldNamed(name string) (source.FieldSpec, bool) {
	if spec, ok := source.Field(name); ok {
		return spec, true
	}
	return source.Field(meant(name))
}

// String writes the person as a golden file does, so that it can be pasted there.
func (p Person) String() string {
	var b strings.Builder
	b.WriteString("as_of: " + p.At.Format(time.RFC3339) + "\npeople:\n  someone: {")
	for n, spec := range known(p.Identity) {
		if n > 0 {
			b.WriteString(", ")
		}
		b.WriteString(spec.Name + ": ")
		if spec.Type == source.FieldList {
			b.WriteString(flow(spec.Values(p.Identity), len(spec.Values(p.Identity)) == 1))
		} else {
			b.WriteString(scalar(spec.Text(p.Identity)))
		}
	}
	b.WriteString("}\ncases:\n  - {person: someone")
	if p.Held != nil {
		held := make([]string, 0, len(p.Held))
		for _, h := range p.Held {
			held = append(held, heldRole(h).String())
		}
		b.WriteString(", has: " + flow(held, false))
		if len(p.Held) > 0 && !p.Held[0].Lost.IsZero() {
			b.WriteString(", lost: " + p.Held[0].Lost.UTC().Format(time.RFC3339))
		}
	}
	for _, denied := range []bool{false, true} {
		var ids []string
		for _, a := range p.Approvals {
			if a.Denied == denied {
				ids = append(ids, a.Rule)
			}
		}
		if len(ids) > 0 {
			b.WriteString(map[bool]string{false: ", approved: ", true: ", denied: "}[denied] + flow(ids, false))
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// known lists the fields that are not missing, the ID first, then by name. Derived
// ones and lists that are known to be empty are left out and in, respectively.
func known(i *source.Identity) []source.FieldSpec {
	var out []source.FieldSpec
	id, _ := source.Field("id")
	out = append(out, id)
	for _, spec := range source.Fields() {
		void := spec.Name == "groups" && i.Groups != nil || spec.Name == "alternate_ids" && i.AlternateIDs != nil
		if !spec.ReadOnly && spec.Name != "id" && (!spec.Missing(i) || void) {
			out = append(out, spec)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(i.Custom)) {
		if spec, ok := source.Field(customPrefix + key); ok && i.Custom[key] != nil {
			out = append(out, spec)
		}
	}
	return out
}

package rules

import (
	"slices"
	"strings"
)

// Where files have what is no rule. A blank in front is in the name of none.
const (
	laterID       = " later"
	sectionPrefix = " section "
)

// bound is what a layer lets later ones hold, and where it says so.
type bound struct {
	Later
	may, give Pos
}

// maxLater bounds how many patterns a layer has.
const maxLater = 500

// bind notes what a layer lets later ones hold.
func (j *layering) bind(l *Spec) {
	known := namesOf(sectionKeys())
	for i, name := range l.Later.May {
		if !slices.Contains(known, name) && (name != "" || l.origin == nil) {
			j.problemAt("later", l.part(laterID, "may", itoa(i)), j.c.nearest(name, known),
				"there is no section %s: may names some of %s", quoted(name), allOf(known))
		}
	}
	if n := len(l.Later.Give); n > maxLater {
		j.problemAt("later", l.part(laterID, "give"), "", "%d patterns: at most %d", n, maxLater)
	}
	for i, pattern := range l.Later.Give[:min(len(l.Later.Give), maxLater)] {
		if text := strings.TrimSuffix(pattern, everything); pattern != "" && (!clean(pattern) || strings.Contains(text, everything) || strings.IndexByte(text, '/') < 1) {
			j.problemAt("later", l.part(laterID, "give", itoa(i)), "",
				"%s is no pattern: write an entitlement such as app/role:x, or its beginning with * behind it, such as app/role:* or app/*", quoted(pattern))
		}
	}
	j.out.Later = j.out.Later.and(&l.Later)
	j.bounds = append(j.bounds, bound{l.Later, l.part(laterID, "may"), l.part(laterID, "give")})
}

// bounded refuses the sections that a layer must not hold.
func (j *layering) bounded(l *Spec) {
	j.closed = map[string]bool{}
	if j.out.Later.May == nil {
		return
	}
	j.sections(l, func(section, id string) {
		if b := j.closes(section); b != nil && !j.closed[section] {
			j.closed[section] = true
			at := l.position(sectionPrefix + section)
			if at.IsZero() {
				at = l.position(id)
			}
			j.problemAt(id, at, "", "this layer may not hold %s: %s; leave it out", section, b.holding())
		}
	})
}

// closes is the first bound that a section is outside of, or nil.
func (j *layering) closes(section string) *bound {
	for i := range j.bounds {
		if b := &j.bounds[i]; !b.holds(section) {
			return b
		}
	}
	return nil
}

// shut refuses to switch off a rule of a section that the layer must not hold.
func (j *layering) shut(id string) bool {
	if j.out.Later.May == nil {
		return false
	}
	section := ""
	j.sections(&j.out, func(name, of string) {
		if of == id {
			section = name
		}
	})
	b := j.closes(section)
	if section == "" || b == nil {
		return false
	}
	j.offProblem(id, "", "this layer may not switch off %q, which is a rule under %s: %s; leave it out of off", id, section, b.holding())
	return true
}

// sections yields each rule of a layer with its section, and the fields that are new.
func (j *layering) sections(l *Spec, yield func(section, id string)) {
	for _, f := range l.Fields {
		if !slices.ContainsFunc(j.out.Fields, func(x FieldSpec) bool { return x.Name == f.Name }) {
			yield("fields", fieldPrefix+f.Name)
		}
	}
	if l.Scope != (Scope{}) {
		yield("scope", scopeID)
	}
	for i := range l.Targets {
		t := &l.Targets[i]
		at := placeName(t.Target, t.Slot)
		if !t.Account.IsZero() || t.Label != nil {
			yield("account", accountPrefix+at)
		}
		if t.Lifecycle != (Lifecycle{}) {
			yield("lifecycle", t.Lifecycle.id(at))
		}
		for n := range t.Attributes {
			yield("attributes", t.Attributes[n].id(at))
		}
	}
	for i := range l.Tables {
		yield("tables", tablePrefix+l.Tables[i].Name)
	}
	for i := range l.Grants {
		yield("grants", l.Grants[i].ID)
	}
	for i := range l.Picks {
		yield("pick", l.Picks[i].ID)
	}
	for i := range l.Never {
		yield("never", l.Never[i].ID)
	}
	for i := range l.NeverTogether {
		yield("never_together", l.NeverTogether[i].ID)
	}
	for i := range l.Require {
		yield("require", l.Require[i].ID)
	}
	for i := range l.Budgets {
		yield("budget", l.Budgets[i].ID)
	}
	for i := range l.Protect {
		yield("protect", l.Protect[i].ID)
	}
}

// holding says what later layers may hold.
func (b *bound) holding() string {
	if len(b.May) == 0 {
		return sayer(b.may) + " lets later layers hold no section"
	}
	return sayer(b.may) + " lets later layers hold " + allOf(b.May) + " only"
}

// giving says what later layers may give.
func (b *bound) giving() string {
	const shown = 8
	switch n := len(b.Give); {
	case n == 0:
		return sayer(b.give) + " lets later layers give nothing"
	case n > shown:
		return sayer(b.give) + " lets later layers give " + strings.Join(b.Give[:shown], ", ") + " and " + count(n-shown, "other pattern") + " only"
	default:
		return sayer(b.give) + " lets later layers give " + allOf(b.Give) + " only"
	}
}

// sayer is who says so at a place.
func sayer(at Pos) string {
	if at.IsZero() {
		return "an earlier layer"
	}
	return at.String()
}

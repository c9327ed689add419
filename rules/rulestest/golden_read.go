package rulestest

import (
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/source"
)

// caseFile is a file of golden cases.
type caseFile struct {
	zone  *time.Location
	cases []goldenCase
}

// goldenCase is one case of a file.
type goldenCase struct {
	name   string // of the person
	pos    rules.Pos
	at     *document.Value
	who    Person
	stated []expectation
}

// caseReader reads one file and collects what is wrong with it.
type caseReader struct {
	set      *shared
	name     string
	file     *document.File
	problems []string
	zone     *time.Location
	asOf     time.Time
	people   map[string]source.Identity
	names    []string // of the people
}

// readCases reads a file of golden cases, or says what is wrong with it.
func readCases(set *shared, name string, data []byte) (*caseFile, []string) {
	file, root, problems := document.Read(name, data)
	r := &caseReader{set: set, name: name, file: file, zone: time.UTC, people: map[string]source.Identity{}}
	for _, p := range problems {
		text := p.Message
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		r.problem(rules.Pos{File: name, Line: p.Line, Column: p.Column}, "%s", text)
	}
	out := &caseFile{}
	if root != nil && len(problems) == 0 {
		out.cases = r.read(root)
	}
	out.zone = r.zone
	return out, r.problems
}

func (r *caseReader) problem(at rules.Pos, format string, args ...any) {
	p := rules.Problem{Pos: at, Message: fmt.Sprintf(format, args...)}
	p.Excerpt, p.Caret = r.file.Excerpt(at.Line, at.Column)
	r.problems = append(r.problems, p.Error())
}

func (r *caseReader) pos(v *document.Value) rules.Pos {
	return rules.Pos{File: r.name, Line: v.Line, Column: v.Column}
}

func (r *caseReader) fail(v *document.Value, format string, args ...any) {
	r.problem(r.pos(v), format, args...)
}

// read reads the whole file. What a key means may depend on others, so they are read
// in the order of need.
func (r *caseReader) read(root *document.Value) []goldenCase {
	keys := []string{"as_of", "zone", "people", "cases"}
	r.closed(root, "the file", keys)
	if v := get(root, "zone"); v != nil {
		zone, err := zoneOf(r.text(v, "zone"))
		if err != nil {
			r.fail(v, "zone: %v", err)
		} else {
			r.zone = zone
		}
	}
	if v := get(root, "as_of"); v != nil {
		r.asOf = r.instant(v, "as_of")
	}
	if v := get(root, "people"); v != nil && r.is(v, document.Mapping, "people", "a mapping of names to people") {
		for i := range v.Pairs {
			r.person(&v.Pairs[i])
		}
	}
	v := get(root, "cases")
	if v == nil {
		r.fail(root, "the file has no cases: add some under cases")
		return nil
	}
	if !r.is(v, document.Sequence, "cases", "a list, each entry of which begins with a dash") {
		return nil
	}
	var out []goldenCase
	for _, item := range v.Items {
		if c, ok := r.readCase(item); ok {
			out = append(out, c)
		}
	}
	return out
}

// person reads one person.
func (r *caseReader) person(p *document.Pair) {
	i := source.Identity{ID: p.Key.Text}
	r.names = append(r.names, p.Key.Text)
	before := len(r.problems)
	if r.is(p.Value, document.Mapping, p.Key.Text, "a mapping of fields to values") {
		for n := range p.Value.Pairs {
			f := &p.Value.Pairs[n]
			s := stated{field: f.Key.Text, missing: f.Value.Kind == document.Null}
			if f.Value.Kind == document.Mapping {
				r.fail(f.Value, "%s is a mapping; want a text or a list of texts", f.Key.Text)
				continue
			}
			if !s.missing {
				s.values = r.texts(f.Value, f.Key.Text)
			}
			if err := r.set.fields.state(&i, s); err != nil {
				r.fail(&f.Key, "%v", err)
			}
		}
	}
	i, err := cleaned(i)
	if err != nil && len(r.problems) == before {
		r.fail(&p.Key, "%v", err)
	}
	r.people[p.Key.Text] = i
}

// readCase reads one case.
func (r *caseReader) readCase(v *document.Value) (goldenCase, bool) {
	c := goldenCase{pos: r.pos(v), at: v}
	if !r.is(v, document.Mapping, "a case", "a mapping such as {person: kim, want: []}") {
		return c, false
	}
	r.closed(v, "a case", slices.Concat(situationKeys(), expectationKeys()))
	c.who.At = r.asOf
	if on := get(v, "on"); on != nil {
		c.who.At = r.instant(on, "on")
	} else if r.asOf.IsZero() {
		r.fail(v, "the case has no day: write on here, or as_of at the top of the file")
	}
	person := get(v, "person")
	if person == nil {
		r.fail(v, "the case has no person: write one of %s", some(r.names))
		return c, false
	}
	c.name = r.text(person, "person")
	i, ok := r.people[c.name]
	if !ok {
		r.fail(person, "there is nobody called %q under people, only %s", c.name, some(r.names))
	}
	c.who.Identity = &i
	r.situation(&c, v)
	for n := range v.Pairs {
		p := &v.Pairs[n]
		if slices.Contains(expectationKeys(), p.Key.Text) {
			c.stated = append(c.stated, r.expectations(p)...)
		}
	}
	return c, true
}

// situation reads what somebody has and what was decided about them.
func (r *caseReader) situation(c *goldenCase, v *document.Value) {
	lost := time.Time{}
	if at := get(v, "lost"); at != nil {
		lost = r.instant(at, "lost")
		if get(v, "has") == nil {
			r.fail(at, "lost says since when somebody has no right to what they have: write has too")
		}
	}
	if at := get(v, "has"); at != nil {
		c.who.Held = []rules.Held{}
		for _, x := range r.roles(at, "has") {
			c.who.Held = append(c.who.Held, rules.Held{Target: x.target, Slot: x.slot, Entitlement: x.entitlement, Lost: lost})
		}
	}
	for _, key := range []string{"approved", "denied"} {
		at := get(v, key)
		if at == nil {
			continue
		}
		for _, id := range r.texts(at, key) {
			if err := r.set.approvable(id); err != nil {
				r.fail(at, "%s: %v", key, err)
			}
			c.who.Approvals = append(c.who.Approvals, rules.Approved{Rule: id, Denied: key == "denied", At: c.who.At})
		}
	}
}

func situationKeys() []string { return []string{"person", "on", "has", "lost", "approved", "denied"} }

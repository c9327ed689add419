package workday

import (
	"errors"
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// A reportReading is one read of a report. It belongs to one goroutine.
type reportReading struct {
	*Report
	today  source.Date
	values []jsonscan.Value // of the present row, by column
	stated []bool           // whether the present row has the column
	seen   []bool           // whether any row has it
	common map[string]string
	count  int // rows
}

func (p *Report) read() *reportReading {
	n := len(p.columns)
	return &reportReading{
		Report: p, today: source.DateOf(p.cfg.Connection.Clock().In(p.zone)), common: map[string]string{},
		values: make([]jsonscan.Value, n), stated: make([]bool, n), seen: make([]bool, n),
	}
}

// row makes an identity of a row. A column that is not there is one without a value.
func (r *reportReading) row(raw []byte) (source.Identity, error) {
	r.count++
	clear(r.stated)
	s := jsonscan.New(raw)
	if s.Peek() != '{' {
		return source.Identity{}, errors.New("it is no object")
	}
	err := s.Members(func(key []byte) error {
		places := r.byName[string(key)]
		if places == nil {
			return s.Skip()
		}
		v, err := s.Value()
		for _, n := range places {
			r.values[n], r.stated[n], r.seen[n] = v, v.Kind != jsonscan.Null, true
		}
		return err
	})
	return r.identity(), err
}

// identity makes an identity of the present row.
func (r *reportReading) identity() source.Identity {
	var i source.Identity
	fill := filler{identity: &i}
	var st standing
	var kind, worker, hours string
	statusFault := ""
	for n := range r.columns {
		c := &r.columns[n]
		if !r.stated[n] {
			continue
		}
		texts, fault := r.texts(n)
		if fault != "" {
			fill.note(c.field, c.name+" is taken as missing: "+fault)
			continue
		}
		switch c.field {
		case "status":
			st.word = one(texts)
		case "employment_type":
			worker = one(texts)
		case "time_type":
			hours = one(texts)
		case "kind":
			kind = one(texts)
		default:
			if into := st.at(c.field); into != nil {
				stated, known := flagOf(one(texts))
				if *into = stated; !known {
					statusFault = fmt.Sprintf("%s: %q is neither true nor false", c.name, excerpt.Of(one(texts)))
				}
				continue
			}
			fill.set(&c.spec, c.name, r.cfg.DateLayout, texts)
		}
	}
	if i.ID = strings.TrimSpace(i.ID); i.ID == "" {
		return source.Identity{Findings: []source.Finding{noID("a row has no ID")}}
	}
	fill.kind(kind)
	if fault := r.words.employment(&i, worker, hours); fault != "" {
		fill.note("employment_type", fault)
	}
	if i.Location.TimeZone == "" {
		i.Location.TimeZone = r.cfg.zoneOf(i.Location.Name, i.Location.ID)
	}
	if statusFault == "" {
		statusFault = r.words.decide(&i, st, r.today)
	}
	if statusFault != "" {
		fill.note("status", statusFault)
	}
	return i
}

// at returns the flag of a name, nil if it is none.
func (st *standing) at(field string) *flag {
	switch field {
	case "active":
		return &st.active
	case "terminated":
		return &st.terminated
	case "retired":
		return &st.retired
	case "on_leave":
		return &st.onLeave
	case "hire_rescinded":
		return &st.rescinded
	}
	return nil
}

func (f *filler) kind(word string) {
	switch vocabulary.Fold(word) {
	case "":
	case "employee":
		f.identity.Kind = source.KindEmployee
	case "contingentworker", "contingent", "contractor":
		f.identity.Kind = source.KindContingent
	default:
		f.note("kind", fmt.Sprintf("%q is neither Employee nor Contingent Worker", excerpt.Of(word)))
	}
}

func one(texts []string) string { return strings.TrimSpace(strings.Join(texts, ", ")) }

// texts returns the values in a cell. Fields with several instances are lists, of
// texts or of objects with a Descriptor.
func (r *reportReading) texts(n int) (all []string, fault string) {
	v, shared := r.values[n], r.columns[n].shared
	if v.Kind == jsonscan.List {
		return r.elements(v, shared)
	}
	if v.Kind == jsonscan.Object {
		text, ok := descriptor(v)
		if !ok {
			return nil, "it is an object without a Descriptor"
		}
		return []string{text}, ""
	}
	return []string{r.text(v, shared)}, ""
}

// elements returns the texts in a list.
func (r *reportReading) elements(v jsonscan.Value, shared bool) (all []string, fault string) {
	ok := true
	s := jsonscan.New(v.Raw)
	err := s.Elements(func() error {
		element, err := s.Value()
		text, is := r.text(element, shared), element.Kind != jsonscan.List
		if element.Kind == jsonscan.Object {
			text, is = descriptor(element)
		}
		ok = ok && is
		if element.Kind != jsonscan.Null {
			all = append(all, text)
		}
		return err
	})
	if err != nil || !ok {
		return nil, "it is a list of something else than texts"
	}
	return all, ""
}

// descriptor returns what an instance is called.
func descriptor(v jsonscan.Value) (text string, ok bool) {
	s := jsonscan.New(v.Raw)
	err := s.Members(func(key []byte) error {
		member, err := s.Value()
		if string(key) == "Descriptor" && member.Kind == jsonscan.Text {
			text, ok = member.Text(), true
		}
		return err
	})
	return text, ok && err == nil
}

// text returns a value as text. One that many people have is kept once.
func (r *reportReading) text(v jsonscan.Value, shared bool) string {
	if !shared || !v.Plain {
		return v.Text()
	}
	if kept, ok := r.common[string(v.Raw)]; ok {
		return kept
	}
	kept := string(v.Raw)
	const most = 1 << 14
	if len(r.common) < most {
		r.common[kept] = kept
	}
	return kept
}

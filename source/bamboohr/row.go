package bamboohr

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// A reading is one read, of everybody or of a few people. It belongs to one
// goroutine.
type reading struct {
	*Source
	today  source.Date
	values []jsonscan.Value // of the present row, by column
	stated []bool           // whether the present row has the column
	hidden []bool           // whether the API user may not see it there
	common map[string]string
	buffer []source.Identity // of the present page

	known   map[string]bool // IDs of the people so far
	unnamed int             // people without one
	decided int             // people whose status may be seen
	unseen  []int           // by column, people of whom it may not be seen
	pages   dataPages
}

func (s *Source) reading() *reading {
	n := len(s.columns)
	return &reading{
		Source: s, today: source.DateOf(s.cfg.Clock().UTC()),
		values: make([]jsonscan.Value, n), stated: make([]bool, n), hidden: make([]bool, n), unseen: make([]int, n),
		common: map[string]string{}, known: map[string]bool{},
	}
}

// row takes the person that comes. Every field that was asked for has to be there,
// be it as null: the list of employees says nothing about a name that it does not
// know, and a field that was renamed must not empty everybody's.
func (r *reading) row(s *jsonscan.Scanner) (source.Identity, error) {
	clear(r.stated)
	clear(r.hidden)
	if err := s.Members(func(key []byte) error { return r.member(s, key) }); err != nil {
		return source.Identity{}, fmt.Errorf("a person: %w", err)
	}
	for n, stated := range r.stated {
		if !stated {
			return source.Identity{}, fmt.Errorf("a person has no %s, which was asked for: it was renamed, removed or misspelt",
				r.columns[n].name)
		}
	}
	return r.identity(), nil
}

func (r *reading) member(s *jsonscan.Scanner, key []byte) error {
	if n, asked := r.byName[string(key)]; asked {
		v, err := s.Value()
		r.values[n], r.stated[n] = v, true
		return err
	}
	switch {
	case string(key) == "_restrictedFields" && s.Peek() == '[':
		return s.Elements(func() error {
			name, err := s.Value()
			// The dataset writes "employee_hireDate".
			if n, asked := r.byName[strings.TrimPrefix(name.Text(), "employee_")]; err == nil && asked {
				r.hidden[n] = true
			}
			return err
		})
	case string(key) == "fields" && r.cfg.Strategy == Dataset && s.Peek() == '{':
		return s.Members(func(key []byte) error { return r.member(s, key) })
	}
	return s.Skip()
}

// identity makes an identity of the present row.
func (r *reading) identity() source.Identity {
	var i source.Identity
	var status, employment string
	key := r.values[r.id]
	id := key.Text()
	if key.Kind != jsonscan.Text && key.Kind != jsonscan.Number || !validID(id) {
		i.Findings = append(i.Findings, source.Finding{
			Code: source.CodeNoID, Field: "id", Message: "a person has no employee id of BambooHR: it cannot be said who they are",
		})
		r.unnamed++
		return i
	}
	i.ID, i.Kind = id, source.KindEmployee
	for n := range r.columns {
		c := &r.columns[n]
		fault := ""
		switch {
		case n == r.id:
		case r.hidden[n]:
			r.unseen[n]++
			if c.heavy {
				fault = "the API user may not see it"
			}
		case c.field.Type == source.FieldStatus:
			status = r.text(r.values[n], true)
		case c.field.Type == source.FieldEmploymentType:
			employment = r.text(r.values[n], true)
		default:
			fault = r.fill(&i, c, r.values[n])
		}
		if fault != "" {
			i.Findings = append(i.Findings, bad(c.field.Name, c.name+" is taken as missing: "+fault))
		}
	}
	r.employment(&i, employment)
	if !r.hidden[r.status] {
		r.decided++
		if field, fault := r.words.status(&i, status, employment, r.today); fault != "" {
			i.Findings = append(i.Findings, bad(field, fault))
		}
	}
	i.Location.Country = r.cfg.Countries[i.Location.Name]
	if i.Location.TimeZone == "" {
		i.Location.TimeZone = r.cfg.TimeZones[i.Location.Name]
	}
	r.known[i.ID] = true
	return i
}

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// employment reads the company's own word for the terms of somebody's work.
func (r *reading) employment(i *source.Identity, word string) {
	if word == "" {
		return
	}
	i.EmploymentTypeRaw = word
	folded := vocabulary.Fold(word)
	terms, known := r.words.types[folded]
	if _, status := r.words.statuses[folded]; !known && !status {
		i.Findings = append(i.Findings, bad("employment_type",
			fmt.Sprintf("%q is neither a known employment type nor a known status; map it in EmploymentType or Status", excerpt.Of(word))))
	}
	i.EmploymentType = terms
	if terms == source.Contractor || terms == source.Freelance {
		i.Kind = source.KindContingent
	}
}

// validID reports whether a text is an employee id: "Each employee has an immutable
// employee ID that is unique within a single company"
// (https://documentation.bamboohr.com/docs/api-details), and it is a number. 0 stands
// for whoever asks.
func validID(id string) bool {
	if id == "" || len(id) > 18 || id[0] == '0' {
		return false
	}
	for n := range len(id) {
		if id[n] < '0' || id[n] > '9' {
			return false
		}
	}
	return true
}

package ashby

import (
	"errors"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/values"
)

// A found value stands in a place that is mapped.
type found struct {
	values.Value
	mapping *mapping
}

type application struct {
	id, status, candidate       string
	jobID, department, location string
	given, family               string // where Ashby has them apart
	manager                     person
	updated                     time.Time
	values                      []found
}

// A person of the company.
type person struct{ email, given, family string }

type offer struct {
	id, application    string
	status, acceptance string
	decided            string
	values             []found
	undated            bool // its version does not say whether there is a first day
}

type candidate struct {
	id           string
	applications []string
}

// A place is a department or a location.
type place struct{ id, name, city, region, country string }

var errID = errors.New("a record has no id of Ashby")

// validID reports whether a text can be an id. They are UUIDs; the form is not relied
// on.
func validID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

func id(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	switch {
	case err != nil || v.Kind == jsonscan.Null:
		return err
	case v.Kind != jsonscan.Text && v.Kind != jsonscan.Number || !validID(v.Text()):
		return errID
	}
	*into = v.Text()
	return nil
}

// object calls each for the members of an object, and skips anything else, such as
// null.
func object(s *jsonscan.Scanner, each func(key string) error) error {
	if s.Peek() != '{' {
		return s.Skip()
	}
	return s.Members(func(key []byte) error { return each(string(key)) })
}

// array calls each for the elements of a list, and skips anything else.
func array(s *jsonscan.Scanner, each func() error) error {
	if s.Peek() != '[' {
		return s.Skip()
	}
	return s.Elements(each)
}

// keep takes a value for the fields that a place is mapped to.
func (r *reading) keep(into *[]found, place string, v jsonscan.Value, fault string) {
	for _, m := range r.mappings[place] {
		value := values.Of(v)
		if fault != "" {
			value = values.Value{Fault: fault}
		}
		if !value.Empty() {
			*into = append(*into, found{value, m})
		}
	}
}

// place takes the value that comes for a place.
func (r *reading) place(s *jsonscan.Scanner, into *[]found, place string) error {
	v, err := s.Value()
	if err == nil {
		r.keep(into, place, v, "")
	}
	return err
}

// title takes the title of a job, which many applications have.
func (r *reading) title(s *jsonscan.Scanner, into *[]found) error {
	places := r.mappings["job.title"]
	if len(places) == 0 || s.Peek() != '"' {
		return s.Skip()
	}
	var title string
	err := r.shared(s, &title)
	for _, m := range places {
		if title != "" {
			*into = append(*into, found{values.Value{Text: title}, m})
		}
	}
	return err
}

func (r *reading) application(s *jsonscan.Scanner) (application, error) {
	a := application{values: make([]found, 0, 4)}
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "id":
			return id(s, &a.id)
		case "status":
			return r.shared(s, &a.status)
		case "updatedAt":
			v, err := s.Value()
			if err == nil && v.Kind == jsonscan.Text {
				_ = a.updated.UnmarshalText(v.Raw) // no more than a hint
			}
			return err
		case "candidate":
			return r.candidate(s, &a)
		case "job":
			return r.job(s, &a)
		case "hiringTeam":
			return array(s, func() error { return r.member(s, &a) })
		case "customFields":
			return r.customFields(s, &a.values, "application")
		}
		return s.Skip()
	})
	if err == nil && (a.id == "" || a.candidate == "") {
		err = errID
	}
	return a, err
}

// candidate takes the candidate of an application.
func (r *reading) candidate(s *jsonscan.Scanner, a *application) error {
	return object(s, func(key string) error {
		switch key {
		case "id":
			return id(s, &a.candidate)
		case "name":
			return r.place(s, &a.values, "candidate.name")
		case "firstName":
			return text(s, &a.given)
		case "lastName":
			return text(s, &a.family)
		case "primaryEmailAddress":
			return object(s, func(key string) error {
				if key == "value" {
					return r.place(s, &a.values, "candidate.primaryEmailAddress")
				}
				return s.Skip()
			})
		}
		return s.Skip()
	})
}

func (r *reading) job(s *jsonscan.Scanner, a *application) error {
	return object(s, func(key string) error {
		switch key {
		case "id":
			return id(s, &a.jobID)
		case "title":
			return r.title(s, &a.values)
		case "departmentId":
			return r.sharedID(s, &a.department)
		case "locationId":
			return r.sharedID(s, &a.location)
		}
		return s.Skip()
	})
}

// member takes somebody of the hiring team, if they have the role of the manager. The
// first one counts.
func (r *reading) member(s *jsonscan.Scanner, a *application) error {
	var role, email, first, last string
	err := object(s, func(key string) error {
		switch key {
		case "role":
			return r.shared(s, &role)
		case "email":
			return r.shared(s, &email)
		case "firstName":
			return r.shared(s, &first)
		case "lastName":
			return r.shared(s, &last)
		}
		return s.Skip()
	})
	if strings.EqualFold(role, r.cfg.ManagerRole) && a.manager.email == "" {
		a.manager = person{email, first, last}
	}
	return err
}

// customFields takes the custom fields that are mapped, by title or by id.
func (r *reading) customFields(s *jsonscan.Scanner, into *[]found, record string) error {
	return array(s, func() error {
		var name, key, kind string
		var v jsonscan.Value
		err := object(s, func(member string) error {
			switch member {
			case "title":
				return text(s, &name)
			case "id":
				return text(s, &key)
			case "valueType":
				return text(s, &kind)
			case "value":
				var err error
				v, err = s.Value()
				return err
			}
			return s.Skip()
		})
		fault := ""
		if strings.Contains(kind, "Currency") || strings.Contains(kind, "Compensation") {
			fault = "it holds pay, which is never read"
		}
		r.keep(into, record+custom+name, v, fault)
		if key != name {
			r.keep(into, record+custom+key, v, fault)
		}
		return err
	})
}

// shared takes a text that many records have, and keeps it once.
func (r *reading) shared(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	if err != nil || v.Kind != jsonscan.Text {
		return err
	}
	kept, ok := r.texts[string(v.Raw)]
	if !ok || !v.Plain {
		const most = 10_000
		if kept = v.Text(); len(r.texts) < most {
			r.texts[kept] = kept
		}
	}
	*into = kept
	return nil
}

func (r *reading) sharedID(s *jsonscan.Scanner, into *string) error {
	err := r.shared(s, into)
	if err == nil && *into != "" && !validID(*into) {
		return errID
	}
	return err
}

func (p *place) ref() source.Ref { return source.Ref{ID: p.id, Name: p.name} }

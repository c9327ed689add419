package greenhouse

import (
	"errors"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/jsonscan"
)

// A found value stands in a place that is mapped.
type found struct {
	mapping int // index
	texts   []string
	fault   string // why it cannot be taken
}

// What records of all kinds have in common.
type common struct {
	id      string
	updated time.Time
	values  []found
}

type application struct {
	common
	candidate, job, status string
}

type offer struct {
	common
	application, candidate, status string
}

type candidate struct {
	common
	users []string // of Greenhouse itself
}

type job struct {
	common
	department string
	offices    []string
}

// A place is a department or an office.
type place struct{ id, name, code string }

var errID = errors.New("a record has no id of Greenhouse")

// validID reports whether a text is an id: "id" is an integer in all records.
func validID(id string) bool {
	return id != "" && len(id) <= 18 && id[0] != '0' && strings.Trim(id, "0123456789") == ""
}

// id takes a value that is an id, written as a number or as a text, or null.
func id(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	switch {
	case err != nil:
		return err
	case v.Kind == jsonscan.Null:
		return nil
	case v.Kind != jsonscan.Number && v.Kind != jsonscan.Text || !validID(v.Text()):
		return errID
	}
	*into = v.Text()
	return nil
}

// ids takes a list of ids, or null.
func ids(s *jsonscan.Scanner, into *[]string) error {
	if s.Peek() != '[' {
		return s.Skip()
	}
	return s.Elements(func() error {
		var one string
		err := id(s, &one)
		if one != "" {
			*into = append(*into, one)
		}
		return err
	})
}

func word(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	if err == nil && v.Kind != jsonscan.Null {
		*into = v.Text()
	}
	return err
}

// member takes what records have in common, and values that are mapped. Whatever
// nobody asked for it skips without looking at it.
func (r *reading) member(s *jsonscan.Scanner, key string, of record, c *common) error {
	switch key {
	case "id":
		return id(s, &c.id)
	case "updated_at":
		var text string
		err := word(s, &text)
		c.updated, _ = time.Parse(time.RFC3339, text) // no more than a hint
		return err
	case "custom_fields":
		return r.customFields(s, of, c)
	case "email_addresses":
		return r.emails(s, of, c)
	}
	places := r.plain[of][key]
	if len(places) == 0 {
		return s.Skip()
	}
	v, err := s.Value()
	if err == nil {
		c.take(places, v, "")
	}
	return err
}

func (c *common) add(n int, v jsonscan.Value) {
	texts, fault := texts(v)
	if fault != "" || len(texts) > 0 {
		c.values = append(c.values, found{n, texts, fault})
	}
}

// emails takes the first address of each type that is mapped.
func (r *reading) emails(s *jsonscan.Scanner, of record, c *common) error {
	if s.Peek() != '[' {
		return s.Skip()
	}
	have := map[int]bool{}
	return s.Elements(func() error {
		if s.Peek() != '{' {
			return s.Skip()
		}
		var kind string
		var address jsonscan.Value
		err := s.Members(func(key []byte) error {
			switch string(key) {
			case "type":
				return word(s, &kind)
			case "value":
				var err error
				address, err = s.Value()
				return err
			}
			return s.Skip()
		})
		for _, n := range r.plain[of]["email_addresses."+strings.ToLower(kind)] {
			if !have[n] {
				have[n] = true
				c.add(n, address)
			}
		}
		return err
	})
}

func (r *reading) application(s *jsonscan.Scanner) (application, error) {
	var a application
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "candidate_id":
			return id(s, &a.candidate)
		case "job_id":
			return id(s, &a.job)
		case "status":
			return word(s, &a.status)
		}
		return r.member(s, string(key), applications, &a.common)
	})
	if err == nil && (a.id == "" || a.candidate == "") {
		err = errID
	}
	return a, err
}

func (r *reading) offer(s *jsonscan.Scanner) (offer, error) {
	var o offer
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "application_id":
			return id(s, &o.application)
		case "candidate_id":
			return id(s, &o.candidate)
		case "status":
			return word(s, &o.status)
		}
		return r.member(s, string(key), offers, &o.common)
	})
	if err == nil && (o.id == "" || o.application == "") {
		err = errID
	}
	return o, err
}

func (r *reading) candidate(s *jsonscan.Scanner) (candidate, error) {
	var c candidate
	err := s.Members(func(key []byte) error {
		if string(key) == "linked_user_ids" {
			return ids(s, &c.users)
		}
		return r.member(s, string(key), candidates, &c.common)
	})
	if err == nil && c.id == "" {
		err = errID
	}
	return c, err
}

func (r *reading) job(s *jsonscan.Scanner) (job, error) {
	var j job
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "department_id":
			return id(s, &j.department)
		case "office_ids":
			return ids(s, &j.offices)
		}
		return r.member(s, string(key), jobs, &j.common)
	})
	if err == nil && j.id == "" {
		err = errID
	}
	return j, err
}

func readPlace(s *jsonscan.Scanner) (place, error) {
	var p place
	err := s.Members(func(key []byte) error {
		switch string(key) {
		case "id":
			return id(s, &p.id)
		case "name":
			return word(s, &p.name)
		case "external_id":
			return word(s, &p.code)
		}
		return s.Skip()
	})
	if err == nil && p.id == "" {
		err = errID
	}
	return p, err
}

package greenhouse

import (
	"errors"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source/internal/values"
)

// A found value stands in a place that is mapped.
type found struct {
	values.Value
	mapping int // index
}

// What records of all kinds have in common.
type common struct {
	id      int64
	updated time.Time
	values  []found
}

type application struct {
	common
	candidate, job int64 // 0 for none
	status         string
}

type offer struct {
	common
	application, candidate int64
	status                 string
}

type candidate struct {
	common
	users []int64 // of Greenhouse itself
}

type job struct {
	common
	department int64
	offices    []int64
}

// A place is a department or an office.
type place struct {
	id         int64
	name, code string
}

var errID = errors.New("a record has no id of Greenhouse")

// parseID reads an id: "id" is an integer in all records.
func parseID(id []byte) (int64, bool) {
	if len(id) == 0 || len(id) > 18 || id[0] == '0' {
		return 0, false
	}
	n := int64(0)
	for _, c := range id {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// id takes a value that is an id, written as a number or as a text, or null.
func id(s *jsonscan.Scanner, into *int64) error {
	v, err := s.Value()
	if err != nil || v.Kind == jsonscan.Null {
		return err
	}
	n, ok := parseID(v.Raw)
	if v.Kind != jsonscan.Number && v.Kind != jsonscan.Text || !ok {
		return errID
	}
	*into = n
	return nil
}

// ids takes a list of ids, or null.
func ids(s *jsonscan.Scanner, into *[]int64) error {
	if s.Peek() != '[' {
		return s.Skip()
	}
	return s.Elements(func() error {
		var one int64
		err := id(s, &one)
		if one != 0 {
			*into = append(*into, one)
		}
		return err
	})
}

// shared takes a text that many records have, and keeps it once.
func (r *reading) shared(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	if err != nil || v.Kind == jsonscan.Null {
		return err
	}
	kept, ok := r.texts[string(v.Raw)]
	if !ok || !v.Plain {
		kept = v.Text()
		if len(r.texts) < mostPage {
			r.texts[kept] = kept
		}
	}
	*into = kept
	return nil
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
		v, err := s.Value()
		if err == nil && v.Kind == jsonscan.Text {
			_ = c.updated.UnmarshalText(v.Raw) // no more than a hint
		}
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
	c.keep(found{values.Of(v), n})
}

func (c *common) keep(f found) {
	if f.Empty() {
		return
	}
	if c.values == nil {
		c.values = make([]found, 0, 4)
	}
	c.values = append(c.values, f)
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
			return r.shared(s, &a.status)
		}
		return r.member(s, string(key), applications, &a.common)
	})
	if err == nil && (a.id == 0 || a.candidate == 0) {
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
			return r.shared(s, &o.status)
		}
		return r.member(s, string(key), offers, &o.common)
	})
	if err == nil && (o.id == 0 || o.application == 0) {
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
	if err == nil && c.id == 0 {
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
	if err == nil && j.id == 0 {
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
	if err == nil && p.id == 0 {
		err = errID
	}
	return p, err
}

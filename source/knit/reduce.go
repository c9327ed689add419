package knit

import (
	"errors"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source/internal/values"
)

// A field is one value of a person as it is kept: where it was, and the JSON of it.
type field struct {
	place string // such as "profile.firstName"
	raw   []byte
}

const recordPlace = "recordId" // where the recordId of the envelope is kept

// block is the part of a place before the first dot.
func block(place string) string {
	name, _, _ := strings.Cut(place, ".")
	return name
}

// reduce keeps of a person what is mapped and forgets the rest: birth dates, home
// addresses and bank accounts that were pushed all the same never reach the store.
func (c *Connector) reduce(e *event, raw []byte) error {
	s := jsonscan.New(raw)
	err := s.Members(func(key []byte) error {
		name := string(key)
		if s.Peek() != 'n' && !slices.Contains(e.blocks, name) {
			e.blocks = append(e.blocks, name)
		}
		return c.reduceAt(e, &s, name)
	})
	if err != nil {
		return err
	}
	if e.recordID == "" && e.text(idPlace) == "" {
		return errors.New("neither recordId nor eventData.profile.id is there: nobody knows who it is about")
	}
	return nil
}

func (c *Connector) reduceAt(e *event, s *jsonscan.Scanner, place string) error {
	switch {
	case c.mapped[place] != nil:
	case c.within[place] && s.Peek() == '{':
		return s.Members(func(key []byte) error { return c.reduceAt(e, s, place+"."+string(key)) })
	default:
		return s.Skip()
	}
	v, err := s.Value()
	if err != nil || v.Kind == jsonscan.Null {
		return err
	}
	at := slices.IndexFunc(e.fields, func(f field) bool { return f.place == place })
	if at < 0 {
		at = len(e.fields)
		e.fields = append(e.fields, field{place: place})
	}
	e.fields[at].raw = simple(v)
	return nil
}

// simple returns the JSON of what a value says to a field. An object says its name, and
// of one that says nothing nothing is kept but that it was there.
func simple(v jsonscan.Value) []byte {
	if v.Kind != jsonscan.Object && v.Kind != jsonscan.List {
		return whole(v)
	}
	said := values.Of(v)
	switch {
	case said.Fault != "" && v.Kind == jsonscan.List:
		return []byte("[{}]")
	case said.Fault != "":
		return []byte("{}")
	case v.Kind == jsonscan.Object:
		return quote(said.Text)
	case len(said.More) == 0:
		said.More = []string{said.Text}
	}
	list := []byte{'['}
	for n, text := range said.More {
		if n > 0 {
			list = append(list, ',')
		}
		list = append(list, quote(text)...)
	}
	return append(list, ']')
}

// whole returns the JSON of a value.
func whole(v jsonscan.Value) []byte {
	if v.Kind != jsonscan.Text {
		return v.Raw
	}
	quoted := make([]byte, 0, len(v.Raw)+2)
	return append(append(append(quoted, '"'), v.Raw...), '"')
}

// text returns a value that is a text or a number, "" for any other.
func (e *event) text(place string) string {
	for _, f := range e.fields {
		if f.place == place {
			s := jsonscan.New(f.raw)
			if v, err := s.Value(); err == nil && (v.Kind == jsonscan.Text || v.Kind == jsonscan.Number) {
				return v.Text()
			}
		}
	}
	return ""
}

// body returns what is to be kept of a person. What a modification does not mention,
// whole blocks of it, stays as it was: missing is not empty.
func (e *event) body(before []byte) ([]byte, error) {
	fields := e.fields
	if e.kind == recordModified && len(before) > 0 {
		s := jsonscan.New(before)
		err := s.Members(func(key []byte) error {
			v, err := s.Value()
			if place := string(key); place != recordPlace && !slices.Contains(e.blocks, block(place)) {
				fields = append(fields, field{place, whole(v)})
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if e.recordID != "" {
		fields = append(fields, field{recordPlace, quote(e.recordID)})
	}
	body := []byte{'{'}
	for n, f := range fields {
		if n > 0 {
			body = append(body, ',')
		}
		body = append(append(append(body, quote(f.place)...), ':'), f.raw...)
	}
	return append(body, '}'), nil
}

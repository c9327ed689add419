package greenhouse

import (
	"strings"

	"github.com/provision-go/provision/internal/jsonscan"
)

// customFields takes the custom fields that are mapped. They are an object by key, with
// name, type and value of each; a list of such objects with their keys in name_key, and
// values without anything around them, are taken as well.
func (r *reading) customFields(s *jsonscan.Scanner, of record, c *common) error {
	switch wanted := r.custom[of]; {
	case len(wanted) == 0:
		return s.Skip()
	case s.Peek() == '{':
		return s.Members(func(key []byte) error {
			places := wanted[string(key)]
			if len(places) == 0 {
				return s.Skip()
			}
			_, v, fault, err := customField(s)
			c.take(places, v, fault)
			return err
		})
	case s.Peek() == '[':
		return s.Elements(func() error {
			key, v, fault, err := customField(s)
			c.take(wanted[key], v, fault)
			return err
		})
	}
	return s.Skip()
}

func (c *common) take(places []int, v jsonscan.Value, fault string) {
	for _, n := range places {
		if fault != "" {
			c.values = append(c.values, found{mapping: n, fault: fault})
			continue
		}
		c.add(n, v)
	}
}

// customField takes one custom field. Types that hold pay, and those that Greenhouse
// masks because they come from an HRIS, are faults.
func customField(s *jsonscan.Scanner) (string, jsonscan.Value, string, error) {
	var key, kind string
	var v jsonscan.Value
	if s.Peek() != '{' {
		v, err := s.Value()
		return "", v, "", err
	}
	err := s.Members(func(name []byte) error {
		switch string(name) {
		case "name_key", "key":
			return word(s, &key)
		case "type":
			return word(s, &kind)
		case "value":
			var err error
			v, err = s.Value()
			return err
		}
		return s.Skip()
	})
	fault := ""
	switch {
	case strings.HasPrefix(kind, "currency"):
		fault = "it holds pay, which is never read"
	case strings.HasSuffix(kind, "_hris"):
		fault = "Greenhouse masks it"
	}
	return key, v, fault, err
}

// texts returns the values of a list.
func texts(v jsonscan.Value) ([]string, string) {
	var all []string
	fault := ""
	s := jsonscan.New(v.Raw)
	err := s.Elements(func() error {
		element, err := s.Value()
		text, ok := text(element)
		if !ok {
			fault = "it is a list of something else than texts"
		}
		if text != "" {
			all = append(all, text)
		}
		return err
	})
	if err != nil {
		fault = "it is no list"
	}
	if fault != "" {
		return nil, fault
	}
	return all, ""
}

// text returns a value as text. An option of a list, or a user, is an object with a
// name.
func text(v jsonscan.Value) (string, bool) {
	switch v.Kind {
	case jsonscan.Null:
		return "", true
	case jsonscan.List:
		return "", false
	case jsonscan.Object:
	default:
		return v.Text(), true
	}
	name, named := "", false
	s := jsonscan.New(v.Raw)
	err := s.Members(func(key []byte) error {
		element, err := s.Value()
		if k := string(key); (k == "name" || k == "value" && !named) && element.Kind == jsonscan.Text {
			name, named = element.Text(), true
		}
		return err
	})
	return name, named && err == nil
}

package greenhouse

import (
	"strings"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source/internal/values"
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
			c.keep(found{values.Value{Fault: fault}, n})
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

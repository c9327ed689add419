package workdaytest

import (
	"encoding/xml"
	"strings"
)

// A tree is an element of a request.
type tree struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Inner      []tree     `xml:",any"`
	Text       string     `xml:",chardata"`
}

// child returns the only child of a name, nil if there is none.
func (t *tree) child(name string) *tree {
	if t == nil {
		return nil
	}
	for n := range t.Inner {
		if t.Inner[n].XMLName.Local == name {
			return &t.Inner[n]
		}
	}
	return nil
}

func (t *tree) text() string {
	if t == nil {
		return ""
	}
	return strings.TrimSpace(t.Text)
}

func (t *tree) attribute(name string) string {
	if t != nil {
		for _, a := range t.Attributes {
			if a.Name.Local == name {
				return a.Value
			}
		}
	}
	return ""
}

// sequence checks what a sequence of the schema allows: these elements, each at most
// once unless it ends in "*", in this order, in the namespace of Workday.
func (t *tree) sequence(path, allowed string) *refusal {
	names := strings.Fields(allowed)
	at := 0
	for n := range t.Inner {
		name := t.Inner[n].XMLName
		if name.Space != "urn:com.workday/bsvc" {
			return invalid(path, "the element "+name.Local+" is in another namespace")
		}
		for at < len(names) && strings.TrimSuffix(names[at], "*") != name.Local {
			at++
		}
		if at == len(names) {
			return invalid(path, "the element "+name.Local+" is unknown, comes twice or is out of order")
		}
		if !strings.HasSuffix(names[at], "*") {
			at++
		}
	}
	return nil
}

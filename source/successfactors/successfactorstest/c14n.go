package successfactorstest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
)

// An element of a document of XML, with the prefixes as they stand in it.
type element struct {
	name     xml.Name // Space is the prefix
	attrs    []xml.Attr
	children []any // *element or string
}

var errXML = errors.New("it is no document of XML with one element at its top")

// parseXML reads a document without comments, instructions and declarations.
func parseXML(document []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(document)) //nolint:gosec // a fake reads what tests send
	var open []*element
	var root *element
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name, attrs: slices.Clone(t.Attr)}
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			case root != nil:
				return nil, errXML
			default:
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1].name != t.Name {
				return nil, errXML
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, string(t))
			}
		default:
			return nil, errors.New("a comment, an instruction or a declaration is in it")
		}
	}
	if root == nil || len(open) > 0 {
		return nil, errXML
	}
	return root, nil
}

// scope is which prefix means which namespace.
type scope map[string]string

func (e *element) within(outer scope) scope {
	inner := maps.Clone(outer)
	for _, a := range e.attrs {
		switch {
		case a.Name.Space == "xmlns":
			inner[a.Name.Local] = a.Value
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			inner[""] = a.Value
		}
	}
	return inner
}

// canonical writes an element as Exclusive XML Canonicalization 1.0 without comments
// does (https://www.w3.org/TR/xml-exc-c14n/): in any document, not only in those that
// are canonical already. outer is what is in scope around it, written what the output
// has declared around it, and without an element that is left out.
func (e *element) canonical(out *strings.Builder, outer, written scope, without *element) {
	inner := e.within(outer)
	used := map[string]bool{e.name.Space: true}
	var attrs []xml.Attr
	for _, a := range e.attrs {
		if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
			continue
		}
		if attrs = append(attrs, a); a.Name.Space != "" {
			used[a.Name.Space] = true
		}
	}
	name := qualified(e.name)
	out.WriteString("<" + name)
	declared := maps.Clone(written)
	for _, prefix := range slices.Sorted(maps.Keys(used)) {
		if prefix == "xml" || declared[prefix] == inner[prefix] {
			continue
		}
		declared[prefix] = inner[prefix]
		if prefix == "" {
			out.WriteString(` xmlns="` + attributeText(inner[prefix]) + `"`)
		} else {
			out.WriteString(` xmlns:` + prefix + `="` + attributeText(inner[prefix]) + `"`)
		}
	}
	slices.SortFunc(attrs, func(a, b xml.Attr) int {
		if order := strings.Compare(namespaceOf(a, inner), namespaceOf(b, inner)); order != 0 {
			return order
		}
		return strings.Compare(a.Name.Local, b.Name.Local)
	})
	for _, a := range attrs {
		out.WriteString(" " + qualified(a.Name) + `="` + attributeText(a.Value) + `"`)
	}
	out.WriteByte('>')
	for _, child := range e.children {
		switch c := child.(type) {
		case string:
			for _, r := range c {
				switch r {
				case '&':
					out.WriteString("&amp;")
				case '<':
					out.WriteString("&lt;")
				case '>':
					out.WriteString("&gt;")
				case '\r':
					out.WriteString("&#xD;")
				default:
					out.WriteRune(r)
				}
			}
		case *element:
			if c != without {
				c.canonical(out, inner, declared, without)
			}
		}
	}
	out.WriteString("</" + name + ">")
}

// namespaceOf is empty for an attribute without a prefix.
func namespaceOf(a xml.Attr, in scope) string {
	if a.Name.Space == "" {
		return ""
	}
	return in[a.Name.Space]
}

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func attributeText(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch r {
		case '&':
			out.WriteString("&amp;")
		case '<':
			out.WriteString("&lt;")
		case '"':
			out.WriteString("&quot;")
		case '\t':
			out.WriteString("&#x9;")
		case '\n':
			out.WriteString("&#xA;")
		case '\r':
			out.WriteString("&#xD;")
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

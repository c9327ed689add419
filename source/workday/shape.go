package workday

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A shape says what of a document is read: names of elements, and what to do with
// them. Elements that it does not name are passed over with all that is in them, so
// that nothing of what is in them, such as a birth date, is ever kept.
type shape struct {
	inner map[string]*shape
	open  []func(d *document, attributes []xml.Attr)
	text  []func(d *document, text, kind string) // kind is the attribute "type", of IDs
	shut  []func(d *document)
	// common says that many people have the same text.
	common bool
}

// at returns the shape that a path of names leads to, and makes it if need be.
func (s *shape) at(path string) *shape {
	for name := range strings.SplitSeq(path, "/") {
		if s.inner == nil {
			s.inner = map[string]*shape{}
		}
		next := s.inner[name]
		if next == nil {
			next = &shape{}
			s.inner[name] = next
		}
		s = next
	}
	return s
}

func (s *shape) onOpen(f func(d *document, attributes []xml.Attr)) { s.open = append(s.open, f) }
func (s *shape) onShut(f func(d *document))                        { s.shut = append(s.shut, f) }
func (s *shape) onText(f func(d *document, text, kind string))     { s.text = append(s.text, f) }

// read adds what to do with a text that many people share.
func (s *shape) onCommon(f func(d *document, text, kind string)) {
	s.common = true
	s.onText(f)
}

var errXML = errors.New("it is not the XML that was expected")

// walk reads a document. There are no entities but those of XML itself, and no
// document type: nothing can be made to grow or to be fetched.
func (s *shape) walk(d *document, from io.Reader) error {
	decoder := xml.NewDecoder(from)
	way := []place{{shape: s}}
	var content []byte
	for {
		token, err := decoder.Token()
		here := &way[len(way)-1]
		switch {
		case errors.Is(err, io.EOF):
			return nil // what is open then is an error of syntax
		case err != nil:
			return fmt.Errorf("%w: %w", errXML, withoutContent(err))
		}
		switch t := token.(type) {
		case xml.Directive:
			return fmt.Errorf("%w: it has a document type", errXML)
		case xml.StartElement:
			next := here.shape.inner[t.Name.Local]
			if next == nil || !ours(t.Name.Space) {
				if err := decoder.Skip(); err != nil {
					return fmt.Errorf("%w: %w", errXML, withoutContent(err))
				}
				continue
			}
			way = append(way, place{next, attribute(t.Attr, "type")})
			content = content[:0]
			for _, f := range next.open {
				f(d, t.Attr)
			}
		case xml.CharData:
			if here.shape.text != nil {
				content = append(content, t...)
			}
		case xml.EndElement:
			here.end(d, content)
			content = content[:0]
			way = way[:len(way)-1]
		}
	}
}

type place struct {
	shape *shape
	kind  string
}

func (p *place) end(d *document, content []byte) {
	if p.shape.text != nil {
		text := d.keep(bytes.TrimSpace(content), p.shape.common)
		for _, f := range p.shape.text {
			f(d, text, p.kind)
		}
	}
	for _, f := range p.shape.shut {
		f(d)
	}
}

// ours reports whether elements of a namespace are read: those of Workday, of SOAP
// 1.1 and 1.2, and those in none, which is where SOAP 1.1 has the parts of a fault.
func ours(space string) bool {
	return space == wordSpace || space == "" || space == soapSpace || space == "http://www.w3.org/2003/05/soap-envelope"
}

func attribute(attributes []xml.Attr, name string) string {
	for n := range attributes {
		if attributes[n].Name.Local == name {
			return attributes[n].Value
		}
	}
	return ""
}

// withoutContent keeps of an error of encoding/xml what is no part of the document:
// some of its messages repeat what stands there.
func withoutContent(err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return fmt.Errorf("line %d", syntax.Line)
	}
	return errors.New("it cannot be read")
}

package adp

import "github.com/provision-go/provision/internal/jsonscan"

// object calls take for the members of an object, and skips anything else, such as
// null.
func object(s *jsonscan.Scanner, take func(key string) error) error {
	if s.Peek() != '{' {
		return s.Skip()
	}
	return s.Members(func(key []byte) error { return take(string(key)) })
}

// each calls take for the elements of a list, and for an object that stands in the place
// of a list of one.
func each(s *jsonscan.Scanner, take func() error) error {
	switch s.Peek() {
	case '[':
		return s.Elements(take)
	case '{':
		return take()
	}
	return s.Skip()
}

// text takes a text or a number; anything else is none.
func text(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	if err == nil && (v.Kind == jsonscan.Text || v.Kind == jsonscan.Number) {
		*into = v.Text()
	}
	return err
}

// number takes the idValue of a workerID, or what stands in its place.
func number(s *jsonscan.Scanner, into *string) error {
	if s.Peek() != '{' {
		return text(s, into)
	}
	return object(s, func(key string) error {
		if key == "idValue" {
			return text(s, into)
		}
		return s.Skip()
	})
}

// code takes a code, or a text in its place.
func (r *reading) code(s *jsonscan.Scanner, c *code) error {
	if s.Peek() != '{' {
		return r.shared(s, &c.value)
	}
	return s.Members(func(key []byte) error { return r.part(s, string(key), c) })
}

// part takes a member of a code.
func (r *reading) part(s *jsonscan.Scanner, key string, c *code) error {
	switch key {
	case "codeValue":
		return r.shared(s, &c.value)
	case "shortName":
		return r.shared(s, &c.short)
	case "longName":
		return r.shared(s, &c.long)
	}
	return s.Skip()
}

// statusCode takes the code in a status. The reason beside it is nobody's business.
func (r *reading) statusCode(s *jsonscan.Scanner, c *code) error {
	return object(s, func(key string) error {
		if key == "statusCode" {
			return r.code(s, c)
		}
		return s.Skip()
	})
}

// shared takes a text or a number that many workers have, and keeps it once.
func (r *reading) shared(s *jsonscan.Scanner, into *string) error {
	v, err := s.Value()
	if err != nil || v.Kind != jsonscan.Text && v.Kind != jsonscan.Number {
		return err
	}
	if kept, ok := r.texts[string(v.Raw)]; ok && (v.Plain || v.Kind == jsonscan.Number) {
		*into = kept
		return nil
	}
	*into = v.Text()
	const most = 1 << 14
	if v.Plain && len(r.texts) < most {
		r.texts[*into] = *into
	}
	return nil
}

// validID reports whether a text can be an associateOID. Those seen are capital letters
// and digits; the form is not relied on.
func validID(id string) bool {
	const most = 64
	if id == "" || len(id) > most {
		return false
	}
	for n := range len(id) {
		if c := id[n]; c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// name returns what people call it.
func (c *code) name() string {
	switch {
	case c.short != "":
		return c.short
	case c.long != "":
		return c.long
	}
	return c.value
}

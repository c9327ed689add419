package successfactors

import (
	"errors"
	"strconv"

	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source/internal/values"
)

// A page is an answer: {"d":{"results":[…],"__next":"…"}}, or {"d":[…]} as version 1
// of OData writes it, or {"d":{…}} for one person.
type page struct {
	people  []person
	next    string
	counted bool
	total   int
}

var errNoPeople = errors.New("there is no list of people in it")

// page takes an answer apart. What was not asked for it skips. The people in it are
// overwritten by the next page.
func (r *reading) page(body []byte) (page, error) {
	p := page{people: r.buffer[:0]}
	listed := false
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		if string(key) != "d" || listed {
			return s.Skip()
		}
		if c := s.Peek(); c != '{' && c != '[' {
			return errNoPeople
		}
		listed = true
		return p.read(&s, r)
	})
	if err == nil {
		err = s.End()
	}
	if err == nil && !listed {
		err = errNoPeople
	}
	r.buffer = p.people
	return p, err
}

func (p *page) read(s *jsonscan.Scanner, r *reading) error {
	one := func() error {
		p.people = more(p.people)
		return nil
	}
	member := func(key []byte) error { return r.personMember(s, key, &p.people[len(p.people)-1]) }
	n := navigation{children: r.layout.root.children, begin: one, member: member, meta: func(key []byte) (bool, error) {
		switch string(key) {
		case "__next":
			v, err := s.Value()
			if v.Kind == jsonscan.Text {
				p.next = v.Text()
			}
			return true, err
		case "__count":
			v, err := s.Value()
			if count, wrong := strconv.Atoi(v.Text()); wrong == nil && count >= 0 {
				p.total, p.counted = count, true
			}
			return true, err
		}
		return false, nil
	}}
	stated, err := n.read(s)
	if err == nil && !stated {
		err = errNoPeople
	}
	return err
}

// A navigation is what lies behind a navigation property. In an answer it is a list in
// "results", a list, one entity, null, or deferred: then only its address is there.
type navigation struct {
	// children are what an entity has. A member of another name makes no entity of what
	// may be the wrapping of a list.
	children map[string]*node
	begin    func() error           // an entity begins
	member   func(key []byte) error // takes a member of it
	// meta takes members that stand beside a list, and says whether it has.
	meta func(key []byte) (bool, error)
}

var (
	errNavigation = errors.New("a navigation is neither an entity nor a list of them")
	errLonger     = errors.New("what was expanded goes on on another page")
)

// read takes it from the scanner, and says whether it is there: whether it is known to
// be empty, when it is.
func (n *navigation) read(s *jsonscan.Scanner) (bool, error) {
	switch s.Peek() {
	case 'n':
		return true, s.Skip()
	case '[':
		return true, s.Elements(func() error { return n.entity(s) })
	case '{':
	default:
		return false, errNavigation
	}
	stated, begun := false, false
	err := s.Members(func(key []byte) error {
		if n.meta != nil {
			if done, err := n.meta(key); done || err != nil {
				return err
			}
		}
		switch c := s.Peek(); {
		case string(key) == "results" && c == '[':
			stated = true
			return s.Elements(func() error { return n.entity(s) })
		case string(key) == "__next" && c == '"':
			return errLonger
		case len(key) > 1 && key[0] == '_' && key[1] == '_':
			return s.Skip()
		case n.children[string(key)] == nil:
			return s.Skip()
		}
		stated = true
		if !begun {
			begun = true
			if err := n.begin(); err != nil {
				return err
			}
		}
		return n.member(key)
	})
	return stated, err
}

func (n *navigation) entity(s *jsonscan.Scanner) error {
	if s.Peek() != '{' {
		return errNavigation
	}
	if err := n.begin(); err != nil {
		return err
	}
	return s.Members(n.member)
}

// take gives the fields that a property fills its value.
func (r *reading) take(n *node, v jsonscan.Value, into *record) {
	for _, f := range n.fills {
		m := &r.mappings[f.mapping]
		if m.heavy > 0 {
			into.stated |= 1 << m.heavy
		}
		if v.Kind == jsonscan.Null {
			continue
		}
		value := values.Value{}
		if m.shared && v.Kind == jsonscan.Text && v.Plain {
			value.Text = r.shared(v)
		} else {
			value = values.Of(v)
		}
		if value.Empty() {
			continue
		}
		if into.values == nil {
			into.values = make([]found, 0, 8)
		}
		into.values = append(into.values, found{value, f})
	}
}

// property takes a member of an entity that has no meaning of its own, and what lies
// behind it.
func (r *reading) property(s *jsonscan.Scanner, n *node, into *record) error {
	if n == nil {
		return s.Skip()
	}
	if n.children == nil {
		v, err := s.Value()
		if err == nil {
			r.take(n, v, into)
		}
		return err
	}
	first, many := true, false
	behind := navigation{
		children: n.children,
		begin: func() error {
			many, first = !first, false
			return nil
		},
		member: func(key []byte) error {
			if many {
				return s.Skip() // one name is enough
			}
			return r.property(s, n.children[string(key)], into)
		},
	}
	_, err := behind.read(s)
	return err
}

// shared returns a text that many people have, and keeps it once.
func (r *reading) shared(v jsonscan.Value) string {
	const most = 1 << 14
	kept, ok := r.texts[string(v.Raw)]
	if !ok {
		kept = v.Text()
		if len(r.texts) < most {
			r.texts[kept] = kept
		}
	}
	return kept
}

package successfactors

import (
	"strconv"

	"github.com/provision-go/provision/internal/jsonscan"
)

// scalar takes a value as text: ids are texts or numbers.
func scalar(s *jsonscan.Scanner) (jsonscan.Value, string, error) {
	v, err := s.Value()
	if err != nil || v.Kind == jsonscan.Null || v.Kind == jsonscan.Object || v.Kind == jsonscan.List {
		return v, "", err
	}
	return v, v.Text(), nil
}

func (r *reading) personMember(s *jsonscan.Scanner, key []byte, p *person) error {
	n := r.layout.root.children[string(key)]
	if n == nil {
		return s.Skip()
	}
	switch n.special {
	case personalNav:
		return r.personal(s, n, p)
	case emailNav:
		return r.emails(s, n, p)
	case employmentNav:
		stated, err := (&navigation{
			children: n.children,
			begin: func() error {
				p.employments = more(p.employments)
				return nil
			},
			member: func(key []byte) error {
				return r.employmentMember(s, n.children[string(key)], &p.employments[len(p.employments)-1])
			},
		}).read(s)
		p.hasEmployments = stated
		return err
	case personID, personUUID, personModified:
		v, text, err := scalar(s)
		switch n.special {
		case personID:
			p.id = text
		case personUUID:
			p.uuid = text
		default:
			p.modified, _ = parseInstant(text) // no more than a hint
		}
		r.take(n, v, &p.record)
		return err
	default:
		return r.property(s, n, &p.record)
	}
}

func (r *reading) personal(s *jsonscan.Scanner, n *node, p *person) error {
	_, err := (&navigation{
		children: n.children,
		begin: func() error {
			p.personal = more(p.personal)
			return nil
		},
		member: func(key []byte) error {
			at, child := &p.personal[len(p.personal)-1], n.children[string(key)]
			if child == nil || child.special == none {
				return r.property(s, child, &at.record)
			}
			return r.sliceMember(s, child, at)
		},
	}).read(s)
	return err
}

// sliceMember takes a day from or to which something is in force. One that is not
// understood is taken for always.
func (r *reading) sliceMember(s *jsonscan.Scanner, n *node, at *slice) error {
	v, text, err := scalar(s)
	day, _ := parseDay(text)
	if n.special == sliceStart {
		at.start = day
	} else {
		at.end = day
	}
	r.take(n, v, &at.record)
	return err
}

func (r *reading) emails(s *jsonscan.Scanner, n *node, p *person) error {
	_, err := (&navigation{
		children: n.children,
		begin: func() error {
			p.emails = more(p.emails)
			return nil
		},
		member: func(key []byte) error {
			at, child := &p.emails[len(p.emails)-1], n.children[string(key)]
			if child == nil {
				return s.Skip()
			}
			if child.children != nil { // the type, by its picklist
				code, err := r.code(s, child, &p.record)
				at.code = code
				return err
			}
			v, text, err := scalar(s)
			switch child.special {
			case emailAddress:
				at.address = text
			case emailPrimary:
				at.primary = v.Kind == jsonscan.Boolean && text == "true"
			case emailType:
				at.kind = text
			default:
			}
			return err
		},
	}).read(s)
	return err
}

// code takes the external code of an option of a picklist.
func (r *reading) code(s *jsonscan.Scanner, n *node, into *record) (string, error) {
	code := ""
	_, err := (&navigation{
		children: n.children,
		begin:    func() error { return nil },
		member: func(key []byte) error {
			child := n.children[string(key)]
			if child == nil || code != "" {
				return s.Skip()
			}
			v, err := s.Value()
			if v.Kind == jsonscan.Text && v.Plain {
				code = r.shared(v)
			} else if v.Kind != jsonscan.Null {
				code = v.Text()
			}
			r.take(child, v, into)
			return err
		},
	}).read(s)
	return code, err
}

func (r *reading) employmentMember(s *jsonscan.Scanner, n *node, e *employment) error {
	if n == nil {
		return s.Skip()
	}
	switch n.special {
	case userNav:
		_, err := (&navigation{
			children: n.children,
			begin: func() error {
				e.hasUser = true
				return nil
			},
			member: func(key []byte) error {
				child := n.children[string(key)]
				if child == nil || child.special != userStatus {
					return r.property(s, child, &e.user)
				}
				v, text, err := scalar(s)
				e.userStatus = text
				r.take(child, v, &e.user)
				return err
			},
		}).read(s)
		return err
	case jobNav:
		stated, err := (&navigation{
			children: n.children,
			begin: func() error {
				e.jobs = more(e.jobs)
				return nil
			},
			member: func(key []byte) error {
				return r.jobMember(s, n.children[string(key)], &e.jobs[len(e.jobs)-1])
			},
		}).read(s)
		e.hasJobs = e.hasJobs || stated
		return err
	case employmentUser, employmentClass:
		v, text, err := scalar(s)
		if n.special == employmentUser {
			e.userID = text
		} else {
			e.class = text
		}
		r.take(n, v, &e.record)
		return err
	default:
		return r.property(s, n, &e.record)
	}
}

func (r *reading) jobMember(s *jsonscan.Scanner, n *node, j *jobInfo) error {
	switch {
	case n == nil:
		return s.Skip()
	case n.special == sliceStart, n.special == sliceEnd:
		return r.sliceMember(s, n, &j.slice)
	case n.special == jobSequence, n.special == jobStatus:
		v, text, err := scalar(s)
		if n.special == jobSequence {
			j.seq, _ = strconv.Atoi(text) // without one all are alike
		} else {
			j.raw, j.stated = text, true
		}
		r.take(n, v, &j.record)
		return err
	case n.children[statusCode] != nil && n.children[statusCode].special == jobStatusCode:
		if s.Peek() != '{' && s.Peek() != '[' && s.Peek() != 'n' {
			return errNavigation
		}
		code, err := r.code(s, n, &j.record)
		j.code, j.stated = code, true
		return err
	default:
		return r.property(s, n, &j.record)
	}
}

// statusCode is the property of a picklist's option that means the same everywhere.
const statusCode = "externalCode"

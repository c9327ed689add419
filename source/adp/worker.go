package adp

import (
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
)

// A worker is what is read of one. What else ADP sends, national ids, birth dates, home
// addresses and pay among it, is stepped over.
type worker struct {
	aoid, number     string
	status           code
	legal, preferred name
	atWork, atHome   []mail
	originally       string // dates as they are written
	again, left      string
	jobs             []assignment
	raw              []byte // everything, if something is mapped from it
}

// A code is how ADP names things: an id, and names, any of which may be missing.
type code struct{ value, short, long string }

type name struct{ formatted, given, middle, prefix, family, second, nick string }

type mail struct {
	address string
	kind    code
}

type assignment struct {
	id           string
	primary      bool
	status       code
	hired, left  string
	began, since string // of the assignment, and of the job in it
	title        string
	job          code
	kind, level  code
	units        []unit
	place        place
	managers     []manager
}

type unit struct{ kind, name code }

type place struct {
	code                  code
	city, region, country string
}

type manager struct {
	aoid, number, name string
	relation           code
}

// row takes the worker that comes.
func (r *reading) row(s *jsonscan.Scanner) (source.Identity, error) {
	w := &r.worker
	*w = worker{atWork: w.atWork[:0], atHome: w.atHome[:0], jobs: w.jobs[:0]}
	if len(r.mappings) == 0 {
		if err := r.scan(s, w); err != nil {
			return source.Identity{}, err
		}
		return r.identity(w), nil
	}
	v, err := s.Value()
	if err != nil {
		return source.Identity{}, err
	}
	w.raw = v.Raw
	again := jsonscan.New(v.Raw)
	if err := r.scan(&again, w); err != nil {
		return source.Identity{}, err
	}
	return r.identity(w), nil
}

func (r *reading) scan(s *jsonscan.Scanner, w *worker) error {
	return s.Members(func(key []byte) error {
		switch string(key) {
		case "associateOID":
			return text(s, &w.aoid)
		case "workerID":
			return number(s, &w.number)
		case "workerStatus":
			return r.statusCode(s, &w.status)
		case "person":
			return r.person(s, w)
		case "businessCommunication":
			return r.mails(s, &w.atWork)
		case "workerDates":
			return object(s, func(key string) error {
				switch key {
				case "originalHireDate":
					return text(s, &w.originally)
				case "rehireDate":
					return text(s, &w.again)
				case "terminationDate":
					return text(s, &w.left)
				}
				return s.Skip()
			})
		case "workAssignments", "workAssignment":
			return each(s, func() error { return r.assignment(s, w) })
		}
		return s.Skip()
	})
}

func (r *reading) person(s *jsonscan.Scanner, w *worker) error {
	return object(s, func(key string) error {
		switch key {
		case "legalName":
			return readName(s, &w.legal)
		case "preferredName":
			return readName(s, &w.preferred)
		case "communication":
			return r.mails(s, &w.atHome)
		}
		return s.Skip()
	})
}

func readName(s *jsonscan.Scanner, n *name) error {
	return object(s, func(key string) error {
		switch key {
		case "formattedName":
			return text(s, &n.formatted)
		case "givenName":
			return text(s, &n.given)
		case "middleName":
			return text(s, &n.middle)
		case "familyName1Prefix":
			return text(s, &n.prefix)
		case "familyName1":
			return text(s, &n.family)
		case "familyName2":
			return text(s, &n.second)
		case "nickName":
			return text(s, &n.nick)
		}
		return s.Skip()
	})
}

// mails takes the e-mail addresses of a communication. Telephone numbers lie beside them
// and are stepped over.
func (r *reading) mails(s *jsonscan.Scanner, into *[]mail) error {
	return object(s, func(key string) error {
		if key != "emails" && key != "email" {
			return s.Skip()
		}
		return each(s, func() error {
			var m mail
			if s.Peek() == '"' {
				err := text(s, &m.address)
				*into = append(*into, m)
				return err
			}
			err := object(s, func(key string) error {
				switch key {
				case "emailUri":
					return text(s, &m.address)
				case "nameCode":
					return r.code(s, &m.kind)
				}
				return s.Skip()
			})
			*into = append(*into, m)
			return err
		})
	})
}

// assignment takes one of the assignments, and keeps the lists of the one that was in
// its place before.
func (r *reading) assignment(s *jsonscan.Scanner, w *worker) error {
	if s.Peek() != '{' {
		return s.Skip()
	}
	n := len(w.jobs)
	if n < cap(w.jobs) {
		w.jobs = w.jobs[:n+1]
	} else {
		w.jobs = append(w.jobs, assignment{})
	}
	a := &w.jobs[n]
	*a = assignment{units: a.units[:0], managers: a.managers[:0]}
	return s.Members(func(key []byte) error {
		switch string(key) {
		case "itemID":
			return text(s, &a.id)
		case "primaryIndicator":
			v, err := s.Value()
			a.primary = v.Text() == "true"
			return err
		case "assignmentStatus":
			return r.statusCode(s, &a.status)
		case "hireDate":
			return text(s, &a.hired)
		case "actualStartDate":
			return text(s, &a.began)
		case "terminationDate":
			return text(s, &a.left)
		case "jobTitle":
			return r.shared(s, &a.title)
		case "jobCode":
			return r.job(s, a)
		case "workerTypeCode":
			return r.code(s, &a.kind)
		case "workLevelCode":
			return r.code(s, &a.level)
		case "homeOrganizationalUnits":
			return each(s, func() error { return r.unit(s, a) })
		case "homeWorkLocation":
			return r.place(s, &a.place)
		case "reportsTo":
			return each(s, func() error { return r.manager(s, a) })
		}
		return s.Skip()
	})
}

// job takes the code of a job, and since when it is the one.
func (r *reading) job(s *jsonscan.Scanner, a *assignment) error {
	if s.Peek() != '{' {
		return r.code(s, &a.job)
	}
	return s.Members(func(key []byte) error {
		if string(key) == "effectiveDate" {
			return text(s, &a.since)
		}
		return r.part(s, string(key), &a.job)
	})
}

func (r *reading) unit(s *jsonscan.Scanner, a *assignment) error {
	var u unit
	err := object(s, func(key string) error {
		switch key {
		case "typeCode":
			return r.code(s, &u.kind)
		case "nameCode":
			return r.code(s, &u.name)
		}
		return s.Skip()
	})
	a.units = append(a.units, u)
	return err
}

// place takes the place of work. Its address is that of an office.
func (r *reading) place(s *jsonscan.Scanner, p *place) error {
	return object(s, func(key string) error {
		switch key {
		case "nameCode":
			return r.code(s, &p.code)
		case "address":
			return object(s, func(key string) error {
				switch key {
				case "cityName":
					return r.shared(s, &p.city)
				case "countryCode":
					return r.shared(s, &p.country)
				case "countrySubdivisionLevel1":
					var region code
					err := r.code(s, &region)
					p.region = region.value
					return err
				}
				return s.Skip()
			})
		}
		return s.Skip()
	})
}

func (r *reading) manager(s *jsonscan.Scanner, a *assignment) error {
	var m manager
	err := object(s, func(key string) error {
		switch key {
		case "associateOID":
			return r.shared(s, &m.aoid)
		case "workerID":
			return number(s, &m.number)
		case "reportsToWorkerName":
			return object(s, func(key string) error {
				if key != "formattedName" {
					return s.Skip()
				}
				return r.shared(s, &m.name)
			})
		case "reportsToRelationshipCode":
			return r.code(s, &m.relation)
		}
		return s.Skip()
	})
	a.managers = append(a.managers, m)
	return err
}

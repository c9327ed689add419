package source

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
)

// A directory finds people by what others call them. A key that several people
// share leads to nobody.
type directory struct {
	people map[string]string // ID by key, "" if ambiguous
}

func newDirectory(people []*Identity) directory {
	d := directory{people: make(map[string]string, len(people))}
	for _, i := range people {
		for _, by := range []MatchBy{ByEmployeeNumber, ByWorkEmail} {
			for _, k := range keys(by, i) {
				if _, taken := d.people[k]; taken {
					d.people[k] = ""
				} else {
					d.people[k] = i.ID
				}
			}
		}
	}
	return d
}

// managers fills Manager.ID for people whose manager is given by employee number
// or by address. Only the whole population shows who that is, so one person
// read alone keeps the ID missing.
func (c *collection) managers(people []*Identity) {
	var d *directory
	for _, i := range people {
		m := &i.Manager
		if m.ID != "" || m.EmployeeNumber == "" && m.Email == "" {
			continue
		}
		if d == nil {
			made := newDirectory(people)
			d = &made
		}
		wanted := Identity{EmployeeNumber: m.EmployeeNumber, WorkEmail: m.Email}
		for _, by := range []MatchBy{ByEmployeeNumber, ByWorkEmail} {
			found, ambiguous := d.find(keys(by, &wanted))
			if ambiguous {
				c.find(i, CodeConflict, "manager", fmt.Sprintf("several people match the manager %q; none is taken",
					excerpt.Of(strings.TrimSpace(m.EmployeeNumber+" "+m.Email))))
				break
			}
			if found != "" {
				m.ID = found
				break
			}
		}
	}
}

func (d *directory) find(keys []string) (id string, ambiguous bool) {
	for _, k := range keys {
		if id, known := d.people[k]; known {
			return id, id == ""
		}
	}
	return "", false
}

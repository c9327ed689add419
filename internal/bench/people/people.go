// Package people makes companies of any size for measurements: the same people
// always, from a seed, as plain structs, as identities, as what is desired for
// them and as the accounts that a target holds.
//
// Of a hundred people one is a joiner without an account, one a leaver whose
// account is still enabled, and two are movers of whose account one or two
// attributes are out of date. Everybody else's account is as desired. Everybody
// has twelve attributes of usual lengths and three entitlements.
package people

import (
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/target"
)

// A Company is a number of people. The zero Company has nobody.
type Company struct {
	Size int
	Seed uint64
	// Settled: nobody joins, leaves or moves.
	Settled bool
}

// Kind is what happened to a person since their account was last brought up to date.
type Kind uint8

// The kinds.
const (
	Stayer Kind = iota
	Joiner
	Leaver
	Mover
)

// names are those of the attributes, sorted.
var names = [...]string{
	"city", "costCenter", "country", "department", "displayName", "division", "employeeNumber", "familyName", "givenName", "manager",
	"title", "userName",
}

// Where each is in the list.
const (
	cityAt = iota
	costCenterAt
	countryAt
	departmentAt
	displayNameAt
	divisionAt
	employeeNumberAt
	familyNameAt
	givenNameAt
	managerAt
	titleAt
	userNameAt
)

// person is somebody before anything about them is a text.
type person struct {
	number                                         int
	kind                                           Kind
	given, family, department, role, level, office int
	center                                         int // number of the cost center
	manager                                        int // number of the manager, who stays
}

// mix is one step of SplitMix64: a good hash of a number.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// person returns the person with a number from 0 to Size-1.
func (c Company) person(number int) person {
	p := c.of(number)
	p.manager = max(number/8, 1-number)
	for c.Kind(p.manager) != Stayer {
		p.manager /= 8
	}
	return p
}

// Manager returns the number of a person's manager.
func (c Company) Manager(number int) int { return c.person(number).manager }

// of returns a person without a manager.
func (c Company) of(number int) person {
	h := mix(c.Seed ^ mix(uint64(number)))
	// The lesser of two draws, so that the first of a list are more frequent.
	skewed := func(n int) int {
		a, b := int(h&0xff)%n, int(h>>8&0xff)%n
		h = mix(h)
		return min(a, b)
	}
	p := person{
		number: number, given: skewed(len(givenNames)), family: skewed(len(familyNames)), department: skewed(len(departments)),
		level: skewed(len(levels)), office: skewed(len(offices)),
	}
	p.role = p.department
	if h&3 == 0 { // most departments have a family of titles that is theirs
		p.role = int(h >> 8 % uint64(len(families)))
	}
	p.center = 1000 + p.department*100 + int(h>>16%50)
	if c.Settled || number < 2 {
		return p
	}
	switch h >> 32 % 100 {
	case 0:
		p.kind = Joiner
	case 1:
		p.kind = Leaver
	case 2, 3:
		p.kind = Mover
	}
	return p
}

// before is the person as their account still has them: every mover had another
// level, and every second one another cost center.
func (p person) before() person {
	if p.kind == Mover {
		p.level = (p.level + 1) % len(levels)
		if p.number%2 == 0 {
			p.center = 1000 + (p.center-1000+1)%9000
		}
	}
	return p
}

// Kind says what happened to the person with a number.
func (c Company) Kind(number int) Kind { return c.of(number).kind }

// text holds a person's ID and attributes. All are parts of one string, as the
// fields of a line are when a file is read.
type text struct {
	id     string
	values [len(names)]string // in the order of names
}

// A writer makes texts. It is for one goroutine.
type writer struct {
	buf   []byte
	ends  [1 + len(names)]int
	build target.AttrBuilder
}

func (w *writer) text(p person) text {
	w.buf = w.buf[:0]
	n := 0
	end := func() { w.ends[n] = len(w.buf); n++ }
	add := func(s string) { w.buf = append(w.buf, s...); end() }
	w.id(p.number)
	end()
	office, department := &offices[p.office], &departments[p.department]
	given, family := givenNames[p.given], familyNames[p.family]
	add(office.city)
	w.buf = strconv.AppendInt(append(w.buf, "CC-"...), int64(p.center), 10)
	end()
	add(office.country)
	add(department.name)
	w.buf = append(append(w.buf, given...), ' ')
	add(family)
	add(department.division)
	w.buf = strconv.AppendInt(w.buf, int64(10_000_000+p.number), 10)
	end()
	add(family)
	add(given)
	w.id(p.manager)
	end()
	w.buf = append(w.buf, levels[p.level]...)
	add(families[p.role])
	w.login(p)
	end()

	whole, from := string(w.buf), w.ends[0]
	t := text{id: whole[:from]}
	for i := range t.values {
		t.values[i] = whole[from:w.ends[i+1]]
		from = w.ends[i+1]
	}
	return t
}

const firstID = 10_000_000

// id appends an ID. IDs sort by number.
func (w *writer) id(number int) {
	w.buf = strconv.AppendInt(append(w.buf, 'E'), firstID+int64(number), 10)
}

// login appends an address that nobody else has.
func (w *writer) login(p person) {
	for _, part := range []string{givenNames[p.given], ".", familyNames[p.family]} {
		for i := range len(part) {
			switch c := part[i]; {
			case c >= 'A' && c <= 'Z':
				w.buf = append(w.buf, c+'a'-'A')
			case c == ' ' || c == '\'':
			default:
				w.buf = append(w.buf, c)
			}
		}
	}
	w.buf = strconv.AppendInt(w.buf, int64(p.number), 10)
	w.buf = append(w.buf, "@northwind.example"...)
}

// ID returns the ID of the person with a number.
func ID(number int) string {
	var w writer
	w.id(number)
	return string(w.buf)
}

// Number returns the number of the person with an ID.
func Number(id string) (int, bool) {
	digits, ok := strings.CutPrefix(id, "E")
	n, err := strconv.Atoi(digits)
	return n - firstID, ok && err == nil && n >= firstID
}

const hexDigits = "0123456789abcdef"

// AccountID returns the native ID of the account of the person with a number: 36
// characters, as many systems have them. The last twelve are the number.
func AccountID(number int) string {
	random, n := mix(uint64(number)), number
	var id [36]byte
	for i := range 24 {
		switch i {
		case 8, 13, 18, 23:
			id[i] = '-'
		default:
			id[i] = hexDigits[random&15]
			random = random>>4 | random<<60
		}
	}
	for i := len(id) - 1; i >= 24; i-- {
		id[i] = hexDigits[n&15]
		n >>= 4
	}
	return string(id[:])
}

// AccountNumber returns the number of the person with an account.
func AccountNumber(id string) (int, bool) {
	if len(id) != 36 {
		return 0, false
	}
	n, err := strconv.ParseInt(id[24:], 16, 64)
	return int(n), err == nil
}

// A catalogue holds the entitlements that people can have. Each side of a
// comparison has one of its own, as two systems share no memory.
type catalogue struct{ departments, offices, roles []target.Entitlement }

func newCatalogue() catalogue {
	var c catalogue
	for i := range departments {
		c.departments = append(c.departments, target.Entitlement{Kind: "group", Name: "dept-" + departments[i].name})
	}
	for i := range offices {
		c.offices = append(c.offices, target.Entitlement{Kind: "group", Name: "office-" + offices[i].city})
	}
	for _, family := range families {
		c.roles = append(c.roles, target.Entitlement{Kind: "role", Name: strings.Clone(family)})
	}
	return c
}

// of returns what a person holds, sorted.
func (c *catalogue) of(p person) []target.Entitlement {
	return []target.Entitlement{c.departments[p.department], c.offices[p.office], c.roles[p.role]}
}

// all returns everything there is, sorted.
func (c *catalogue) all() []target.Entitlement {
	all := slices.Concat(c.departments, c.offices, c.roles)
	slices.SortFunc(all, target.Entitlement.Compare)
	return all
}

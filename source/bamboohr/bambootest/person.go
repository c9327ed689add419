package bambootest

import (
	"cmp"
	"slices"
	"strings"
)

// A Person is an employee as BambooHR holds them. An empty text is a field that
// is not filled in.
type Person struct {
	ID             string // BambooHR's own key, digits
	EmployeeNumber string
	FirstName      string
	MiddleName     string
	LastName       string
	PreferredName  string
	DisplayName    string
	WorkEmail      string
	HomeEmail      string
	JobTitle       string
	Department     string
	Division       string
	Location       string
	ReportsTo      string // ID of the manager
	// Status is "Active" or "Inactive". Defaults to "Active".
	Status string
	// EmploymentStatus is a word of the company's own list, such as "Full-Time".
	EmploymentStatus string
	// Dates are written as 2006-01-02.
	HireDate         string
	OriginalHireDate string
	TerminationDate  string
	// Custom holds the custom fields by name: texts, numbers, booleans, lists.
	Custom map[string]any
	// Restricted are the fields of this person that the API user may not see, by
	// their names in the list of employees or among the custom ones.
	Restricted []string
}

// A column is a field by the names that the two doors have for it.
type column struct {
	list, data string // "" where the door does not have it
	date       bool
	value      func(s *Server, p *Person) any
}

type columns struct {
	all            []column
	byList, byData map[string]column
}

func newColumns(custom []string) columns {
	c := columns{all: standard(), byList: map[string]column{}, byData: map[string]column{}}
	for _, name := range custom {
		c.all = append(c.all, column{data: name, value: func(_ *Server, p *Person) any { return p.Custom[name] }})
	}
	for _, col := range c.all {
		c.byList[col.list], c.byData[col.data] = col, col
	}
	delete(c.byList, "")
	delete(c.byData, "")
	return c
}

// standard is the part of the vendor's catalogues that a test may need. The names
// are those of the reference pages list-employees and get-data-from-dataset-v2.
func standard() []column {
	text := func(list, data string, at func(p *Person) string) column {
		return column{list: list, data: data, value: func(_ *Server, p *Person) any { return at(p) }}
	}
	date := func(list, data string, at func(p *Person) string) column {
		c := text(list, data, at)
		c.date = true
		return c
	}
	// Lists of the company's own have ids beside their words.
	id := func(list string, at func(p *Person) string) column {
		return column{list: list, value: func(s *Server, p *Person) any { return s.listID(list, at, at(p)) }}
	}
	department := func(p *Person) string { return p.Department }
	division := func(p *Person) string { return p.Division }
	location := func(p *Person) string { return p.Location }
	return []column{
		text("employeeId", "eeid", func(p *Person) string { return p.ID }),
		text("firstName", "firstName", func(p *Person) string { return p.FirstName }),
		text("lastName", "lastName", func(p *Person) string { return p.LastName }),
		text("preferredName", "preferredName", func(p *Person) string { return p.PreferredName }),
		text("photoUrl", "", func(p *Person) string { return "https://images.invalid/" + p.ID }),
		text("jobTitleName", "jobInformationJobTitle", func(p *Person) string { return p.JobTitle }),
		text("status", "status", func(p *Person) string { return cmp.Or(p.Status, "Active") }),
		text("middleName", "middleName", func(p *Person) string { return p.MiddleName }),
		text("displayName", "", func(p *Person) string { return p.DisplayName }),
		text("employeeNumber", "employeeNumber", func(p *Person) string { return p.EmployeeNumber }),
		text("workEmail", "email", func(p *Person) string { return p.WorkEmail }),
		text("homeEmail", "homeEmail", func(p *Person) string { return p.HomeEmail }),
		text("departmentName", "jobInformationDepartment", department),
		text("divisionName", "jobInformationDivision", division),
		text("locationName", "jobInformationLocation", location),
		id("departmentId", department), id("divisionId", division), id("locationId", location),
		text("reportsToId", "supervisorEid", func(p *Person) string { return p.ReportsTo }),
		{list: "reportsToName", data: "jobInformationReportsTo", value: func(s *Server, p *Person) any {
			manager := s.people[p.ReportsTo]
			return strings.Trim(manager.LastName+", "+manager.FirstName, ", ")
		}},
		text("employmentStatusName", "employmentStatus", func(p *Person) string { return p.EmploymentStatus }),
		date("hireDate", "hireDate", func(p *Person) string { return p.HireDate }),
		date("originalHireDate", "originalHireDate", func(p *Person) string { return p.OriginalHireDate }),
		date("terminationDate", "terminationDate", func(p *Person) string { return p.TerminationDate }),
	}
}

// defaults are the fields that the list of employees always has.
func (c columns) defaults() []column { return c.all[:7] }

// listID returns the id of a word in one of the company's lists.
func (s *Server) listID(list string, at func(p *Person) string, word string) string {
	if word == "" {
		return ""
	}
	ids, known := s.lists[list]
	if !known {
		ids = map[string]int{}
		for _, id := range s.ids {
			p := s.people[id]
			if _, met := ids[at(&p)]; !met {
				ids[at(&p)] = 18000 + len(ids)
			}
		}
		s.lists[list] = ids
	}
	return itoa(ids[word])
}

// restricted reports whether the API user may not see a field of a person. The key
// of a person is never hidden.
func (s *Server) restricted(p *Person, c column) bool {
	hidden := func(name string) bool {
		return name != "" && name != "employeeId" && (slices.Contains(p.Restricted, name) || slices.Contains(s.cfg.Restricted, name))
	}
	if c.list == "" {
		return hidden(c.data)
	}
	return hidden(c.list)
}

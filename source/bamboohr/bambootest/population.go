package bambootest

import (
	"fmt"
)

// Population returns n people, the same for the same n: one in ten reports to
// nobody known, one in twenty has left, one in a hundred has not begun.
func Population(n int) []Person {
	departments := []string{"Engineering", "Sales", "Finance", "People & Culture", "Production", "Ausbildung", "Kundendienst", "R&D"}
	titles := []string{"Engineer", "Account Executive", "Controller", "Recruiter", "Schlosserin", "Auszubildender", "Agent", "Scientist"}
	places := []string{"Berlin", "Austin", "Lyon", "Kraków", "São Paulo"}
	first := []string{"Ada", "Bo", "Cy", "Dilnoza", "Émile", "Fatou", "Grete", "Hiroko", "Ian", "Jörg"}
	last := []string{"Ng", "Ruiz", "Roe", "Yusupova", "Dupont", "Diallo", "Müller", "Sato", "Smith", "Weiß"}
	people := make([]Person, n)
	for i := range people {
		id := i + 1
		p := Person{
			ID: itoa(id), EmployeeNumber: fmt.Sprintf("E-%06d", id),
			FirstName: first[i%len(first)], LastName: last[i/len(first)%len(last)],
			WorkEmail: fmt.Sprintf("person.%d@acme.example", id),
			JobTitle:  titles[i%len(titles)], Department: departments[i%len(departments)],
			Division: "EMEA", Location: places[i%len(places)],
			Status: "Active", EmploymentStatus: "Full-Time",
			HireDate: fmt.Sprintf("20%02d-%02d-%02d", 10+i%15, 1+i%12, 1+i%28),
		}
		p.DisplayName = p.FirstName + " " + p.LastName
		if i%10 != 0 {
			p.ReportsTo = itoa(i/10*10 + 1)
		}
		switch {
		case i%20 == 7:
			p.Status, p.EmploymentStatus, p.TerminationDate = "Inactive", "Terminated", "2026-01-31"
		case i%100 == 42:
			p.Status, p.EmploymentStatus, p.HireDate = "Inactive", "", "2099-01-01"
		}
		people[i] = p
	}
	return people
}

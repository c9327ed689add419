package adptest

import "fmt"

// Population returns n people of ADP Workforce Now, the same for the same n: one in
// twenty has left, one in a hundred is on leave, one in fifty has two assignments, nine
// in ten report to somebody.
func Population(n int) []Person {
	departments := []string{"Engineering", "Sales", "Finance", "People & Culture", "Production", "Ausbildung", "Kundendienst", "R&D"}
	titles := []string{"Engineer", "Account Executive", "Controller", "Recruiter", "Schlosserin", "Auszubildender", "Agent", "Scientist"}
	places := []Code{{"BER", "Berlin"}, {"AUS", "Austin"}, {"LYS", "Lyon"}, {"KRK", "Kraków"}, {"SAO", "São Paulo"}}
	countries := []string{"DE", "US", "FR", "PL", "BR"}
	first := []string{"Ada", "Bo", "Cy", "Dilnoza", "Émile", "Fatou", "Grete", "Hiroko", "Ian", "Jörg"}
	last := []string{"Ng", "Ruiz", "Roe", "Yusupova", "Dupont", "Diallo", "Müller", "Sato", "Smith", "Weiß"}
	active := Code{"A", "Active"}
	people := make([]Person, n)
	for i := range people {
		hired := fmt.Sprintf("20%02d-%02d-%02d", 10+i%15, 1+i%12, 1+i%28)
		a := Assignment{
			ItemID: fmt.Sprintf("%dN", 100000+i), Primary: true, Status: active, HireDate: hired, StartDate: hired,
			JobTitle: titles[i%len(titles)], PositionID: fmt.Sprintf("K4P%06d", i), WorkerType: Code{"F", "Full Time"},
			Units: []Unit{
				{Type: Code{Value: "Department"}, Code: fmt.Sprintf("%06d", i%len(departments)), Name: departments[i%len(departments)]},
				{Type: Code{Value: "Cost Number"}, Code: fmt.Sprintf("CC-%d", i%40), Name: fmt.Sprintf("Costs %d", i%40)},
			},
			Location: places[i%len(places)], City: places[i%len(places)].Name, Country: countries[i%len(countries)],
		}
		if i%10 != 0 {
			boss := i / 10 * 10
			a.ReportsTo = []Superior{{AOID: aoid(boss), WorkerID: fmt.Sprintf("%06d", boss), Name: last[boss/10%len(last)] + ", " + first[0]}}
		}
		p := Person{
			AOID: aoid(i), WorkerID: fmt.Sprintf("%06d", i), GivenName: first[i%len(first)], FamilyName: last[i/len(first)%len(last)],
			WorkEmail:     Mail{fmt.Sprintf("person.%d@acme.example", i), "Work E-mail"},
			PersonalEmail: Mail{fmt.Sprintf("person.%d@home.example", i), "Personal E-mail"},
			Status:        Code{Value: "Active"}, OriginalHireDate: hired, Assignments: []Assignment{a},
		}
		switch {
		case i%20 == 7:
			p.Status, p.Termination = Code{Value: "Terminated"}, "2026-01-30"
			p.Assignments[0].Status, p.Assignments[0].Termination = Code{"T", "Terminated"}, "2026-01-30"
		case i%100 == 42:
			p.Assignments[0].Status = Code{"L", "Leave"}
		case i%50 == 13:
			second := a
			second.ItemID, second.Primary, second.JobTitle = a.ItemID+"2", false, "Instructor"
			p.Assignments = append(p.Assignments, second)
		}
		people[i] = p
	}
	return people
}

func aoid(n int) string { return fmt.Sprintf("G3TEST%010d", n) }

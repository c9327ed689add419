package workdaytest

import "fmt"

// Population returns n workers, the same for the same n: one in a hundred leads
// others, one in twenty has left, one in fifty is a contingent worker, one in thirty
// is on leave.
func Population(n int) []Worker {
	departments := []string{"Engineering", "Sales", "Finance", "People & Culture", "Production", "Ausbildung", "Kundendienst", "R&D"}
	titles := []string{"Engineer", "Account Executive", "Controller", "Recruiter", "Schlosserin", "Auszubildender", "Agent", "Scientist"}
	places := []Location{
		{"BER", "Berlin", "Berlin", "DE"}, {"AUS", "Austin", "Austin", "US"}, {"LYS", "Lyon", "Lyon", "FR"}, {"GRU", "São Paulo", "São Paulo", "BR"},
	}
	first := []string{"Ada", "Bo", "Cy", "Dilnoza", "Émile", "Fatou", "Grete", "Hiroko", "Ian", "Jörg"}
	last := []string{"Ng", "Ruiz", "Roe", "Yusupova", "Dupont", "Diallo", "Müller", "Sato", "Smith", "Weiß"}
	workers := make([]Worker, n)
	for i := range workers {
		department := i % len(departments)
		w := Worker{
			WID: fmt.Sprintf("%032x", i+1), EmployeeID: fmt.Sprintf("%06d", i+1), UserID: fmt.Sprintf("user.%d", i+1),
			FirstName: first[i%len(first)], LastName: last[i/len(first)%len(last)],
			WorkEmail: fmt.Sprintf("person.%d@acme.example", i+1), HomeEmail: fmt.Sprintf("private.%d@home.example", i+1),
			HireDate: fmt.Sprintf("20%02d-%02d-%02d", 10+i%15, 1+i%12, 1+i%28),
			Positions: []Position{{
				ID: fmt.Sprintf("P-%06d", i+1), Title: titles[department], JobProfile: fmt.Sprintf("JP-%d", department),
				WorkerType: "Regular", TimeType: "Full_time", Location: places[i%len(places)],
			}},
			Units: []Unit{
				{"SUPERVISORY", fmt.Sprintf("SUP-%d", department), "", departments[department]},
				{"COST_CENTER", fmt.Sprintf("CC-%d", department), fmt.Sprintf("%d", 7000+department), "Cost Centre " + departments[department]},
				{"COMPANY", "CO-1", "", "Acme GmbH"},
			},
		}
		w.Positions[0].StartDate = w.HireDate
		if leader := i / 100 * 100; leader != i {
			w.Manager = fmt.Sprintf("%032x", leader+1)
		} else if i > 0 {
			w.Manager = fmt.Sprintf("%032x", 1)
		}
		switch {
		case i%20 == 7:
			w.TerminationDate, w.LastDayOfWork = "2026-01-31", "2026-01-30"
		case i%50 == 11:
			w.ContingentID, w.EmployeeID = "C"+w.EmployeeID, ""
			w.Positions[0].WorkerType = "Contractor"
		case i%30 == 13:
			w.OnLeave = true
		}
		workers[i] = w
	}
	return workers
}

package ashbytest

import "fmt"

// Population returns a company that has hired n people, the same for the same n, for a
// Config: one in fifty has no offer, all others start in 2025 to 2027.
func Population(n int) Config {
	departments := []string{"Engineering", "Sales", "Finance", "People & Culture", "Production", "Ausbildung", "Kundendienst", "R&D"}
	titles := []string{"Engineer", "Account Executive", "Controller", "Recruiter", "Schlosserin", "Auszubildender", "Agent", "Scientist"}
	places := []string{"Berlin", "Austin", "Lyon", "Kraków", "São Paulo"}
	first := []string{"Ada", "Bo", "Cy", "Dilnoza", "Émile", "Fatou", "Grete", "Hiroko", "Ian", "Jörg"}
	last := []string{"Ng", "Ruiz", "Roe", "Yusupova", "Dupont", "Diallo", "Müller", "Sato", "Smith", "Weiß"}
	uuid := func(kind, n int) string { return fmt.Sprintf("%08d-0000-4000-8000-%012d", kind, n) }
	cfg := Config{}
	for i, name := range departments {
		cfg.Departments = append(cfg.Departments, Place{ID: uuid(1, i), Name: name})
	}
	for i, name := range places {
		cfg.Locations = append(cfg.Locations, Place{ID: uuid(2, i), Name: name, City: name})
	}
	for i := range 200 {
		cfg.Jobs = append(cfg.Jobs, Job{
			ID: uuid(3, i), Title: titles[i%len(titles)], Department: uuid(1, i%len(departments)), Location: uuid(2, i%len(places)),
		})
	}
	for i := range n {
		cfg.Candidates = append(cfg.Candidates, Candidate{
			ID: uuid(4, i), Name: first[i%len(first)] + " " + last[i/len(first)%len(last)], Email: fmt.Sprintf("person.%d@home.example", i+1),
		})
		cfg.Applications = append(cfg.Applications, Application{
			ID: uuid(5, i), Candidate: uuid(4, i), Job: uuid(3, i%200), Status: "Hired", Manager: fmt.Sprintf("manager.%d@acme.example", i%100),
		})
		if i%50 == 7 {
			continue
		}
		cfg.Offers = append(cfg.Offers, Offer{
			ID: uuid(6, i), Application: uuid(5, i), Status: "CandidateAccepted", Acceptance: "Accepted",
			StartDate: fmt.Sprintf("%d-%02d-%02d", 2025+i%3, 1+i%12, 1+i%28), Decided: "2025-01-01T10:00:00.000Z",
		})
	}
	return cfg
}

package greenhousetest

import (
	"fmt"
	"strconv"
)

// Population returns a company that has hired n people, the same for the same n, for
// a Config: one of a hundred has changed their mind after accepting, one in fifty has
// no offer, all others start in 2025 to 2027.
func Population(n int) Config {
	departments := []string{"Engineering", "Sales", "Finance", "People & Culture", "Production", "Ausbildung", "Kundendienst", "R&D"}
	titles := []string{"Engineer", "Account Executive", "Controller", "Recruiter", "Schlosserin", "Auszubildender", "Agent", "Scientist"}
	places := []string{"Berlin", "Austin", "Lyon", "Kraków", "São Paulo"}
	first := []string{"Ada", "Bo", "Cy", "Dilnoza", "Émile", "Fatou", "Grete", "Hiroko", "Ian", "Jörg"}
	last := []string{"Ng", "Ruiz", "Roe", "Yusupova", "Dupont", "Diallo", "Müller", "Sato", "Smith", "Weiß"}
	cfg := Config{}
	for i, name := range departments {
		cfg.Departments = append(cfg.Departments, Place{ID: strconv.Itoa(i + 1), Name: name, ExternalID: fmt.Sprintf("D%02d", i)})
	}
	for i, name := range places {
		cfg.Offices = append(cfg.Offices, Place{ID: strconv.Itoa(i + 1), Name: name})
	}
	for i := range min(n, 200) {
		cfg.Jobs = append(cfg.Jobs, Job{
			ID: strconv.Itoa(i + 1), Name: titles[i%len(titles)], Department: strconv.Itoa(i%len(departments) + 1),
			Offices: []string{strconv.Itoa(i%len(places) + 1)},
		})
	}
	for i := range n {
		id := strconv.Itoa(i + 1)
		cfg.Candidates = append(cfg.Candidates, Candidate{
			ID: id, FirstName: first[i%len(first)], LastName: last[i/len(first)%len(last)],
			Emails: []Email{{fmt.Sprintf("person.%d@home.example", i+1), "personal"}},
		})
		application := Application{ID: "1" + id, Candidate: id, Job: strconv.Itoa(i%min(n, 200) + 1), Status: "hired"}
		if i%100 == 42 {
			application.Status = "rejected"
		}
		cfg.Applications = append(cfg.Applications, application)
		if i%50 == 7 {
			continue
		}
		cfg.Offers = append(cfg.Offers, Offer{
			ID: "2" + id, Application: "1" + id, Status: "Accepted",
			StartsOn: fmt.Sprintf("%d-%02d-%02d", 2025+i%3, 1+i%12, 1+i%28),
			Custom:   map[string]any{"employment_type": "Full-time"},
		})
	}
	return cfg
}

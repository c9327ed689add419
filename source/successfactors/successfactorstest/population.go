package successfactorstest

import (
	"fmt"
	"strconv"
)

// Population returns people for measurements: every tenth has left, every fiftieth has
// not started on 2026-11-29, every twentieth is on leave, every twenty-fifth is a
// contingent worker, every fortieth was hired again. Their user ids are others than
// their own.
func Population(n int) Config {
	cfg := Config{Names: map[string]string{}}
	for i := range 40 {
		code := strconv.Itoa(i)
		cfg.Names["D"+code], cfg.Names["L"+code], cfg.Names["C"+code] = "Department "+code, "Location "+code, "Cost center "+code
	}
	cfg.Names["DIV1"], cfg.Names["BU1"], cfg.Names["1710"] = "Division", "Business unit", "Company AG"
	cfg.People = make([]Person, n)
	for i := range n {
		cfg.People[i] = inhabitant(i)
	}
	return cfg
}

func inhabitant(i int) Person {
	id := strconv.Itoa(100_000 + i)
	name := "Family" + strconv.Itoa(i%977)
	start := fmt.Sprintf("20%02d-%02d-%02d", 10+i%16, 1+i%12, 1+i%28)
	job := Job{
		Start: start, Status: "A", StatusID: "3631", Title: "Title " + strconv.Itoa(i%120), Department: "D" + strconv.Itoa(i%40),
		Division: "DIV1", BusinessUnit: "BU1", Company: "1710", CostCenter: "C" + strconv.Itoa(i%40), Location: "L" + strconv.Itoa(i%20),
		Manager: "u" + strconv.Itoa(100_000+i/10), Class: "Full-time", TimeZone: "Europe/Berlin",
	}
	e := Employment{UserID: "u" + id, Username: "user" + id, Start: start, Original: start, UserStatus: "t"}
	switch {
	case i == 0:
		job.Manager = "NO_MANAGER"
	case i%10 == 9:
		e.End, e.UserStatus = "2026-06-30", "f"
		job.End = "2026-06-30"
		e.Jobs = append(e.Jobs, job)
		job.Start, job.End, job.Status = "2026-07-01", "", "T"
	case i%50 == 13:
		e.Start, e.Original, job.Start = "2027-01-15", "2027-01-15", "2027-01-15"
	case i%20 == 7:
		job.Status = "P"
	case i%25 == 11:
		e.Contingent, job.Class = true, ""
	}
	e.Jobs = append(e.Jobs, job)
	p := Person{
		ID: id, UUID: fmt.Sprintf("5C1B%028d", i), FirstName: "Given" + strconv.Itoa(i%911), LastName: name, DisplayName: "Given " + name,
		Emails: []Email{
			{Address: "p" + id + "@acme.example", Type: "B", Primary: true}, {Address: "p" + id + "@home.example", Type: "P"},
		},
		Employments: []Employment{e},
	}
	if i%40 == 17 {
		before := Employment{
			UserID: "v" + id, Start: "2005-01-01", End: "2007-12-31", UserStatus: "-",
			Jobs: []Job{{Start: "2008-01-01", Status: "T", StatusID: "3638", Title: "Before"}},
		}
		p.Employments = append(p.Employments, before)
	}
	return p
}

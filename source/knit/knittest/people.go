package knittest

import (
	"fmt"
)

// A Person is somebody in the system behind Knit. What is empty is null in events.
type Person struct {
	ID, EmployeeNumber            string
	FirstName, LastName           string
	WorkEmail, PersonalEmail      string
	Status                        string // ACTIVE, INACTIVE, NOT_SPECIFIED
	Type                          string // FULL_TIME, CONTRACT, NOT_SPECIFIED
	StartDate, TerminationDate    string // 2006-01-02
	Title, Department             string
	Manager, ManagerEmail         string
	City, Region, Country         string
	RawStatus                     string // of the system behind Knit
	Custom                        map[string]any
	BirthDate, Gender, BankNumber string // which nobody should keep
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func day(s string) any {
	if s == "" {
		return nil
	}
	return s + "T00:00:00Z"
}

// Data is the eventData of a person.
func (p Person) Data() map[string]any {
	data := map[string]any{
		"profile": map[string]any{
			"id": p.ID, "employeeNumber": orNull(p.EmployeeNumber), "firstName": orNull(p.FirstName), "lastName": orNull(p.LastName),
			"workEmail": orNull(p.WorkEmail), "startDate": day(p.StartDate), "terminationDate": day(p.TerminationDate),
			"employmentStatus": orNull(p.Status), "employmentType": orNull(p.Type),
			"birthDate": day(p.BirthDate), "gender": orNull(p.Gender), "maritalStatus": "NOT_SPECIFIED",
		},
		"orgStructure": map[string]any{
			"designation": orNull(p.Title), "department": orNull(p.Department),
			"manager": map[string]any{"id": orNull(p.Manager), "workEmail": orNull(p.ManagerEmail)},
		},
		"locations": map[string]any{
			"workAddress":    map[string]any{"addressLine1": "1 Main St", "city": orNull(p.City), "state": orNull(p.Region), "country": orNull(p.Country), "zipCode": "10115"},
			"presentAddress": map[string]any{"addressLine1": "canary-home", "city": "Elsewhere"},
		},
		"contactInfo": map[string]any{
			"personalEmails": []any{},
			"phones":         []any{map[string]any{"type": "HOME", "phoneNumber": "canary-phone"}},
		},
	}
	if p.PersonalEmail != "" {
		data["contactInfo"].(map[string]any)["personalEmails"] = []any{p.PersonalEmail} //nolint:forcetypeassert // made above
	}
	if p.RawStatus != "" {
		data["rawValues"] = map[string]any{"employmentStatus": p.RawStatus}
	}
	if p.Custom != nil {
		data["customFields"] = map[string]any{"fields": p.Custom}
	}
	if p.BankNumber != "" {
		data["bankAccounts"] = []any{map[string]any{"accountNumber": p.BankNumber}}
	}
	return data
}

// Population returns n people who work, as a company of that size has them.
func Population(n int) []Person {
	titles := []string{"Engineer", "Analyst", "Recruiter", "Account Executive", "Designer"}
	departments := []string{"Platform", "Finance", "People", "Sales"}
	first := []string{"Ada", "Bo", "Cy", "Di", "Émile", "Fay", "Gus"}
	last := []string{"Ng", "Ruiz", "Roe", "Sato", "Dupont", "Weiß"}
	types := []string{"FULL_TIME", "FULL_TIME", "FULL_TIME", "CONTRACT"}
	people := make([]Person, n)
	for i := range people {
		people[i] = Person{
			ID: fmt.Sprintf("%d", 1000+i), EmployeeNumber: fmt.Sprintf("E-%05d", i), FirstName: first[i%len(first)], LastName: last[i%len(last)],
			WorkEmail: fmt.Sprintf("p%d@acme.example", i), PersonalEmail: fmt.Sprintf("p%d@home.example", i),
			Status: "ACTIVE", Type: types[i%len(types)], StartDate: fmt.Sprintf("20%02d-0%d-1%d", 10+i%15, 1+i%9, i%9),
			Title: titles[i%len(titles)], Department: departments[i%len(departments)], City: "Berlin", Country: "DE",
		}
		if i > 0 {
			people[i].Manager = fmt.Sprintf("%d", 1000+i/8)
		}
	}
	return people
}

package main

import "github.com/provision-go/provision/source"

// worker is a person in the words of the API. What provisioning does not need,
// such as pay or a birth date, is not even read.
type worker struct {
	ID         string `json:"id"`
	FirstName  string `json:"first_name"`
	LastName   string `json:"last_name"`
	Email      string `json:"email"`
	Title      string `json:"title"`
	Department string `json:"department"`
	TimeZone   string `json:"time_zone"`
	ManagerID  string `json:"manager_id"`
	State      string `json:"state"`
	StartedOn  string `json:"started_on"`
	LeavesOn   string `json:"leaves_on"`
}

// identity translates. What the API left out stays empty, and what is not
// understood becomes a finding: neither is ever a guess.
func (w worker) identity() source.Identity {
	i := source.Identity{
		ID:         w.ID,
		Name:       source.Name{Given: w.FirstName, Family: w.LastName},
		WorkEmail:  w.Email,
		JobTitle:   w.Title,
		Department: source.Named(w.Department),
		Location:   source.Location{TimeZone: w.TimeZone},
		Manager:    source.Manager{ID: w.ManagerID},
		StatusRaw:  w.State,
	}
	switch w.State {
	case "upcoming":
		i.Status = source.PreHire
	case "employed":
		i.Status = source.Active
	case "absent":
		i.Status = source.OnLeave
	case "left":
		i.Status = source.Terminated
	default:
		i.Findings = append(i.Findings, badValue("status", w.State))
	}
	i.HireDate = day(&i, "hire_date", w.StartedOn)
	i.LastDay = day(&i, "last_day", w.LeavesOn)
	return i
}

func day(i *source.Identity, field, text string) source.Date {
	if text == "" {
		return source.Date{}
	}
	date, err := source.ParseDate(text)
	if err != nil {
		i.Findings = append(i.Findings, badValue(field, text))
	}
	return date
}

func badValue(field, text string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: field + " " + text + " is not understood"}
}

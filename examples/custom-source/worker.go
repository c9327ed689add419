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
	// What says who works is there for everybody, empty where there is nothing. nil is
	// a column that did not come, as after a permission was taken away.
	State     *string `json:"state"`
	StartedOn *string `json:"started_on"`
	LeavesOn  *string `json:"leaves_on"`
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
	}
	i.Status = status(&i, w.State)
	i.HireDate = day(&i, "hire_date", w.StartedOn)
	i.LastDay = day(&i, "last_day", w.LeavesOn)
	return i
}

func status(i *source.Identity, state *string) source.Status {
	if state == nil {
		i.Findings = append(i.Findings, noColumn("status"))
		return source.Unknown
	}
	i.StatusRaw = *state
	switch *state {
	case "upcoming":
		return source.PreHire
	case "employed":
		return source.Active
	case "absent":
		return source.OnLeave
	case "left":
		return source.Terminated
	}
	i.Findings = append(i.Findings, badValue("status", *state))
	return source.Unknown
}

func day(i *source.Identity, field string, text *string) source.Date {
	switch {
	case text == nil:
		i.Findings = append(i.Findings, noColumn(field))
		return source.Date{}
	case source.NoDate(*text):
		return source.Date{} // nothing, or 0000-00-00: there is no such day
	}
	date, err := source.ParseDate(*text)
	if err != nil {
		i.Findings = append(i.Findings, badValue(field, *text))
	}
	return date
}

func badValue(field, text string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: field + " " + text + " is not understood"}
}

// noColumn is a bad value too: then rules decide nothing that depends on the field.
func noColumn(field string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: field + " is not in the answer"}
}

package workdaytest

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// A Report is a custom report that is enabled as a web service. Its columns are fixed
// here, though an author could call them anything: Workday_ID, Employee_ID, First_Name,
// Last_Name, Email_Address, Business_Title, Department, Cost_Center_Code, Location,
// Country, Mgr_ID, Hire_Date, Termination_Date, Employment_Status, Worker_Type, Teams,
// Date_of_Birth. A column without a value is left out of the row.
type Report struct {
	Owner, Name string
	// Prompts must be given with these values. Others are refused.
	Prompts map[string]string
	// DateLayout defaults to "01/02/2006".
	DateLayout string
}

// serveReport answers with everybody.
func (s *Server) serveReport(w http.ResponseWriter, r *http.Request, path string) {
	s.note(r, "")
	report := s.cfg.Report
	user, password, basic := r.BasicAuth()
	status := http.StatusOK
	switch {
	case r.Method != http.MethodGet:
		status = http.StatusMethodNotAllowed
	case !s.bearer(r) && !(basic && user == s.cfg.User && same(password, s.cfg.Password)):
		status = http.StatusUnauthorized
	case report.Name == "" || path != s.cfg.Tenant+"/"+report.Owner+"/"+report.Name:
		status = http.StatusNotFound
	case !s.prompted(r):
		status = http.StatusBadRequest
	}
	healthy := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if status != http.StatusOK {
			http.Error(w, `{"errors":[{"error":"refused"}]}`, status)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(s.report()) // the client may be gone
	})
	if f := s.due(1, false, true); f != nil {
		f.Spoil.Serve(w, r, healthy)
		return
	}
	healthy.ServeHTTP(w, r)
}

// prompted checks the parameters.
func (s *Server) prompted(r *http.Request) bool {
	query := r.URL.Query()
	if query.Get("format") != "json" || len(query) != 1+len(s.cfg.Report.Prompts) {
		return false
	}
	for name, value := range s.cfg.Report.Prompts {
		if query.Get(name) != value {
			return false
		}
	}
	return true
}

// report renders everybody as of now.
func (s *Server) report() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept, ok := s.rendered["report"]; ok {
		return kept
	}
	now := s.cfg.Clock()
	type entries struct {
		Entries []map[string]any `json:"Report_Entry"`
	}
	all := entries{Entries: []map[string]any{}}
	for _, wid := range s.ids {
		if p, known := s.known(wid, now); known {
			all.Entries = append(all.Entries, s.row(&p, now))
		}
	}
	body, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	s.rendered["report"] = body
	return body
}

func (s *Server) row(p *Worker, now time.Time) map[string]any {
	date := func(day string) string {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil {
			return ""
		}
		return t.Format(cmp.Or(s.cfg.Report.DateLayout, "01/02/2006"))
	}
	day := dayIn(now)
	row := map[string]any{
		"Workday_ID": p.WID, "Employee_ID": cmp.Or(p.EmployeeID, p.ContingentID), "First_Name": p.FirstName, "Last_Name": p.LastName,
		"Email_Address": p.WorkEmail, "Hire_Date": date(p.HireDate), "Employment_Status": p.word(day), "Worker_Type": "Employee",
		"Date_of_Birth": "private-birth-date",
	}
	if p.ContingentID != "" {
		row["Worker_Type"] = "Contingent Worker"
	}
	if p.over(day) {
		row["Termination_Date"] = date(p.TerminationDate)
	}
	if len(p.Positions) > 0 {
		j := p.Positions[0]
		row["Business_Title"], row["Location"], row["Country"] = j.Title, j.Location.Name, j.Location.Country
	}
	var teams []any
	for _, o := range p.Units {
		switch o.Type {
		case "SUPERVISORY":
			row["Department"] = o.Name
		case "COST_CENTER":
			row["Cost_Center_Code"] = o.Code
		case "TEAM":
			teams = append(teams, map[string]string{"ID": o.ID, "Descriptor": o.Name})
		}
	}
	if teams != nil {
		row["Teams"] = teams
	}
	if m, known := s.known(p.Manager, now); known {
		row["Mgr_ID"] = m.WID
	}
	for name, value := range row {
		if value == "" {
			delete(row, name)
		}
	}
	return row
}

// word is what a report calls where somebody stands.
func (p *Worker) word(day string) string {
	switch {
	case p.Rescinded:
		return "Hire Rescinded"
	case p.over(day) && p.Retired:
		return "Retired"
	case p.over(day):
		return "Terminated"
	case p.HireDate > day:
		return "Inactive"
	case p.OnLeave:
		return strings.TrimSpace("On Leave")
	}
	return "Active"
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

const (
	workdayPassword = "bench-password"
	// A worker of Get_Workers has ten times the bytes of a row of a report.
	xmlPeople = 10_000
	rowPeople = 100_000
)

// A workerXML is what encoding/xml decodes a worker into: what the source reads.
type workerXML struct {
	Reference []idXML `xml:"Worker_Reference>ID"`
	WorkerID  string  `xml:"Worker_Data>Worker_ID"`
	UserID    string  `xml:"Worker_Data>User_ID"`
	Legal     nameXML `xml:"Worker_Data>Personal_Data>Name_Data>Legal_Name_Data>Name_Detail_Data"`
	Preferred nameXML `xml:"Worker_Data>Personal_Data>Name_Data>Preferred_Name_Data>Name_Detail_Data"`
	Emails    []struct {
		Address string  `xml:"Email_Address"`
		Usage   []idXML `xml:"Usage_Data>Type_Data>Type_Reference>ID"`
	} `xml:"Worker_Data>Personal_Data>Contact_Data>Email_Address_Data"`
	Jobs []struct {
		Primary    string  `xml:"Primary_Job,attr"`
		ID         string  `xml:"Position_Data>Position_ID"`
		Title      string  `xml:"Position_Data>Business_Title"`
		Start      string  `xml:"Position_Data>Start_Date"`
		Type       []idXML `xml:"Position_Data>Worker_Type_Reference>ID"`
		Hours      []idXML `xml:"Position_Data>Position_Time_Type_Reference>ID"`
		Location   string  `xml:"Position_Data>Business_Site_Summary_Data>Name"`
		LocationID []idXML `xml:"Position_Data>Business_Site_Summary_Data>Location_Reference>ID"`
		City       string  `xml:"Position_Data>Business_Site_Summary_Data>Address_Data>Municipality"`
		Country    []idXML `xml:"Position_Data>Business_Site_Summary_Data>Address_Data>Country_Reference>ID"`
	} `xml:"Worker_Data>Employment_Data>Worker_Job_Data"`
	Status struct {
		Active, Terminated, Retired, Hire_Rescinded               string //nolint:revive // the names of the elements
		Hire_Date, Original_Hire_Date, Termination_Date           string //nolint:revive // as above
		First_Day_of_Work, Termination_Last_Day_of_Work, On_Leave string //nolint:revive // as above
	} `xml:"Worker_Data>Employment_Data>Worker_Status_Data"`
	Organizations []struct {
		ID   string  `xml:"Organization_Reference_ID"`
		Code string  `xml:"Organization_Code"`
		Name string  `xml:"Organization_Name"`
		Type []idXML `xml:"Organization_Type_Reference>ID"`
	} `xml:"Worker_Data>Organization_Data>Worker_Organization_Data>Organization_Data"`
	Managers []struct {
		Reference []idXML `xml:"Manager_Reference>ID"`
	} `xml:"Worker_Data>Management_Chain_Data>Worker_Supervisory_Management_Chain_Data>Management_Chain_Data"`
}

type idXML struct {
	Type string `xml:"type,attr"`
	ID   string `xml:",chardata"`
}

type nameXML struct {
	Formatted string `xml:"Formatted_Name,attr"`
	First     string `xml:"First_Name"`
	Middle    string `xml:"Middle_Name"`
	Last      string `xml:"Last_Name"`
}

// A reportRow is what encoding/json decodes a row of the report into.
type reportRow struct {
	WorkdayID        string `json:"Workday_ID"`
	EmployeeID       string `json:"Employee_ID"`
	FirstName        string `json:"First_Name"`
	LastName         string `json:"Last_Name"`
	EmailAddress     string `json:"Email_Address"`
	BusinessTitle    string `json:"Business_Title"`
	Department       string `json:"Department"`
	CostCenterCode   string `json:"Cost_Center_Code"`
	Location         string `json:"Location"`
	Country          string `json:"Country"`
	ManagerID        string `json:"Mgr_ID"`
	HireDate         string `json:"Hire_Date"`
	TerminationDate  string `json:"Termination_Date"`
	EmploymentStatus string `json:"Employment_Status"`
	WorkerType       string `json:"Worker_Type"`
}

// serveWorkday records what a Workday answers, behind an address on this machine.
func serveWorkday(ctx context.Context, size int) (*recorded, workday.Connection, func(), error) {
	answers := &recorded{
		from: workdaytest.New(workdaytest.Config{
			Password: workdayPassword, Workers: workdaytest.Population(size), Clock: people.Noon,
			Report: workdaytest.Report{Owner: "isu", Name: "Bench", DateLayout: time.DateOnly},
		}),
		answers: map[string]*httptest.ResponseRecorder{},
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, workday.Connection{}, nil, err
	}
	server := &http.Server{Handler: answers, ReadHeaderTimeout: time.Minute}
	go func() {
		_ = server.Serve(listener) // it ends when it is closed
	}()
	return answers, workday.Connection{
		BaseURL: "http://" + listener.Addr().String() + "/ccx", Private: true, Tenant: "acme",
		Auth: workday.Password("isu", workdayPassword), Clock: people.Noon,
	}, func() { _ = server.Close() }, nil // nothing is lost with it
}

// readAll reads a source to its end.
func readAll(ctx context.Context, s source.Source, size int) error {
	n := 0
	for _, err := range s.Identities(ctx) {
		if err != nil {
			return err
		}
		n++
	}
	if n != size {
		return fmt.Errorf("%w: %d of %d", errPeople, n, size)
	}
	return nil
}

// workers measures reading people through Get_Workers over HTTP on this machine:
// pages of the usual size, checked, and made into identities. The limit decodes the
// same bytes with encoding/xml into structs, from memory, and does nothing else. What
// counts is CPU time; the server, whose pages are ready, and the wire are in ours.
func workers(ctx context.Context, r *results) error {
	answers, connection, closeIt, err := serveWorkday(ctx, xmlPeople)
	if err != nil {
		return err
	}
	defer closeIt()
	wd, err := workday.New(workday.Config{Connection: connection})
	if err != nil {
		return err
	}
	read := func() error { return readAll(ctx, wd, xmlPeople) }
	if err := read(); err != nil { // records
		return err
	}
	answers.from = nil
	times, err := r.rounds(xmlPeople,
		measure.Side{Name: "workday", Run: read},
		measure.Side{Name: "encoding/xml", Run: func() error { return decodeWorkers(answers.bodies) }},
	)
	if err != nil {
		return err
	}
	r.note("%d bytes per person", answers.size()/xmlPeople)
	r.set("workday-read", ratio(times[1].CPU, times[0].CPU))
	return nil
}

func decodeWorkers(bodies [][]byte) error {
	n := 0
	for _, body := range bodies {
		var page struct {
			Workers []workerXML `xml:"Body>Get_Workers_Response>Response_Data>Worker"`
		}
		if err := xml.NewDecoder(bytes.NewReader(body)).Decode(&page); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		n += len(page.Workers)
	}
	if n != xmlPeople {
		return fmt.Errorf("%w: %d of %d", errPeople, n, xmlPeople)
	}
	return nil
}

// workReport measures the same for a report, against encoding/json.
func workReport(ctx context.Context, r *results) error {
	answers, connection, closeIt, err := serveWorkday(ctx, rowPeople)
	if err != nil {
		return err
	}
	defer closeIt()
	report, err := workday.NewReport(workday.ReportConfig{Connection: connection, Owner: "isu", Report: "Bench", Columns: map[string]string{
		"id": "Workday_ID", "employee_number": "Employee_ID", "given_name": "First_Name", "family_name": "Last_Name",
		"work_email": "Email_Address", "job_title": "Business_Title", "department": "Department", "cost_center_code": "Cost_Center_Code",
		"location": "Location", "country": "Country", "manager": "Mgr_ID", "hire_date": "Hire_Date", "termination_date": "Termination_Date",
		"status": "Employment_Status", "kind": "Worker_Type",
	}})
	if err != nil {
		return err
	}
	read := func() error { return readAll(ctx, report, rowPeople) }
	if err := read(); err != nil { // records
		return err
	}
	answers.from = nil
	times, err := r.rounds(rowPeople,
		measure.Side{Name: "workday report", Run: read},
		measure.Side{Name: "encoding/json", Run: func() error {
			var page struct {
				Rows []reportRow `json:"Report_Entry"`
			}
			if err := json.Unmarshal(answers.bodies[0], &page); err != nil {
				return err
			}
			if len(page.Rows) != rowPeople {
				return fmt.Errorf("%w: %d of %d", errPeople, len(page.Rows), rowPeople)
			}
			return nil
		}},
	)
	if err != nil {
		return err
	}
	r.note("%d bytes per person", answers.size()/rowPeople)
	r.set("workday-report-read", ratio(times[1].CPU, times[0].CPU))
	return nil
}

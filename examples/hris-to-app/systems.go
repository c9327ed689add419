package main

import (
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

// systems are a Workday and a Greenhouse on this machine. They stand in for the real
// ones: strict about what they are asked, and with people as data.
type systems struct {
	hris *workdaytest.Server
	ats  *greenhousetest.Server

	hrisHTTP, atsHTTP *httptest.Server
}

// fieldService is the integration system in Workday that gives calculated fields.
const fieldService = "4f0d0000000000000000000000000001"

func newSystems(clock func() time.Time) *systems {
	s := &systems{
		hris: workdaytest.New(workdaytest.Config{Clock: clock, FieldService: fieldService, Workers: []workdaytest.Worker{mara(), bo()}}),
		ats: greenhousetest.New(greenhousetest.Config{
			Clock:       clock,
			Departments: []greenhousetest.Place{{ID: "3", Name: "Engineering"}},
			Jobs:        []greenhousetest.Job{{ID: "12", Name: "Engineer", Department: "3"}},
			Candidates: []greenhousetest.Candidate{{
				ID: "901", FirstName: "Ana", LastName: "Silva", Updated: clock(),
				Emails: []greenhousetest.Email{{Value: "ana@home.example", Type: "personal"}},
			}},
			Applications: []greenhousetest.Application{{ID: "55", Candidate: "901", Job: "12", Status: "hired", Updated: clock()}},
			Offers: []greenhousetest.Offer{{
				ID: "700", Application: "55", Status: "Accepted", StartsOn: "2026-03-09", Updated: clock(),
			}},
		}),
	}
	s.hrisHTTP, s.atsHTTP = httptest.NewServer(s.hris), httptest.NewServer(s.ats)
	return s
}

func (s *systems) close() {
	s.hrisHTTP.Close()
	s.atsHTTP.Close()
}

const maraID, boID, anaID = "11110000000000000000000000000001", "11110000000000000000000000000002", "11110000000000000000000000000003"

func mara() workdaytest.Worker {
	return worker(maraID, "1001", "Mara", "Lindqvist", "Head of Engineering", "2019-02-01")
}

func bo() workdaytest.Worker {
	w := worker(boID, "1002", "Bo", "Ruiz", "Engineer", "2021-08-01")
	w.Manager = maraID
	return w
}

// ana is Ana when the HRIS knows her, and who she was as a candidate.
func ana() workdaytest.Worker {
	w := worker(anaID, "1003", "Ana", "Silva", "Engineer", "2026-03-09")
	w.Manager = maraID
	w.Calculated = map[string]string{"Candidate": "901"}
	return w
}

func worker(wid, number, first, last, title, hired string) workdaytest.Worker {
	return workdaytest.Worker{
		WID: wid, EmployeeID: number, FirstName: first, LastName: last, WorkEmail: first + "." + last + "@acme.example",
		HireDate: hired, OriginalHireDate: hired, FirstDayOfWork: hired,
		Positions: []workdaytest.Position{{ID: "P-" + number, Title: title, WorkerType: "Regular", TimeType: "Full_time", StartDate: hired}},
		Units:     []workdaytest.Unit{{Type: "SUPERVISORY", Name: "Engineering", ID: "SUP-1"}},
	}
}

package workday_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

// acme stands in for the Workday of a company.
func acme() (address string, closeIt func()) {
	server := httptest.NewServer(workdaytest.New(workdaytest.Config{
		User: "isu_provision", Password: "the-password",
		Report: workdaytest.Report{Owner: "isu_provision", Name: "Provisioning"},
		Workers: []workdaytest.Worker{
			{
				WID: "0e44c92412d34b01ace61e80a47aaf6d", EmployeeID: "21001", FirstName: "Ada", LastName: "Ng", HireDate: "2024-03-04",
				WorkEmail: "ada.ng@acme.example",
				Positions: []workdaytest.Position{{
					ID: "P-42", Title: "Engineer", WorkerType: "Regular", TimeType: "Full_time", Location: workdaytest.Location{Name: "Berlin"},
				}},
				Units: []workdaytest.Unit{{Type: "COST_CENTER", ID: "CC-77", Code: "77", Name: "Platform"}},
			},
			{WID: "1f55d03523e45c12bdf72f91b58bbf7e", ContingentID: "C-9", FirstName: "Bo", HireDate: "2021-01-11", TerminationDate: "2026-01-30"},
		},
	}))
	return server.URL + "/ccx", server.Close
}

func noonInMarch() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func Example() {
	address, closeIt := acme()
	wd, err := workday.New(workday.Config{
		Connection: workday.Connection{
			// Host: "wd5-services1.myworkday.com" is what it takes in production.
			BaseURL: address, Private: true, Clock: noonInMarch,
			Tenant: "acme", Auth: workday.Password("isu_provision", "the-password"),
		},
		Vocabulary: workday.Vocabulary{TimeZones: map[string]string{"Berlin": "Europe/Berlin"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	people, err := source.Collect(context.Background(), wd)
	if err != nil {
		log.Fatal(err)
	}
	for i := range people.All() {
		fmt.Println(i.EmployeeNumber, i.Name.Given, i.Kind, i.Status, i.CostCenter.Code, i.Location.TimeZone)
	}
	closeIt()
	// Output:
	// 21001 Ada employee active 77 Europe/Berlin
	// C-9 Bo contingent terminated
}

// The columns of a report are called what its author likes.
func ExampleNewReport() {
	address, closeIt := acme()
	report, err := workday.NewReport(workday.ReportConfig{
		Connection: workday.Connection{
			BaseURL: address, Private: true, Clock: noonInMarch,
			Tenant: "acme", Auth: workday.Password("isu_provision", "the-password"),
		},
		Owner: "isu_provision", Report: "Provisioning", DateLayout: "01/02/2006",
		Columns: map[string]string{
			"id": "Workday_ID", "given_name": "First_Name", "status": "Employment_Status", "hire_date": "Hire_Date",
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	people, err := source.Collect(context.Background(), report)
	if err != nil {
		log.Fatal(err)
	}
	for i := range people.All() {
		fmt.Println(i.Name.Given, i.Status, i.HireDate)
	}
	closeIt()
	// Output:
	// Ada active 2024-03-04
	// Bo terminated 2021-01-11
}

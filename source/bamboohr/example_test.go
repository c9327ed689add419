package bamboohr_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// acme stands in for acme.bamboohr.com.
func acme() (address string, closeIt func()) {
	server := httptest.NewServer(bambootest.New(bambootest.Config{
		APIKey: "the-key", Custom: []string{"customField4047"},
		People: []bambootest.Person{
			{
				ID: "42", FirstName: "Ada", LastName: "Ng", WorkEmail: "ada.ng@acme.example", Department: "Platform", Location: "Berlin",
				EmploymentStatus: "Elternzeit", HireDate: "2024-03-04", Custom: map[string]any{"customField4047": "Blue"},
			},
			{ID: "43", FirstName: "Bo", LastName: "Ruiz", Status: "Inactive", EmploymentStatus: "Terminated", TerminationDate: "2026-02-27"},
		},
	}))
	return server.URL + "/api", server.Close
}

func Example() {
	address, closeIt := acme()
	hr, err := bamboohr.New(bamboohr.Config{
		// Subdomain: "acme" is all that is needed for acme.bamboohr.com.
		BaseURL: address, Private: true,
		Auth: bamboohr.APIKey("the-key"),
		// Custom fields need the dataset; the list of employees does not have them.
		Strategy:  bamboohr.Dataset,
		Fields:    map[string]string{"team": "customField4047"},
		Status:    map[string]source.Status{"Elternzeit": source.OnLeave},
		TimeZones: map[string]string{"Berlin": "Europe/Berlin"},
	})
	if err != nil {
		log.Fatal(err)
	}
	people, err := source.Collect(context.Background(), hr)
	if err != nil {
		log.Fatal(err)
	}
	for i := range people.All() {
		fmt.Println(i.ID, i.Name.Given, i.Status, i.Team.Name, i.Location.TimeZone)
	}
	closeIt()
	// Output:
	// 42 Ada on_leave Blue Europe/Berlin
	// 43 Bo terminated
}

// What nobody needs for an account cannot be asked for.
func Example_denied() {
	_, err := bamboohr.New(bamboohr.Config{
		Subdomain: "acme", Auth: bamboohr.APIKey("the-key"),
		Fields: map[string]string{"custom.birthday": "birthDate"},
	})
	fmt.Println(err)
	// Output:
	// bamboohr: field "custom.birthday": birthDate holds a birth date, an age or a place of birth, which is never read
}

// A webhook names people to look at again, for Engine.SyncOne.
func ExampleReadWebhook() {
	body := []byte(`{"type":"employee.updated","timestamp":"2026-11-02T09:00:00+0000",` +
		`"data":{"companyId":"1","employeeId":"42","changedFields":["jobTitle"]}}`)
	header := http.Header{}
	header.Set("X-BambooHR-Timestamp", "1793610000")
	header.Set("X-BambooHR-Signature", "82f18ff235cfc8c081ee79a250019ff41a8ee6b9a726ce357cddbe708105604a")
	ids, err := bamboohr.ReadWebhook(body, header, bamboohr.WebhookConfig{
		Keys: []string{"test-signing-key"}, Clock: func() time.Time { return time.Unix(1793610060, 0) },
	})
	fmt.Println(ids, err)
	// Output:
	// [42] <nil>
}

package greenhouse_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

func Example() {
	// A server stands in for Greenhouse.
	server := httptest.NewServer(greenhousetest.New(greenhousetest.Config{
		Jobs:         []greenhousetest.Job{{ID: "12", Name: "Engineer"}},
		Candidates:   []greenhousetest.Candidate{{ID: "901", FirstName: "Ada", LastName: "Ng"}},
		Applications: []greenhousetest.Application{{ID: "55", Candidate: "901", Job: "12", Status: "hired"}},
		Offers: []greenhousetest.Offer{{
			ID: "700", Application: "55", Status: "Accepted", StartsOn: "2026-12-01", Custom: map[string]any{"squad": "Blue"},
		}},
	}))
	defer server.Close()

	ats, err := greenhouse.New(greenhouse.Config{
		// Neither address is needed for Greenhouse itself.
		BaseURL: server.URL + "/v3", TokenURL: server.URL + "/token", Private: true,
		Auth:   greenhouse.ClientCredentials("test-client", "test-secret", ""),
		Fields: map[string]string{"team": "offer.custom_fields.squad"},
	})
	if err != nil {
		log.Print(err)
		return
	}
	people, err := source.Collect(context.Background(), ats)
	if err != nil {
		log.Print(err)
		return
	}
	for i := range people.All() {
		fmt.Println(i.ID, i.Name.Given, i.JobTitle, i.Team.Name, i.StartDate)
	}
	// Output:
	// 901 Ada Engineer Blue 2026-12-01
}

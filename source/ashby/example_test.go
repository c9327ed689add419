package ashby_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"strings"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/ashby/ashbytest"
)

func Example() {
	// A server stands in for Ashby.
	server := httptest.NewServer(ashbytest.New(ashbytest.Config{
		APIKey:       "the-key",
		Jobs:         []ashbytest.Job{{ID: "j-12", Title: "Engineer"}},
		Candidates:   []ashbytest.Candidate{{ID: "c-901", Name: "Ada Ng"}},
		Applications: []ashbytest.Application{{ID: "a-55", Candidate: "c-901", Job: "j-12", Status: "Hired"}},
		Offers: []ashbytest.Offer{{
			ID: "o-700", Application: "a-55", Status: "CandidateAccepted", StartDate: "2026-12-01", Custom: map[string]any{"Squad": "Blue"},
		}},
	}))
	defer server.Close()

	ats, err := ashby.New(ashby.Config{
		BaseURL: server.URL, Private: true, // not needed for Ashby itself
		Auth:   ashby.APIKey("the-key"),
		Fields: map[string]string{"team": "offer.custom_fields.Squad"},
		SplitName: func(name string) (string, string) {
			given, family, _ := strings.Cut(name, " ")
			return given, family
		},
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
		fmt.Println(i.ID, i.Name.Family, i.JobTitle, i.Team.Name, i.StartDate)
	}
	// Output:
	// c-901 Ng Engineer Blue 2026-12-01
}

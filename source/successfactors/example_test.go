package successfactors_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

func Example() {
	// A server stands in for SuccessFactors; it knows the certificate of the client.
	client := newClient()
	server := httptest.NewServer(successfactorstest.New(successfactorstest.Config{
		Certificate: string(client.certificate),
		People: []successfactorstest.Person{{
			ID: "103", FirstName: "Ada", LastName: "Ng", Emails: []successfactorstest.Email{{Address: "ada.ng@acme.example", Type: "B"}},
			Employments: []successfactorstest.Employment{{UserID: "u103", Start: "2024-03-04", Jobs: []successfactorstest.Job{{
				Start: "2024-03-04", Status: "A", Title: "Engineer", Custom: map[string]string{"customString1": "B-7"},
			}}}},
		}},
	}))
	defer server.Close()

	hr, err := successfactors.New(successfactors.Config{
		BaseURL: server.URL + "/odata/v2",
		Private: true, // for the server above
		Auth: successfactors.SAMLBearer(successfactors.SAML{
			CompanyID: "acme", APIKey: "test-key", UserID: "sfapi",
			PrivateKey: successfactors.Key(client.key), Certificate: string(client.certificate),
		}),
		Fields: map[string]string{"custom.badge": "employmentNav/jobInfoNav/customString1"},
	})
	if err != nil {
		log.Print(err)
		return
	}
	people, err := source.Collect(context.Background(), hr)
	if err != nil {
		log.Print(err)
		return
	}
	for i := range people.All() {
		fmt.Println(i.ID, i.Name.Given, i.JobTitle, i.Status, i.HireDate, i.WorkEmail, i.Custom["badge"])
	}
	// Output:
	// 103 Ada Engineer active 2024-03-04 ada.ng@acme.example [B-7]
}

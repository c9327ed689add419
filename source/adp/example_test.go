package adp_test

import (
	"context"
	"fmt"
	"log"
	"net/http/httptest"
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
)

func Example() {
	// A server stands in for ADP, and an authority for the one that signs certificates.
	authority, err := adptest.NewAuthority()
	if err != nil {
		log.Print(err)
		return
	}
	server := httptest.NewUnstartedServer(adptest.New(adptest.Config{People: []adptest.Person{{
		AOID: "G3TESTAAA0000001", WorkerID: "000123", GivenName: "Ada", FamilyName: "Ng",
		Status: adptest.Code{Value: "Active"}, OriginalHireDate: "2024-03-04",
		Assignments: []adptest.Assignment{{
			Primary: true, Status: adptest.Code{Value: "A", Name: "Active"}, HireDate: "2024-03-04", JobTitle: "Engineer",
			Units: []adptest.Unit{{Type: adptest.Code{Value: "Department"}, Code: "000300", Name: "Platform"}},
		}},
	}}}))
	server.TLS = authority.ServerTLS()
	server.StartTLS()
	defer server.Close()
	certificate, err := authority.Client(time.Now().AddDate(2, 0, 0)) // tls.LoadX509KeyPair, for ADP itself
	if err != nil {
		log.Print(err)
		return
	}
	hr, err := adp.New(adp.Config{
		BaseURL: server.URL, TokenURL: server.URL + "/auth/oauth/v2/token", RootCAs: authority.Pool(), Private: true, // not needed for ADP itself
		Auth:    adp.ClientCredentials("test-client", "test-secret", certificate),
		Product: adp.WorkforceNow,
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
		fmt.Println(i.ID, i.Name.Family, i.JobTitle, i.Department.Name, i.Status, i.HireDate)
	}
	expires, err := hr.CertificateExpires(context.Background())
	fmt.Println(time.Until(expires) > 30*24*time.Hour, err)
	// Output:
	// G3TESTAAA0000001 Ng Engineer Platform active 2024-03-04
	// true <nil>
}

func ExampleSource_Events() {
	authority, err := adptest.NewAuthority()
	if err != nil {
		log.Print(err)
		return
	}
	certificate, err := authority.Client(time.Now().Add(time.Hour))
	if err != nil {
		log.Print(err)
		return
	}
	fake := adptest.New(adptest.Config{})
	fake.Send(adptest.Event("worker.terminate", "G3TESTAAA0000001"))
	server := httptest.NewUnstartedServer(fake)
	server.TLS = authority.ServerTLS()
	server.StartTLS()
	defer server.Close()
	hr, err := adp.New(adp.Config{
		BaseURL: server.URL, TokenURL: server.URL + "/auth/oauth/v2/token", RootCAs: authority.Pool(), Private: true,
		Auth: adp.ClientCredentials("test-client", "test-secret", certificate),
	})
	if err != nil {
		log.Print(err)
		return
	}
	handled, err := hr.Events(context.Background(), adp.EventConfig{}, func(_ context.Context, e adp.Event) error {
		// With an engine: engine.SyncOne for each of them, and engine.Sync for Everybody. An
		// error keeps the message.
		fmt.Println(e.Names, e.People, e.Everybody)
		return nil
	})
	fmt.Println(handled, err)
	// Output:
	// [worker.terminate] [G3TESTAAA0000001] false
	// 1 <nil>
}

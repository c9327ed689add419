package scimtarget_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"

	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// Example makes a joiner's account in a CRM, puts it into a group, and closes it when
// the person leaves.
func Example() {
	crm := httptest.NewServer(standIn())
	app, err := scimtarget.New(scimtarget.Config{
		Name:    "crm",
		BaseURL: crm.URL + "/scim/v2",
		Auth:    scimtarget.Bearer("token"),
		Groups:  true,
		Private: true, // because this one is on the local machine
		Attributes: []scimtarget.Attribute{
			{Name: "userName"},
			{Name: "displayName"},
			{Name: "email", Path: "emails.work"},
			{Name: "department"},
			{Name: "manager"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()

	ana, err := app.Create(ctx, target.CreateRequest{
		Key:   target.Key{Identity: "E1042"},
		State: target.Enabled,
		Attributes: target.Attrs(map[string]string{
			"userName": "ana.silva", "displayName": "Ana Silva", "email": "ana.silva@acme.example", "department": "R&D",
		}),
	})
	if err != nil {
		log.Fatal(err)
	}
	team, err := app.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: "engineering"}})
	if err != nil {
		log.Fatal(err)
	}
	err = app.Grant(ctx, target.GrantRequest{Ref: target.Ref{ID: ana.ID}, Entitlement: team.Entitlement, EntitlementID: team.ID})
	if err != nil {
		log.Fatal(err)
	}
	if _, err = app.Disable(ctx, target.StateRequest{Ref: target.Ref{ID: ana.ID}}); err != nil {
		log.Fatal(err)
	}

	found, err := app.Find(ctx, target.Find{Key: target.Key{Identity: "E1042"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range found {
		fmt.Println(a.Key, a.State, a.Entitlements)
		fmt.Println(a.Attributes)
	}
	crm.Close()
	// Output:
	// E1042 disabled [group:engineering]
	// department="R&D" displayName="Ana Silva" email="ana.silva@acme.example" userName="ana.silva"
}

// standIn is a service that speaks SCIM.
func standIn() http.Handler {
	server, err := scimserver.New(scimserver.Config{
		BaseURL: "https://crm.example/scim/v2",
		Authorize: func(r *http.Request) (scimserver.Client, error) {
			if r.Header.Get("Authorization") != "Bearer token" {
				return scimserver.Client{}, errors.New("wrong token")
			}
			return scimserver.Client{Tenant: "acme"}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	return server
}

// ExampleProfile alters what is known of a service: here one that has no PATCH, and
// whose filters cannot be trusted.
func ExampleProfile() {
	p := scimtarget.RFC()
	p.Name = "intranet"
	p.Users, p.Groups.Update = scimtarget.Put, scimtarget.Put
	p.Filters = nil // accounts are found by listing
	app, err := scimtarget.New(scimtarget.Config{Name: "intranet", BaseURL: "https://intranet.example/scim", Profile: p})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(app.Capabilities().Disable, app.Capabilities().Delete)
	// Output: true false
}

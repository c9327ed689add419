package reconcile_test

import (
	"fmt"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// A plan for one person who has left. Leaving is stated, so no complete read of
// the source is needed to act on it.
func ExampleCompute() {
	person := target.Desired{
		Key: target.Key{Identity: "E0011"}, Label: "cy.roe@acme.example",
		State: target.Disabled, Phase: target.Left,
	}
	account := target.Account{
		ID: "4711", Key: person.Key, State: target.Enabled,
		Entitlements: []target.Entitlement{{Kind: "group", Name: "engineering"}, {Kind: "group", Name: "chess"}},
	}
	plan, err := reconcile.Compute(reconcile.Input{
		Target: "app",
		Capabilities: target.Capabilities{
			Disable: true, Entitlements: []target.EntitlementSpec{{Kind: "group", Revoke: true}},
		},
		Owned:   target.Owned{Entitlements: []target.Entitlement{{Kind: "group", Name: "engineering"}}},
		Scope:   reconcile.One([]target.Desired{person}, []target.Account{account}, nil, nil),
		History: reconcile.History{Runs: 12, Managed: 415},
		At:      time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(plan)
	// Output:
	// app: 1 disable, 1 revoke; 0 unchanged; 1 finding
	//
	// - disable  cy.roe@acme.example  E0011  leaver
	// - revoke   cy.roe@acme.example  E0011  group:engineering, after disable, leaver
	// ! finding  cy.roe@acme.example  E0011  1 leaver still holds group:chess, which no rule gives
	// guard: disable 1 of 415 (0.2 %), limit max(10, 10 %) in 24 h
}

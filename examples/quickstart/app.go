package main

import (
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// newApp is the product that people get accounts in. It stands for your own
// database, a SCIM service or a SaaS application. It is not empty: nobody closed
// Omar's account when he left, and two accounts were made by hand.
func newApp() *memtarget.Target {
	capabilities := memtarget.Everything()
	capabilities.Attributes = append(capabilities.Attributes, target.AttributeSpec{Name: "recoveryEmail", Sensitive: true})
	app := memtarget.New("app", &memtarget.Config{Capabilities: &capabilities})

	app.AddEntitlements(
		target.Entitlement{Kind: "group", Name: "staff"},
		target.Entitlement{Kind: "group", Name: "engineering"},
		target.Entitlement{Kind: "group", Name: "sales"},
		target.Entitlement{Kind: "group", Name: "support"},
		target.Entitlement{Kind: "group", Name: "finance"},
		target.Entitlement{Kind: "role", Name: "deployer"},
		target.Entitlement{Kind: "role", Name: "payment-approver"},
		target.Entitlement{Kind: "licence", Name: "crm"},
		target.Entitlement{Kind: "licence", Name: "desk"},
	)
	app.Put(target.Account{
		Key:          target.Key{Identity: "E0931"},
		State:        target.Enabled,
		Attributes:   target.Attrs(map[string]string{"userName": "omar.haddad@acme.example", "displayName": "Omar Haddad"}),
		Entitlements: []target.Entitlement{{Kind: "group", Name: "support"}},
	})
	app.Put(target.Account{
		State:      target.Enabled,
		Attributes: target.Attrs(map[string]string{"userName": "ingrid.solberg@acme.example", "displayName": "Ingrid"}),
	})
	app.Put(target.Account{
		State:      target.Enabled,
		Attributes: target.Attrs(map[string]string{"userName": "backup-robot"}),
	})
	return app
}

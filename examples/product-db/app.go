package main

import (
	"context"
	"database/sql"

	"github.com/provision-go/provision/target/sqltarget"
)

// newApp makes a target of the product's tables. This is all that the library
// has to know about them; Open compares it with the schema.
func newApp(ctx context.Context, db *sql.DB) (*sqltarget.Target, error) {
	return sqltarget.Open(ctx, db, sqltarget.Config{
		Name:    "app",
		Dialect: sqltarget.SQLite,
		Accounts: sqltarget.Accounts{
			Table:   "users",
			Key:     "external_id",
			State:   sqltarget.State{Column: "status", Enabled: "active", Disabled: "suspended"},
			Version: "version",
			Extra:   "profile",
			Attributes: []sqltarget.Attribute{
				{Name: "userName", Column: "login", Unique: true, CaseFold: true},
				{Name: "displayName", Column: "full_name"},
				{Name: "manager", Column: "manager_id", Ref: true},
				{Name: "title"}, // these two are kept in profile
				{Name: "department"},
			},
		},
		Entitlements: []sqltarget.Entitlements{{
			Kind: "group", Table: "groups", Ensure: true,
			Members: sqltarget.Members{Table: "group_members", Account: "user_id", Entitlement: "group_id"},
		}},
		Sessions: []sqltarget.Rows{{Table: "sessions", Account: "user_id"}},
	})
}

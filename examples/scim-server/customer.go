package main

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// customer is one tenant of the product: an engine that brings its accounts into step
// with what its identity provider has pushed.
type customer struct {
	engine  *provision.Engine
	app     *sqltarget.Target
	journal *provision.FileJournal
}

func newCustomer(ctx context.Context, db *sql.DB, dir, tenant string, pushed source.Source, clock func() time.Time) (*customer, error) {
	set, err := productRules()
	if err != nil {
		return nil, err
	}
	c := &customer{}
	c.app, err = sqltarget.Open(ctx, db, sqltarget.Config{
		Name: "app", Dialect: sqltarget.SQLite,
		Where: map[string]any{"tenant_id": tenant},
		Accounts: sqltarget.Accounts{
			Table: "users", Key: "external_id",
			State: sqltarget.State{Column: "status", Enabled: "active", Disabled: "suspended"},
			Attributes: []sqltarget.Attribute{
				{Name: "userName", Column: "login", Unique: true, CaseFold: true},
				{Name: "displayName", Column: "full_name"},
				{Name: "title", Column: "title"},
			},
		},
		Entitlements: []sqltarget.Entitlements{{
			Kind: "role", Table: "roles", Members: sqltarget.Members{Table: "user_roles", Account: "user_id", Entitlement: "role_id"},
		}},
		Sessions: []sqltarget.Rows{{Table: "sessions", Account: "user_id"}},
	})
	if err != nil {
		return nil, err
	}
	c.journal, err = provision.OpenFileJournal(filepath.Join(dir, tenant+".jsonl"))
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	c.engine, err = provision.New(provision.Config{
		Source: pushed, Targets: []target.Target{c.app}, Rules: set, Journal: c.journal, Clock: clock,
	})
	if err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

func (c *customer) close() error {
	err := c.app.Close()
	if c.journal != nil {
		err = errors.Join(err, c.journal.Close())
	}
	return err
}

// productRules give everybody who was pushed an account, and the members of two groups
// a role: the groups are the customer's, and the roles are the product's.
func productRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "product",
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone,
			Lifecycle: rules.Lifecycle{EndSessions: true},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.Lower(rules.Username)},
				{Set: "displayName", To: rules.DisplayName},
				{Set: "title", To: rules.JobTitle},
			},
		}},
		Grants: []rules.Grant{
			{ID: "admins", When: rules.Groups.Has("App Admins"), Give: []string{"app/role:admin"}},
			{ID: "editors", When: rules.Groups.Has("App Editors"), Give: []string{"app/role:editor"}},
		},
	})
}

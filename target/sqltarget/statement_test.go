package sqltarget_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestStatements: what each call sends, in each dialect. Read the files as what
// somebody who runs the database will see.
func TestStatements(t *testing.T) {
	ref := target.Ref{ID: "1"}
	staff, admin := target.Entitlement{Kind: "team", Name: "staff"}, target.Entitlement{Kind: "role", Name: "admin"}
	for _, d := range dialects() {
		t.Run(d.String(), func(t *testing.T) {
			f := &fakeDB{dialect: d, tables: productTables(d)}
			app, err := sqltarget.Open(t.Context(), f.open(t), productConfig(d))
			require.NoError(t, err)
			var out strings.Builder
			show := func(call string, do func(ctx context.Context) error) {
				f.log = nil
				require.NoError(t, do(t.Context()), call)
				out.WriteString("-- " + call + "\n" + strings.Join(f.log, ";\n") + ";\n\n")
			}
			out.WriteString("-- Open\n" + strings.Join(f.log, ";\n") + ";\n\n")
			show("Accounts", func(ctx context.Context) error {
				for _, err := range app.Accounts(ctx) {
					return err
				}
				return nil
			})
			show("Find by id", func(ctx context.Context) error {
				_, err := app.Find(ctx, target.Find{ID: "1"})
				return err
			})
			show("Find by attribute", func(ctx context.Context) error {
				_, err := app.Find(ctx, target.Find{Attribute: "hired", Value: "2024-02-29"})
				return err
			})
			show("Create", func(ctx context.Context) error {
				_, err := app.Create(ctx, target.CreateRequest{
					Key: target.Key{Identity: "E1"}, State: target.Disabled,
					Attributes: target.Attrs(map[string]string{"userName": "ana", "remote": "true", "hired": "2024-02-29", "title": "Engineer", "manager": "8"}),
				})
				return err
			})
			show("Update", func(ctx context.Context) error {
				_, err := app.Update(ctx, target.UpdateRequest{
					Ref: ref, Version: "3", Set: target.Attrs(map[string]string{"userName": "bo", "title": "Editor"}), Clear: []string{"team", "hired"},
				})
				return err
			})
			show("Update, adopting", func(ctx context.Context) error {
				_, err := app.Update(ctx, target.UpdateRequest{Ref: ref, SetKey: target.Key{Identity: "E1"}})
				return err
			})
			show("Disable", func(ctx context.Context) error {
				_, err := app.Disable(ctx, target.StateRequest{Ref: ref})
				return err
			})
			show("Enable", func(ctx context.Context) error {
				_, err := app.Enable(ctx, target.StateRequest{Ref: ref, Version: "3"})
				return err
			})
			show("Entitlements", func(ctx context.Context) error {
				for _, err := range app.Entitlements(ctx) {
					return err
				}
				return nil
			})
			show("EnsureEntitlement", func(ctx context.Context) error {
				_, err := app.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: staff})
				return err
			})
			show("Grant", func(ctx context.Context) error {
				return app.Grant(ctx, target.GrantRequest{Ref: ref, Entitlement: staff, EntitlementID: "9"})
			})
			show("Grant by name", func(ctx context.Context) error {
				return app.Grant(ctx, target.GrantRequest{Ref: ref, Entitlement: admin})
			})
			show("Revoke", func(ctx context.Context) error {
				return app.Revoke(ctx, target.GrantRequest{Ref: ref, Entitlement: staff, EntitlementID: "9"})
			})
			show("EndSessions", func(ctx context.Context) error { return app.EndSessions(ctx, target.SessionsRequest{Ref: ref}) })
			show("Handover", func(ctx context.Context) error {
				return app.Handover(ctx, target.HandoverRequest{From: ref, To: target.Ref{ID: "8"}})
			})
			show("Delete", func(ctx context.Context) error { return app.Delete(ctx, target.StateRequest{Ref: ref, Version: "3"}) })
			require.NoError(t, app.Close())
			golden(t, strings.ToLower(d.String())+".sql", out.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

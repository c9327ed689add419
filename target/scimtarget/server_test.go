package scimtarget_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
	"github.com/provision-go/provision/target/targettest"
)

// ours is this module's own service provider.
func ours(t *testing.T, profile scimserver.Profile) string {
	t.Helper()
	var server *scimserver.Server
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { server.ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	server, err := scimserver.New(scimserver.Config{
		BaseURL: web.URL + "/scim/v2", Profile: profile,
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	require.NoError(t, err)
	return web.URL + "/scim/v2"
}

// TestOurOwnServer: the two halves of this module understand each other, in every
// profile of the server and whatever the target relies on.
func TestOurOwnServer(t *testing.T) {
	t.Parallel()
	versions, put, users := scimtarget.RFC(), scimtarget.RFC(), scimtarget.RFC()
	versions.Versions, put.Users, put.Groups.Update, users.Groups.Members = true, scimtarget.Put, scimtarget.Put, scimtarget.OnUsers
	for name, profile := range map[string]scimtarget.Profile{"rfc": scimtarget.RFC(), "versions": versions, "put": put, "groups on users": users, "bulk": bulky(20)} {
		for other, of := range map[string]scimserver.Profile{"rfc": scimserver.RFC, "lenient": scimserver.Lenient, "entra": scimserver.Entra, "okta": scimserver.Okta} {
			t.Run(name+" at "+other, func(t *testing.T) {
				t.Parallel()
				app := func() *scimtarget.Target {
					app, err := scimtarget.New(scimtarget.Config{
						Name: "crm", BaseURL: ours(t, of), Private: true, Profile: profile, Groups: true, Delete: true, ReadAttempts: 1,
					})
					require.NoError(t, err)
					return app
				}
				targettest.Run(t, func(t *testing.T) targettest.Harness {
					app := app()
					for _, g := range []string{"engineering", "sales"} {
						_, err := app.EnsureEntitlement(t.Context(), target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: g}})
						require.NoError(t, err)
					}
					return targettest.Harness{
						Target: app, New: func(n int) target.CreateRequest { return person(app, n) }, Missing: "nobody",
					}
				})
				a := app()
				first, second := people(4), people(4)
				second[1].Manager.ID, second[2].JobTitle = "E2", "Writer"
				provisiontest.Converge(t, provision.Config{
					Targets: []target.Target{a}, Rules: company(t, a), Policy: reconcile.Policy{CreateEntitlements: true},
				}, provisiontest.Day{At: day(1), People: first}, provisiontest.Day{At: day(2), People: second})
			})
		}
	}
}

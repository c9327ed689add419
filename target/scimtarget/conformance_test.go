package scimtarget_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
	"github.com/provision-go/provision/target/targettest"
)

// TestConformance puts each profile, with a fake that deviates as its service does,
// through the whole suite.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, s := range services() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			targettest.Run(t, func(t *testing.T) targettest.Harness {
				app, fake := start(t, s)
				if app.Profile().Groups.Supported {
					fake.AddGroup(scimfake.Object{"displayName": "engineering"})
					fake.AddGroup(scimfake.Object{"displayName": "sales"})
				}
				return targettest.Harness{
					Target: app, New: func(n int) target.CreateRequest { return person(app, n) }, Missing: "nobody",
					Broken: func() target.Target {
						app, fake := start(t, s)
						fake.Before = func(*http.Request, []byte) int { return http.StatusBadGateway }
						return app
					},
				}
			})
		})
	}
}

// TestEveryProfileIsTested: a profile that nobody runs is a guess.
func TestEveryProfileIsTested(t *testing.T) {
	for _, p := range scimtarget.Profiles() {
		assert.True(t, slices.ContainsFunc(services(), func(s service) bool { return s.profile.Name == p.Name && s.name == p.Name }), p.Name)
	}
}

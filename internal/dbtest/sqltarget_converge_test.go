package dbtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// TestEngineConverges: joiners, movers, leavers and a return, through the engine
// into each database, and after every day there is nothing left to do.
func TestEngineConverges(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		for i, m := range mappings() {
			t.Run(m.name, func(t *testing.T) {
				app, _ := opened(t, p, m, func(cfg *sqltarget.Config) { cfg.Page = 3 })
				kind, team := "", ""
				if len(app.Capabilities().Entitlements) > 0 {
					kind = app.Capabilities().Entitlements[0].Kind
					team = kind + ":engineering"
				}
				spec := rules.Spec{
					Name: "app",
					Targets: []rules.TargetSpec{{
						Target: "app", Account: rules.Everyone,
						Lifecycle: rules.Lifecycle{EndSessions: m.sessions},
						Attributes: []rules.Attribute{
							{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
							{Set: "displayName", To: rules.DisplayName},
							{Set: "manager", To: rules.Manager, IfMissing: rules.Clear},
						},
					}},
				}
				if m.extra["title"] != "" {
					spec.Targets[0].Attributes = append(spec.Targets[0].Attributes, rules.Attribute{Set: "title", To: rules.JobTitle, IfMissing: rules.Clear})
				}
				if team != "" {
					spec.Grants = []rules.Grant{{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/" + team}}}
				}
				set, err := rules.Build(spec)
				require.NoError(t, err)
				var people []source.Identity
				for n := range 10 {
					id := source.Identity{
						ID: fmt.Sprint("E", n), Name: source.Name{Given: "Ana", Family: fmt.Sprint("Silva ", n)}, WorkEmail: fmt.Sprintf("ana%d@acme.example", n),
						JobTitle: "Engineer", Department: source.Named("Engineering"), Status: source.Active, HireDate: source.Day(2024, time.May, 1),
					}
					if n > 0 {
						id.Manager = source.Manager{ID: "E0"}
					}
					people = append(people, id)
				}
				day := func(d int, alter func(people []source.Identity)) provisiontest.Day {
					copied := append([]source.Identity(nil), people...)
					alter(copied)
					people = copied
					return provisiontest.Day{At: time.Date(2026, time.March, d, 6, 0, 0, 0, time.UTC), People: copied}
				}
				plans := provisiontest.Converge(t, provision.Config{Targets: []target.Target{app}, Rules: set},
					day(1, func([]source.Identity) {}),
					day(2, func(p []source.Identity) {
						p[1].JobTitle, p[1].Department, p[1].Name.Family = "", source.Named("Sales"), "Ng"
						p[2].Status, p[2].TerminationDate = source.Terminated, source.Day(2026, time.March, 1)
						p[3].Manager = source.Manager{ID: "E1"}
						p[4].Manager = source.Manager{}
					}),
					day(3, func(p []source.Identity) {
						p[2].Status, p[2].TerminationDate = source.Active, source.Date{}
						p[1].Department = source.Named("Engineering")
					}),
				)
				assert.NotEmpty(t, plans[0].Targets[0].Changes, i)
				assert.NotEmpty(t, plans[1].Targets[0].Changes)
				var disabled int
				for a, err := range app.Accounts(t.Context()) {
					require.NoError(t, err)
					if a.State == target.Disabled {
						disabled++
					}
				}
				assert.LessOrEqual(t, disabled, 1)
			})
		}
	})
}

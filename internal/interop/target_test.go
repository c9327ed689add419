//go:build !race

package interop_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
	"github.com/provision-go/provision/target/targettest"
)

// profile is what is known of SCIMMY, with the storage of testdata/scimmy.mjs.
func profile() scimtarget.Profile {
	p := scimtarget.RFC()
	p.Name = "scimmy"
	// Values compare with regard to case, also those of userName.
	p.Filters = []string{"externalId"}
	// A member need not exist.
	p.Groups.LooseMembers = true
	return p
}

// app is a service on SCIMMY as a target.
func app(t testing.TB, base, token string, p scimtarget.Profile) *scimtarget.Target {
	t.Helper()
	a, err := scimtarget.New(scimtarget.Config{
		Name: "scimmy", BaseURL: base, Auth: scimtarget.Bearer(token), Private: true, Profile: p, Groups: true, Delete: true, ReadAttempts: 1,
	})
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return a
}

// TestTarget: the outbound connector keeps the contract of targets with SCIMMY.
func TestTarget(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	for _, g := range []string{"engineering", "sales"} {
		_, err := app(t, base, token, profile()).EnsureEntitlement(t.Context(), target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: g}})
		require.NoError(t, err)
	}
	targettest.Run(t, func(t *testing.T) targettest.Harness {
		return targettest.Harness{
			Target: app(t, base, token, profile()), Missing: "nobody",
			New: func(n int) target.CreateRequest {
				name := fmt.Sprintf("person%d-%s", n, t.Name())
				return target.CreateRequest{Key: target.Key{Identity: name}, State: target.Enabled, Attributes: target.Attrs(map[string]string{
					"userName": name + "@acme.example", "displayName": "Person " + name, "title": "Engineer", "emails.work": name + "@acme.example",
				})}
			},
			Broken: func() target.Target { return app(t, base, "another-"+token, profile()) },
		}
	})
}

// TestTargetConverges: joiners, movers, leavers and a return, through the engine into
// SCIMMY, and after every day there is nothing left to do. That holds without a profile
// of its own too: what deviates then costs nothing but looks at single accounts.
func TestTargetConverges(t *testing.T) {
	t.Parallel()
	put := profile()
	put.Users = scimtarget.Put
	for name, p := range map[string]scimtarget.Profile{"scimmy": profile(), "put": put, "rfc": scimtarget.RFC()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base, token := scimmy(t)
			first := people(6)
			second := slices.Clone(first)
			second[1].JobTitle, second[1].Department, second[1].Name.Family = "", source.Named("Sales"), "Ng"
			second[3].Manager = source.Manager{ID: "E1"}
			second[4].Manager, second[4].WorkEmail = source.Manager{}, "new4@acme.example"
			third := slices.Clone(second)
			third[1].Department = source.Named("Engineering")
			third[2].Status, third[2].TerminationDate = source.Terminated, source.Day(2026, time.March, 1)
			fourth := slices.Clone(third)
			fourth[2] = first[2]
			plans := provisiontest.Converge(t, provision.Config{
				Targets: []target.Target{app(t, base, token, p)}, Rules: company(t), Policy: reconcile.Policy{CreateEntitlements: true},
			}, provisiontest.Day{At: day(1), People: first}, provisiontest.Day{At: day(2), People: second},
				provisiontest.Day{At: day(3), People: third}, provisiontest.Day{At: day(4), People: fourth})
			for i, p := range plans {
				assert.NotEmpty(t, p.Targets[0].Changes, "day %d", i+1)
			}
		})
	}
}

// counting counts the bulk requests that go through it.
type counting struct{ bulk atomic.Int32 }

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/Bulk") {
		c.bulk.Add(1)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// TestTargetBulk: a load in bulk requests, and there is nothing left to do.
func TestTargetBulk(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	p, requests := profile(), &counting{}
	p.Bulk = 50
	crm, err := scimtarget.New(scimtarget.Config{
		Name: "scimmy", BaseURL: base, Auth: scimtarget.Bearer(token), Private: true, Profile: p, Groups: true, ReadAttempts: 1,
		Transport: requests,
	})
	require.NoError(t, err)
	engine, err := provision.New(provision.Config{
		Source: memsource.New("hr", people(60)...), Targets: []target.Target{crm}, Rules: company(t), Concurrency: 16,
		Policy: reconcile.Policy{CreateEntitlements: true, Limits: map[reconcile.Action]reconcile.Limit{reconcile.Create: {Percent: 100}}},
	})
	require.NoError(t, err)
	report, err := engine.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Greater(t, requests.bulk.Load(), int32(3))
	plan, err := engine.Plan(t.Context())
	require.NoError(t, err)
	assert.Empty(t, plan.Targets[0].Changes)
	accounts := 0
	for _, err := range crm.Accounts(t.Context()) {
		require.NoError(t, err)
		accounts++
	}
	assert.Equal(t, 60, accounts)
}

// TestTargetSuggests: what SCIMMY says about itself is understood.
func TestTargetSuggests(t *testing.T) {
	t.Parallel()
	base, token := scimmy(t)
	suggestion, err := app(t, base, token, profile()).Suggest(t.Context())
	require.NoError(t, err)
	assert.Len(t, suggestion.Notes, 1)
	want := profile()
	want.Bulk = 100
	assert.Equal(t, want, suggestion.Profile)
}

func company(t testing.TB) *rules.Set {
	t.Helper()
	set, err := rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{Target: "scimmy", Account: rules.Everyone, Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
			{Set: "displayName", To: rules.DisplayName},
			{Set: "name.givenName", To: rules.GivenName},
			{Set: "name.familyName", To: rules.FamilyName},
			{Set: "emails.work", To: rules.WorkEmail},
			{Set: "title", To: rules.JobTitle, IfMissing: rules.Clear},
			{Set: "department", To: rules.Department, IfMissing: rules.Clear},
			{Set: "manager", To: rules.Manager, IfMissing: rules.Clear},
		}}},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"scimmy/group:engineering"}},
			{ID: "everybody", When: rules.Everyone, Give: []string{"scimmy/group:everybody"}},
		},
	})
	require.NoError(t, err)
	return set
}

func people(n int) []source.Identity {
	list := make([]source.Identity, n)
	for i := range list {
		list[i] = source.Identity{
			ID: fmt.Sprint("E", i), Name: source.Name{Given: "Ana", Family: fmt.Sprint("Silva ", i)},
			WorkEmail: fmt.Sprintf("Ana%d@acme.example", i), JobTitle: "Engineer", Department: source.Named("Engineering"),
			Status: source.Active, HireDate: source.Day(2024, time.May, 1),
		}
		if i > 0 {
			list[i].Manager = source.Manager{ID: "E0"}
		}
	}
	return list
}

func day(d int) time.Time { return time.Date(2026, time.March, d, 6, 0, 0, 0, time.UTC) }

//go:build !race

package peers_test

import (
	"fmt"
	"slices"
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

// put is a profile that replaces what it changes.
func put() scimtarget.Profile {
	p := scimtarget.RFC()
	p.Users, p.Groups.Update = scimtarget.Put, scimtarget.Put
	return p
}

// versions is a profile for a service that hears If-Match.
func versions() scimtarget.Profile {
	p := scimtarget.RFC()
	p.Versions = true
	return p
}

// loose is a profile for a service whose groups take anybody.
func loose() scimtarget.Profile {
	p := scimtarget.RFC()
	p.Groups.LooseMembers = true
	return p
}

// app is a service as a target.
func app(t testing.TB, base, bearer string, p scimtarget.Profile) *scimtarget.Target {
	t.Helper()
	a, err := scimtarget.New(scimtarget.Config{
		Name: "peer", BaseURL: base, Auth: scimtarget.Bearer(bearer), Private: true, Profile: p, Groups: true, Delete: true, ReadAttempts: 1,
	})
	require.NoError(t, err)
	t.Cleanup(a.Close)
	return a
}

// whole is a profile for a service whose PATCH knows no filters in paths of users.
func whole() scimtarget.Profile {
	p := scimtarget.RFC()
	p.WholeArrays = true
	return p
}

// variant is a service and the profile that suits it.
type variant struct {
	alter   func(users, groups *store)
	profile scimtarget.Profile
}

func variants() map[string]variant {
	return map[string]variant{
		"rfc":      {nil, scimtarget.RFC()},
		"put":      {nil, put()},
		"versions": {func(users, groups *store) { users.versions, groups.versions = true, true }, versions()},
		"whole":    {nil, whole()},
		// Who is deleted stays in the groups.
		"ghosts":  {func(users, groups *store) { users.groups, groups.loose = nil, true }, loose()},
		"bare":    {func(users, groups *store) { users.unique, groups.unique = "", "" }, scimtarget.RFC()},
		"silent":  {func(users, groups *store) { users.silent, groups.silent = true, true }, scimtarget.RFC()},
		"lenient": {func(users, groups *store) { users.lenient, groups.lenient = true, true }, scimtarget.RFC()},
		"loose":   {func(_, groups *store) { groups.loose = true }, loose()},
	}
}

// TestTarget: the outbound connector keeps the contract of targets.
func TestTarget(t *testing.T) {
	t.Parallel()
	for name, v := range variants() {
		if name == "bare" {
			continue // the contract has no two accounts with one user name
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, _, _ := faithful(t, v.alter)
			for _, g := range []string{"engineering", "sales"} {
				_, err := app(t, p.base, token, v.profile).EnsureEntitlement(t.Context(), target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: g}})
				require.NoError(t, err)
			}
			targettest.Run(t, func(t *testing.T) targettest.Harness {
				return targettest.Harness{
					Target: app(t, p.base, token, v.profile), Missing: "nobody",
					New: func(n int) target.CreateRequest {
						name := fmt.Sprintf("person%d-%s", n, t.Name())
						return target.CreateRequest{Key: target.Key{Identity: name}, State: target.Enabled, Attributes: target.Attrs(map[string]string{
							"userName": name + "@acme.example", "displayName": "Person " + name, "title": "Engineer", "emails.work": name + "@acme.example",
							"name.givenName": "Ana", "department": "Engineering", "phoneNumbers.mobile": "+351 1",
						})}
					},
					Broken: func() target.Target { return app(t, p.base, "another", v.profile) },
				}
			})
		})
	}
}

// TestTargetConverges: joiners, movers, leavers and a return, through the engine, and after
// every day there is nothing left to do. That holds without a profile of its own too.
func TestTargetConverges(t *testing.T) {
	t.Parallel()
	for name, v := range variants() {
		t.Run(name, func(t *testing.T) { t.Parallel(); converges(t, v.alter, v.profile) })
		t.Run(name+", default profile", func(t *testing.T) { t.Parallel(); converges(t, v.alter, scimtarget.RFC()) })
	}
}

func converges(t *testing.T, alter func(users, groups *store), profile scimtarget.Profile) {
	t.Helper()
	p, _, _ := faithful(t, alter)
	plans := provisiontest.Converge(t, provision.Config{
		Targets: []target.Target{app(t, p.base, token, profile)}, Rules: company(t), Policy: reconcile.Policy{CreateEntitlements: true},
	}, days()...)
	for i, p := range plans {
		assert.NotEmpty(t, p.Targets[0].Changes, "day %d", i+1)
	}
}

// days are joiners, movers, a leaver and a return.
func days() []provisiontest.Day {
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
	return []provisiontest.Day{{At: day(1), People: first}, {At: day(2), People: second}, {At: day(3), People: third}, {At: day(4), People: fourth}}
}

// TestTargetLoad: 300 people are there once each, in their groups, and there is nothing
// left to do.
func TestTargetLoad(t *testing.T) {
	t.Parallel()
	for name, v := range variants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, users, groups := faithful(t, v.alter)
			e := engine(t, app(t, p.base, token, v.profile), memsource.New("hr", people(300)...))
			report, err := e.Sync(t.Context())
			require.NoError(t, err)
			require.NoError(t, report.Err())
			t.Logf("%d requests", p.requests.Load())
			plan, err := e.Plan(t.Context())
			require.NoError(t, err)
			assert.Empty(t, plan.Targets[0].Changes)
			assertOnce(t, users, 300)
			for _, m := range groups.values("members") {
				assert.Len(t, m, 300)
			}
			assert.Len(t, groups.values("members"), 2)
		})
	}
}

// TestTargetSuggests: what the library says about itself is understood, and alters nothing.
func TestTargetSuggests(t *testing.T) {
	t.Parallel()
	p, _, _ := faithful(t, nil)
	s, err := app(t, p.base, token, scimtarget.RFC()).Suggest(t.Context())
	require.NoError(t, err)
	assert.Equal(t, scimtarget.Suggestion{Profile: scimtarget.RFC()}, s)
}

// assertOnce: everybody is there, nobody twice.
func assertOnce(t testing.TB, users *store, n int) {
	t.Helper()
	names := map[any]int{}
	for _, name := range users.values("externalId") {
		names[name]++
	}
	assert.Len(t, names, n)
	for name, times := range names {
		assert.Equal(t, 1, times, "%v", name)
	}
}

func engine(t testing.TB, app target.Target, staff source.Source) *provision.Engine {
	t.Helper()
	e, err := provision.New(provision.Config{
		Source: staff, Targets: []target.Target{app}, Rules: company(t), Concurrency: 16,
		Policy: reconcile.Policy{CreateEntitlements: true, Limits: map[reconcile.Action]reconcile.Limit{
			reconcile.Create: {Percent: 100}, reconcile.Revoke: {Percent: 100},
		}},
	})
	require.NoError(t, err)
	return e
}

func company(t testing.TB) *rules.Set {
	t.Helper()
	set, err := rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{Target: "peer", Account: rules.Everyone, Attributes: []rules.Attribute{
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
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"peer/group:engineering"}},
			{ID: "everybody", When: rules.Everyone, Give: []string{"peer/group:everybody"}},
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

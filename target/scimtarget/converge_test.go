package scimtarget_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/scimfake"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// company are the rules for a target, with the attributes that it has.
func company(t testing.TB, app target.Target) *rules.Set {
	t.Helper()
	c := app.Capabilities()
	spec := rules.TargetSpec{Target: app.Name(), Account: rules.Everyone}
	for _, a := range []rules.Attribute{
		{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
		{Set: "displayName", To: rules.DisplayName},
		{Set: "name.givenName", To: rules.GivenName},
		{Set: "name.familyName", To: rules.FamilyName},
		{Set: "emails.work", To: rules.WorkEmail},
		{Set: "title", To: rules.JobTitle, IfMissing: rules.Clear},
		{Set: "department", To: rules.Department, IfMissing: rules.Clear},
		{Set: "manager", To: rules.Manager, IfMissing: rules.Clear},
	} {
		if s, ok := c.Attribute(a.Set); ok && !s.WriteOnly {
			spec.Attributes = append(spec.Attributes, a)
		}
	}
	all := rules.Spec{Name: "crm", Targets: []rules.TargetSpec{spec}}
	if len(c.Entitlements) > 0 {
		all.Grants = []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{app.Name() + "/group:engineering"}},
			{ID: "everybody", When: rules.Everyone, Give: []string{app.Name() + "/group:everybody"}},
		}
	}
	set, err := rules.Build(all)
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

// TestEngineConverges: joiners, movers, leavers and a return, through the engine into
// a service of each kind, and after every day there is nothing left to do.
func TestEngineConverges(t *testing.T) {
	t.Parallel()
	for _, s := range services() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			app, fake := start(t, s)
			if s.profile.Groups.Supported {
				fake.AddGroup(scimfake.Object{"displayName": "engineering"})
			}
			first := people(6)
			second := append([]source.Identity(nil), first...)
			second[1].JobTitle, second[1].Department, second[1].Name.Family = "", source.Named("Sales"), "Ng"
			second[3].Manager = source.Manager{ID: "E1"}
			second[4].Manager, second[4].WorkEmail = source.Manager{}, "new4@acme.example"
			third := append([]source.Identity(nil), second...)
			third[1].Department = source.Named("Engineering")
			if s.profile.Disable {
				second[2].Status, second[2].TerminationDate = source.Terminated, source.Day(2026, time.March, 1)
			}
			plans := provisiontest.Converge(t, provision.Config{
				Targets: []target.Target{app}, Rules: company(t, app), Policy: reconcile.Policy{CreateEntitlements: true},
			}, provisiontest.Day{At: day(1), People: first}, provisiontest.Day{At: day(2), People: second}, provisiontest.Day{At: day(3), People: third})
			for i, p := range plans[:2] {
				assert.NotEmpty(t, p.Targets[0].Changes, "day %d", i+1)
			}
			assert.Equal(t, 6, fake.Users())
		})
	}
}

// TestSecondSyncWritesNothing: and reads each list once, in as many pages as it has.
func TestSecondSyncWritesNothing(t *testing.T) {
	app, fake := start(t, service{profile: scimtarget.RFC()})
	staff := memsource.New("people")
	staff.Set(people(150)...)
	engine, err := provision.New(provision.Config{
		Source: staff, Targets: []target.Target{app}, Rules: company(t, app), Policy: reconcile.Policy{CreateEntitlements: true},
		Journal: &provision.MemoryJournal{}, Clock: func() time.Time { return day(1) },
	})
	require.NoError(t, err)
	report, err := engine.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	first := map[string]int{}
	for _, r := range fake.Requests() {
		first[r.Method+" "+kindOf(r.Path)]++
	}
	assert.Equal(t, 150, first["POST /Users"], "one request for each user")
	assert.Zero(t, first["GET /Users/"], "nothing is read that the answers have: %v", first)

	report, err = engine.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	second := map[string]int{}
	for _, r := range fake.Requests() {
		second[r.Method+" "+kindOf(r.Path)]++
	}
	assert.Equal(t, map[string]int{"GET /Users": 2, "GET /Groups": 1}, second, "150 users are two pages")
}

// kindOf is a path without ids.
func kindOf(path string) string {
	at := strings.LastIndex(path, "/Users")
	if g := strings.LastIndex(path, "/Groups"); g > at {
		at = g
	}
	rest := path[at+1:]
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return "/" + rest[:i+1]
	}
	return "/" + rest
}

// TestNoDoubleCreates: answers get lost, gateways fail after the work is done, and yet
// everybody has one account.
func TestNoDoubleCreates(t *testing.T) {
	t.Parallel()
	for _, s := range services() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			app, fake := start(t, s)
			lost := 0
			fake.Lose = func(r *http.Request) bool {
				if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Users") && lost < 3 {
					lost++
					return true
				}
				return false
			}
			staff := memsource.New("people")
			staff.Set(people(4)...)
			engine, err := provision.New(provision.Config{
				Source: staff, Targets: []target.Target{app}, Rules: company(t, app), Policy: reconcile.Policy{CreateEntitlements: true},
				Journal: &provision.MemoryJournal{}, Clock: func() time.Time { return day(1) },
				Retry: provision.Retry{Base: time.Millisecond, Max: time.Millisecond},
			})
			require.NoError(t, err)
			report, err := engine.Sync(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 4, fake.Users())
			if s.profile.Key != scimtarget.NoKey {
				require.NoError(t, report.Err())
			}
		})
	}
}

package provisiontest_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func set(t testing.TB) *rules.Set {
	t.Helper()
	s, err := rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{EndSessions: true},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
				{Set: "title", To: rules.JobTitle},
				{Set: "manager", To: rules.Manager},
			},
		}},
		Grants: []rules.Grant{{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}}},
	})
	require.NoError(t, err)
	return s
}

func app() *memtarget.Target {
	a := memtarget.New("app", nil)
	a.AddEntitlements(target.Entitlement{Kind: "group", Name: "sales"})
	return a
}

func days() []provisiontest.Day {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	ana := source.Identity{
		ID: "ana", Status: source.Active, WorkEmail: "ana@acme.example", JobTitle: "Seller",
		Department: source.Named("Sales"), Manager: source.Manager{ID: "bo"},
	}
	bo := source.Identity{ID: "bo", Status: source.Active, WorkEmail: "bo@acme.example", JobTitle: "Boss"}
	moved := ana
	moved.Department, moved.JobTitle = source.Named("Legal"), "Lawyer"
	gone := moved
	gone.Status = source.Terminated
	return []provisiontest.Day{
		{At: start, People: []source.Identity{ana, bo}},
		{At: start.AddDate(0, 0, 1), People: []source.Identity{moved, bo}},
		{At: start.AddDate(0, 0, 2), People: []source.Identity{gone, bo}},
	}
}

func TestConverge(t *testing.T) {
	a := app()
	plans := provisiontest.Converge(t, provision.Config{Targets: []target.Target{a}, Rules: set(t)}, days()...)
	require.Len(t, plans, 3)
	assert.Contains(t, plans[2].String(), "1 disable")
	assert.Equal(t, target.Disabled, a.ByKey(target.Key{Identity: "ana"})[0].State)

	// Without days it takes what the configuration has.
	people := memsource.New("hr", days()[0].People...)
	plans = provisiontest.Converge(t, provision.Config{Source: people, Targets: []target.Target{app()}, Rules: set(t)})
	assert.Len(t, plans[0].Targets[0].Changes, 3)
}

// A seat that a run frees is given by the next one, and that is no fault.
func TestConvergeWithSeats(t *testing.T) {
	s, err := rules.Build(rules.Spec{
		Name:    "acme",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants:  []rules.Grant{{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}}},
		Budgets: []rules.Budget{{ID: "seats", Roles: []string{"app/group:sales"}, Seats: 1}},
	})
	require.NoError(t, err)
	list := days()
	for i := range list {
		list[i].People[1].Department = source.Named("Sales")
	}
	a := app()
	provisiontest.Converge(t, provision.Config{Targets: []target.Target{a}, Rules: s}, list...)
	assert.Len(t, a.ByKey(target.Key{Identity: "bo"})[0].Entitlements, 1)
}

// recorder takes what a test would have said. Fatalf ends the goroutine, as in a
// real test.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}
func (r *recorder) Errorf(format string, args ...any) {
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func converge(t *testing.T, config provision.Config, days ...provisiontest.Day) string {
	r := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		provisiontest.Converge(r, config, days...)
	}()
	<-done
	return strings.Join(r.said, "\n")
}

// shouting is a target that does not keep what it is given.
type shouting struct{ target.Target }

func (s shouting) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	req.Attributes = req.Attributes.With("title", strings.ToUpper(req.Attributes.Get("title")))
	return s.Target.Create(ctx, req)
}

func (s shouting) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	if req.Set.Has("title") {
		req.Set = req.Set.With("title", strings.ToUpper(req.Set.Get("title")))
	}
	return s.Target.Update(ctx, req)
}

// deaf is a target that says yes to every grant and does nothing.
type deaf struct{ target.Target }

func (deaf) Grant(context.Context, target.GrantRequest) error { return nil }

// shut is a target that refuses creates.
type shut struct{ target.Target }

func (shut) Create(context.Context, target.CreateRequest) (target.Account, error) {
	return target.Account{}, target.ErrUnsupported
}

func TestConvergeFindsWhatDoesNotSettle(t *testing.T) {
	for name, test := range map[string]struct {
		target target.Target
		want   []string
	}{
		"values change":   {shouting{app()}, []string{"app does not converge", "update ana", "title [SELLER] to [Seller]"}},
		"grants are lost": {deaf{app()}, []string{"app does not converge", "grant ana", "group:sales"}},
		"creates fail":    {shut{app()}, []string{"not everything was done", "not supported"}},
		"nothing can be read": {func() target.Target {
			a := app()
			a.FailAlways("Accounts", target.ErrFatal)
			return a
		}(), []string{"could not be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			said := converge(t, provision.Config{Targets: []target.Target{test.target}, Rules: set(t)}, days()[0])
			for _, want := range test.want {
				assert.Contains(t, said, want)
			}
		})
	}
	assert.Contains(t, converge(t, provision.Config{}, days()...), "Rules is not set")
	broken := memsource.New("hr")
	broken.Break(memsource.Fault{ListErr: context.DeadlineExceeded})
	assert.Contains(t, converge(t, provision.Config{
		Source: broken, Targets: []target.Target{app()}, Rules: set(t),
	}), "day 1: plan: ")
}

package provision_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// aheadRules have something of all that depends on the day.
func aheadRules() rules.Spec {
	spec := companyRules()
	life := &spec.Targets[0].Lifecycle
	life.PreHire, life.EnableBefore, life.DeleteAfter = 7, 2, 10
	spec.Grants = []rules.Grant{
		{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}, Grace: 5},
		{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}, Except: []rules.Exception{
			{Who: "E0004", Until: day(2026, 3, 9), Why: "elsewhere for now"},
		}},
		{ID: "new", When: rules.HireDate.After(rules.AsOf.Plus(-30)), Give: []string{"app/group:new"}},
		{ID: "settling", When: rules.HireDate.After(rules.AsOf.Plus(-20)), Give: []string{"app/group:settling"}, Grace: 3},
		{ID: "settled", When: rules.HireDate.Before(rules.AsOf.Plus(-25)), Give: []string{"app/group:settled"}},
	}
	return spec
}

// whoever makes people of every kind around the first of March.
func whoever(r *rand.Rand, n int) source.Identity {
	zones := []string{"", "UTC", "Pacific/Auckland", "America/Los_Angeles", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"}
	p := person(fmt.Sprintf("E%04d", n), []string{"Engineering", "Sales", "Finance"}[r.IntN(3)], "Clerk")
	p.Location.TimeZone = zones[r.IntN(len(zones))]
	around := func(from, to int) source.Date { return day(2026, 3, 1).AddDays(from + r.IntN(to-from)) }
	p.HireDate = around(-60, 40)
	if r.IntN(3) == 0 {
		p.TerminationDate = around(-40, 40)
	}
	switch r.IntN(12) {
	case 0:
		p.Status, p.TerminationDate = source.Terminated, around(-30, 1)
	case 1:
		p.Status = source.OnLeave
	case 2:
		p.Status = source.PreHire
	case 3:
		p.Status = source.Suspended
	case 4:
		p.TerminatedAt = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(2000)) * time.Hour / 2)
	case 5:
		p.Status = source.Unknown
	case 6:
		p.HireDate = source.Date{}
	}
	return p
}

// Whatever a plan at a later instant would do and one for now would not is in the
// forecast, at the very instant, and nothing else is.
func TestForecastAgreesWithPlanAt(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			w := newWorld(t, func(c *provision.Config) {
				c.Rules = build(t, aheadRules())
				c.Policy.Limits = map[reconcile.Action]reconcile.Limit{
					reconcile.Disable: reconcile.Unlimited, reconcile.Revoke: reconcile.Unlimited, reconcile.Delete: reconcile.Unlimited,
				}
			})
			w.app.AddEntitlements(group("new"), group("settled"), group("settling"))
			people := make([]source.Identity, 60)
			for n := range people {
				people[n] = whoever(r, n)
			}
			// A month ago they were all at work, so that those who left since have accounts.
			w.now = time.Date(2026, 1, 25, 12, 0, 0, 0, time.UTC)
			w.people.Set(people...)
			w.sync()
			w.now = time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC)
			_, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
			w.now = w.now.Add(24*time.Hour + 17*time.Minute)
			_, err = w.engine.Sync(t.Context())
			require.NoError(t, err)

			forecast, err := w.engine.Forecast(t.Context(), 45)
			require.NoError(t, err)
			require.NotEmpty(t, forecast.Events)
			again, err := w.engine.Forecast(t.Context(), 45)
			require.NoError(t, err)
			assert.Equal(t, forecast.String(), again.String())

			accounts := map[string]target.Account{}
			for _, a := range w.app.All() {
				accounts[a.Key.String()] = a
			}
			pending := effects(w.plan()) // in grace already
			for text := range pending {
				require.Contains(t, text, "revoke", "nothing else is to be done now")
			}
			kinds := map[provision.Coming]bool{}
			for hours := 0; hours <= 45*24; hours += 7 {
				at := w.now.Add(time.Duration(hours) * time.Hour)
				plan, err := w.engine.PlanAt(t.Context(), at)
				require.NoError(t, err)
				got := effects(plan)
				want, open := foretold(forecast, accounts, pending, at)
				maps.DeleteFunc(got, func(text string, _ bool) bool { return open[strings.Fields(text)[1]] })
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("seed %d at %s (-forecast +plan):\n%s\n%s", seed, at, diff, forecast)
				}
			}
			for _, e := range forecast.Events {
				kinds[e.Kind] = true
			}
			for _, kind := range []provision.Coming{provision.Joins, provision.Leaves, provision.Gains} {
				assert.True(t, kinds[kind], "%s", kind)
			}
		})
	}
}

// effects are what a plan does or holds, as far as a forecast speaks of it.
func effects(p *provision.Plan) map[string]bool {
	out := map[string]bool{}
	add := func(c *reconcile.Change) {
		switch c.Action {
		case reconcile.Create, reconcile.Disable, reconcile.Enable, reconcile.Delete:
			out[c.Action.String()+" "+c.Key.String()] = true
		case reconcile.Grant, reconcile.Revoke:
			out[c.Action.String()+" "+c.Key.String()+" "+c.Entitlement.String()] = true
		default:
		}
	}
	for _, tp := range p.Targets {
		for i := range tp.Changes {
			add(&tp.Changes[i])
		}
		for i := range tp.Holds {
			add(&tp.Holds[i].Change)
		}
	}
	return out
}

// foretold is what the forecast makes of the accounts by an instant, written as the
// changes from now, and whom nobody can decide about then.
func foretold(f *provision.Forecast, now map[string]target.Account, pending map[string]bool, at time.Time) (want, undecided map[string]bool) {
	type account struct {
		exists, open, closed, deleted bool
		holds                         map[string]bool
	}
	then := map[string]*account{}
	for key, a := range now {
		then[key] = &account{exists: true, open: a.State == target.Enabled, holds: map[string]bool{}}
		for _, e := range a.Entitlements {
			then[key].holds[e.String()] = !pending["revoke "+key+" "+e.String()]
		}
	}
	undecided = map[string]bool{}
	for _, e := range f.Events {
		if e.At.After(at) {
			continue
		}
		key := e.Key.String()
		a := then[key]
		if a == nil {
			a = &account{holds: map[string]bool{}}
			then[key] = a
		}
		undecided[key] = e.Kind == provision.Unclear
		for _, x := range e.Entitlements {
			switch e.Kind {
			case provision.Joins, provision.Opens, provision.Returns, provision.Gains:
				a.holds[x.String()] = true
			default:
				delete(a.holds, x.String())
			}
		}
		switch e.Kind {
		case provision.Joins:
			a.exists, a.closed, a.open = true, false, e.State == target.Enabled
		case provision.Opens, provision.Returns:
			a.open, a.closed = true, false
		case provision.Leaves, provision.Closes, provision.Unwanted:
			a.open, a.closed = false, true // an account that was not made by then is not made any more
		case provision.DeleteDue:
			a.deleted = true
		default:
		}
	}
	want = map[string]bool{}
	for key, a := range then {
		was, had := now[key]
		switch {
		case undecided[key]:
			continue
		case !had && a.exists && !a.open && !a.closed:
			// Made beforehand; nobody makes it any more if it is to be closed by then, for
			// somebody who is suspended before their first day.
			undecided[key] = true
			continue
		case !had:
			if a.exists && !a.deleted && !a.closed {
				want["create "+key] = true
			}
		case a.open && was.State == target.Disabled:
			want["enable "+key] = true
		case !a.open && was.State == target.Enabled:
			want["disable "+key] = true
		case a.deleted:
			want["delete "+key] = true
		}
		if !had && !want["create "+key] {
			continue
		}
		for _, e := range was.Entitlements {
			if !a.holds[e.String()] {
				want["revoke "+key+" "+e.String()] = true
			}
			delete(a.holds, e.String())
		}
		for e, holds := range a.holds {
			if holds {
				want["grant "+key+" "+e] = true
			}
		}
	}
	return want, undecided
}

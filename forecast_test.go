package provision_test

import (
	"encoding/json"
	"errors"
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
	"github.com/provision-go/provision/target/memtarget"
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
				c.Policy.Gap = -1 // a month passes between the runs
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
		leaves                        bool // nobody knows it yet, so no plan from now deletes the account
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
			a.leaves = a.leaves || e.Kind == provision.Leaves
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
		case a.deleted && !a.leaves:
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

func failingCreate(id string, err error) memtarget.Fault {
	return memtarget.Fault{Method: "Create", Key: target.Key{Identity: id}, Err: err}
}

// memtargetWithout is a target that cannot do everything.
func memtargetWithout(change func(*target.Capabilities)) *memtarget.Target {
	can := memtarget.Everything()
	change(&can)
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	return app
}

func events(f *provision.Forecast) []string {
	var out []string
	for i := range f.Events {
		e := &f.Events[i]
		text := e.At.Format("01-02 15:04 -07:00") + " " + e.Kind.String() + " " + e.Key.String()
		for _, x := range e.Entitlements {
			text += " " + x.String()
		}
		if e.Exception {
			text += " exception"
		}
		out = append(out, text)
	}
	return out
}

func (w *world) forecast(days int) *provision.Forecast {
	w.t.Helper()
	f, err := w.engine.Forecast(w.t.Context(), days)
	require.NoError(w.t, err)
	return f
}

func TestForecast(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, aheadRules()) })
	w.people.Set(staff(6)...)
	w.sync()
	for range 2 {
		w.now = w.now.Add(24 * time.Hour)
		w.sync()
	}
	// Now it is noon on the third of March.
	leaving, back, excepted, moved := person("E0000", "Engineering", "Clerk"), person("E0001", "Sales", "Clerk"),
		person("E0004", "Sales", "Clerk"), person("E0003", "Finance", "Clerk")
	leaving.TerminationDate, leaving.Location.TimeZone = day(2026, 3, 5), "Pacific/Auckland"
	back.TerminationDate, back.Location.TimeZone = day(2026, 3, 5), "America/Los_Angeles"
	joining := person("N1", "Sales", "Clerk")
	joining.HireDate = day(2026, 3, 20)
	w.people.Put(leaving, back, excepted, moved, joining)
	w.people.Remove("E0005")
	w.sync()
	assert.Equal(t, []string{
		"03-06 00:00 +13:00 leaves E0000 group:engineering group:settled",
		"03-06 00:00 -08:00 leaves E0001 group:sales group:settled",
		"03-06 12:00 +00:00 missing E0005",
		"03-08 12:00 +00:00 loses E0003 group:engineering",
		"03-10 00:00 +00:00 gains E0004 group:sales exception",
		"03-13 00:00 +00:00 joins N1 group:new group:sales group:settling",
		"03-15 00:00 +13:00 delete-due E0000",
		"03-15 00:00 -07:00 delete-due E0001",
		"03-18 00:00 +00:00 opens N1",
	}, events(w.forecast(18)), "%s", w.forecast(18))

	text := w.forecast(18).String()
	assert.Contains(t, text, "2026-03-06 Friday\n  00:00 +13:00  leaves      app  E0000@acme.example  E0000  group:engineering, group:settled; last day 2026-03-05 (rule lifecycle.app)\n")
	data, err := json.Marshal(w.forecast(3))
	require.NoError(t, err)
	assert.Contains(t, string(data), `{"format":1,"from":"2026-03-03T12:00:00Z","until":"2026-03-06T12:00:00Z","events":[{"at":"2026-03-06T00:00:00+13:00","day":"2026-03-06","target":"app","key":"E0000"`)

	t.Run("days", func(t *testing.T) {
		for _, days := range []int{-1, 0, 3661} {
			_, err := w.engine.Forecast(t.Context(), days)
			require.Error(t, err)
		}
	})
	t.Run("a target that cannot be read", func(t *testing.T) {
		w.app.FailAlways("Accounts", errors.New("no route"))
		f := w.forecast(18)
		assert.Empty(t, f.Events)
		assert.Contains(t, f.String(), "app: not read")
		w.app.Repair()
	})
	t.Run("whoever is terminated at once only has a delete to come", func(t *testing.T) {
		w.terminate("E0002")
		assert.Contains(t, events(w.forecast(18)), "03-13 00:00 +00:00 delete-due E0002")
	})
	t.Run("nothing is taken from the protected", func(t *testing.T) {
		w.config.Policy.Protect = []string{"E0000", "E0001"}
		w.restart()
		assert.NotContains(t, w.forecast(18).String(), "leaves")
	})
}

// A leaver of whom nobody knew for longer than the time of retention is deleted a day
// after the account was closed, as a plan has it.
func TestForecastOfALateDelete(t *testing.T) {
	w := company(t, nil)
	w.people.Put(gone(person("E0003", "Engineering", "Clerk"), day(2026, 1, 2)))
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.Equal(t, target.Disabled, w.account("E0003").State)
	assert.Equal(t, []string{"03-02 13:00 +00:00 delete-due E0003"}, events(w.forecast(3)))
	before, err := w.engine.PlanAt(t.Context(), w.now.Add(24*time.Hour-time.Second))
	require.NoError(t, err)
	assert.Empty(t, removals(before))
	after, err := w.engine.PlanAt(t.Context(), w.now.Add(24*time.Hour))
	require.NoError(t, err)
	assert.Equal(t, []string{"delete E0003"}, removals(after))
}

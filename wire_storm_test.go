package provision_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// wireStorm is an engine between two systems that are reached over HTTP, and the
// network between them.
type wireStorm struct {
	t        *testing.T
	r        *rand.Rand
	api      *wireAPI
	engine   *provision.Engine
	refusals int // answers that asked to wait
}

const wireConcurrency = 4

// TestWireStorm runs the engine against HTTP systems in every weather there is, round
// after round, while people come and go: at least 5,000 calls, 100,000 with
// PROVISION_STORM=1. What happens to a call follows from the seed, but not the order
// in which calls at the same time arrive. PROVISION_STORM_SEED=7 takes that seed only.
func TestWireStorm(t *testing.T) {
	wanted, first := 5_000, uint64(0)
	if os.Getenv("PROVISION_STORM") != "" {
		wanted = 100_000
	}
	if text := os.Getenv("PROVISION_STORM_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
		wanted, first = 1, seed
	}
	calls := 0
	for seed := first; calls < wanted; seed++ {
		t.Run(fmt.Sprintf("seed%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newWireStorm(t, seed)
				for round, weather := range s.weathers() {
					weather.round = round + 1
					s.round(weather)
				}
				s.settle()
				calls += s.api.calls
			})
		})
		if t.Failed() {
			t.Fatalf("PROVISION_STORM_SEED=%d shows it", seed)
		}
	}
	t.Logf("%d calls", calls)
}

// wireRules give everybody an account and the group of their department.
func wireRules() rules.Spec {
	spec := rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone,
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
				{Set: "displayName", To: rules.DisplayName},
				{Set: "title", To: rules.JobTitle},
			},
		}},
	}
	for _, name := range []string{"Engineering", "Sales", "Legal"} {
		spec.Grants = append(spec.Grants, rules.Grant{ID: name, When: rules.Department.Is(name), Give: []string{"app/group:" + name}})
	}
	return spec
}

func wireCapabilities(unique, idempotent, versions bool) target.Capabilities {
	return target.Capabilities{
		Attributes: []target.AttributeSpec{{Name: "userName", Unique: unique}, {Name: "displayName"}, {Name: "title"}},
		Keys:       true, FindKey: true, Find: []string{"userName"},
		Create: true, Update: true, Disable: true, Enable: true, CreateDisabled: true,
		IdempotentCreate: idempotent, Versions: versions,
		Entitlements: []target.EntitlementSpec{{Kind: "group", Grant: true, Revoke: true, List: true}},
	}
}

// wireEngine is an engine on both systems of an API.
func wireEngine(t *testing.T, api *wireAPI, base string, transport http.RoundTripper, config provision.Config) *provision.Engine {
	t.Helper()
	client := &http.Client{Transport: transport}
	token := func(system string) *wireToken {
		return newWireToken(func(ctx context.Context) (string, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/"+system+"/token", http.NoBody)
			if err != nil {
				return "", err
			}
			resp, err := client.Do(req)
			if err != nil {
				return "", err
			}
			defer func() { _ = resp.Body.Close() }()
			var got struct{ Token string }
			err = json.NewDecoder(resp.Body).Decode(&got)
			return got.Token, err
		})
	}
	config.Source = newWireSource(t, base+"/hr", transport, token("hr"))
	config.Targets = []target.Target{&wireTarget{
		base: base + "/app", client: client, token: token("app"),
		can: wireCapabilities(api.unique, api.idempotent, api.seed%2 == 1),
	}}
	config.Rules = build(t, wireRules())
	config.Concurrency = wireConcurrency
	engine, err := provision.New(config)
	require.NoError(t, err)
	return engine
}

func newWireStorm(t *testing.T, seed uint64) *wireStorm {
	t.Helper()
	s := &wireStorm{t: t, r: rand.New(rand.NewPCG(seed, 11)), api: newWireAPI(seed)}
	s.api.seen = map[string]int{}
	transport := serveInBubble(t, s.api, s.api.refuse)
	s.engine = wireEngine(t, s.api, "http://systems.example", transport, provision.Config{
		Journal: &provision.MemoryJournal{},
		Policy: reconcile.Policy{
			Limits: map[reconcile.Action]reconcile.Limit{
				reconcile.Disable: reconcile.Unlimited, reconcile.Revoke: reconcile.Unlimited,
				reconcile.Update: reconcile.Unlimited, reconcile.Grant: reconcile.Unlimited,
			},
			EntitlementLimits: map[target.Entitlement]reconcile.Limit{
				group("Engineering"): reconcile.Unlimited, group("Sales"): reconcile.Unlimited, group("Legal"): reconcile.Unlimited,
			},
		},
	})
	return s
}

// weathers are all of them, in some order: listings can be broken in the middle once
// they have two pages.
func (s *wireStorm) weathers() []weather {
	calls := wireWeathers()
	n := len(calls) - len(wireListings())
	s.r.Shuffle(n, func(i, j int) { calls[i], calls[j] = calls[j], calls[i] })
	early := min(8, n)
	rest := calls[early:]
	s.r.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return calls
}

// round lets people come and go and the engine run once, in some weather.
func (s *wireStorm) round(now weather) {
	time.Sleep(time.Duration(1+s.r.IntN(6)) * time.Hour)
	s.happen()
	s.api.set(now)
	started := time.Now()
	report, err := s.engine.Sync(s.t.Context())
	s.api.mu.Lock()
	defer s.api.mu.Unlock()
	w := &s.api.weather
	require.Empty(s.t, s.api.wrong, "%s", now.name)
	if now.hr != fine && now.hr != listedEmpty {
		require.Error(s.t, err, "%s: a listing that is not whole was believed", now.name)
		return
	}
	if now.unreachable > 0 && (err != nil || len(report.Unread) > 0) {
		return
	}
	require.NoError(s.t, err, now.name)
	if now.app != fine && now.app != listedEmpty {
		require.Len(s.t, report.Unread, 1, "%s: a listing that is not whole was believed", now.name)
		return
	}
	require.Empty(s.t, report.Unread, now.name)
	s.conserved(report)
	for i := range report.Results {
		s.agrees(now.name, &report.Results[i], started)
	}
	s.refusals += w.refusals
	for _, q := range w.quiet {
		require.LessOrEqual(s.t, q.strays, wireConcurrency, "%s: the target was not left alone for the time that it asked for", now.name)
	}
	switch now.name {
	case "years":
		require.LessOrEqual(s.t, w.refusals, 3+wireConcurrency, "nobody else asks a target that is closed for years")
	case "outage":
		require.LessOrEqual(s.t, w.answered, 30, "the breaker opens")
	case "expired":
		require.LessOrEqual(s.t, w.rejected, wireConcurrency, "one renewal for all")
		require.Empty(s.t, failedOf(report))
	}
}

// set begins another weather.
func (w *wireAPI) set(now weather) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now.seen = map[string]int{}
	w.weather = now
}

// happen changes what is true.
func (s *wireStorm) happen() {
	s.api.mu.Lock()
	defer s.api.mu.Unlock()
	departments := []string{"Engineering", "Sales", "Legal", ""}
	n := len(s.api.people)
	joiners := 10
	if n == 0 {
		joiners = 60
	}
	for i := range n {
		p := s.api.people[fmt.Sprintf("E%04d", i)]
		switch k := s.r.IntN(100); {
		case k < 12:
			p.Title = fmt.Sprintf("Grade %d", s.r.IntN(9))
		case k < 18:
			p.Department = departments[s.r.IntN(3)]
		case k < 22 && p.Status == "active":
			p.Status, p.LastDay = "terminated", time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
		case k < 40 && p.Status != "active":
			p.Status, p.LastDay = "active", ""
		}
	}
	for range joiners {
		id := fmt.Sprintf("E%04d", len(s.api.people))
		s.api.people[id] = &wirePerson{
			ID: id, Status: "active", Name: "Person " + id, Title: "Clerk", Department: departments[s.r.IntN(4)],
		}
	}
}

func (s *wireStorm) conserved(report *provision.Report) {
	planned := 0
	for _, tp := range report.Plan.Targets {
		planned += len(tp.Changes) + len(tp.Holds)
	}
	require.Len(s.t, report.Results, planned, "one result for each change")
}

func failedOf(report *provision.Report) []string {
	var out []string
	for i := range report.Results {
		if r := &report.Results[i]; r.Outcome != provision.Done && r.Outcome != provision.AlreadySo && r.Outcome != provision.Held {
			out = append(out, fmt.Sprintf("%s %s: %s: %v", r.Change.Action, r.Change.Key, r.Outcome, r.Err))
		}
	}
	return out
}

// agrees compares what a result says with what the target has. It runs under mu.
func (s *wireStorm) agrees(in string, r *provision.Result, started time.Time) {
	c := &r.Change
	what := fmt.Sprintf("%s: %s %s: %s: %v", in, c.Action, c.Key, r.Outcome, r.Err)
	require.NotZero(s.t, r.Outcome, what)
	ids := s.api.byKey[c.Key.String()]
	done := r.Outcome == provision.Done || r.Outcome == provision.AlreadySo
	if c.Action == reconcile.Create {
		switch {
		case done:
			require.Equal(s.t, []string{r.Account}, ids, what)
		case r.Outcome != provision.Unconfirmed:
			for _, id := range ids {
				require.True(s.t, s.api.born[id].Before(started), "%s; but it was made", what)
			}
		}
		return
	}
	if !done {
		return
	}
	require.Len(s.t, ids, 1, what)
	u := s.api.users[ids[0]]
	switch c.Action {
	case reconcile.Disable:
		require.False(s.t, *u.Active, what)
	case reconcile.Enable:
		require.True(s.t, *u.Active, what)
	case reconcile.Update:
		for _, f := range c.Fields {
			require.Equal(s.t, f.After, []string{map[string]string{"title": u.Title, "displayName": u.Display}[f.Name]}, what)
		}
	case reconcile.Grant:
		require.Contains(s.t, u.Groups, c.Entitlement.Name, what)
	case reconcile.Revoke:
		require.NotContains(s.t, u.Groups, c.Entitlement.Name, what)
	default:
	}
}

// settle ends all faults. Three runs must be enough.
func (s *wireStorm) settle() {
	s.api.set(weather{name: "calm"})
	for range 3 {
		time.Sleep(time.Hour)
		_, err := s.engine.Sync(s.t.Context())
		require.NoError(s.t, err)
	}
	plan, err := s.engine.Plan(s.t.Context())
	require.NoError(s.t, err)
	require.True(s.t, plan.NothingToDo(), "%s", plan)
	for _, tp := range plan.Targets {
		require.Zero(s.t, len(tp.Holds), "%s", plan)
	}
	s.api.mu.Lock()
	defer s.api.mu.Unlock()
	require.Empty(s.t, s.api.wrong)
	require.Greater(s.t, s.refusals, 5)
	for id, p := range s.api.people {
		ids := s.api.byKey[id]
		if p.Status != "active" && len(ids) == 0 {
			continue
		}
		require.Len(s.t, ids, 1, id)
		u := s.api.users[ids[0]]
		require.Equal(s.t, p.Status == "active", *u.Active, id)
		if p.Status == "active" {
			require.Equal(s.t, p.Title, u.Title, id)
		}
		if want := p.Department; want != "" && p.Status == "active" {
			require.Equal(s.t, []string{want}, u.Groups, id)
		} else {
			require.Empty(s.t, u.Groups, id)
		}
	}
}

package provision_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// slowly takes a while for each create.
type slowly struct {
	target.Target
	takes time.Duration
}

func (s slowly) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	select {
	case <-time.After(s.takes):
		return s.Target.Create(ctx, req)
	case <-ctx.Done():
		return target.Account{}, ctx.Err()
	}
}

// tenant is one customer of a process that has several. Their people have the same IDs.
type tenant struct {
	name   string
	app    *memtarget.Target
	engine *provision.Engine
	shown  *bytes.Buffer // all that it says
	log    provision.Journal
}

func newTenant(t *testing.T, name string, people int) *tenant {
	t.Helper()
	n := &tenant{name: name, app: memtarget.New("app", nil), shown: &bytes.Buffer{}, log: &provision.MemoryJournal{}}
	n.app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	hr := memsource.New("hr")
	staff := staff(people)
	for i := range staff {
		staff[i].HireDate = day(1999, 1, 1) // a bubble begins in 2000
		staff[i].JobTitle = "title of " + name
		staff[i].WorkEmail = staff[i].ID + "@" + name + ".example"
	}
	hr.Set(staff...)
	engine, err := provision.New(provision.Config{
		Source: hr, Targets: []target.Target{slowly{n.app, 100 * time.Millisecond}}, Rules: build(t, companyRules()), Journal: n.log,
		Logger: slog.New(slog.NewJSONHandler(n.shown, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	require.NoError(t, err)
	n.engine = engine
	return n
}

func (n *tenant) sync(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	report, err := n.engine.Sync(t.Context())
	took := time.Since(began)
	require.NoError(t, err)
	require.NoError(t, report.Err())
	require.NoError(t, report.WriteJSONLines(n.shown))
	fmt.Fprintln(n.shown, report, report.Plan)
	for e, err := range n.log.Entries(t.Context(), 0) {
		require.NoError(t, err)
		line, err := json.Marshal(e)
		require.NoError(t, err)
		n.shown.Write(line)
	}
	return took
}

// TestATenantWithAHundredTimesTheVolume: engines share nothing, so a small customer waits
// for no large one.
func TestATenantWithAHundredTimesTheVolume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		alone := newTenant(t, "alone", 4).sync(t)
		small, large := newTenant(t, "small", 4), newTenant(t, "large", 400)
		var took time.Duration
		var both sync.WaitGroup
		both.Go(func() { large.sync(t) })
		both.Go(func() {
			time.Sleep(time.Second) // the large one is at work
			took = small.sync(t)
		})
		both.Wait()
		assert.LessOrEqual(t, took, 2*alone)
		assert.Len(t, large.app.All(), 400)
	})
}

// TestTenantsShareNothing: people with the same IDs on targets with the same name, in one
// process and at the same time, and nothing of one is said or written by the other.
func TestTenantsShareNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		names := []string{"canary-north", "canary-south", "canary-west"}
		tenants := make([]*tenant, 0, len(names))
		var all sync.WaitGroup
		for i, name := range names {
			n := newTenant(t, name, 5+i)
			tenants = append(tenants, n)
			all.Go(func() { n.sync(t) })
		}
		all.Wait()
		for i, n := range tenants {
			assert.Len(t, n.app.All(), 5+i)
			held, err := json.Marshal(n.app.All())
			require.NoError(t, err)
			text := n.shown.String() + string(held)
			require.Contains(t, text, n.name)
			for _, other := range names {
				assert.Equal(t, other == n.name, strings.Contains(text, other), "%s says %s", n.name, other)
			}
		}
	})
}

// TestResultsThatNobodyTakes: whoever takes the results breaks down; they stay in the
// journal, one for each change.
func TestResultsThatNobodyTakes(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.OnProgress = func(provision.Progress) { panic("the sink is down") }
	})
	w.people.Set(staff(6)...)
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	kept := map[string]provision.Outcome{}
	for _, e := range entries(t, w.config.Journal, 0) {
		if e.Kind == provision.Happened && e.Run == report.Run {
			kept[e.Change] = e.Outcome
		}
	}
	require.NotEmpty(t, report.Results)
	require.Len(t, kept, len(report.Results))
	for _, r := range report.Results {
		assert.Equal(t, provision.Done, r.Outcome)
		assert.Equal(t, r.Outcome, kept[r.Change.ID])
	}
}

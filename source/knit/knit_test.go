package knit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
	"github.com/provision-go/provision/source/sourcetest"
)

const (
	key         = "canary-api-key"
	integration = "int_1"
)

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// A bench has a Knit, a connector and the time of day.
type bench struct {
	t     testing.TB
	now   time.Time
	fake  *knittest.Server
	store knit.Store
	*knit.Connector
	changed []string
	failed  []error
	alter   func(*knit.Config)
}

// five work, one more left long ago, and one has yet to start.
func company() []knittest.Person {
	people := knittest.Population(5)
	people[1].PersonalEmail, people[1].BirthDate, people[1].Gender, people[1].BankNumber = "bo@home.example", "1990-01-01", "canary-gender", "canary-bank"
	return append(people,
		knittest.Person{ID: "900", FirstName: "Lee", LastName: "Left", Status: "INACTIVE", StartDate: "2015-01-01", TerminationDate: "2020-12-31"},
		knittest.Person{ID: "901", FirstName: "Noa", LastName: "New", Status: "ACTIVE", StartDate: "2026-09-01"})
}

func ids() []string { return []string{"1000", "1001", "1002", "1003", "1004", "901"} }

func newBench(t testing.TB, people []knittest.Person, alter func(*knit.Config)) *bench {
	t.Helper()
	b := &bench{t: t, now: noon(), store: knit.NewMemory(), alter: alter}
	b.fake = knittest.New(knittest.Config{APIKey: key, People: people, Clock: b.clock})
	b.restart()
	return b
}

func (b *bench) clock() time.Time { return b.now }

// restart puts a new connector over the store that there is.
func (b *bench) restart() {
	b.t.Helper()
	cfg := knit.Config{
		APIKey: key, Store: b.store, Transport: b.fake, Clock: b.clock,
		Changed: func(_ context.Context, c knit.Change) { b.changed = append(b.changed, c.Integration+" "+c.IdentityID) },
		Failed:  func(_ context.Context, _ string, err error) { b.failed = append(b.failed, err) },
	}
	if b.alter != nil {
		b.alter(&cfg)
	}
	var err error
	b.Connector, err = knit.New(cfg)
	require.NoError(b.t, err)
}

// sync runs a sync that goes well.
func (b *bench) sync(syncType string, ways ...knittest.Way) {
	b.t.Helper()
	require.Empty(b.t, b.fake.Sync(b, syncType, ways...), "answers")
	require.Empty(b.t, b.failed)
}

func (b *bench) later(d time.Duration) { b.now = b.now.Add(d) }

func (b *bench) collect() (source.Snapshot, error) {
	return source.Collect(b.t.Context(), b.Source(integration))
}

// statuses returns where everybody stands.
func (b *bench) statuses() map[string]source.Status {
	b.t.Helper()
	snapshot, err := b.collect()
	require.NoError(b.t, err)
	all := map[string]source.Status{}
	for i := range snapshot.All() {
		all[i.ID] = i.Status
	}
	return all
}

func active(ids ...string) map[string]source.Status {
	all := map[string]source.Status{}
	for _, id := range ids {
		all[id] = source.Active
	}
	return all
}

// faulty is a store that fails at certain calls.
type faulty struct {
	knit.Store
	list, state, commit error
	pages               int // that are listed before list
}

func (f *faulty) List(ctx context.Context, i, after string, limit int) ([]knit.Record, error) {
	if f.list == nil {
		return f.Store.List(ctx, i, after, limit)
	}
	if f.pages--; f.pages < 0 {
		return nil, f.list
	}
	page, err := f.Store.List(ctx, i, after, 2)
	for len(page) > 0 && len(page) < limit { // as long as was asked for
		page = append(page, knit.Record{ID: page[len(page)-1].ID + "x", At: noon(), Body: []byte(`{}`)})
	}
	return page, err
}

func (f *faulty) State(ctx context.Context, i string) (knit.State, error) {
	if f.state != nil {
		return knit.State{}, f.state
	}
	return f.Store.State(ctx, i)
}

func (f *faulty) Commit(ctx context.Context, i string, c knit.Commit) error {
	if f.commit != nil {
		return f.commit
	}
	return f.Store.Commit(ctx, i, c)
}

var errStore = errors.New("the database is away")

func TestConformance(t *testing.T) {
	way := func(do func(b *bench)) func(t *testing.T) source.Source {
		return func(t *testing.T) source.Source {
			b := newBench(t, company(), nil)
			do(b)
			return b.Source(integration)
		}
	}
	broken := func(f faulty) func(b *bench) {
		return func(b *bench) {
			b.sync("initial_sync")
			f.Store = b.store
			b.store = &f
			b.restart()
		}
	}
	sourcetest.Run(t, way(func(b *bench) { b.sync("initial_sync") }), &sourcetest.Options{
		WantIDs: ids(),
		Broken:  way(broken(faulty{list: errStore, pages: 1})),
		BrokenWays: map[string]func(t *testing.T) source.Source{
			"no sync":        way(func(*bench) {}),
			"no list":        way(broken(faulty{list: errStore})),
			"no state":       way(broken(faulty{state: errStore})),
			"too old":        way(func(b *bench) { b.sync("initial_sync"); b.later(49 * time.Hour) }),
			"still open":     way(func(b *bench) { b.fake.Sync(b, "initial_sync", knittest.Cut(3)) }),
			"only a delta":   way(func(b *bench) { b.sync("delta_sync") }),
			"nobody":         way(func(b *bench) { b.fake.Remove(ids()...); b.sync("initial_sync") }),
			"another tenant": func(t *testing.T) source.Source { return newBench(t, company(), nil).Source("int_2") },
		},
		LostPage: way(func(b *bench) { b.fake.Sync(b, "initial_sync", knittest.Lose(2)) }),
	})
}

// An initial sync has who is active, a delta sync what changed, and the webhook says
// whom to look at again.
func TestSyncs(t *testing.T) {
	b := newBench(t, company(), nil)
	_, err := b.collect()
	require.ErrorIs(t, err, knit.ErrNoSync)
	require.ErrorIs(t, err, source.ErrIncomplete)

	job, err := b.Start(t.Context(), integration, knit.Initial)
	require.NoError(t, err)
	assert.Equal(t, "sj_int_1", job)
	assert.Equal(t, []string{`{"dataType":"employee","models":["employee_profile","employee_orgStructure","employee_contactInfo","employee_location"],"syncType":"initial_sync"}`}, b.fake.Asked())
	_, err = b.collect()
	require.ErrorIs(t, err, knit.ErrNoSync, "it was asked for and has not come")
	assert.Empty(t, b.fake.Deliver(b))
	assert.Equal(t, active(ids()...), b.statuses())
	assert.Contains(t, b.changed, "int_1 1003")
	assert.Contains(t, b.changed, "int_1 ", "everybody")

	b.later(24 * time.Hour)
	b.changed = nil
	people := company()
	people[1].Title = "Head of Everything"
	b.fake.Put(people[1], knittest.Person{ID: "77", FirstName: "Ivy", Status: "ACTIVE"})
	people[2].Status = "INACTIVE"
	b.fake.Put(people[2])
	b.fake.Remove("1003")
	b.sync("delta_sync")
	want := active(append(ids(), "77")...)
	want["1002"], want["1003"] = source.Terminated, source.Terminated
	assert.Equal(t, want, b.statuses())
	assert.ElementsMatch(t, []string{"int_1 1001", "int_1 77", "int_1 1002", "int_1 1003"}, b.changed)
	one, err := source.Read(t.Context(), b.Source(integration), "1001")
	require.NoError(t, err)
	assert.Equal(t, "Head of Everything", one.JobTitle)
	left, err := source.Read(t.Context(), b.Source(integration), "1003")
	require.NoError(t, err)
	assert.Equal(t, "record.deleted", left.StatusRaw)
	assert.Equal(t, "Di", left.Name.Given, "what was known of them stays")

	b.later(24 * time.Hour)
	people[2].Status = "ACTIVE"
	b.fake.Put(people[2])
	b.sync("delta_sync")
	want["1002"] = source.Active
	assert.Equal(t, want, b.statuses(), "they are back")

	// Whoever was said to have left stays known, whoever is only missing is absent.
	b.later(24 * time.Hour)
	b.fake.Remove("1000")
	b.sync("initial_sync")
	delete(want, "1000")
	assert.Equal(t, want, b.statuses())
	_, err = b.Source(integration).Identity(t.Context(), "1000")
	require.ErrorIs(t, err, source.ErrNotFound)

	require.NoError(t, b.Purge(t.Context(), integration, b.now))
	delete(want, "1003")
	assert.Equal(t, want, b.statuses())
}

package knit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

// history is what a company's syncs push while people come, change, leave and return.
func history(b *bench, random *rand.Rand) []knittest.Push {
	var all []knittest.Push
	people := knittest.Population(8)
	for n := range 6 {
		for range random.IntN(4) {
			p := people[random.IntN(len(people))]
			switch random.IntN(3) {
			case 0:
				b.fake.Remove(p.ID)
			default:
				p.Title = fmt.Sprint("Title ", n)
				b.fake.Put(p)
			}
		}
		syncType := "delta_sync"
		if n == 0 || random.IntN(3) == 0 {
			syncType = "initial_sync"
		}
		all = append(all, b.fake.Pushes(b.fake.Events(syncType))...)
		b.later(time.Hour)
	}
	return all
}

// outcome is what a source makes of what was pushed.
func (b *bench) outcome() map[string]string {
	snapshot, err := b.collect()
	require.NoError(b.t, err)
	all := map[string]string{}
	for i := range snapshot.All() {
		if all[i.ID] = i.Status.String(); !i.Status.Ended() {
			all[i.ID] += ", " + i.JobTitle
		}
	}
	o, err := b.Overview(b.t.Context(), integration)
	require.NoError(b.t, err)
	all["as of"] = o.AsOf.String()
	return all
}

// In whatever order the pushes of several syncs come, once or twice, with restarts
// between: when all are there the outcome is the one of the order in which they were
// made.
func TestAnyOrder(t *testing.T) {
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 1))
		straight := newBench(t, knittest.Population(8), nil)
		pushes := history(straight, random)
		require.Empty(t, knittest.Send(straight, pushes))
		want := straight.outcome()

		crooked := newBench(t, nil, nil)
		crooked.now = straight.now
		shuffled := knittest.Shuffled(seed)(append(pushes, knittest.Shuffled(seed + 1)(pushes)[:len(pushes)/2]...))
		for n, p := range shuffled {
			if n%7 == 0 {
				crooked.restart()
			}
			require.Equal(t, 200, p.Send(crooked))
		}
		if !assert.Equal(t, want, crooked.outcome(), "seed %d", seed) {
			return
		}
	}
}

// A sync of which something never came keeps the source as old as it is, whatever
// comes after it; a complete initial sync is the cure.
func TestOpenSync(t *testing.T) {
	b := newBench(t, company(), nil)
	b.sync("initial_sync")
	b.later(24 * time.Hour)
	b.fake.Put(knittest.Person{ID: "77", FirstName: "Ivy", Status: "ACTIVE"})
	b.fake.Sync(b, "delta_sync", knittest.Without("record.new"))
	for range 3 {
		b.later(23 * time.Hour)
		b.fake.Put(company()[0])
		b.sync("delta_sync")
	}
	o, err := b.Overview(t.Context(), integration)
	require.NoError(t, err)
	require.ErrorIs(t, o.Err, knit.ErrStale)
	assert.InDelta(t, 69*time.Hour, o.Age, float64(time.Minute))
	assert.Equal(t, knit.Sync{RunID: "sr_2", Type: knit.Delta, Begun: noon().Add(24 * time.Hour), Emitted: 1}, o.Syncs[1])
	_, err = b.collect()
	require.ErrorIs(t, err, knit.ErrStale)
	_, err = b.Source(integration).Identity(t.Context(), "1001")
	require.ErrorIs(t, err, knit.ErrStale)

	// One who was spoken of is known all the same.
	ada := company()[0]
	ada.Title = "Chief"
	b.fake.Put(ada)
	b.sync("delta_sync")
	one, err := b.Source(integration).Identity(t.Context(), "1000")
	require.NoError(t, err)
	assert.Equal(t, "Chief", one.JobTitle)
	_, err = b.Source(integration).Identity(t.Context(), "1001")
	require.ErrorIs(t, err, knit.ErrStale)

	b.sync("initial_sync")
	assert.Equal(t, active(append(ids(), "77")...), b.statuses())
	o, err = b.Overview(t.Context(), integration)
	require.NoError(t, err)
	require.NoError(t, o.Err)
	assert.Equal(t, "a newer initial sync was completed", o.Syncs[1].Reason)
}

// An initial sync with nobody in it does not count, and neither does a list of nobody.
func TestNobody(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		b := newBench(t, company(), func(c *knit.Config) { c.AllowEmpty = allowed })
		b.sync("initial_sync")
		b.later(time.Hour)
		b.fake.Remove(ids()...)
		b.sync("initial_sync")
		if allowed {
			assert.Empty(t, b.statuses())
			continue
		}
		assert.Equal(t, active(ids()...), b.statuses())
		o, err := b.Overview(t.Context(), integration)
		require.NoError(t, err)
		assert.Equal(t, "it had nobody in it", o.Syncs[1].Reason)
		assert.False(t, o.Syncs[1].Complete)

		b = newBench(t, company(), nil)
		b.sync("initial_sync")
		b.later(time.Hour)
		b.fake.Remove(ids()...)
		b.sync("delta_sync")
		_, err = b.collect()
		require.ErrorIs(t, err, source.ErrIncomplete)
		assert.ErrorContains(t, err, "nobody is there")
	}
}

// TrustConsumed is for a Knit that counts something else.
func TestTrustConsumed(t *testing.T) {
	for _, trust := range []bool{false, true} {
		b := newBench(t, company(), func(c *knit.Config) { c.TrustConsumed = trust })
		count := b.fake.Rewritten(func(e *knittest.Event) {
			if e.Type == "sync.events.processed" {
				e.Data["emitted"] = 100
			}
		})
		b.sync("initial_sync", count, knittest.Without("sync.events.allConsumed"))
		_, err := b.collect()
		require.ErrorIs(t, err, knit.ErrNoSync)
		b.sync("initial_sync", count)
		_, err = b.collect()
		assert.Equal(t, trust, err == nil)
	}
}

// The event that says that everything was delivered has had several names.
func TestConsumedEvent(t *testing.T) {
	for name, alter := range map[string]func(*knit.Config){
		"sync.events.allConsumed":  nil,
		"sync.events.allConverted": nil,
		"sync.done":                func(c *knit.Config) { c.ConsumedEvent = "sync.done" },
	} {
		b := newBench(t, company(), alter)
		b.sync("initial_sync", b.fake.Rewritten(func(e *knittest.Event) {
			switch e.Type {
			case "sync.events.processed":
				delete(e.Data, "emitted")
			case "sync.events.allConsumed":
				e.Type = name
			}
		}))
		assert.Len(t, b.statuses(), len(ids()), name)
	}
}

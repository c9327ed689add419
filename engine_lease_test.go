package provision_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
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

// crew is what several engines of one tenant share.
type crew struct {
	t      *testing.T
	people *memsource.Source
	app    *memtarget.Target
	// writing is how many calls of which engine are under way, and since when.
	mu       sync.Mutex
	writing  map[string]int
	overlaps int
}

// slowTarget takes a while for each write, and sees whether another engine writes.
type slowTarget struct {
	*memtarget.Target
	crew  *crew
	name  string
	takes time.Duration
}

func (s *slowTarget) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	s.crew.begin(s.name, 1)
	defer s.crew.begin(s.name, -1)
	select {
	case <-time.After(s.takes):
		return s.Target.Create(ctx, req)
	case <-ctx.Done():
		return target.Account{}, target.Fail(target.Unclear, ctx.Err())
	}
}

func (c *crew) begin(name string, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing[name] += n
	for other, count := range c.writing {
		if other != name && count > 0 && n > 0 {
			c.overlaps++
		}
	}
}

func newCrew(t *testing.T) *crew {
	t.Helper()
	c := &crew{t: t, people: memsource.New("hr"), app: memtarget.New("app", nil), writing: map[string]int{}}
	c.app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	people := staff(8)
	for i := range people {
		people[i].HireDate = day(1999, 1, 1) // a bubble begins in 2000
	}
	c.people.Set(people...)
	return c
}

func (c *crew) engine(name string, j provision.Journal, takes time.Duration, change func(*provision.Config)) *provision.Engine {
	c.t.Helper()
	config := provision.Config{
		Source: c.people, Targets: []target.Target{&slowTarget{c.app, c, name, takes}}, Rules: build(c.t, companyRules()),
		Journal: j, Concurrency: 2, CallTimeout: 10 * time.Second,
	}
	if change != nil {
		change(&config)
	}
	e, err := provision.New(config)
	require.NoError(c.t, err)
	return e
}

// once expects that everybody has one account.
func (c *crew) once() {
	c.t.Helper()
	assert.Zero(c.t, c.overlaps, "two engines wrote at once")
	assert.Len(c.t, c.app.All(), 8)
	creates := 0
	for _, call := range c.app.Calls() {
		if call.Method == "Create" {
			creates++
		}
	}
	assert.Equal(c.t, 8, creates)
}

// eachJournal runs a test with both journals, in a bubble with a clock of its own.
func eachJournal(t *testing.T, test func(t *testing.T, j provision.Journal)) {
	t.Run("memory", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { test(t, &provision.MemoryJournal{}) })
	})
	t.Run("file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "journal")
		synctest.Test(t, func(t *testing.T) { test(t, openJournal(t, path)) })
	})
}

func TestASecondEngineWaits(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		a, b := c.engine("a", j, 5*time.Second, nil), c.engine("b", j, 0, nil)
		var all sync.WaitGroup
		all.Go(func() {
			report, err := a.Sync(t.Context())
			assert.NoError(t, err)
			assert.NoError(t, report.Err())
		})
		time.Sleep(time.Second)
		report, err := b.Sync(t.Context())
		require.NoError(t, err)
		for _, r := range report.Results {
			assert.Equal(t, provision.AlreadySo, r.Outcome)
		}
		all.Wait()
		c.once()
	})
}

// TestALeaseByAWrongClock: what an engine whose clock was years ahead left when it died
// is waited for as long as it would have lasted by itself, and not for years.
func TestALeaseByAWrongClock(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		far := time.Now().AddDate(10, 0, 0)
		require.NoError(t, j.Append(t.Context(), provision.Entry{
			At: far, Kind: provision.Leased, Epoch: 1,
			Lease: &provision.Lease{Holder: "dead", Until: far.Add(20 * time.Second), Life: 20 * time.Second},
		}))
		told := c.engine("told", j, 0, func(c *provision.Config) { c.LeaseWait = -1 })
		_, err := told.Sync(t.Context())
		require.ErrorIs(t, err, provision.ErrBusy)
		started := time.Now()
		_, err = c.engine("b", j, 0, nil).Sync(t.Context())
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(started), 20*time.Second, "it may be alive")
		assert.Less(t, time.Since(started), 30*time.Second)
		c.once()
	})
}

func TestASecondEngineIsTold(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		a := c.engine("a", j, 5*time.Second, nil)
		b := c.engine("b", j, 0, func(c *provision.Config) { c.LeaseWait = -1 })
		var all sync.WaitGroup
		all.Go(func() { _, _ = a.Sync(t.Context()) })
		time.Sleep(time.Second)
		_, err := b.Sync(t.Context())
		require.ErrorIs(t, err, provision.ErrBusy)
		require.ErrorContains(t, err, "has the tenant until 2000-01-01T")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = c.engine("c", j, 0, nil).Sync(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		all.Wait()
		_, err = b.Sync(t.Context())
		require.NoError(t, err, "given back")
		c.once()
	})
}

// TestLeaseOverALongWait: a wait that is longer than the lease does not cost it.
func TestLeaseOverALongWait(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		c.app.Inject(memtarget.Fault{Method: "Create", Times: 1, Err: &target.Error{Class: target.Throttled, RetryAfter: 10 * time.Minute}})
		a, b := c.engine("a", j, time.Second, nil), c.engine("b", j, 0, func(c *provision.Config) { c.LeaseWait = -1 })
		var all sync.WaitGroup
		all.Go(func() {
			report, err := a.Sync(t.Context())
			assert.NoError(t, err)
			assert.NoError(t, report.Err())
		})
		for range 4 {
			time.Sleep(2 * time.Minute)
			_, err := b.Sync(t.Context())
			require.ErrorIs(t, err, provision.ErrBusy)
		}
		all.Wait()
		assert.Len(t, c.app.All(), 8)
	})
}

// pausable is the journal of a process that can be stopped: nothing of it is written
// then.
type pausable struct {
	provision.Journal
	paused atomic.Bool
	resume chan struct{}
}

func (p *pausable) Append(ctx context.Context, entries ...provision.Entry) error {
	if p.paused.Load() {
		<-p.resume
	}
	return p.Journal.Append(ctx, entries...)
}

// TestAPausedEngineWakesUp: another one has taken over and finished. The one that wakes
// up writes nothing any more, neither on the target nor in the journal, and says why.
func TestAPausedEngineWakesUp(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		paused := &pausable{Journal: j, resume: make(chan struct{})}
		a, b := c.engine("a", paused, 3*time.Second, nil), c.engine("b", j, time.Second, nil)
		var report *provision.Report
		var all sync.WaitGroup
		all.Go(func() {
			var err error
			report, err = a.Sync(t.Context())
			assert.NoError(t, err)
		})
		time.Sleep(4 * time.Second) // two are made, two are being made
		paused.paused.Store(true)
		time.Sleep(time.Second)
		taken, err := b.Sync(t.Context())
		require.NoError(t, err)
		require.NoError(t, taken.Err())
		before := len(entries(t, j, 0))
		c.app.ForgetCalls()
		paused.paused.Store(false)
		close(paused.resume)
		all.Wait()

		assert.Empty(t, c.app.Writes(), "it writes nothing any more")
		assert.Len(t, entries(t, j, 0), before)
		assert.Zero(t, c.overlaps)
		require.Len(t, c.app.All(), 8)
		outcomes := map[provision.Outcome]int{}
		for _, r := range report.Results {
			outcomes[r.Outcome]++
			if r.Outcome == provision.Skipped {
				assert.ErrorIs(t, r.Err, provision.ErrFenced)
			}
		}
		assert.Len(t, report.Results, len(report.Plan.Targets[0].Changes), "one result for each change: %v", outcomes)
		assert.NotZero(t, outcomes[provision.Skipped])

		again, err := a.Plan(t.Context())
		require.NoError(t, err)
		assert.True(t, again.NothingToDo(), "%s", again)
		_, err = a.Sync(t.Context())
		require.NoError(t, err, "it can begin anew")
	})
}

// TestCallsAreShorterThanTheLease: what is asked of a target has ended before somebody
// else may take over.
func TestCallsAreShorterThanTheLease(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		paused := &pausable{Journal: j, resume: make(chan struct{})}
		// The lease is shorter than the calls are allowed to be.
		a := c.engine("a", paused, time.Minute, func(c *provision.Config) {
			c.CallTimeout, c.Lease, c.Retry.Attempts = time.Hour, 20*time.Second, 1
		})
		b := c.engine("b", j, time.Second, func(c *provision.Config) { c.Lease = time.Minute })
		var all sync.WaitGroup
		all.Go(func() { _, _ = a.Sync(t.Context()) })
		time.Sleep(time.Second)
		paused.paused.Store(true) // no renewal gets through
		_, err := b.Sync(t.Context())
		require.NoError(t, err)
		close(paused.resume)
		all.Wait()
		assert.Zero(t, c.overlaps)
		assert.Len(t, c.app.All(), 8)
	})
}

// TestALeaseOutlivesAClockSetBack: the clock of an engine at work is set back by nearly the
// whole lease. It renews the lease in time all the same, and the other engine waits.
func TestALeaseOutlivesAClockSetBack(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		c.app = forgiving(true, true)
		var wrong atomic.Int64
		a := c.engine("a", j, 9*time.Second, func(c *provision.Config) {
			c.Concurrency, c.Lease = 1, 30*time.Second
			c.Clock = func() time.Time { return time.Now().Add(time.Duration(wrong.Load())) }
		})
		b := c.engine("b", j, 9*time.Second, func(c *provision.Config) { c.Lease, c.LeaseWait = 30*time.Second, time.Hour })
		var all sync.WaitGroup
		all.Go(func() {
			report, err := a.Sync(t.Context())
			assert.NoError(t, err)
			assert.NoError(t, report.Err())
		})
		time.Sleep(2 * time.Second)
		wrong.Store(int64(-25 * time.Second))
		time.Sleep(2 * time.Second)
		_, err := b.Sync(t.Context())
		require.NoError(t, err)
		all.Wait()
		c.once()
	})
}

// TestLeaseOfOneEngine: what runs at once in one engine shares a lease; at the end it is
// given back. Taking and giving back cost no write of their own.
func TestLeaseOfOneEngine(t *testing.T) {
	eachJournal(t, func(t *testing.T, j provision.Journal) {
		c := newCrew(t)
		counted := &countingJournal{Journal: j}
		a := c.engine("a", counted, time.Second, nil)
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				report, err := a.SyncOne(t.Context(), fmt.Sprintf("E%04d", i))
				assert.NoError(t, err)
				assert.NoError(t, report.Err())
			})
		}
		all.Wait()
		c.once()
		leases, last := 0, provision.Entry{}
		for _, e := range entries(t, j, 0) {
			if e.Kind == provision.Leased {
				leases, last = leases+1, e
			} else {
				assert.EqualValues(t, 1, e.Epoch)
			}
		}
		assert.Equal(t, 2, leases, "taken and given back")
		assert.False(t, last.Lease.Until.After(time.Now()))
		before := counted.calls.Load()
		_, err := a.SyncOne(t.Context(), "E0000")
		require.NoError(t, err)
		assert.EqualValues(t, 2, counted.calls.Load()-before, "the beginning and the end of a run")
	})
}

type countingJournal struct {
	provision.Journal
	calls atomic.Int64
}

func (c *countingJournal) Append(ctx context.Context, entries ...provision.Entry) error {
	c.calls.Add(1)
	return c.Journal.Append(ctx, entries...)
}

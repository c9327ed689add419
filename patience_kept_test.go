package provision_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// shouting is a target that stores titles in upper case, whatever it is sent.
type shouting struct{ *memtarget.Target }

func (s shouting) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	if req.Set.Has("title") {
		values := maps.Collect(req.Set.All())
		values["title"] = []string{strings.ToUpper(req.Set.Get("title"))}
		req.Set = target.AttrsOf(values)
	}
	return s.Target.Update(ctx, req)
}

// Fault 19: a target that normalises a value does not make every run write it.
func TestFault19ValueThatTheTargetDoesNotKeep(t *testing.T) {
	folder := t.TempDir()
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, filepath.Join(folder, "journal")) })
	w.config.Targets = []target.Target{shouting{w.app}}
	w.restart()
	ana, bo := person("ana", "Legal", "CLERK"), person("bo", "Legal", "CLERK")
	w.people.Set(ana, bo)
	w.sync()
	ana.JobTitle, ana.DisplayName = "Head of Money", "Ana M."
	bo.JobTitle = "LEAD"
	w.people.Set(ana, bo)
	for range 14 * 24 {
		report := w.run()
		require.NoError(t, report.Err())
		w.pass(time.Hour)
	}
	assert.Equal(t, 1+3+1, w.calls("Update"), "for ana one and three alike, and one for bo, whose title is kept")
	assert.Equal(t, "LEAD", w.account("bo").Attributes.Get("title"))
	w.restart()
	report := w.run()
	assert.Contains(t, report.String(), "title of 1 person is not kept by the target")
	n := 0
	for _, f := range report.Findings {
		if f.Code == reconcile.CodeNotKept {
			n++
			assert.Equal(t, "title", f.Field)
			assert.Equal(t, "ana", f.Identity)
		}
	}
	assert.Equal(t, 1, n, "once in a run")
	assert.True(t, w.plan().NothingToDo())
	one, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	assert.True(t, one.NothingToDo(), "for one person, too")

	// Other fields are written as ever.
	ana.DisplayName = "Ana Maria"
	w.people.Put(ana)
	w.run()
	assert.Equal(t, 1, w.calls("Update"))
	assert.Equal(t, "Ana Maria", w.account("ana").Attributes.Get("displayName"))

	// Another value is another matter.
	ana.JobTitle = "Head of Everything"
	w.people.Put(ana)
	for range 24 {
		w.run()
		w.pass(time.Hour)
	}
	assert.Equal(t, 1+3, w.calls("Update"))
	assert.Equal(t, "HEAD OF EVERYTHING", w.account("ana").Attributes.Get("title"))

	// The journal knows no values.
	text, err := os.ReadFile(filepath.Join(folder, "journal"))
	require.NoError(t, err)
	assert.Contains(t, string(text), `"written":[{"field":"title"`)
	for _, secret := range []string{"Head of", "HEAD OF", "Ana Maria", `"LEAD"`} { // ids of runs are letters
		assert.False(t, strings.Contains(string(text), secret), secret)
	}
}

// Somebody who is promoted again and again is no such case, nor is a list that lags.
func TestAValueThatIsKeptIsWrittenWheneverItIsWanted(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Legal", "Clerk")
	w.people.Set(ana)
	w.sync()
	for range 10 {
		for _, title := range []string{"Lead", "Clerk"} {
			ana.JobTitle = title
			w.people.Put(ana)
			w.sync()
			w.pass(time.Hour)
			require.Equal(t, title, w.account("ana").Attributes.Get("title"))
		}
	}
	ana.JobTitle = "Lead"
	w.people.Put(ana)
	w.app.LagReads()
	for range 5 {
		assert.NotContains(t, w.run().String(), "not kept")
		w.pass(5 * time.Second)
	}
	w.app.SettleReads()
	assert.NotContains(t, w.run().String(), "not kept")
	require.Equal(t, "Lead", w.account("ana").Attributes.Get("title"))
}

// notices gathers what OnHold is told.
type notices struct {
	mu   sync.Mutex
	list []provision.Pending
}

func (n *notices) hold(_ context.Context, p provision.Pending) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, p)
}

func (n *notices) take() []provision.Pending {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := n.list
	n.list = nil
	return out
}

func TestWhatIsHeldIsToldOnce(t *testing.T) {
	folder := t.TempDir()
	var notes notices
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, filepath.Join(folder, "journal")) })
	w.config.OnHold = func(ctx context.Context, p provision.Pending) {
		pending, err := desk(w).Pending(ctx)
		require.NoError(t, err)
		found := false
		for _, q := range pending {
			found = found || q.Hold.Change.ID == p.Hold.Change.ID
		}
		assert.True(t, found, "it is durable before it is told")
		notes.hold(ctx, p)
	}
	w.restart()
	w.people.Set(person("ana", "Finance", "Treasurer"), person("bo", "Sales", ""))
	w.plan()
	assert.Empty(t, notes.take(), "planning tells nobody")
	w.run()
	got := notes.take()
	require.Len(t, got, 1)
	assert.Equal(t, "the CFO", got[0].Hold.Reasons[0].By)
	assert.Equal(t, "app", got[0].Target)
	for range 5 {
		w.pass(24 * time.Hour)
		w.restart()
		w.run()
		_, err := w.engine.SyncOne(t.Context(), "ana")
		require.NoError(t, err)
	}
	assert.Empty(t, notes.take(), "never twice, also in another process")

	// What fails is told when it waits for the first time, not after each try.
	w.people.Put(person("cy", "Legal", ""))
	w.app.FailAlways("Create", errRefused)
	for range 100 {
		w.run()
		w.pass(time.Hour)
	}
	assert.Len(t, notes.take(), 1)
	w.app.Repair()
	w.pass(24 * time.Hour)
	w.run()

	// What comes back after it was gone is new.
	w.people.Put(person("ana", "Finance", "Clerk"))
	w.run()
	w.people.Put(person("ana", "Finance", "Treasurer"))
	w.run()
	assert.Len(t, notes.take(), 1)
}

// slow is a journal that takes a second for everything.
type slow struct{ provision.Journal }

func (j slow) Append(ctx context.Context, entries ...provision.Entry) error {
	time.Sleep(time.Second)
	return j.Journal.Append(ctx, entries...)
}

func TestConcurrentRunsTellOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var notes notices
		w := newWorld(t, func(c *provision.Config) {
			c.Clock = time.Now
			c.Journal = slow{&provision.MemoryJournal{}}
			c.OnHold = notes.hold
		})
		ana := person("ana", "Finance", "Treasurer")
		ana.HireDate = day(1999, 1, 1)
		w.people.Set(ana)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				_, err := w.engine.Sync(t.Context())
				assert.NoError(t, err)
			})
			all.Go(func() {
				_, err := w.engine.SyncOne(t.Context(), "ana")
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.Len(t, notes.take(), 1)
	})
}

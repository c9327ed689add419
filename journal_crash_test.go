package provision_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// quickDir is a folder in memory, if there is one: a process that dies takes nothing
// with it that was written there.
func quickDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "provision") //nolint:usetesting // another place
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// how a process dies around the writing of entries.
type death int

const (
	beforeWriting death = iota
	whileWriting
	afterWriting
)

// dyingJournal dies at the append with a number: nothing is written any more.
type dyingJournal struct {
	*provision.FileJournal
	path  string
	at    int // 0: never
	how   death
	calls int
	dead  bool
}

var errDead = errors.New("the process is dead")

func (d *dyingJournal) Append(ctx context.Context, entries ...provision.Entry) error {
	d.calls++
	if d.dead {
		return errDead
	}
	if d.calls != d.at {
		return d.FileJournal.Append(ctx, entries...)
	}
	d.dead = true
	if d.how == beforeWriting {
		return errDead
	}
	before, err := os.Stat(d.path)
	if err != nil {
		return err
	}
	if err := d.FileJournal.Append(ctx, entries...); err != nil {
		return err
	}
	if d.how == whileWriting {
		after, err := os.Stat(d.path)
		if err != nil {
			return err
		}
		if err := os.Truncate(d.path, before.Size()+(after.Size()-before.Size())*2/3); err != nil {
			return err
		}
	}
	return errDead
}

// companyDay is who works on which day: joiners, a mover, a leaver, a rehire.
func companyDay(n int) []source.Identity {
	people := staff(4)
	if n >= 1 {
		people = append(people, person("N1", "Engineering", "Clerk"))
		people[0].Department, people[1].JobTitle = source.Named("Sales"), "Head"
		people[2].Status, people[2].LastDay = source.Terminated, day(2026, 3, 1)
	}
	if n >= 2 {
		people = append(people, person("N2", "Sales", "Clerk"))
		people[3].Status, people[3].LastDay = source.Terminated, day(2026, 3, 2)
		people[4].Department = source.Named("Finance")
	}
	return people
}

// asItIs writes what somebody sees on the target, and how often a create succeeded.
func asItIs(app *memtarget.Target) string {
	var lines []string
	for _, a := range app.All() {
		lines = append(lines, fmt.Sprintf("%s %s %v %v sessions=%d", a.Key, a.State, a.Attributes, a.Entitlements, app.Sessions(a.ID)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// lived runs three days, in which the process dies once, and is started again an hour
// later.
func lived(t *testing.T, concurrency, at int, how death, change ...func(*provision.Config)) (state string, creates, appends int) {
	t.Helper()
	path := filepath.Join(quickDir(t), "journal")
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	people, app := memsource.New("hr"), memtarget.New("app", nil)
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	start := func(at int) (*provision.Engine, *dyingJournal) {
		file, err := provision.OpenFileJournal(path)
		require.NoError(t, err)
		j := &dyingJournal{FileJournal: file, path: path, at: at, how: how}
		config := provision.Config{
			Source: people, Targets: []target.Target{app}, Rules: build(t, companyRules()), Journal: j, Concurrency: concurrency,
			Clock: func() time.Time { return now }, Retry: provision.Retry{Attempts: 2, Base: time.Microsecond, Max: time.Microsecond},
		}
		for _, c := range change {
			c(&config)
		}
		e, err := provision.New(config)
		require.NoError(t, err)
		return e, j
	}
	e, j := start(at)
	for n := range 3 {
		now = time.Date(2026, 3, 1+n, 12, 0, 0, 0, time.UTC)
		people.Set(companyDay(n)...)
		for range 3 {
			_, err := e.Sync(t.Context())
			appends = max(appends, j.calls)
			if !j.dead {
				require.NoError(t, err)
				plan, err := e.Plan(t.Context())
				require.NoError(t, err)
				if plan.NothingToDo() {
					break
				}
				continue
			}
			require.NoError(t, j.Close())
			now = now.Add(time.Hour)
			e, j = start(0)
		}
		plan, err := e.Plan(t.Context())
		require.NoError(t, err)
		require.True(t, plan.NothingToDo(), "day %d: %s", n, plan)
		for _, a := range app.All() {
			if a.State == target.Enabled && n == 0 {
				app.OpenSessions(a.ID, 1)
			}
		}
	}
	require.NoError(t, j.Close())
	for _, c := range app.Calls() {
		if c.Method == "Create" && c.Err == nil {
			creates++
		}
	}
	return asItIs(app), creates, appends
}

// TestCrashUnderAMask: a process that dies is followed by one that ends the same, if the
// journal has hashes in the place of values.
func TestCrashUnderAMask(t *testing.T) {
	want, creates, appends := lived(t, 1, 0, 0)
	for at := 1; at <= appends; at += 2 {
		got, made, _ := lived(t, 1, at, death(at/2%3), masked)
		require.Equal(t, want, got, "died at write %d of %d", at, appends)
		require.Equal(t, creates, made, "creates: died at write %d of %d", at, appends)
	}
}

// TestCrashAtEveryJournalWrite: whenever a process dies, before, within or after the
// writing of entries, the next one brings everything to the same end, and nobody gets a
// second account.
func TestCrashAtEveryJournalWrite(t *testing.T) {
	for _, concurrency := range []int{1, 4} {
		want, creates, appends := lived(t, concurrency, 0, 0)
		require.Greater(t, appends, 20)
		for at := 1; at <= appends; at++ {
			for _, how := range []death{beforeWriting, whileWriting, afterWriting} {
				got, made, _ := lived(t, concurrency, at, how)
				require.Equal(t, want, got, "died at write %d of %d, way %d, %d at once", at, appends, how, concurrency)
				require.Equal(t, creates, made, "creates: died at write %d of %d, way %d, %d at once", at, appends, how, concurrency)
			}
		}
	}
}

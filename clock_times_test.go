package provision_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// TestTimesByAClockThatWasWrong: what failed while the clock was wrong is tried again when it
// is right, as if it had failed by a clock that is right.
func TestTimesByAClockThatWasWrong(t *testing.T) {
	failing := func(err error, times int) func(w *world) {
		return func(w *world) {
			w.app.Inject(memtarget.Fault{Method: "Create", Times: times, Key: target.Key{Identity: "ana"}, Err: err})
		}
	}
	for name, c := range map[string]struct {
		wrong time.Duration
		fails func(w *world)
	}{
		"ahead, a quarantine":                  {60 * oneDay, failing(errKey, 1)},
		"ahead, a quarantine that goes on":     {60 * oneDay, failing(errKey, 2)},
		"ahead, a change that waits":           {60 * oneDay, failing(target.Fail(target.Permanent, errDown), 1)},
		"behind, a change that failed for now": {-60 * oneDay, failing(target.Fail(target.Permanent, errDown), 2)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			journal := openJournal(t, filepath.Join(t.TempDir(), "journal"))
			w.config.Journal = journal
			w.restart()
			w.people.Set(staff(5)...)
			w.sync()
			right := w.now
			w.now = right.Add(c.wrong)
			w.hired("ana")
			c.fails(w)
			w.run()
			require.Len(t, w.app.All(), 5)
			w.now = right.Add(time.Hour)
			w.run()
			require.NoError(t, journal.Compact(t.Context(), w.now.Add(time.Second)))
			for range 3 {
				w.later(oneDay)
				w.run()
			}
			assert.Nil(t, w.quarantined())
			assert.Len(t, w.app.All(), 6)
		})
	}
}

// TestGraceByAClockThatWasWrong: a time of grace that began by a clock that was wrong is as
// long as any other, to a day.
func TestGraceByAClockThatWasWrong(t *testing.T) {
	for name, wrong := range map[string]time.Duration{"right": 0, "behind": -60 * oneDay, "ahead": 60 * oneDay} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, graceOf(7))
			ana := person("ana", "Engineering", "Engineer")
			w.people.Set(ana, person("bo", "Engineering", "Engineer"), person("cy", "Engineering", "Engineer"))
			w.sync()
			w.now = w.now.Add(oneDay)
			w.sync()
			right := w.now.Add(oneDay)
			ana.Department = source.Named("Legal")
			w.people.Put(ana)
			w.now = right.Add(wrong)
			w.run()
			kept := 0
			for w.now = right.Add(time.Hour); kept < 20; w.now = w.now.Add(oneDay) {
				w.run()
				if len(w.account("ana").Entitlements) == 0 {
					break
				}
				kept++
			}
			assert.Contains(t, []int{7, 8}, kept, "days")
		})
	}
}

package provision_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// remembered is everything that an engine would remember of a journal, as bytes.
func remembered(t *testing.T, j provision.Journal) string {
	t.Helper()
	e, err := provision.CompactEntries(j.Entries(t.Context(), 0))
	require.NoError(t, err)
	return string(e.Fold.State)
}

// someDays lets a company with a file journal live for some days: people join, move,
// leave and vanish, changes fail, are held and are decided.
func someDays(t *testing.T, seed uint64) (*world, string) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 11))
	path := filepath.Join(t.TempDir(), "journal")
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, path) })
	people := staff(12)
	for range 12 {
		for range r.IntN(3) {
			p := &people[r.IntN(len(people))]
			switch r.IntN(5) {
			case 0:
				p.Status, p.LastDay = source.Terminated, source.DateOf(w.now).AddDays(-1)
			case 1:
				p.Department = source.Named([]string{"Engineering", "Sales", "Finance"}[r.IntN(3)])
			case 2:
				p.JobTitle = "Treasurer"
			case 3:
				people = append(people, person(fmt.Sprintf("N%04d", len(people)), "Sales", "Clerk"))
			case 4:
				w.app.FailNext("Update", &target.Error{Class: target.Permanent, Err: errors.New("no")})
			}
		}
		listed := people
		if r.IntN(3) == 0 {
			listed = people[1:]
		}
		w.people.Set(listed...)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		desk := provision.NewDesk(w.config.Journal)
		desk.Clock = func() time.Time { return w.now }
		pending, err := desk.Pending(t.Context())
		require.NoError(t, err)
		if len(pending) > 0 {
			require.NoError(t, desk.Approve(t.Context(), pending[0].Hold.Change.ID, provision.Decision{Actor: "cfo"}))
		}
		w.now = w.now.Add(time.Duration(r.IntN(20)+10) * time.Hour)
	}
	return w, path
}

// TestCompactedJournalOfRuns: whenever a journal of real runs is compacted, an engine
// remembers the same and plans the same, from then on as well.
func TestCompactedJournalOfRuns(t *testing.T) {
	for seed := range uint64(6) {
		w, path := someDays(t, seed)
		before := remembered(t, w.config.Journal)
		_, err := w.engine.Plan(t.Context())
		require.NoError(t, err)
		size := fileSize(t, path)
		last := entries(t, w.config.Journal, 0)
		cut := last[rand.New(rand.NewPCG(seed, 1)).IntN(len(last)/2)+len(last)/4].At.Add(1)

		j := openJournal(t, path)
		require.NoError(t, j.Compact(t.Context(), cut))
		all, err := filepath.Glob(path + ".*")
		require.NoError(t, err)
		require.Len(t, all, 1, "the old file is kept")
		require.Equal(t, size, fileSize(t, all[0]), "as it was")
		require.Equal(t, before, remembered(t, openJournal(t, all[0])))
		require.Equal(t, before, remembered(t, j))
		require.Equal(t, before, remembered(t, w.config.Journal), "who had it open sees the same")
		require.Equal(t, before, remembered(t, openJournal(t, path)))
		require.NoError(t, j.Compact(t.Context(), w.now.Add(time.Hour)))
		require.Equal(t, before, remembered(t, w.config.Journal))
		require.Len(t, entries(t, w.config.Journal, 0), 1)

		// The engine that was there goes on, and so does a new one.
		here, err := w.engine.Plan(t.Context())
		require.NoError(t, err)
		w.restart()
		there := w.plan()
		require.Equal(t, planBytes(t, here), planBytes(t, there))
		w.sync()
	}
}

// Seals that are older than a compaction verify in the archive that it left, opened like
// any journal, and later ones in both.
func TestOldSealsVerifyInTheArchiveOfTheCompaction(t *testing.T) {
	signer, verifier := keys(t, "acme")
	w, path := someDays(t, 1)
	all := entries(t, w.config.Journal, 0)
	half := len(all) / 2
	first, cut := seal(t, kept(all[:half]), signer), all[half+1].At.Add(1)
	end := seal(t, w.config.Journal, signer)
	content, err := os.ReadFile(path)
	require.NoError(t, err)

	j := openJournal(t, path)
	require.NoError(t, j.Compact(t.Context(), cut))
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), j, verifier, first), provision.ErrSealedBefore)
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), j, verifier, end), provision.ErrFoldNotSealed)
	second := seal(t, j, signer)
	require.NoError(t, provision.VerifyJournal(t.Context(), j, verifier, end, second))
	require.NoError(t, j.Compact(t.Context(), w.now.Add(time.Hour)))

	archive := func(e provision.Entry) *provision.FileJournal {
		return openJournal(t, fmt.Sprintf("%s.%d", path, e.Position))
	}
	archives, err := filepath.Glob(path + ".*")
	require.NoError(t, err)
	require.Len(t, archives, 2)
	position := entries(t, archive(entries(t, j, 0)[0]), 0)[0] // the second archive begins with the first compaction
	oldest := archive(position)
	require.NoError(t, provision.VerifyJournal(t.Context(), oldest, verifier, first, end))
	require.NoError(t, provision.VerifyJournal(t.Context(), oldest, verifier, second))
	require.NoError(t, provision.VerifyJournal(t.Context(), archive(entries(t, j, 0)[0]), verifier, second))
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), archive(entries(t, j, 0)[0]), verifier, first), provision.ErrSealedBefore)
	still, err := os.ReadFile(fmt.Sprintf("%s.%d", path, position.Position))
	require.NoError(t, err)
	require.Equal(t, content, still, "reading it changes nothing")
}

func planBytes(t *testing.T, p *provision.Plan) string {
	t.Helper()
	b, err := json.Marshal(p)
	require.NoError(t, err)
	return string(b)
}

func fileSize(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Size()
}

// TestPlanFromBeforeACompaction: what a stored plan did, it does not do again, however
// much was compacted since, in the same process or another.
func TestPlanFromBeforeACompaction(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, path) })
	w.people.Set(staff(5)...)
	empty := w.plan() // made when the journal was empty
	half := &provision.ApplyOptions{}
	report, err := w.engine.Apply(t.Context(), empty, half)
	require.NoError(t, err)
	require.NoError(t, report.Err())
	for range 3 {
		w.now = w.now.Add(time.Hour)
		require.NoError(t, openJournal(t, path).Compact(t.Context(), w.now))
		w.app.ForgetCalls()
		report, err := w.engine.Apply(t.Context(), empty, nil)
		require.NoError(t, err)
		for _, r := range report.Results {
			require.Equal(t, provision.AlreadySo, r.Outcome)
		}
		require.Empty(t, w.app.Writes())
		// Somebody deletes an account by hand: the old plan still does nothing.
		if found := w.app.All(); len(found) > 3 {
			w.app.Remove(found[0].ID)
		}
		w.restart()
	}
}

func TestCompactNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	require.NoError(t, j.Compact(t.Context(), noon), "an empty one")
	require.NoError(t, j.Append(t.Context(), provision.Entry{At: noon, Kind: provision.RunBegin}))
	require.NoError(t, j.Compact(t.Context(), noon), "nothing is older")
	assert.Equal(t, provision.RunBegin, entries(t, j, 0)[0].Kind)
	require.NoError(t, j.Compact(t.Context(), noon.Add(1)))
	require.NoError(t, j.Compact(t.Context(), noon.Add(time.Hour)), "it was done before")
	all, err := filepath.Glob(path + "*")
	require.NoError(t, err)
	assert.Equal(t, []string{path, path + ".1"}, all)
	require.Error(t, j.Append(t.Context(), provision.Entry{Kind: provision.Compacted}), "nobody appends one")
}

// TestCompactWhileOthersWorkOnIt: appending, reading and compacting at once, by several
// who have the file open, loses and repeats nothing.
func TestCompactWhileOthersWorkOnIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	const writers, each = 3, 60
	var all sync.WaitGroup
	for w := range writers {
		j := openJournal(t, path)
		all.Go(func() {
			for i := range each {
				assert.NoError(t, j.Append(t.Context(), provision.Entry{
					At: noon.Add(time.Duration(i) * time.Minute), Kind: provision.Happened, Target: "app",
					Change: fmt.Sprintf("%d-%d", w, i), Outcome: provision.Done, Text: strings.Repeat("x", 300),
				}))
			}
		})
	}
	compactor, reader := openJournal(t, path), openJournal(t, path)
	all.Go(func() {
		for i := range 10 {
			assert.NoError(t, compactor.Compact(t.Context(), noon.Add(time.Duration(i*each/10)*time.Minute)))
		}
	})
	all.Go(func() {
		for range 10 {
			last := uint64(0)
			for e, err := range reader.Entries(t.Context(), 0) {
				if !assert.NoError(t, err) {
					return
				}
				assert.Greater(t, e.Position, last)
				last = e.Position
			}
		}
	})
	all.Wait()
	e, err := provision.CompactEntries(reader.Entries(t.Context(), 0))
	require.NoError(t, err)
	assert.EqualValues(t, writers*each, e.Fold.Entries)
	var state struct {
		Targets map[string]struct{ Spent map[string]uint64 }
	}
	require.NoError(t, json.Unmarshal(e.Fold.State, &state))
	assert.Len(t, state.Targets["app"].Spent, writers*each)
}

// TestCompactKeepsALinkAndPermissions: the name may be a symbolic link.
func TestCompactKeepsALinkAndPermissions(t *testing.T) {
	dir := t.TempDir()
	link, path := filepath.Join(dir, "link"), filepath.Join(dir, "real")
	require.NoError(t, os.Symlink(path, link))
	j := openJournal(t, link)
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.RunBegin}))
	require.NoError(t, j.Compact(t.Context(), time.Now()))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink)
	info, err = os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o640), info.Mode().Perm())
	assert.Equal(t, provision.Compacted, entries(t, openJournal(t, link), 0)[0].Kind)
}

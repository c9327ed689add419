package provision_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// lateFind answers no search before it is let.
type lateFind struct {
	*memtarget.Target
	let chan struct{}
}

func (l *lateFind) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	if l.let != nil {
		<-l.let
	}
	return l.Target.Find(ctx, by)
}

// TestUndoOfARunThatWasHalfCompacted: a run is through with one target when the journal is
// compacted, and begins with the other one afterwards. What is left of it is no whole run.
func TestUndoOfARunThatWasHalfCompacted(t *testing.T) {
	journal := openJournal(t, filepath.Join(t.TempDir(), "journal"))
	synctest.Test(t, func(t *testing.T) {
		other := &lateFind{Target: memtarget.New("other", nil)}
		w := newWorld(t, func(c *provision.Config) {
			spec := companyRules()
			second := spec.Targets[0]
			second.Target = "other"
			spec.Targets = append([]rules.TargetSpec{second}, spec.Targets...)
			c.Rules = build(t, spec)
			c.Journal, c.Targets = journal, append(c.Targets, other)
		})
		w.people.Set(staff(3)...)
		w.sync()
		w.now = w.now.Add(time.Hour)
		terminate := func(id string) *provision.Report {
			report, err := w.engine.TerminateNow(t.Context(), id, provision.TerminateOptions{Actor: "sam", Reason: "a mistake"})
			assert.NoError(t, err)
			return report
		}
		other.let = make(chan struct{})
		var cut *provision.Report
		var all sync.WaitGroup
		all.Go(func() { cut = terminate("E0000") })
		synctest.Wait()
		require.Equal(t, target.Disabled, w.account("E0000").State)
		require.NoError(t, journal.Compact(t.Context(), w.now.Add(time.Second)))
		close(other.let)
		all.Wait()
		w.now = w.now.Add(time.Minute)
		whole := terminate("E0001")
		w.now = w.now.Add(time.Minute)

		for _, targets := range [][]string{nil, {"app"}} {
			_, err := w.engine.Undo(t.Context(), cut.Run, provision.UndoOptions{Targets: targets})
			require.ErrorIs(t, err, provision.ErrForgottenRun)
		}
		plan, err := w.engine.Undo(t.Context(), cut.Run, provision.UndoOptions{Targets: []string{"other"}})
		require.NoError(t, err)
		assert.Len(t, plan.Targets, 1)
		plan, err = w.engine.Undo(t.Context(), whole.Run, provision.UndoOptions{})
		require.NoError(t, err)
		assert.Len(t, plan.Targets, 2, "it began after the compaction")
	})
}

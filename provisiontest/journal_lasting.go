package provisiontest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/provision-go/provision"
)

// leased is what an engine appends to take, renew or give back a tenant.
func leased(holder string, epoch uint64) provision.Entry {
	return provision.Entry{
		At: journalInstant(0), Kind: provision.Leased, Epoch: epoch,
		Lease: &provision.Lease{Holder: holder, Until: journalInstant(2)},
	}
}

// under is an entry that was written under a lease.
func under(epoch uint64, n int) provision.Entry {
	e := happened(n)
	e.Epoch = epoch
	return e
}

// fenced expects that a journal refuses some entries.
func fenced(j provision.Journal, why string, entries ...provision.Entry) error {
	if err := j.Append(context.Background(), entries...); !errors.Is(err, provision.ErrFenced) {
		return fmt.Errorf("%w: %s: want an error that wraps provision.ErrFenced, got %v", errJournalFence, why, err) //nolint:errorlint // it is no cause
	}
	return nil
}

func journalFence(j provision.Journal) error {
	var problems []error
	step := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	allow := func(why string, entries ...provision.Entry) {
		if err := j.Append(context.Background(), entries...); err != nil {
			step(fmt.Errorf("%w: %s is refused: %w", errJournalFence, why, err))
		}
	}
	step(fenced(j, "an epoch that nobody has leased", under(1, 9)))
	step(fenced(j, "a first lease that skips an epoch", leased("a", 2)))
	allow("the first lease and an entry under it", leased("a", 1), under(1, 0))
	allow("an entry without an epoch, as a desk writes", happened(1))
	step(fenced(j, "somebody else's renewal", leased("b", 1)))
	allow("a renewal by the holder", leased("a", 1))
	allow("the next lease, of another engine", leased("b", 2))
	step(fenced(j, "an entry of the engine whose lease was taken", under(1, 9)))
	step(fenced(j, "the renewal of a lease that was taken", leased("a", 1)))
	allow("an entry of the new holder", under(2, 2))
	allow("an entry without an epoch, whoever has the lease", happened(3))
	step(fenced(j, "an epoch that was skipped", leased("a", 4)))
	if len(problems) > 0 {
		return errors.Join(problems...)
	}
	return expectChanges(j, errJournalFence,
		"", happened(0).Change, happened(1).Change, "", "", happened(2).Change, happened(3).Change)
}

func journalFenceWhole(j provision.Journal) error {
	if err := appendAll(j, leased("a", 1), leased("b", 2), happened(0)); err != nil {
		return err
	}
	if err := fenced(j, "an entry under an old lease among others", happened(7), under(1, 8), happened(9)); err != nil {
		return err
	}
	if err := expectChanges(j, errJournalAtomic, "", "", happened(0).Change); err != nil {
		return fmt.Errorf("what is fenced leaves nothing behind: %w", err)
	}
	if err := appendAll(j, under(2, 1)); err != nil {
		return fmt.Errorf("after something was fenced: %w", err)
	}
	return nil
}

// journalTakers has several want the next lease at once: one gets it.
func journalTakers(j provision.Journal) error {
	const takers = 8
	for epoch := uint64(1); epoch <= 5; epoch++ {
		var all sync.WaitGroup
		failed := make([]error, takers)
		for i := range takers {
			all.Go(func() {
				failed[i] = j.Append(context.Background(), leased(fmt.Sprint("engine-", i), epoch), under(epoch, i))
			})
		}
		all.Wait()
		got := 0
		for _, err := range failed {
			switch {
			case err == nil:
				got++
			case !errors.Is(err, provision.ErrFenced):
				return err
			}
		}
		if got != 1 {
			return fmt.Errorf("%w: of %d that wanted lease %d at once, %d got it", errJournalFence, takers, epoch, got)
		}
	}
	return nil
}

func journalReopen(t testing.TB, j provision.Journal, o JournalOptions) error {
	t.Helper()
	if o.Reopen == nil {
		return nil
	}
	intent := under(1, 1)
	intent.Kind, intent.Outcome = provision.Intent, 0
	if err := appendAll(j, leased("a", 1), under(1, 0), intent); err != nil {
		return err
	}
	before, err := readJournal(j, 0)
	if err != nil {
		return err
	}
	for range 2 {
		j = o.Reopen(t, j)
		if err := expectChanges(j, errJournalContent, "", happened(0).Change, happened(1).Change); err != nil {
			return fmt.Errorf("opened again: %w", err)
		}
		again, err := readJournal(j, 0)
		if err != nil {
			return err
		}
		for i := range again {
			if again[i].Position != before[i].Position || again[i].Kind != before[i].Kind {
				return fmt.Errorf("%w: opened again, entry %d has another position or kind", errJournalContent, i+1)
			}
		}
	}
	if err := fenced(j, "opened again: somebody else's renewal", leased("b", 1)); err != nil {
		return err
	}
	if err := appendAll(j, leased("b", 2), under(2, 2)); err != nil {
		return fmt.Errorf("opened again: %w", err)
	}
	j = o.Reopen(t, j)
	if err := fenced(j, "opened again: an entry of the engine whose lease was taken", under(1, 9)); err != nil {
		return err
	}
	return expectChanges(j, errJournalContent, "", happened(0).Change, happened(1).Change, "", happened(2).Change)
}

func journalCompact(t testing.TB, j provision.Journal, o JournalOptions) error {
	t.Helper()
	compact := o.Compact
	if own, ok := j.(interface {
		Compact(ctx context.Context, before time.Time) error
	}); ok && compact == nil {
		compact = func(ctx context.Context, _ provision.Journal, before time.Time) error {
			return own.Compact(ctx, before)
		}
	}
	if compact == nil {
		return nil
	}
	const n, old = 20, 12
	if err := appendAll(j, leased("a", 1)); err != nil {
		return err
	}
	for i := 1; i < n; i++ {
		if err := appendAll(j, under(1, i)); err != nil {
			return err
		}
	}
	_, all, err := changesOf(j)
	if err != nil {
		return err
	}
	want, err := provision.CompactEntries(j.Entries(context.Background(), 0))
	if err != nil {
		return err
	}
	if err := compact(context.Background(), j, journalInstant(old)); err != nil {
		return fmt.Errorf("%w: %w", errJournalCompact, err)
	}
	for range 2 {
		if err := compactedRight(j, all, old, want); err != nil {
			return err
		}
		if err := fenced(j, "after a compaction: somebody else's renewal", leased("b", 1)); err != nil {
			return err
		}
		if o.Reopen == nil {
			break
		}
		j = o.Reopen(t, j)
	}
	if err := appendAll(j, leased("b", 2), under(2, n)); err != nil {
		return fmt.Errorf("after a compaction: %w", err)
	}
	rest, err := readJournal(j, all[n-1].Position)
	if err == nil && len(rest) != 2 {
		err = fmt.Errorf("%w: of 2 entries appended afterwards %d are there", errJournalCompact, len(rest))
	}
	return err
}

// compactedRight checks a journal that was compacted before the entry number old.
func compactedRight(j provision.Journal, all []provision.Entry, old int, want provision.Entry) error {
	_, got, err := changesOf(j)
	if err != nil {
		return err
	}
	if len(got) != len(all)-old+1 || got[0].Kind != provision.Compacted {
		return fmt.Errorf("%w: want one entry of kind Compacted and %d later ones, got %d entries", errJournalCompact, len(all)-old, len(got))
	}
	if got[0].Position != all[old-1].Position {
		return fmt.Errorf("%w: the Compacted entry has position %d, not %d, that of the last entry in it", errJournalCompact, got[0].Position, all[old-1].Position)
	}
	for i := range got[1:] {
		if e, was := got[i+1], all[old+i]; e.Position != was.Position || e.Change != was.Change {
			return fmt.Errorf("%w: a later entry has changed: %s at %d was %s at %d", errJournalCompact, e.Change, e.Position, was.Change, was.Position)
		}
	}
	fold, err := provision.CompactEntries(j.Entries(context.Background(), 0))
	if err != nil {
		return err
	}
	if string(fold.Fold.State) != string(want.Fold.State) {
		return fmt.Errorf("%w: an engine would remember something else than before", errJournalCompact)
	}
	for _, at := range []int{0, old - 2, old - 1, old, len(all) - 1} {
		rest, err := readJournal(j, all[at].Position)
		if err != nil {
			return err
		}
		n := len(all) - 1 - at
		if at < old-1 {
			n = len(all) - old + 1
		}
		if len(rest) != n {
			return fmt.Errorf("%w: Entries after position %d gives %d entries, want %d", errJournalCompact, all[at].Position, len(rest), n)
		}
	}
	return nil
}

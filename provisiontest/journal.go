package provisiontest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provision-go/provision"
)

// JournalOptions say what else than a [provision.Journal] must do a store claims.
type JournalOptions struct {
	// Reopen returns the journal as another process would find it after this one was
	// killed; the old one is not used any more. Defaults to none: the store does not claim
	// that anything outlives the process, and need not keep entries of kind Intent.
	Reopen func(t testing.TB, j provision.Journal) provision.Journal
	// Compact compacts what is older than an instant. Defaults to the journal's own
	// method Compact(ctx, before) if it has one, otherwise to none.
	Compact func(ctx context.Context, j provision.Journal, before time.Time) error
	// Large is how long the text of the largest entry is, in bytes. Defaults to 1 MiB.
	Large int
}

// Journal checks that a store keeps what a [provision.Journal] promises. open returns an
// empty journal of its own each time. Run the test with -race.
//
// It checks order and positions, that an Append is added as a whole or not at all, also
// next to others, that the caller's entries are neither kept nor altered, that every field
// of an entry and kinds that are not known come back as they were, entries after any
// position and while others append, that whoever reads on misses nothing, large entries, contexts that have ended, fencing, what
// outlives the process, and compaction.
func Journal(t *testing.T, open func(t testing.TB) provision.Journal, options *JournalOptions) {
	t.Helper()
	for _, c := range journalChecks(options) {
		t.Run(c.name, func(t *testing.T) {
			t.Helper()
			if err := c.check(t, open(t)); err != nil {
				t.Error(err)
			}
		})
	}
}

// A journalCheck returns what is wrong with a journal that was empty.
type journalCheck struct {
	name  string
	check func(t testing.TB, j provision.Journal) error
}

func journalChecks(options *JournalOptions) []journalCheck {
	if options == nil {
		options = &JournalOptions{}
	}
	o := *options
	if o.Large == 0 {
		o.Large = 1 << 20
	}
	return []journalCheck{
		{"order", func(_ testing.TB, j provision.Journal) error { return journalOrder(j) }},
		{"every field", func(_ testing.TB, j provision.Journal) error { return journalFields(j) }},
		{"unknown kinds", func(_ testing.TB, j provision.Journal) error { return journalUnknown(j) }},
		{"after any position", func(_ testing.TB, j provision.Journal) error { return journalAfter(j) }},
		{"the caller's slice", func(_ testing.TB, j provision.Journal) error { return journalSlice(j) }},
		{"large entries", func(_ testing.TB, j provision.Journal) error { return journalLarge(j, o.Large) }},
		{"several writers", func(_ testing.TB, j provision.Journal) error { return journalWriters(j) }},
		{"reading while it grows", func(_ testing.TB, j provision.Journal) error { return journalGrowing(j) }},
		{"reading on while others write", func(_ testing.TB, j provision.Journal) error { return journalTail(j) }},
		{"ended contexts", func(_ testing.TB, j provision.Journal) error { return journalContext(j) }},
		{"fencing", func(_ testing.TB, j provision.Journal) error { return journalFence(j) }},
		{"fenced as a whole", func(_ testing.TB, j provision.Journal) error { return journalFenceWhole(j) }},
		{"two takers", func(_ testing.TB, j provision.Journal) error { return journalTakers(j) }},
		{"what outlives the process", func(t testing.TB, j provision.Journal) error { return journalReopen(t, j, o) }},
		{"compaction", func(t testing.TB, j provision.Journal) error { return journalCompact(t, j, o) }},
	}
}

// What can be wrong.
var (
	errJournalOrder   = errors.New("order")
	errJournalContent = errors.New("content")
	errJournalAtomic  = errors.New("all or none")
	errJournalSlice   = errors.New("the caller's entries")
	errJournalFence   = errors.New("fencing")
	errJournalContext = errors.New("contexts")
	errJournalRead    = errors.New("reading")
	errJournalCompact = errors.New("compaction")
)

func journalInstant(minutes int) time.Time {
	return time.Date(2026, 3, 1, 12, minutes, 0, 0, time.UTC)
}

// happened is an entry that can be told from others.
func happened(n int) provision.Entry {
	return provision.Entry{
		At: journalInstant(n), Kind: provision.Happened, Target: "app", Change: fmt.Sprintf("change-%d", n), Outcome: provision.Done,
	}
}

// readJournal returns what comes after a position.
func readJournal(j provision.Journal, after uint64) ([]provision.Entry, error) {
	var out []provision.Entry
	failed := error(nil)
	for e, err := range j.Entries(context.Background(), after) {
		if failed != nil {
			return nil, fmt.Errorf("%w: Entries goes on after the error %w", errJournalRead, failed)
		}
		if err != nil {
			failed = err
			continue
		}
		out = append(out, e)
	}
	if failed != nil {
		return nil, fmt.Errorf("entries after %d: %w", after, failed)
	}
	return out, nil
}

func appendAll(j provision.Journal, entries ...provision.Entry) error {
	if err := j.Append(context.Background(), entries...); err != nil {
		return fmt.Errorf("append %d entries: %w", len(entries), err)
	}
	return nil
}

// changesOf reads everything and returns the changes; it checks the positions.
func changesOf(j provision.Journal) ([]string, []provision.Entry, error) {
	all, err := readJournal(j, 0)
	if err != nil {
		return nil, nil, err
	}
	changes := make([]string, 0, len(all))
	last := uint64(0)
	for _, e := range all {
		if e.Position <= last {
			return nil, nil, fmt.Errorf("%w: position %d comes after %d; positions begin at 1 and increase", errJournalOrder, e.Position, last)
		}
		last = e.Position
		changes = append(changes, e.Change)
	}
	return changes, all, nil
}

func expectChanges(j provision.Journal, what error, want ...string) error {
	got, _, err := changesOf(j)
	if err != nil {
		return err
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		return fmt.Errorf("%w: want the entries [%s], got [%s]", what, strings.Join(want, " "), strings.Join(got, " "))
	}
	return nil
}

func journalOrder(j provision.Journal) error {
	if all, err := readJournal(j, 0); err != nil || len(all) > 0 {
		return errors.Join(err, onlyIf(len(all) > 0, errJournalContent, "the journal is not empty at the beginning"))
	}
	if err := appendAll(j); err != nil {
		return fmt.Errorf("an Append of nothing: %w", err)
	}
	var want []string
	for n := 0; n < 30; n += 3 {
		if err := appendAll(j, happened(n), happened(n+1), happened(n+2)); err != nil {
			return err
		}
		want = append(want, happened(n).Change, happened(n+1).Change, happened(n+2).Change)
		if err := expectChanges(j, errJournalOrder, want...); err != nil {
			return err
		}
	}
	return nil
}

func onlyIf(wrong bool, what error, text string) error {
	if !wrong {
		return nil
	}
	return fmt.Errorf("%w: %s", what, text)
}

func journalUnknown(j provision.Journal) error {
	e := happened(1)
	e.Kind = "invented-tomorrow"
	if err := appendAll(j, happened(0), e, happened(2)); err != nil {
		return err
	}
	all, err := readJournal(j, 0)
	if err != nil {
		return err
	}
	if len(all) != 3 || all[1].Kind != e.Kind || all[1].Change != e.Change {
		return fmt.Errorf("%w: an entry of a kind that the store does not know is not there as it was", errJournalContent)
	}
	return nil
}

func journalAfter(j provision.Journal) error {
	for n := range 20 {
		if err := appendAll(j, happened(n)); err != nil {
			return err
		}
	}
	_, all, err := changesOf(j)
	if err != nil {
		return err
	}
	for at := uint64(0); at <= all[len(all)-1].Position+1; at++ {
		want := 0
		for _, e := range all {
			if e.Position > at {
				want++
			}
		}
		got, err := readJournal(j, at)
		if err != nil {
			return err
		}
		if len(got) != want || want > 0 && got[0].Position != all[len(all)-want].Position {
			return fmt.Errorf("%w: Entries after position %d gives %d entries, not the %d whose position is greater", errJournalRead, at, len(got), want)
		}
	}
	for e, err := range j.Entries(context.Background(), 0) { // whoever stops early is not bothered
		if err != nil {
			return err
		}
		if e.Position >= all[3].Position {
			break
		}
	}
	return nil
}

func journalSlice(j provision.Journal) error {
	mine := []provision.Entry{happened(0), happened(1)}
	mine[0].Position, mine[1].Position = 77, 78 // whatever they are before
	if err := appendAll(j, mine...); err != nil {
		return err
	}
	if mine[0].Position != 77 || mine[1].Position != 78 || mine[0].Change != happened(0).Change {
		return fmt.Errorf("%w: Append altered them; it must assign Position to copies", errJournalSlice)
	}
	mine[0], mine[1] = happened(8), happened(9)
	if err := expectChanges(j, errJournalSlice, happened(0).Change, happened(1).Change); err != nil {
		return fmt.Errorf("the slice was used again after Append, which must not keep it: %w", err)
	}
	all, err := readJournal(j, 0)
	if err != nil {
		return err
	}
	if all[0].Position == 77 {
		return fmt.Errorf("%w: Append took over the caller's Position; the journal assigns it", errJournalOrder)
	}
	return nil
}

func journalLarge(j provision.Journal, size int) error {
	e := happened(1)
	e.Text = strings.Repeat("0123456789abcde\n", size/16)
	if err := appendAll(j, happened(0), e, happened(2)); err != nil {
		return err
	}
	all, err := readJournal(j, 0)
	if err != nil {
		return err
	}
	if len(all) != 3 || all[1].Text != e.Text {
		return fmt.Errorf("%w: an entry of %d bytes is not there as it was", errJournalContent, size)
	}
	return nil
}

func journalWriters(j provision.Journal) error {
	const writers, times = 8, 12
	var all sync.WaitGroup
	failed := make([]error, writers)
	for w := range writers {
		all.Go(func() {
			for i := range times {
				n := (w*times + i) * 2
				if err := appendAll(j, happened(n), happened(n+1)); err != nil {
					failed[w] = err
					return
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	got, _, err := changesOf(j)
	if err != nil {
		return err
	}
	if len(got) != writers*times*2 {
		return fmt.Errorf("%w: %d writers appended %d entries, and %d are there", errJournalContent, writers, writers*times*2, len(got))
	}
	seen := map[string]bool{}
	for i := 0; i < len(got); i += 2 {
		var a, b int
		if _, err := fmt.Sscanf(got[i]+" "+got[i+1], "change-%d change-%d", &a, &b); err != nil || b != a+1 || a%2 != 0 {
			return fmt.Errorf("%w: the entries of one Append do not stand together: %s, %s", errJournalAtomic, got[i], got[i+1])
		}
		if seen[got[i]] {
			return fmt.Errorf("%w: %s is there twice", errJournalContent, got[i])
		}
		seen[got[i]] = true
	}
	return nil
}

func journalGrowing(j provision.Journal) error {
	if err := appendAll(j, happened(0), happened(1)); err != nil {
		return err
	}
	n, last := 2, uint64(0)
	for e, err := range j.Entries(context.Background(), 0) {
		if err != nil {
			return fmt.Errorf("%w: an Append from within the loop: %w", errJournalRead, err)
		}
		if e.Position <= last {
			return fmt.Errorf("%w: position %d after %d while it grows", errJournalOrder, e.Position, last)
		}
		last = e.Position
		if n < 20 { // a store may show them in this loop, or only in the next
			if err := appendAll(j, happened(n)); err != nil {
				return fmt.Errorf("from within a loop over Entries: %w", err)
			}
			n++
		}
	}
	got, _, err := changesOf(j)
	if err == nil && len(got) != n {
		err = fmt.Errorf("%w: %d entries appended while somebody read, %d there", errJournalContent, n, len(got))
	}
	return err
}

func journalContext(j provision.Journal) error {
	if err := appendAll(j, happened(0)); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := j.Append(ctx, happened(1)); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%w: Append with a context that has ended returns %v, not its error", errJournalContext, err) //nolint:errorlint // it is no cause
	}
	var last error
	for _, err := range j.Entries(ctx, 0) {
		last = err
	}
	if !errors.Is(last, context.Canceled) {
		return fmt.Errorf("%w: Entries with a context that has ended ends with %v, not its error", errJournalContext, last) //nolint:errorlint // as above
	}
	return expectChanges(j, errJournalContext, happened(0).Change)
}

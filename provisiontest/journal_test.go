package provisiontest

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

func TestMemoryJournal(t *testing.T) {
	Journal(t, func(testing.TB) provision.Journal { return &provision.MemoryJournal{} }, nil)
}

func openFile(t testing.TB, path string) *provision.FileJournal {
	t.Helper()
	j, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

// fileJournal knows its path, so that it can be opened again.
type fileJournal struct {
	*provision.FileJournal
	path string
}

func TestFileJournal(t *testing.T) {
	open := func(t testing.TB) provision.Journal {
		path := filepath.Join(t.TempDir(), "journal")
		return fileJournal{openFile(t, path), path}
	}
	Journal(t, open, &JournalOptions{Reopen: func(t testing.TB, j provision.Journal) provision.Journal {
		path := j.(fileJournal).path //nolint:forcetypeassert // it came from open
		return fileJournal{openFile(t, path), path}
	}})
}

// faultyJournal is a journal with one fault, or none.
type faultyJournal struct {
	provision.MemoryJournal
	fault string
	mu    sync.Mutex
	kept  [][]provision.Entry
	calls int
}

func (f *faultyJournal) Append(ctx context.Context, entries ...provision.Entry) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	switch f.fault {
	case "keeps the slice":
		if err := ctx.Err(); err != nil {
			return err
		}
		f.kept = append(f.kept, entries)
		return nil
	case "writes into the slice":
		for i := range entries {
			entries[i].Position = uint64(f.calls)
		}
	case "loses the tenth":
		if f.calls == 10 {
			return nil
		}
	case "swaps two":
		if len(entries) == 3 {
			entries = []provision.Entry{entries[0], entries[2], entries[1]}
		}
	case "repeats one":
		if f.calls == 5 {
			entries = append(slices.Clone(entries), entries[len(entries)-1])
		}
	case "ignores the fence":
		entries = slices.Clone(entries)
		for i := range entries {
			if entries[i].Kind == provision.Leased {
				entries[i].Kind = "leased " // its own memory must not notice
			}
			entries[i].Epoch = 0
		}
	case "adds what comes before a fenced entry":
		for i := range entries {
			if err := f.MemoryJournal.Append(ctx, entries[i]); err != nil {
				return err
			}
		}
		return nil
	case "does not know the fence":
		err := f.MemoryJournal.Append(ctx, entries...)
		if errors.Is(err, provision.ErrFenced) {
			return errors.New("duplicate key")
		}
		return err
	case "drops unknown kinds":
		entries = slices.DeleteFunc(slices.Clone(entries), func(e provision.Entry) bool { return strings.HasPrefix(string(e.Kind), "invented") })
	case "drops a field":
		entries = slices.Clone(entries)
		for i := range entries {
			entries[i].Names = nil
		}
	case "cuts long texts":
		entries = slices.Clone(entries)
		for i := range entries {
			entries[i].Text = entries[i].Text[:min(len(entries[i].Text), 65535)]
		}
	case "works on after the end":
		ctx = context.WithoutCancel(ctx)
	}
	return f.MemoryJournal.Append(ctx, entries...)
}

func (f *faultyJournal) Entries(ctx context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	switch f.fault {
	case "keeps the slice":
		return func(yield func(provision.Entry, error) bool) {
			if err := ctx.Err(); err != nil {
				yield(provision.Entry{}, err)
				return
			}
			f.mu.Lock()
			kept := slices.Clone(f.kept)
			f.mu.Unlock()
			n := uint64(0)
			for _, list := range kept {
				for _, e := range list {
					if n++; n > after {
						e.Position = n
						if !yield(e, nil) {
							return
						}
					}
				}
			}
		}
	case "begins one too early":
		return f.MemoryJournal.Entries(ctx, max(after, 1)-1)
	case "gives positions from 0":
		return func(yield func(provision.Entry, error) bool) {
			for e, err := range f.MemoryJournal.Entries(ctx, after) {
				e.Position--
				if !yield(e, err) {
					return
				}
			}
		}
	}
	return f.MemoryJournal.Entries(ctx, after)
}

// TestJournalFindsFaults: each fault is found by a check that says what is wrong.
func TestJournalFindsFaults(t *testing.T) {
	for fault, want := range map[string]string{
		"loses the tenth":                       "order: want the entries",
		"swaps two":                             "order: want the entries [change-0 change-1 change-2], got [change-0 change-2 change-1]",
		"repeats one":                           "order: want the entries",
		"keeps the slice":                       "the slice was used again after Append, which must not keep it",
		"writes into the slice":                 "the caller's entries: Append altered them",
		"ignores the fence":                     "an entry of the engine whose lease was taken: want an error that wraps provision.ErrFenced, got <nil>",
		"adds what comes before a fenced entry": "what is fenced leaves nothing behind: all or none",
		"does not know the fence":               "want an error that wraps provision.ErrFenced, got duplicate key",
		"drops unknown kinds":                   "a kind that the store does not know",
		"drops a field":                         "content: field Names was",
		"cuts long texts":                       "an entry of 1048576 bytes is not there as it was",
		"works on after the end":                "contexts: Append with a context that has ended returns <nil>",
		"begins one too early":                  "reading: Entries after position 1 gives",
		"gives positions from 0":                "order: position 0 comes after 0; positions begin at 1",
	} {
		t.Run(fault, func(t *testing.T) {
			var found []string
			for _, c := range journalChecks(nil) {
				j := &faultyJournal{fault: fault}
				if err := c.check(t, j); err != nil {
					found = append(found, err.Error())
				}
			}
			require.Contains(t, strings.Join(found, "\n"), want)
		})
	}
}

// sequencedJournal is a store whose positions come from a sequence. What has no epoch waits
// for nobody: it becomes visible after what has a higher position, when
// somebody has read that.
type sequencedJournal struct {
	mu    sync.Mutex
	rows  []provision.Entry // that are visible
	next  uint64
	fence provision.Fence
	reads int
}

func (s *sequencedJournal) Append(ctx context.Context, entries ...provision.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fence, err := s.fence.Admit(entries...)
	if err != nil {
		return err
	}
	s.fence = fence
	mine, waits := slices.Clone(entries), false
	for i := range mine {
		s.next++
		mine[i].Position = s.next
		waits = waits || mine[i].Epoch > 0
	}
	if last := s.next; !waits {
		if s.until(func() bool { return len(s.rows) > 0 && s.rows[len(s.rows)-1].Position > last }) {
			reads := s.reads
			s.until(func() bool { return s.reads > reads })
		}
	}
	s.rows = append(s.rows, mine...)
	slices.SortFunc(s.rows, func(a, b provision.Entry) int { return cmp.Compare(a.Position, b.Position) })
	return nil
}

// until lets others go on until something holds, but not for ever: they may wait, too.
func (s *sequencedJournal) until(holds func() bool) bool {
	for range 1000 {
		if holds() {
			return true
		}
		s.mu.Unlock()
		runtime.Gosched()
		s.mu.Lock()
	}
	return false
}

func (s *sequencedJournal) Entries(ctx context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	return func(yield func(provision.Entry, error) bool) {
		s.mu.Lock()
		rows := slices.Clone(s.rows)
		s.reads++
		s.mu.Unlock()
		for _, e := range rows {
			if err := ctx.Err(); err != nil {
				yield(provision.Entry{}, err)
				return
			}
			if e.Position > after && !yield(e, nil) {
				return
			}
		}
	}
}

// TestJournalFindsLateEntries: only whoever reads on while others write can find it.
func TestJournalFindsLateEntries(t *testing.T) {
	for _, c := range journalChecks(nil) {
		err := c.check(t, &sequencedJournal{})
		if c.name == "reading on while others write" {
			require.ErrorIs(t, err, errJournalLate)
		} else {
			require.NoError(t, err, c.name)
		}
	}
}

// forgetfulFile is a store that loses something when it is opened again or compacted.
type forgetfulFile struct {
	fileJournal
	fault string
}

func (f forgetfulFile) Compact(ctx context.Context, before time.Time) error {
	if f.fault == "compacts too much" {
		before = before.Add(3 * time.Minute)
	}
	return f.FileJournal.Compact(ctx, before)
}

func TestJournalFindsWhatIsForgotten(t *testing.T) {
	for fault, want := range map[string]string{
		"is empty when opened again": "opened again: content: want the entries",
		"compacts too much":          "compaction: want one entry of kind Compacted and 8 later ones, got 6 entries",
	} {
		t.Run(fault, func(t *testing.T) {
			options := &JournalOptions{Reopen: func(t testing.TB, j provision.Journal) provision.Journal {
				path := j.(forgetfulFile).path //nolint:forcetypeassert // it is one
				if fault == "is empty when opened again" {
					path = filepath.Join(t.TempDir(), "other")
				}
				return forgetfulFile{fileJournal{openFile(t, path), path}, fault}
			}}
			var found []string
			for _, c := range journalChecks(options) {
				path := filepath.Join(t.TempDir(), "journal")
				if err := c.check(t, forgetfulFile{fileJournal{openFile(t, path), path}, fault}); err != nil {
					found = append(found, err.Error())
				}
			}
			require.Contains(t, strings.Join(found, "\n"), want)
		})
	}
}

package provision_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

func entries(t *testing.T, j provision.Journal, after uint64) []provision.Entry {
	t.Helper()
	var out []provision.Entry
	for e, err := range j.Entries(t.Context(), after) {
		require.NoError(t, err)
		out = append(out, e)
	}
	return out
}

func openJournal(t *testing.T, path string) *provision.FileJournal {
	t.Helper()
	j, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func TestJournals(t *testing.T) {
	kinds := map[string]func(t *testing.T) provision.Journal{
		"memory": func(*testing.T) provision.Journal { return &provision.MemoryJournal{} },
		"file": func(t *testing.T) provision.Journal {
			return openJournal(t, filepath.Join(t.TempDir(), "journal"))
		},
	}
	for name, open := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Run("keeps order and content", func(t *testing.T) {
				j := open(t)
				at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
				require.NoError(t, j.Append(t.Context(),
					provision.Entry{At: at, Kind: provision.RunBegin, Run: "r1", Target: "app"},
					provision.Entry{
						At: at, Kind: provision.Happened, Run: "r1", Target: "app", Change: "c1",
						Key: target.Key{Identity: "E1", Slot: "admin"}, Account: "7", Action: reconcile.Grant,
						Entitlement: target.Entitlement{Kind: "group", Name: "a:b"}, Outcome: provision.Done,
					}))
				require.NoError(t, j.Append(t.Context(), provision.Entry{
					At: at, Kind: provision.RunEnd, Target: "app",
					End: &provision.RunTotal{Whole: true, People: 3, Missing: []target.Key{{Identity: "E2"}}},
				}))
				all := entries(t, j, 0)
				require.Len(t, all, 3)
				assert.Equal(t, "r1", all[0].Run)
				assert.Equal(t, target.Key{Identity: "E1", Slot: "admin"}, all[1].Key)
				assert.Equal(t, target.Entitlement{Kind: "group", Name: "a:b"}, all[1].Entitlement)
				assert.Equal(t, reconcile.Grant, all[1].Action)
				assert.Equal(t, provision.Done, all[1].Outcome)
				assert.Equal(t, []target.Key{{Identity: "E2"}}, all[2].End.Missing)
				assert.True(t, all[1].At.Equal(at))
				assert.Less(t, all[0].Position, all[1].Position)
				assert.Less(t, all[1].Position, all[2].Position)
			})
			t.Run("yields the tail", func(t *testing.T) {
				j := open(t)
				for i := range 5 {
					require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: fmt.Sprint(i)}))
				}
				all := entries(t, j, 0)
				tail := entries(t, j, all[2].Position)
				require.Len(t, tail, 2)
				assert.Equal(t, "3", tail[0].Change)
				assert.Empty(t, entries(t, j, all[4].Position))
			})
			t.Run("refuses after the context ended", func(t *testing.T) {
				j := open(t)
				ctx, cancel := context.WithCancel(t.Context())
				require.NoError(t, j.Append(ctx, provision.Entry{Kind: provision.RunBegin}))
				cancel()
				require.ErrorIs(t, j.Append(ctx, provision.Entry{Kind: provision.RunBegin}), context.Canceled)
				for _, err := range j.Entries(ctx, 0) {
					require.ErrorIs(t, err, context.Canceled)
				}
				assert.Len(t, entries(t, j, 0), 1)
			})
			t.Run("takes several writers", func(t *testing.T) {
				j := open(t)
				var all sync.WaitGroup
				for w := range 8 {
					all.Go(func() {
						for i := range 10 {
							assert.NoError(t, j.Append(t.Context(),
								provision.Entry{Kind: provision.Happened, Change: fmt.Sprintf("%d-%d-a", w, i)},
								provision.Entry{Kind: provision.Happened, Change: fmt.Sprintf("%d-%d-b", w, i)}))
							for range j.Entries(t.Context(), 0) { //nolint:errcheck // left at once
								break
							}
						}
					})
				}
				all.Wait()
				got := entries(t, j, 0)
				require.Len(t, got, 160)
				for i := 0; i < len(got); i += 2 { // the two of one call stay together
					assert.Equal(t, strings.TrimSuffix(got[i].Change, "a"), strings.TrimSuffix(got[i+1].Change, "b"))
				}
			})
		})
	}
}

func TestMemoryJournalKeepsNoIntents(t *testing.T) {
	j := &provision.MemoryJournal{}
	require.NoError(t, j.Append(t.Context(),
		provision.Entry{Kind: provision.Intent, Change: "c"}, provision.Entry{Kind: provision.Happened, Change: "c"}))
	all := entries(t, j, 0)
	require.Len(t, all, 1)
	assert.Equal(t, provision.Happened, all[0].Kind)
	assert.Equal(t, uint64(2), all[0].Position)
}

func TestFileJournalOutlivesTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Intent, Change: "c1"}))
	require.NoError(t, j.Close())
	require.Error(t, j.Append(t.Context(), provision.Entry{Kind: provision.Intent}), "a closed journal takes nothing")

	j = openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: "c1"}))
	all := entries(t, j, 0)
	require.Len(t, all, 2)
	assert.Equal(t, uint64(2), all[1].Position)

	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it holds personal data")
}

func TestFileJournalCutsATornTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Intent, Change: "c1"}))
	long := strings.Repeat("c", 300) // so that what is appended after it does not cover it
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: long}))
	require.NoError(t, j.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	first := strings.IndexByte(string(whole), '\n') + 1
	for length := first; length < len(whole)-1; length += 7 {
		require.NoError(t, os.WriteFile(path, whole[:length], 0o600))
		j := openJournal(t, path)
		require.Len(t, entries(t, j, 0), 1, "cut at byte %d", length)
		require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: "again"}))
		require.NoError(t, j.Close())
		require.Len(t, entries(t, openJournal(t, path), 0), 2)
	}
}

func TestFileJournalNamesADamagedLine(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	good := `{"position":1,"at":"2026-03-01T00:00:00Z","kind":"run-begin"}` + "\n"
	for name, test := range map[string]struct{ content, want string }{
		"garbage":      {good + "garbage\n" + good, "line 2"},
		"order":        {good + good, "line 2: the journal is damaged: position 1 after 1"},
		"unknown word": {good + `{"position":2,"kind":"happened","action":"explode"}` + "\n", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, []byte(sealed(test.content)), 0o600))
			_, err := provision.OpenFileJournal(path)
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, path)
		})
	}
	_, err := provision.OpenFileJournal(t.TempDir())
	require.Error(t, err, "a folder is no journal")
}

func TestFileJournalOpenTwice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	engine, other := openJournal(t, path), openJournal(t, path)
	long := strings.Repeat("because ", 500)
	for i := range 20 {
		require.NoError(t, engine.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: fmt.Sprint("e", i)}))
		require.NoError(t, other.Append(t.Context(), provision.Entry{
			Kind: provision.Deciding, Change: fmt.Sprint("d", i), Decision: &provision.Decision{Actor: "cfo", Reason: long[:i*100]},
		}))
	}
	for name, j := range map[string]provision.Journal{"one": engine, "other": other, "anew": openJournal(t, path)} {
		all := entries(t, j, 0)
		require.Len(t, all, 40, name)
		for i := range all {
			assert.Equal(t, uint64(i+1), all[i].Position)
		}
	}

	// Somebody cuts the file under our feet: nothing is written over it.
	require.NoError(t, os.Truncate(path, 100))
	require.ErrorContains(t, engine.Append(t.Context(), provision.Entry{Kind: provision.Intent}), "shrank")
	for _, err := range other.Entries(t.Context(), 0) {
		require.ErrorContains(t, err, "shrank")
	}
}

// brokenJournal fails on demand.
type brokenJournal struct {
	provision.MemoryJournal
	failAppend func(e []provision.Entry) error
	failRead   error
}

func (b *brokenJournal) Append(ctx context.Context, e ...provision.Entry) error {
	if b.failAppend != nil {
		if err := b.failAppend(e); err != nil {
			return err
		}
	}
	return b.MemoryJournal.Append(ctx, e...)
}

func (b *brokenJournal) Entries(ctx context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	if b.failRead != nil {
		return func(yield func(provision.Entry, error) bool) { yield(provision.Entry{}, b.failRead) }
	}
	return b.MemoryJournal.Entries(ctx, after)
}

var errDisk = errors.New("no space left on device")

package provision_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"iter"
	mathrand "math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// kept is a journal that somebody with access to the store can alter.
type kept []provision.Entry

func (k kept) Append(context.Context, ...provision.Entry) error { return nil }

func (k kept) Entries(_ context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	return func(yield func(provision.Entry, error) bool) {
		for i := range k {
			if k[i].Position > after && !yield(k[i], nil) {
				return
			}
		}
	}
}

// ran are the entries of a few real runs.
func ran(t *testing.T) kept {
	t.Helper()
	journal := &provision.MemoryJournal{}
	w := newWorld(t, func(c *provision.Config) { c.Journal = journal })
	w.people.Set(staff(12)...)
	w.sync()
	w.people.Set(staff(9)...)
	w.sync()
	var all kept
	for e, err := range journal.Entries(t.Context(), 0) {
		require.NoError(t, err)
		all = append(all, e)
	}
	require.Greater(t, len(all), 20)
	return all
}

func keys(t *testing.T, name string) (note.Signer, note.Verifier) {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, name)
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(public)
	require.NoError(t, err)
	return signer, verifier
}

func seal(t *testing.T, j provision.Journal, signer note.Signer) []byte {
	t.Helper()
	text, err := provision.SealJournal(t.Context(), j, signer)
	require.NoError(t, err)
	return text
}

// The root of a seal is the one that the reference implementation computes.
func TestSealIsATransparencyLogCheckpoint(t *testing.T) {
	signer, verifier := keys(t, "acme")
	all := ran(t)
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(at []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, 0, len(at))
		for _, i := range at {
			out = append(out, hashes[i])
		}
		return out, nil
	})
	for n := range len(all) + 1 {
		opened, err := note.Open(seal(t, all[:n], signer), note.VerifierList(verifier))
		require.NoError(t, err)
		root, err := tlog.TreeHash(int64(n), reader)
		require.NoError(t, err)
		if n == 0 {
			root, err = tlog.ParseHash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=") // of nothing
			require.NoError(t, err)
		}
		lines := strings.Split(opened.Text, "\n")
		assert.Equal(t, "acme", lines[0])
		assert.Equal(t, root.String(), lines[2], "%d entries", n)
		if n < len(all) {
			text, err := json.Marshal(all[n])
			require.NoError(t, err)
			more, err := tlog.StoredHashes(int64(n), text, reader)
			require.NoError(t, err)
			hashes = append(hashes, more...)
		}
	}
}

// Whatever is done to an entry that a seal covers is found, and where.
func TestVerifyJournalFindsWhatWasAltered(t *testing.T) {
	signer, verifier := keys(t, "acme")
	all := ran(t)
	var seals [][]byte
	for n := 5; n <= len(all); n += 5 {
		seals = append(seals, seal(t, all[:n], signer))
	}
	covered := len(all) / 5 * 5
	require.NoError(t, provision.VerifyJournal(t.Context(), all, verifier, seals...))
	require.NoError(t, provision.VerifyJournal(t.Context(), all, verifier), "no seal covers nothing")
	slices.Reverse(seals)
	require.NoError(t, provision.VerifyJournal(t.Context(), all, verifier, seals...), "in any order")

	d := mathrand.New(mathrand.NewPCG(1, 2))
	for round := range 400 {
		i := d.IntN(covered)
		other := slices.Clone(all)
		what := []string{"altered", "removed", "added", "moved", "cut"}[round%5]
		switch what {
		case "altered":
			e := &other[i]
			switch d.IntN(4) {
			case 0:
				e.Text += " "
			case 1:
				e.At = e.At.Add(1)
			case 2:
				e.Run += "x"
			case 3:
				e.Outcome = provision.Failed - e.Outcome
			}
		case "removed":
			other = slices.Delete(other, i, i+1)
		case "added":
			other = slices.Insert(other, i, other[d.IntN(len(other))])
		case "moved":
			j := d.IntN(covered)
			if other[i].Position == other[j].Position {
				continue
			}
			other[i], other[j] = other[j], other[i]
			i = min(i, j)
		case "cut":
			other = other[:i]
		}
		err := provision.VerifyJournal(t.Context(), other, verifier, seals...)
		require.ErrorIs(t, err, provision.ErrTampered, "%s at %d", what, i+1)
		if what == "altered" || what == "moved" {
			from := i/5*5 + 1
			assert.Contains(t, err.Error(), "entries "+strconv.Itoa(from)+" to "+strconv.Itoa(from+4)+" ", "%s at %d", what, i+1)
		}
	}
}

func TestVerifyJournalRefusesSealsOfOthers(t *testing.T) {
	signer, verifier := keys(t, "acme")
	forger, _ := keys(t, "acme")
	other, _ := keys(t, "other")
	all := ran(t)
	good := seal(t, all, signer)
	for name, text := range map[string][]byte{
		"a forged signature": seal(t, all, forger),
		"another name":       seal(t, all, other),
		"nothing":            nil,
		"no seal":            []byte("hello\n"),
		"altered":            []byte(strings.Replace(string(good), "acme\n", "acme\n1", 1)),
		"cut":                good[:len(good)-9],
		"a signed note that is no seal": func() []byte {
			text, err := note.Sign(&note.Note{Text: "acme\nhello\n"}, signer)
			require.NoError(t, err)
			return text
		}(),
		"of another log by the same key": func() []byte {
			_, rest, _ := strings.Cut(string(good), "\n")
			text, err := note.Sign(&note.Note{Text: "other\n" + rest[:strings.Index(rest, "\n\n")+1]}, signer)
			require.NoError(t, err)
			return text
		}(),
		"a size that is none": func() []byte {
			text, err := note.Sign(&note.Note{Text: "acme\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"}, signer)
			require.NoError(t, err)
			return text
		}(),
		"a hash that is none": func() []byte {
			text, err := note.Sign(&note.Note{Text: "acme\n1\n47DEQpj8HBSa\n"}, signer)
			require.NoError(t, err)
			return text
		}(),
	} {
		err := provision.VerifyJournal(t.Context(), all, verifier, good, text)
		require.ErrorIs(t, err, provision.ErrSeal, name)
		assert.Contains(t, err.Error(), "seal 2", name)
	}
}

// Seals go on over a compaction, and cover what it put in the place of the entries.
func TestSealsOverACompaction(t *testing.T) {
	signer, verifier := keys(t, "acme")
	all := ran(t)
	compact := func(n int) kept {
		entry, err := provision.CompactEntries(func(yield func(provision.Entry, error) bool) {
			for _, e := range all[:n] {
				if !yield(e, nil) {
					return
				}
			}
		})
		require.NoError(t, err)
		return append(kept{entry}, all[n:]...)
	}
	half := len(all) / 2
	small := compact(half)
	before, end := seal(t, all[:half+2], signer), seal(t, all, signer)
	err := provision.VerifyJournal(t.Context(), small, verifier, before, end)
	require.ErrorIs(t, err, provision.ErrFoldNotSealed, "nobody has seen what it put there")

	after := seal(t, small, signer)
	require.NoError(t, provision.VerifyJournal(t.Context(), small, verifier, after))
	require.NoError(t, provision.VerifyJournal(t.Context(), small, verifier, before, end, after), "the tree goes on")
	require.NoError(t, provision.VerifyJournal(t.Context(), all, verifier, after), "and holds for the archive")
	again := compact(half + 3)
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), again, verifier, after, end), provision.ErrFoldNotSealed, "compacted once more")
	require.NoError(t, provision.VerifyJournal(t.Context(), again, verifier, after, end, seal(t, again, signer)))

	forged := slices.Clone(small)
	fold := *forged[0].Fold
	fold.State = json.RawMessage(strings.Replace(string(fold.State), `"Phase":"active"`, `"Phase":"left"`, 1))
	require.NotEqual(t, string(small[0].Fold.State), string(fold.State))
	forged[0].Fold = &fold
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), forged, verifier, after), provision.ErrTampered)
	short := *small[0].Fold
	short.Entries++
	forged[0].Fold = &short
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), forged, verifier, after), provision.ErrTampered)
}

// Whoever can write the journal and has no key compacts it without an entry that was sealed.
func TestVerifyJournalFindsAForgedCompaction(t *testing.T) {
	signer, verifier := keys(t, "acme")
	all := ran(t)
	fold := func(list kept) provision.Entry {
		e, err := provision.CompactEntries(list.Entries(t.Context(), 0))
		require.NoError(t, err)
		return e
	}
	without := slices.DeleteFunc(slices.Clone(all), func(e provision.Entry) bool { return e.Kind == provision.Happened })
	forged, truth := fold(without), fold(all)
	forged.Position, forged.At, forged.Fold.Entries, forged.Fold.Edge = truth.Position, truth.At, truth.Fold.Entries, truth.Fold.Edge
	require.NotEqual(t, truth, forged)
	small := append(kept{fold(all[:len(all)/2])}, all[len(all)/2:]...)
	for name, sealed := range map[string][]byte{"sealed before": seal(t, all, signer), "sealed after another one": seal(t, small, signer)} {
		require.NoError(t, provision.VerifyJournal(t.Context(), all, verifier, sealed), name)
		assert.ErrorIs(t, provision.VerifyJournal(t.Context(), kept{forged}, verifier, sealed), provision.ErrFoldNotSealed, name)
	}
	assert.ErrorIs(t, provision.VerifyJournal(t.Context(), kept{forged}, verifier, seal(t, kept{truth}, signer)), provision.ErrTampered)
}

// Whoever keeps every seal and gives them all is told of what was altered since a
// compaction, though some are older.
func TestASealFromBeforeACompactionHidesNothing(t *testing.T) {
	signer, verifier := keys(t, "acme")
	all := ran(t)
	half := len(all) / 2
	entry, err := provision.CompactEntries(all[:half].Entries(t.Context(), 0))
	require.NoError(t, err)
	small := append(kept{entry}, all[half:]...)
	seals := [][]byte{seal(t, all[:half-1], signer), seal(t, small[:3], signer), seal(t, small, signer)}
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), small, verifier, seals...), provision.ErrSealedBefore)
	require.ErrorIs(t, provision.VerifyJournal(t.Context(), small[:4], verifier, seals...), provision.ErrTampered, "cut")
	for n := 1; n < len(small); n++ {
		altered := slices.Clone(small)
		altered[n].Text += "altered"
		require.ErrorIs(t, provision.VerifyJournal(t.Context(), altered, verifier, seals...), provision.ErrTampered, "entry %d", n)
	}
}

// A store may show times in the zone of its machine.
func TestSealsHoldInAnotherZone(t *testing.T) {
	signer, verifier := keys(t, "acme")
	all := ran(t)
	elsewhere := slices.Clone(all)
	for i := range elsewhere {
		elsewhere[i].At = elsewhere[i].At.In(time.FixedZone("CET", 3600))
	}
	require.NoError(t, provision.VerifyJournal(t.Context(), all, verifier, seal(t, elsewhere, signer)))
}

func BenchmarkSealJournal(b *testing.B) {
	private, _, err := note.GenerateKey(rand.Reader, "acme")
	require.NoError(b, err)
	signer, err := note.NewSigner(private)
	require.NoError(b, err)
	journal := make(kept, 0, 100_000)
	for i := range uint64(cap(journal)) {
		journal = append(journal, provision.Entry{
			Position: i + 1, At: time.Date(2026, 3, 1, 9, 0, 0, int(i), time.UTC), Kind: provision.Happened, Run: "R2J5PZ5MGTPZ5",
			Target: "app", Change: "c6b1d6d1f0e3c9a45a7b", Key: target.Key{Identity: "E" + strconv.Itoa(int(i))}, Account: "n-" + strconv.Itoa(int(i)),
			Action: reconcile.Grant, Entitlement: target.Entitlement{Kind: "group", Name: "engineering"}, Outcome: provision.Done,
		})
	}
	b.ResetTimer()
	for b.Loop() {
		_, err := provision.SealJournal(b.Context(), journal, signer)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(journal)), "ns/entry")
}

package provision_test

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
)

// sealed gives lines that begin like an entry the checksum that they lack.
func sealed(lines string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		text, whole := strings.CutSuffix(line, "\n")
		if rest, entry := strings.CutPrefix(text, "{"); entry && whole && strings.HasPrefix(rest, `"position"`) {
			line = fmt.Sprintf("{\"sum\":\"%08x\",%s\n", crc32.Checksum([]byte(rest), crc32.MakeTable(crc32.Castagnoli)), rest)
		}
		b.WriteString(line)
	}
	return b.String()
}

// writtenJournal is a file with some entries, the last three by calls of their own, and
// where its lines begin.
func writtenJournal(t *testing.T) (content []byte, starts []int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	for i := range 6 {
		require.NoError(t, j.Append(t.Context(), provision.Entry{
			At: time.Date(2026, 3, 1, 12, i, 0, 0, time.UTC), Kind: provision.Happened, Target: "app",
			Key: target.Key{Identity: fmt.Sprint("E", i)}, Change: strings.Repeat("c", 20), Outcome: provision.Done,
		}))
	}
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	at := 0
	for line := range bytes.Lines(content) {
		starts = append(starts, at)
		at += len(line)
	}
	return content, starts
}

func TestFileJournalTruncatedAnywhere(t *testing.T) {
	content, starts := writtenJournal(t)
	path := filepath.Join(t.TempDir(), "journal")
	for length := starts[3]; length <= len(content); length++ {
		for _, zeros := range []int{0, 3} {
			whole := bytes.Count(content[:length], []byte("\n"))
			require.NoError(t, os.WriteFile(path, append(bytes.Clone(content[:length]), make([]byte, zeros)...), 0o600))
			j, err := provision.OpenFileJournal(path)
			require.NoError(t, err, "cut at byte %d", length)
			require.Len(t, entries(t, j, 0), whole, "cut at byte %d", length)
			if length%5 == 0 {
				require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: "next"}))
				require.Len(t, entries(t, j, 0), whole+1)
			}
			require.NoError(t, j.Close())
		}
	}
}

// TestFileJournalTearsNoAppend: of what one call appends all is there, or nothing.
func TestFileJournalTearsNoAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Happened, Change: "first"}))
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Owing}, provision.Entry{Kind: provision.Owing}, provision.Entry{Kind: provision.Owing}))
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	first := bytes.IndexByte(content, '\n') + 1
	for length := first; length < len(content); length++ {
		require.NoError(t, os.WriteFile(path, content[:length], 0o600))
		require.Len(t, entries(t, openJournal(t, path), 0), 1, "cut at byte %d", length)
	}
}

// TestFileJournalFlippedBit: one wrong bit anywhere is found, wherever it is, and the
// file stays as it is.
func TestFileJournalFlippedBit(t *testing.T) {
	content, starts := writtenJournal(t)
	path := filepath.Join(t.TempDir(), "journal")
	r := rand.New(rand.NewPCG(1, 2))
	flips := make([]int, 0, 600)
	for range 500 {
		flips = append(flips, r.IntN(len(content)*8))
	}
	for bit := len(content)*8 - 100; bit < len(content)*8; bit++ { // up to the last line end
		flips = append(flips, bit)
	}
	for _, bit := range flips {
		damaged := bytes.Clone(content)
		damaged[bit/8] ^= 1 << (bit % 8)
		require.NoError(t, os.WriteFile(path, damaged, 0o600))
		_, err := provision.OpenFileJournal(path)
		line := bytes.Count(content[:bit/8], []byte("\n")) + 1
		require.ErrorContains(t, err, fmt.Sprintf("line %d: ", line), "bit %d", bit)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, damaged, after, "bit %d: nothing was written", bit)
	}
	// In a file that is open, what was good is read again.
	require.NoError(t, os.WriteFile(path, content, 0o600))
	j := openJournal(t, path)
	content[starts[3]+60] ^= 4
	require.NoError(t, os.WriteFile(path, content, 0o600))
	var last error
	for _, err := range j.Entries(t.Context(), 0) {
		last = err
	}
	require.ErrorContains(t, last, "checksum")
}

// TestFileJournalRefuses: what is no journal is told from one, with what to do, before
// anything is written.
func TestFileJournalRefuses(t *testing.T) {
	content, starts := writtenJournal(t)
	dir := t.TempDir()
	for name, test := range map[string]struct {
		content []byte
		want    string
	}{
		"another program's file": {[]byte("[section]\nkey = value\n"), "line 1: the journal is damaged: it is no entry of a journal; if the file is something else, name another one"},
		"a file of zeros":        {append(make([]byte, 100), '\n'), "zero bytes"},
		"zeros in the middle":    {slicesOf(content[:starts[2]], make([]byte, 50), content[starts[2]:]), "line 3: the journal is damaged: it has zero bytes; nothing was written"},
		"a line missing":         {slicesOf(content[:starts[3]], content[starts[2]:]), "line 4: the journal is damaged: position 3 after 3"},
		"without a checksum":     {[]byte(`{"position":1,"kind":"run-begin"}` + "\n"), "line 1"},
		"Windows line ends":      {bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n")), "line 1: the journal is damaged: its checksum"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, "journal")
			require.NoError(t, os.WriteFile(path, test.content, 0o600))
			_, err := provision.OpenFileJournal(path)
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, path)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, test.content, after)
		})
	}
	_, err := provision.OpenFileJournal(dir)
	require.ErrorContains(t, err, "it is a folder")
	_, err = provision.OpenFileJournal("/dev/full")
	require.ErrorContains(t, err, "it is a device", "whose content never ends")
	_, err = provision.OpenFileJournal(filepath.Join(dir, "nowhere", "journal"))
	require.ErrorContains(t, err, "no such file or directory; it must be possible")
}

func slicesOf(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestFileJournalReplacedOrRemoved(t *testing.T) {
	content, _ := writtenJournal(t)
	path := filepath.Join(t.TempDir(), "journal")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	j := openJournal(t, path)
	require.NoError(t, os.Rename(path, path+".old"))
	entry := provision.Entry{Kind: provision.Intent}
	require.ErrorContains(t, j.Append(t.Context(), entry), "removed or renamed")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	require.ErrorContains(t, j.Append(t.Context(), entry), "another file has taken its place")
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, content, after)
	require.NoError(t, os.Rename(path+".old", path))
	require.NoError(t, j.Append(t.Context(), entry), "put back, it goes on")
}

// TestFileJournalRefusesWhatItCouldNotRead: an entry that could be written but not be
// read would make the file useless.
func TestFileJournalRefusesWhatItCouldNotRead(t *testing.T) {
	j := openJournal(t, filepath.Join(t.TempDir(), "journal"))
	bad := target.Key{Slot: "only"}
	for _, e := range []provision.Entry{{Key: bad}, {To: bad}, {End: &provision.RunTotal{Missing: []target.Key{bad}}}} {
		require.ErrorContains(t, j.Append(t.Context(), provision.Entry{Kind: "fine"}, e), "entry 2 of 2")
	}
	assert.Empty(t, entries(t, j, 0))
	require.NoError(t, j.Append(t.Context(), provision.Entry{Key: target.Key{Identity: "a~b", Slot: "admin"}}))
	assert.Equal(t, target.Key{Identity: "a~b", Slot: "admin"}, entries(t, j, 0)[0].Key)
}

// TestFileJournalNearItsEnd: what comes after any position is right, in a file that is
// much larger than what is read at once.
func TestFileJournalNearItsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	r := rand.New(rand.NewPCG(5, 5))
	var all []provision.Entry
	for len(all) < 3000 {
		var batch []provision.Entry
		for range r.IntN(40) + 1 {
			batch = append(batch, provision.Entry{Kind: provision.Happened, Text: strings.Repeat("x", r.IntN(400))})
		}
		require.NoError(t, j.Append(t.Context(), batch...))
		all = append(all, batch...)
	}
	for _, j := range []*provision.FileJournal{j, openJournal(t, path)} {
		for range 25 {
			after := r.IntN(len(all) + 2)
			got := entries(t, j, uint64(after))
			require.Len(t, got, max(len(all)-after, 0))
			for i := range got {
				if got[i].Position != uint64(after+i+1) || got[i].Text != all[after+i].Text {
					t.Fatalf("after %d: entry %d is %d", after, i, got[i].Position)
				}
			}
		}
	}
}

package provision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Errors of VerifyJournal.
var (
	// ErrTampered says that a journal is not the one that was sealed: an entry was
	// altered, removed, added or moved, or the seal is another journal's.
	ErrTampered = errors.New("the journal is not as it was sealed")
	// ErrSeal says that a seal cannot be read, or that its signature is not that of
	// the key.
	ErrSeal = errors.New("the seal is not valid")
	// ErrSealedBefore says that a seal covers entries that were compacted away since.
	// The archive of the compaction has them: with a FileJournal the file PATH.POSITION,
	// opened with OpenFileJournal.
	ErrSealedBefore = errors.New("the journal was compacted after the seal; verify the archive of that compaction")
	// ErrFoldNotSealed says that no seal covers what stands for the compacted entries:
	// whoever could write the journal may have made it up.
	ErrFoldNotSealed = errors.New("what stands for the compacted entries was not sealed; seal the journal after each compaction")
)

// compactedLine begins a line of a seal that says what stands in the place of compacted
// entries, which is no leaf of the tree: how many they were, and the hash of the Compacted
// entry. Checkpoints may have such lines.
const compactedLine = "compacted "

// SealJournal signs what a journal holds now. A seal is a checkpoint of a
// transparency log (https://c2sp.org/tlog-checkpoint): the name of the signer, the
// number of entries and the root of the Merkle tree over them (RFC 6962, section
// 2.1; a leaf is an entry as [encoding/json] writes it), signed as
// [golang.org/x/mod/sumdb/note] does, whose GenerateKey makes a key.
//
// A seal is worth what keeps it away from those who can write the journal: send it
// somewhere else after each run, or at the end of a day. It reads the whole journal:
// about 3 µs for each entry. A journal that was compacted goes on with the tree of the
// entries that are gone; seals that are older verify in the archive that
// [FileJournal.Compact] left.
func SealJournal(ctx context.Context, j Journal, signer note.Signer) ([]byte, error) {
	var tree journalTree
	for e, err := range j.Entries(ctx, 0) {
		if err == nil {
			err = tree.add(&e)
		}
		if err != nil {
			return nil, fmt.Errorf("seal journal: %w", err)
		}
	}
	root := tree.root()
	text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), tree.size, root)
	if tree.compacted != "" {
		text += compactedLine + tree.compacted + "\n"
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return nil, fmt.Errorf("seal journal: %w", err)
	}
	return signed, nil
}

// VerifyJournal checks a journal against seals that were made of it earlier, in any
// order. Every entry that a seal covers must be there, in its place, as it was, and where
// a compaction has put one entry in the place of others, a seal must have been made since.
// What came after the last seal is not covered. Errors wrap ErrTampered, and then
// say between which entries the first difference is, as closely as the seals can
// tell; or ErrSeal. Where all else is as it was sealed, they wrap ErrSealedBefore if there
// are seals that only the archive of a compaction ([FileJournal.Compact]) can be checked
// against, or ErrFoldNotSealed.
func VerifyJournal(ctx context.Context, j Journal, key note.Verifier, seals ...[]byte) error {
	heads := make([]sealed, 0, len(seals))
	for i, text := range seals {
		head, err := openSeal(text, key)
		if err != nil {
			return fmt.Errorf("seal %d: %w", i+1, err)
		}
		heads = append(heads, head)
	}
	slices.SortFunc(heads, func(a, b sealed) int { return int(a.size - b.size) })
	var tree journalTree
	var before error // of the first seal that is of entries that were compacted
	covered := false // what stands for the compacted entries
	good := int64(0) // entries that are as they were
	check := func() error {
		for len(heads) > 0 && heads[0].size < tree.size {
			if before == nil {
				before = fmt.Errorf("%w: %d entries were sealed, and %d are compacted", ErrSealedBefore, heads[0].size, tree.size)
			}
			heads = heads[1:]
		}
		for len(heads) > 0 && heads[0].size == tree.size {
			if tree.root() != heads[0].root {
				return fmt.Errorf("%w: something among the entries %d to %d is different", ErrTampered, good+1, tree.size)
			}
			if contradict(heads[0].compacted, tree.compacted) {
				return fmt.Errorf("%w: what stands for the compacted entries is different", ErrTampered)
			}
			covered = covered || heads[0].compacted == tree.compacted
			good, heads = tree.size, heads[1:]
		}
		return nil
	}
	if err := check(); err != nil {
		return err
	}
	for e, err := range j.Entries(ctx, 0) {
		if err == nil {
			err = tree.add(&e)
		}
		if err != nil {
			return fmt.Errorf("verify journal: %w", err)
		}
		if err := check(); err != nil {
			return err
		}
	}
	if len(heads) > 0 {
		return fmt.Errorf("%w: it has %d entries, and %d were sealed", ErrTampered, tree.size, heads[len(heads)-1].size)
	}
	if tree.compacted != "" && !covered && len(seals) > 0 {
		return errors.Join(before, fmt.Errorf("%w: %s entries", ErrFoldNotSealed, strings.Fields(tree.compacted)[0]))
	}
	return before
}

// contradict reports whether a seal and a journal say different things of one and the
// same compaction. A later one leaves nothing to compare.
func contradict(seal, journal string) bool {
	entries, _, _ := strings.Cut(seal, " ")
	same, _, _ := strings.Cut(journal, " ")
	return seal != "" && entries == same && seal != journal
}

// sealed is what a seal says.
type sealed struct {
	size      int64
	root      tlog.Hash
	compacted string // as journalTree has it
}

// openSeal checks the signature of a seal and reads it.
func openSeal(text []byte, key note.Verifier) (sealed, error) {
	n, err := note.Open(bytes.TrimLeft(text, "\n"), note.VerifierList(key))
	if err != nil {
		return sealed{}, fmt.Errorf("%w: %w", ErrSeal, err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 {
		return sealed{}, fmt.Errorf("%w: it has %d lines, not a name, a size and a hash", ErrSeal, len(lines)-1)
	}
	if lines[0] != key.Name() {
		return sealed{}, fmt.Errorf("%w: it is of %q, and the key is of %q", ErrSeal, lines[0], key.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || lines[1] != strconv.FormatInt(size, 10) {
		return sealed{}, fmt.Errorf("%w: the size %q is no number", ErrSeal, lines[1])
	}
	head := sealed{size: size}
	if head.root, err = tlog.ParseHash(lines[2]); err != nil {
		return sealed{}, fmt.Errorf("%w: the hash cannot be read", ErrSeal)
	}
	head.compacted, _ = strings.CutPrefix(lines[3], compactedLine)
	return head, nil
}

package provisiontest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/provision-go/provision"
)

var errJournalLate = errors.New("late entries")

// journalTail has one read on from the last position that it has seen, as an engine does,
// while engines and desks append. It sees everything.
func journalTail(j provision.Journal) error {
	const writers, times = 8, 25
	if err := appendAll(j, leased("a", 1)); err != nil {
		return err
	}
	failed := make([]error, writers)
	seen, last := map[uint64]bool{}, uint64(0)
	for i := range times {
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				e := happened(w*times + i)
				e.Epoch = uint64(w % 2)
				failed[w] = errors.Join(failed[w], appendAll(j, e))
			})
		}
		over := make(chan struct{})
		go func() {
			defer close(over)
			all.Wait()
		}()
		for done := false; !done; {
			select {
			case <-over:
				done = true // and once more
			default:
				runtime.Gosched()
			}
			more, err := readJournal(j, last)
			if err != nil {
				<-over
				return err
			}
			for i := range more {
				last = more[i].Position
				seen[last] = true
			}
		}
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	_, entries, err := changesOf(j)
	if err != nil {
		return err
	}
	for i := range entries {
		if e := &entries[i]; !seen[e.Position] {
			return fmt.Errorf("%w: %s at position %d became visible after a later position was read, and whoever reads on from there never sees it;"+
				" Append must keep others waiting from when it takes a position until the entry is visible", errJournalLate, e.Change, e.Position)
		}
	}
	return nil
}

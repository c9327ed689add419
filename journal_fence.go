package provision

import (
	"errors"
	"fmt"
	"time"
)

// ErrFenced says that somebody else has taken the tenant over: what was to be
// appended was not. Plan anew.
var ErrFenced = errors.New("another engine has taken over")

// A Lease says which engine has a tenant to itself, and until when.
type Lease struct {
	Holder string    `json:"holder"`
	Until  time.Time `json:"until,omitzero"` // by the holder's clock; zero: it was given back
	// Life is for how long it was taken or renewed. Whoever has seen it unchanged for so
	// long may have the next one, whatever clocks say: its holder would have renewed it.
	Life time.Duration `json:"life,omitempty"`
}

// A Fence is the one rule by which a [Journal] keeps the engines of a tenant apart:
// an engine that was paused and wakes up when its lease has been taken cannot write
// any more. It holds what the last entry with a Lease says; the zero Fence is that
// of an empty journal. A store asks Admit in the transaction that adds the entries.
//
// The fence has no clock. Whether a lease is over is decided by whoever wants to have
// the next one; of two who want it at once, the second is refused.
type Fence struct {
	Epoch  uint64
	Holder string
}

// Admit returns the fence as it is after some entries, or an error if one of them must
// not be added. It wraps ErrFenced for a Leased entry whose Epoch is neither the next one
// nor the present one of the same holder, and for any other entry with an Epoch that is
// not the present one. Entries with Epoch 0 are always admitted, but for those of kind
// Compacted, which nobody appends.
func (f Fence) Admit(entries ...Entry) (Fence, error) {
	for i := range entries {
		e := &entries[i]
		switch {
		case e.Kind == Compacted:
			return f, errAppended
		case e.Kind == Leased:
			if e.Lease == nil || e.Epoch == 0 {
				return f, fmt.Errorf("%w: an entry of kind %q must have Epoch and Lease", ErrFenced, Leased)
			}
			if e.Epoch != f.Epoch+1 && (e.Epoch != f.Epoch || e.Lease.Holder != f.Holder) {
				return f, fmt.Errorf("%w: %s asked for lease %d when %s had %d", ErrFenced, e.Lease.Holder, e.Epoch, f.Holder, f.Epoch)
			}
		case e.Epoch != 0 && e.Epoch != f.Epoch:
			return f, fmt.Errorf("%w: %s has had lease %d since, this was written under %d", ErrFenced, f.Holder, f.Epoch, e.Epoch)
		}
		f = f.after(e)
	}
	return f, nil
}

var errAppended = errors.New(`an entry of kind "compacted" is put in the place of others by a store, and never appended`)

// after is the fence after an entry that is in the journal.
func (f Fence) after(e *Entry) Fence {
	if e.Lease != nil && (e.Kind == Leased || e.Kind == Compacted) {
		return Fence{Epoch: e.Epoch, Holder: e.Lease.Holder}
	}
	return f
}

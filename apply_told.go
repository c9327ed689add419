package provision

import (
	"context"
	"sync"
)

// heldName names a held change on a target.
type heldName struct{ target, change string }

// newlyHeld returns what entries put on the desk that was not there. Until it is
// told nobody else tells it. The caller holds e.mu.
func (e *Engine) newlyHeld(name string, entries []Entry) []Pending {
	if e.config.OnHold == nil {
		return nil
	}
	var out []Pending
	pending := e.state.of(name).pending
	for i := range entries {
		entry := &entries[i]
		if entry.Kind != Holding {
			continue
		}
		_, known := pending[entry.Change]
		if at := (heldName{name, entry.Change}); !known && !e.announced[at] {
			e.announced[at] = true
			out = append(out, *entry.Hold)
		}
	}
	return out
}

// neverHeld takes back what newlyHeld said, because it did not become durable.
func (e *Engine) neverHeld(held []Pending) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range held {
		delete(e.announced, heldName{held[i].Target, held[i].Hold.Change.ID})
	}
}

// tellHeld calls OnHold, one call at a time within an Apply.
func (e *Engine) tellHeld(ctx context.Context, held []Pending, one *sync.Mutex) {
	if len(held) == 0 {
		return
	}
	e.remember(ctx) // from here on the journal says that it is known
	e.neverHeld(held)
	one.Lock()
	defer one.Unlock()
	for i := range held {
		p := &held[i]
		_, err := bounded(ctx, e.config.CallTimeout, func(ctx context.Context) (struct{}, error) {
			e.config.OnHold(ctx, *p)
			return struct{}{}, nil
		})
		if err != nil {
			e.config.Logger.ErrorContext(ctx, "OnHold failed", "target", p.Target, "change", p.Hold.Change.ID, "error", err)
		}
	}
}

// tellProgress calls OnProgress. What panics there is none of the run's business.
func (e *Engine) tellProgress(ctx context.Context, p Progress) {
	defer func() {
		if reason := recover(); reason != nil {
			e.config.Logger.ErrorContext(ctx, "OnProgress failed", "target", p.Target, "error", &panicError{reason: reason})
		}
	}()
	e.config.OnProgress(p)
}

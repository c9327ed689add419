package provision

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// ErrInUse says that a target is in no quarantine.
var ErrInUse = errors.New("the target is in no quarantine")

// Resume ends the quarantine of a target: the next run uses it like any other, and
// what is parked there waits for its own time. Errors wrap ErrInUse,
// ErrIncomplete, ErrExpired and what [Desk.May] returns, which is asked with a
// Pending that has a Target only.
func (d *Desk) Resume(ctx context.Context, target string, by Decision) error {
	st, err := d.read(ctx)
	if err != nil {
		return err
	}
	defer d.keep(st)
	if t := st.targets[target]; t == nil || t.quarantined() == nil {
		return fmt.Errorf("resume %q: %w", target, ErrInUse)
	}
	by.Rejected, by.Fingerprint = false, ""
	if err := d.complete(&by); err != nil {
		return fmt.Errorf("resume %q: %w", target, err)
	}
	if err := d.allowed(ctx, Pending{Target: target}, by); err != nil {
		return fmt.Errorf("resume %q: %w", target, err)
	}
	return d.append(ctx, Entry{At: by.At, Kind: Resuming, Target: target, Decision: &by})
}

// Quarantined lists the targets in quarantine, by name.
func (d *Desk) Quarantined(ctx context.Context) ([]Quarantined, error) {
	st, err := d.read(ctx)
	if err != nil {
		return nil, err
	}
	defer d.keep(st)
	var out []Quarantined
	for _, name := range slices.Sorted(maps.Keys(st.targets)) {
		if q := st.targets[name].quarantined(); q != nil {
			q.Target = name
			out = append(out, *q)
		}
	}
	return out, nil
}

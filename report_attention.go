package provision

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/reconcile"
)

// Attention returns what somebody has to be told after a run, or nil: then nobody has to
// look. It is what a job that runs by itself alerts on. First comes all of Err, then what
// no later run settles by itself, one line for each cause, however many changes it
// holds:
//
//   - what makes the plan doubt the source, the clock or a listing as a whole, also
//     while that holds nothing;
//   - guards, with their numbers and limits, until a [Desk.Release];
//   - approvals that are asked for, contradictions that a person must solve, and, in a run
//     for everybody, seats that are missing;
//   - changes that are not tried again: see [Report.DeadLetters];
//   - targets in quarantine.
//
// A time of grace, an absence that the next reads will prove, a later try, and what
// somebody has denied do not count: they end by themselves or have been decided. Nor do other
// Findings, most of which stay for long. Of causes of one kind the first 20 are named and
// the others counted. [errors.Is] and [errors.As] see the errors of Err, and
// ErrQuarantined. Sensitive values are masked in the text, and in what waits also what
// Config.Masking hides. Equal reports give equal text.
func (r *Report) Attention() error {
	var list []error
	if err := r.Err(); err != nil {
		list = append(list, err)
	}
	waits := r.waits()
	for _, g := range r.doubts(waits) {
		list = append(list, &resultError{text: g.String()})
	}
	for _, kind := range waitingKinds() {
		list = appendWaits(list, waits, kind)
	}
	for i := range r.Quarantined {
		list = append(list, &resultError{text: r.Quarantined[i].String(), err: ErrQuarantined})
	}
	return errors.Join(list...)
}

// waitingKinds are the kinds of holds that wait for a person, in the order of their lines.
func waitingKinds() []reconcile.HoldKind {
	return []reconcile.HoldKind{
		reconcile.Guarded, reconcile.NeedsApproval, reconcile.InConflict, reconcile.NeedsSeat, reconcile.Parked,
	}
}

// waiting are changes of one target that are held for one reason, which a person ends.
type waiting struct {
	causes
	kind reconcile.HoldKind
}

func appendWaits(list []error, waits []*waiting, kind reconcile.HoldKind) []error {
	n := 0
	for _, w := range waits {
		if w.kind != kind {
			continue
		}
		if n++; n <= errorsShown {
			list = append(list, &resultError{text: w.String()})
		}
	}
	if n > errorsShown {
		list = append(list, fmt.Errorf("%w: %d held: %s", errMore, n-errorsShown, kind))
	}
	return list
}

// waits gathers what is held until somebody does something, by target and reason, in the
// order of the first of each.
func (r *Report) waits() []*waiting {
	type name struct {
		target, text string
		kind         reconcile.HoldKind
	}
	var list []*waiting
	byName := map[name]*waiting{}
	for i := range r.Results {
		if r.Results[i].Outcome != Held {
			continue
		}
		x := r.shown(&r.Results[i])
		counted := map[name]bool{} // of what it waits for there may be several with one text
		for _, h := range x.Reasons {
			if !r.waitsForSomebody(x, h) {
				continue
			}
			at := name{x.Target, waitText(x, h), h.Kind}
			if counted[at] {
				continue
			}
			counted[at] = true
			w := byName[at]
			if w == nil {
				w = &waiting{kind: h.Kind, causes: causes{target: x.Target, outcome: Held, text: at.text, first: &x.Change}}
				byName[at] = w
				list = append(list, w)
			}
			w.count++
		}
	}
	return list
}

func (r *Report) waitsForSomebody(x *Result, h reconcile.HoldReason) bool {
	if slices.ContainsFunc(x.Reasons, func(o reconcile.HoldReason) bool { return o.Denied && o.Change == h.Change }) {
		return false
	}
	switch h.Kind {
	case reconcile.NeedsApproval, reconcile.Guarded, reconcile.InConflict:
		return true
	case reconcile.NeedsSeat: // a run for one person cannot count them
		return r.Plan == nil || r.Plan.Identity == ""
	case reconcile.Parked:
		return h.Until.IsZero()
	case reconcile.InGrace, reconcile.NeedsProof:
	}
	return false
}

func waitText(x *Result, h reconcile.HoldReason) string {
	if h.Kind == reconcile.Parked {
		return "not tried again before somebody approves it" // when each failed is no cause
	}
	return cmp.Or(withoutSensitive(h.Text, &x.Change), h.Kind.String())
}

// doubts are what the plans doubt as a whole, with what waits for proof because of it. What
// guards hold for the same reason speaks for itself.
func (r *Report) doubts(waits []*waiting) []causes {
	if r.Plan == nil {
		return nil
	}
	worked := r.targets()
	var out []causes
	for _, tp := range r.Plan.Targets {
		if !slices.Contains(worked, tp.Target) {
			continue
		}
		for _, f := range tp.Findings {
			switch f.Code {
			case reconcile.CodeSource:
				out = append(out, r.unproved(tp.Target, f.Message, true))
			case reconcile.CodeTarget:
				out = append(out, r.unproved(tp.Target, f.Message, false))
			}
		}
		for i := range tp.Guards {
			v := &tp.Guards[i]
			known := v.Guard == reconcile.GuardPeople || // is why the source proves nothing
				slices.ContainsFunc(waits, func(w *waiting) bool { return w.target == tp.Target && w.text == v.Reason() })
			if v.Alarm() != "" && v.Held && !v.Release && !known {
				out = append(out, causes{target: tp.Target, text: v.Reason()})
			}
		}
	}
	return out
}

// unproved counts what is held because nobody counts as gone, or as absent from the target.
func (r *Report) unproved(name, text string, removals bool) causes {
	c := causes{target: name, outcome: Held, text: text}
	for i := range r.Results {
		x := &r.Results[i]
		if x.Target == name && x.Outcome == Held && x.Change.Action.Removes() == removals &&
			slices.ContainsFunc(x.Reasons, func(h reconcile.HoldReason) bool { return h.Kind == reconcile.NeedsProof }) {
			if c.count++; c.first == nil {
				c.first = &x.Change
			}
		}
	}
	return c
}

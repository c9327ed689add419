package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

const (
	// keptTries is how often a value is written to a field before the target counts
	// as one that does not keep it.
	keptTries = 3
	// keptApart is how far apart two writes are that count: many systems list for a
	// while what was there before.
	keptApart = time.Minute
	// keptWithin is how far apart they may be: what stays for longer is kept.
	keptWithin = 30 * day
)

// writtenField is the last value that was written to a field, as an imprint, and
// how often in a row.
type writtenField struct {
	field   string
	imprint string
	times   int
	at      time.Time
}

// noteWritten folds what an update wrote. The same value over the same value is
// one that was not kept the time before.
func (t *targetState) noteWritten(e *Entry) {
	if e.Outcome != Done {
		return
	}
	for _, m := range e.Written {
		list := t.written[e.Key]
		i := slices.IndexFunc(list, func(w writtenField) bool { return w.field == m.Field })
		if i < 0 {
			t.written[e.Key] = append(list, writtenField{m.Field, m.Imprint, 1, e.At})
			continue
		}
		w := &list[i]
		since := e.At.Sub(w.at)
		switch {
		case w.imprint != m.Imprint || since > keptWithin:
			delete(t.notKept, w.imprint)
			*w = writtenField{m.Field, m.Imprint, 1, e.At}
		case since >= keptApart:
			w.times++
			w.at = e.At
		}
		if w.times >= keptTries {
			t.notKept[w.imprint] = true
		}
	}
}

// forgetWritten forgets an account that is gone.
func (t *targetState) forgetWritten(key target.Key) {
	for _, w := range t.written[key] {
		delete(t.notKept, w.imprint)
	}
	delete(t.written, key)
}

// forgetOldWritten forgets values that have stayed.
func (t *targetState) forgetOldWritten(at time.Time) {
	for key, list := range t.written {
		rest := slices.DeleteFunc(list, func(w writtenField) bool {
			return w.times < keptTries && at.Sub(w.at) > keptWithin
		})
		if len(rest) == 0 {
			delete(t.written, key)
		} else {
			t.written[key] = rest
		}
	}
}

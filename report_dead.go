package provision

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/provision-go/provision/reconcile"
)

// DeadLetters returns the results of changes that failed for so long that they are
// not tried again before somebody approves it ([Desk.Approve]).
func (r *Report) DeadLetters() []Result {
	var out []Result
	for i := range r.Results {
		x := &r.Results[i]
		if x.Outcome == Held && slices.ContainsFunc(x.Reasons, func(h reconcile.HoldReason) bool {
			return h.Kind == reconcile.Parked && h.Until.IsZero() && h.Change == x.Change.ID
		}) {
			out = append(out, *x)
		}
	}
	return out
}

// formatDead counts the dead letters where nobody overlooks them, however few
// lines are wanted.
func formatDead(b *bytes.Buffer, r *Report) {
	dead := r.DeadLetters()
	if len(dead) == 0 {
		return
	}
	what := "1 change is not tried again"
	if n := len(dead); n > 1 {
		what = fmt.Sprintf("%d changes are not tried again", n)
	}
	fmt.Fprintf(b, "!! %s before somebody approves it: %s", what, changeName(&dead[0].Change))
	if len(dead) > 1 {
		b.WriteString(" and others")
	}
	b.WriteByte('\n')
}

package provision

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/provision-go/provision/target"
)

// accountsIn returns the accounts with a key: one, unless the target is in a muddle.
func accountsIn(snap target.Snapshot, key target.Key) []target.Account {
	managed := snap.Managed()
	from := sort.Search(len(managed), func(i int) bool { return managed[i].Key.Compare(key) >= 0 })
	to := from
	for to < len(managed) && managed[to].Key == key {
		to++
	}
	return managed[from:to]
}

// accountIn returns the first account with a key, nil if there is none.
func accountIn(snap target.Snapshot, key target.Key) *target.Account {
	if all := accountsIn(snap, key); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// undecidedBy says for want of what nothing is decided.
func undecidedBy(d *target.Desired) string {
	missing := slices.Clone(d.Missing)
	slices.Sort(missing)
	text := "the rules cannot decide"
	if len(missing) > 0 {
		text = "missing in the source: " + strings.Join(missing, ", ")
	}
	if d.Extra != nil {
		for _, n := range d.Extra.Notes {
			text += "; " + n.Text + " (rule " + n.Rule + ")"
		}
	}
	return printable(text)
}

// troubleOf returns why an account could not be made or opened the last time.
func (e *Engine) troubleOf(name string, key target.Key) (trouble, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	t, ok := e.state.of(name).troubles[key]
	return t, ok
}

// Format writes for people to read how many accounts are how far, and one line for
// each that is not ready. What does not print is escaped. The only error is that of w.
func (r *Readiness) Format(w io.Writer) error {
	var b bytes.Buffer
	counts := map[Ready]int{}
	width := [4]int{}
	for i := range r.Accounts {
		a := &r.Accounts[i]
		counts[a.State]++
		for n, cell := range a.cells() {
			width[n] = max(width[n], utf8.RuneCountInString(cell))
		}
	}
	fmt.Fprintf(&b, "%d accounts of people who start within %d days", len(r.Accounts), r.Days)
	for state := IsReady; state <= TargetUnread; state++ {
		if counts[state] > 0 {
			fmt.Fprintf(&b, ", %d %s", counts[state], state)
		}
	}
	b.WriteByte('\n')
	for i := range r.Accounts {
		a := &r.Accounts[i]
		if a.State == IsReady {
			continue
		}
		cells := a.cells()
		line := a.Start.String() + padded(cells[:], width[:])
		text := strings.Join(a.Reasons, "; ")
		if !a.Due.IsZero() {
			text = "due " + a.Due.Format(time.RFC3339)
		}
		b.WriteString(strings.TrimRight(line+"  "+text, " ") + "\n")
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (a *StartAccount) cells() [4]string {
	return [4]string{a.State.String(), printable(a.Target), printable(a.Label), printable(a.Key.String())}
}

// String returns the text of Format.
func (r *Readiness) String() string {
	var b bytes.Buffer
	_ = r.Format(&b) // a buffer takes everything
	return b.String()
}

// MarshalJSON writes all of it as data, "format": 1.
func (r *Readiness) MarshalJSON() ([]byte, error) {
	type plain Readiness
	return json.Marshal(struct {
		Format int `json:"format"`
		*plain
	}{1, (*plain)(r)})
}

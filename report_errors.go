package provision

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/provision-go/provision/reconcile"
)

// ErrContradicted says that reading back has shown that a removal which the
// target took is not so.
var ErrContradicted = errors.New("read back: it is not so")

// errorsShown is how many results of one kind Err names one by one.
const errorsShown = 20

// Counts returns the number of results by outcome. Outcomes without a result are
// not in it.
func (r *Report) Counts() map[Outcome]int {
	counts := map[Outcome]int{}
	for i := range r.Results {
		counts[r.Results[i].Outcome]++
	}
	return counts
}

// Err returns what went wrong, joined: changes that failed, are unconfirmed,
// stale, skipped or cancelled, removals that reading back contradicts
// (ErrContradicted), and targets that could not be read. Of each kind the first
// 20 are named and the others counted; skipped and cancelled changes are counted
// by their cause. Nil: everything is as planned, or held; a guard that holds everything
// is no error. What somebody has to be told is [Report.Attention]. [errors.Is] and
// [errors.As] see the errors of the targets. Sensitive values are masked in the
// text.
func (r *Report) Err() error {
	var list []error
	for _, u := range r.Unread {
		list = append(list, &resultError{text: fmt.Sprintf("%s: not read: %v", u.Target, u.Err), err: u.Err})
	}
	for _, o := range []Outcome{Failed, Unconfirmed, Stale} {
		list = appendSome(list, r.Results, o.String(), func(x *Result) error {
			if x.Outcome != o {
				return nil
			}
			return &resultError{text: describeResult(x), err: x.Err}
		})
	}
	list = appendSome(list, r.Results, "contradicted", func(x *Result) error {
		if x.Verified != Contradicted {
			return nil
		}
		return &resultError{
			text: fmt.Sprintf("%s: %s: %v", x.Target, changeName(&x.Change), ErrContradicted), err: ErrContradicted,
		}
	})
	for _, g := range groupCauses(r.Results) {
		list = append(list, &resultError{text: g.String(), err: g.err})
	}
	return errors.Join(list...)
}

func appendSome(list []error, results []Result, what string, pick func(*Result) error) []error {
	n := 0
	for i := range results {
		if err := pick(&results[i]); err != nil {
			if n++; n <= errorsShown {
				list = append(list, err)
			}
		}
	}
	if n > errorsShown {
		list = append(list, fmt.Errorf("%w: %d %s", errMore, n-errorsShown, what))
	}
	return list
}

var errMore = errors.New("and more")

// resultError is an error of a result with a text that can be shown.
type resultError struct {
	text string
	err  error
}

// Error escapes what does not print: errors end up on terminals.
func (e *resultError) Error() string { return printable(e.text) }

// Unwrap returns the error of the result.
func (e *resultError) Unwrap() error { return e.err }

// describeResult is a result in one line.
func describeResult(r *Result) string {
	text := r.Target + ": " + changeName(&r.Change) + ": " + r.Outcome.String()
	if r.Err != nil {
		text += ": " + errorText(r)
	}
	return text
}

// errorText is the text of a result's error with sensitive values masked.
func errorText(r *Result) string {
	if r.Err == nil {
		return ""
	}
	return withoutSensitive(r.Err.Error(), &r.Change)
}

// causes are changes of one target that were not run for one reason; none, if there is
// only the reason.
type causes struct {
	target  string
	outcome Outcome
	count   int
	text    string
	err     error
	first   *reconcile.Change
}

func (g causes) String() string {
	switch g.count {
	case 0:
		return g.target + ": " + g.text
	case 1:
		return fmt.Sprintf("%s: %s: %s: %s", g.target, changeName(g.first), g.outcome, g.text)
	}
	return fmt.Sprintf("%s: %d changes %s: %s", g.target, g.count, g.outcome, g.text)
}

// groupCauses gathers skipped and cancelled changes by their cause, in the order
// of the first of each. It looks at the error itself before it looks at its
// text: of a million skipped changes most share one.
func groupCauses(results []Result) []*causes {
	type name struct {
		target  string
		outcome Outcome
		text    string
	}
	var list []*causes
	byText := map[name]*causes{}
	var last *causes
	for i := range results {
		r := &results[i]
		if r.Outcome != Skipped && r.Outcome != Cancelled {
			continue
		}
		err := r.Err
		if err == nil {
			err = errNotRun
			if r.Outcome == Cancelled {
				err = context.Canceled
			}
		}
		if last != nil && last.target == r.Target && last.outcome == r.Outcome && sameError(last.err, err) {
			last.count++
			continue
		}
		text := withoutSensitive(err.Error(), &r.Change)
		of := name{r.Target, r.Outcome, text}
		if last = byText[of]; last == nil {
			last = &causes{target: r.Target, outcome: r.Outcome, text: text, err: err, first: &r.Change}
			byText[of] = last
			list = append(list, last)
		}
		last.count++
	}
	return list
}

var errNotRun = errors.New("not run")

// sameError reports whether both are one error. Some errors cannot be compared.
func sameError(a, b error) bool {
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b //nolint:errorlint // identity is meant
}

// Package sourcetest checks that a [source.Source] keeps its contract. It is for
// everybody who writes a connector:
//
//	func TestConformance(t *testing.T) {
//		sourcetest.Run(t, func(t *testing.T) source.Source {
//			return newMySource(t, fakeServer(t))
//		}, &sourcetest.Options{WantIDs: []string{"E1", "E2", "E3"}})
//	}
//
// [Faults] spoils the answers of a fake of a system that is read over HTTP, in all the
// ways that answers go wrong.
//
// It needs nothing but the standard library.
package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/provision-go/provision/source"
)

// Options make the suite stricter. Nil means none.
type Options struct {
	// WantIDs are the IDs that the source must yield, in any order. Give at least
	// three, over more than one page if the system has pages: without them nobody
	// can tell a short list from a small company. Defaults to not checked.
	WantIDs []string
	// Broken returns a source whose system fails in the middle of the list, such
	// as with a connection cut in the second page. Reading it must end with an
	// error. Defaults to not checked; every connector should have one.
	Broken func(t *testing.T) source.Source
	// BrokenWays returns more such sources, by a word for what breaks: "status 500",
	// "half a body", "no list in the answer", "rate limit". Each is a subtest of
	// its own. Defaults to none.
	BrokenWays map[string]func(t *testing.T) source.Source
	// LostPage returns a source whose system leaves out a page in the middle and
	// answers as if all were well, except that the total that it states, or the
	// number of pages, does not fit. Reading it must end with an error: a page that
	// is lost without one takes the access of everybody on it. Defaults to not
	// checked; every connector to a system that states a total should have one.
	LostPage func(t *testing.T) source.Source
	// MissingID is an ID that nobody has, in a form that the system accepts.
	// Defaults to "sourcetest-nobody".
	MissingID string
}

// Run checks sources made by newSource, one per subtest, all over the same
// people. The names of the subtests are stable.
func Run(t *testing.T, newSource func(t *testing.T) source.Source, o *Options) {
	t.Helper()
	opts := Options{}
	if o != nil {
		opts = *o
	}
	if opts.MissingID == "" {
		opts.MissingID = "sourcetest-nobody"
	}
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			report(t, c.run(t.Context(), newSource(t), opts))
		})
	}
	t.Run("Identities/broken", func(t *testing.T) {
		runBroken(t, opts.Broken, "Options.Broken is not set: nothing shows that a list that breaks off is an error", breaksOff)
	})
	for _, name := range slices.Sorted(maps.Keys(opts.BrokenWays)) {
		t.Run("Identities/broken/"+name, func(t *testing.T) {
			runBroken(t, opts.BrokenWays[name], "Options.BrokenWays has a name without a source", breaksOff)
		})
	}
	t.Run("Identities/lost-page", func(t *testing.T) {
		runBroken(t, opts.LostPage, "Options.LostPage is not set: nothing shows that a page can be missed", losesAPage)
	})
}

func runBroken(t *testing.T, newSource func(t *testing.T) source.Source, missing, what string) {
	t.Helper()
	if newSource == nil {
		t.Skip(missing)
	}
	report(t, checkBroken(t.Context(), newSource(t), what))
}

// errSkip says that a check does not apply to the source. What wraps it says
// what is missing.
var (
	errSkip      = errors.New("not checked")
	errListOnly  = fmt.Errorf("%w: Identity returns source.ErrListOnly", errSkip)
	errNoChanges = fmt.Errorf("%w: the source has no Changes method, so it is no source.DeltaSource", errSkip)
)

func report(t *testing.T, err error) {
	t.Helper()
	switch {
	case errors.Is(err, errSkip):
		t.Skip(err)
	case err != nil:
		t.Error(err)
	}
}

// A check returns what is wrong with a source. Checks are plain functions so
// that the suite can be tested with sources that must fail.
type check struct {
	name string
	run  func(ctx context.Context, s source.Source, o Options) error
}

func checks() []check {
	return []check{
		{"Name", checkName},
		{"Identities/ids", checkIDs},
		{"Identities/collect", checkCollect},
		{"Identities/repeat", checkRepeat},
		{"Identities/break", checkBreak},
		{"Identities/goroutines", checkGoroutines},
		{"Identities/cancelled", checkCancelled},
		{"Identities/cancel-midway", checkCancelMidway},
		{"Identities/concurrent", checkConcurrent},
		{"Identity/same", checkSame},
		{"Identity/missing", checkMissing},
		{"Identity/cancelled", checkOneCancelled},
		{"Changes/cursor", checkChanges},
		{"Changes/cancelled", checkChangesCancelled},
	}
}

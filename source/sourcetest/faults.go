package sourcetest

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/provision-go/provision/source"
)

// FaultOptions put a source that reads over HTTP before a fake of its system, whose
// answers then go wrong. Fake and Source are required.
type FaultOptions struct {
	// Fake returns a new fake with at least three people, which it needs at least two
	// requests to tell, unless OneAnswer is set. It is asked by one goroutine for each
	// request.
	Fake func() http.Handler
	// Source returns a source that sends its requests through a transport, with
	// waits as long as they are in production: it is read in a bubble of
	// [testing/synctest].
	Source func(t *testing.T, through http.RoundTripper) source.Source
	// About reports whether a request is about people. Others, such as those for
	// tokens, are left alone. Defaults to all.
	About func(r *http.Request) bool
	// OneAnswer says that the system has no pages: one answer tells of everybody, and
	// there is no answer before it that could come again. Defaults to false: a fake
	// whose people happen to fit on one page proves nothing of the others.
	OneAnswer bool
	// Columns are names, as the fake writes them, of what says who works: the status,
	// the last day. Each of them vanishes from one answer and from all: there it has
	// another name. In JSON give the quotes too, `"status"`, if the name is a part of
	// others. One that occurs in no answer fails the test, and one without which
	// everybody is as before: give somebody in the fake a value there. Defaults to none.
	Columns []string
	// Except has, by the name of a fault, the reason why the system's own protocol
	// cannot tell it from a good answer. Such faults are skipped.
	Except map[string]string
}

// Faults reads a source while its system answers wrongly, each time in another way
// and in another answer, and expects an error, or everybody as they are. Somebody
// may be undecided: have the status Unknown, or a finding. What fails is a read that
// ends well and lacks somebody, has somebody leave, or takes back that they left.
//
// Some faults pass, like one answer with status 503: then a source may repeat its
// request. Others last.
func Faults(t *testing.T, o FaultOptions) {
	t.Helper()
	var want source.Snapshot
	requests := 0
	unseen := slices.Clone(o.Columns)
	look := httpFault{lasts: true, spoil: body(func(b []byte) []byte {
		unseen = slices.DeleteFunc(unseen, func(name string) bool { return bytes.Contains(b, []byte(name)) })
		return b
	})}
	synctest.Test(t, func(t *testing.T) {
		snapshot, seen, err := readFaulty(t, o, look, 1)
		if err != nil {
			t.Fatalf("without a fault: %v", err)
		}
		want, requests = snapshot, seen
	})
	if t.Failed() {
		return
	}
	if err := o.judgeFake(want.Len(), requests, unseen); err != nil {
		t.Fatal(err)
	}
	if names := silentColumns(t, o, want); len(names) > 0 {
		t.Fatalf("without the columns %q everybody is as before: nobody has a value there, or the source does not read them, so this proves nothing", names)
	}
	for _, f := range o.faults() {
		t.Run(f.name, func(t *testing.T) {
			if reason, ok := o.Except[f.name]; ok {
				t.Skip(reason)
			}
			for _, at := range places(requests) {
				synctest.Test(t, func(t *testing.T) {
					if err := judgeFault(t, o, f, at, want); err != nil {
						t.Errorf("answer %d of %d: %v", at, requests, err)
					}
				})
			}
		})
	}
}

// judgeFake returns why a fake would prove too little. unseen are the columns that it
// did not write.
func (o *FaultOptions) judgeFake(people, requests int, unseen []string) error {
	const saw = "%d people in %d requests: want at least three in "
	switch {
	case o.OneAnswer && (people < 3 || requests != 1):
		return fmt.Errorf(saw+"one, because of OneAnswer", people, requests)
	case !o.OneAnswer && (people < 3 || requests < 2):
		return fmt.Errorf(saw+"at least two, or OneAnswer if the system has no pages", people, requests)
	case len(unseen) > 0:
		return fmt.Errorf("no answer has the columns %q", unseen)
	}
	return nil
}

// silentColumns are those that may be missing in each answer, and everybody is as
// before.
func silentColumns(t *testing.T, o FaultOptions, want source.Snapshot) []string {
	t.Helper()
	var names []string
	for _, name := range o.Columns {
		for _, f := range columnFaults([]string{name}) {
			if _, ok := o.Except[f.name]; ok || !f.lasts {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				if got, _, err := readFaulty(t, o, f, 1); err == nil && Describe(got) == Describe(want) {
					names = append(names, name)
				}
			})
		}
	}
	return names
}

// faults are what goes wrong.
func (o *FaultOptions) faults() []httpFault {
	all := append(httpFaults(), columnFaults(o.Columns)...)
	if o.OneAnswer {
		return all
	}
	return append(all, repeatFaults()...)
}

// places returns which answers are spoiled, of so many: the first ones, one in the
// middle, the last ones.
func places(requests int) []int {
	if requests == 1 {
		return []int{1}
	}
	all := []int{1, 2, requests/2 + 1, requests - 1, requests}
	slices.Sort(all)
	return slices.Compact(all)
}

// judgeFault returns what is wrong with what a source makes of a fault.
func judgeFault(t *testing.T, o FaultOptions, f httpFault, at int, want source.Snapshot) error {
	t.Helper()
	got, _, err := readFaulty(t, o, f, at)
	if errors.Is(err, errEndless) || errors.Is(err, errUnused) {
		return err
	}
	if err != nil {
		return nil //nolint:nilerr // an error is what a fault should lead to
	}
	return compareFaulty(want, got)
}

// readFaulty reads a source with a fault in one answer, and in those that follow if
// it lasts. It returns how many requests were about people.
func readFaulty(t *testing.T, o FaultOptions, f httpFault, at int) (source.Snapshot, int, error) {
	t.Helper()
	through := &spoiling{fake: o.Fake(), about: o.About, fault: f, at: at}
	snapshot, err := source.Collect(t.Context(), o.Source(t, through))
	seen, endless := through.count()
	switch {
	case endless:
		return source.Snapshot{}, seen, errEndless
	case at > seen:
		return source.Snapshot{}, seen, errUnused
	}
	return snapshot, seen, err
}

var (
	errEndless = fmt.Errorf("it asked more than %d times", mostRequests)
	errUnused  = errors.New("the fault did not occur: another read asked less often")
)

// compareFaulty returns in what a read that ended well is worse than one without a
// fault.
func compareFaulty(want, got source.Snapshot) error {
	var errs []error
	contested := got.Contested()
	for w := range want.All() {
		g := got.Find(w.ID)
		switch {
		case g == nil && (slices.Contains(contested, w.ID) || got.Proof().Lost > 0):
		case g == nil:
			errs = append(errs, fmt.Errorf("%s is not in a list that counts as whole", w.ID))
		case g.Status == source.Unknown || len(g.Findings) > len(w.Findings):
		case g.Status != w.Status:
			errs = append(errs, fmt.Errorf("%s is %s, without a finding: they are %s", w.ID, g.Status, w.Status))
		case g.TerminationDate != w.TerminationDate || g.LastDay != w.LastDay:
			errs = append(errs, fmt.Errorf("%s has other last days, without a finding", w.ID))
		}
	}
	return errors.Join(errs...)
}

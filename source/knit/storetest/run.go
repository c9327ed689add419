package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/source/knit"
)

// run is one check under way.
type run struct {
	tb
	s           knit.Store
	ctx         context.Context //nolint:containedctx // a run lives as long as its test
	name, other string
	n           int
}

type (
	record = knit.Record
	commit = knit.Commit
)

// instant returns the n-th of a row of instants, the 0th being the zero time.
func instant(n int) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Date(2026, 3, 1, 9, 0, 0, 123_000_000, time.UTC).Add(time.Duration(n) * time.Millisecond)
}

// record returns one that differs from all others.
func (r *run) record(id string, at, ended int) record {
	r.n++
	return record{ID: id, At: instant(at), Ended: instant(ended), Body: fmt.Appendf(nil, `{"profile.firstName":"Ana %d"}`, r.n)}
}

// commit writes with the version that there is, and a state of its own.
func (r *run) commit(what string, c commit) {
	r.Helper()
	state, err := r.s.State(r.ctx, r.name)
	if err != nil {
		r.Fatalf("%s: State: %v", what, err)
	}
	r.n++
	c.Expect, c.State = state.Version, fmt.Appendf(nil, `{"n":%d}`, r.n)
	if err := r.s.Commit(r.ctx, r.name, c); err != nil {
		r.Fatalf("%s: Commit: %v", what, err)
	}
}

// put writes records.
func (r *run) put(all ...record) {
	r.Helper()
	r.commit("put", commit{Put: all})
}

func (r *run) state(integration string) knit.State {
	r.Helper()
	got, err := r.s.State(r.ctx, integration)
	if err != nil {
		r.Fatalf("State: %v", err)
	}
	return got
}

// has fails unless these are all records, by List in one page and by Records.
func (r *run) has(what string, want ...record) {
	r.Helper()
	got, err := r.s.List(r.ctx, r.name, "", 1000)
	if err != nil {
		r.Fatalf("%s: List: %v", what, err)
	}
	r.sameRecords(what+": List", got, want)
	ids := make([]string, 0, len(want)+1)
	for _, w := range want {
		ids = append(ids, w.ID)
	}
	got, err = r.s.Records(r.ctx, r.name, append(ids, "nobody"))
	if err != nil {
		r.Fatalf("%s: Records: %v", what, err)
	}
	slices.SortFunc(got, byID)
	r.sameRecords(what+": Records", got, want)
}

func byID(a, b record) int { return strings.Compare(a.ID, b.ID) }

// sameRecords compares; want is sorted.
func (r *run) sameRecords(what string, got, want []record) {
	r.Helper()
	if len(got) != len(want) {
		r.Errorf("%s returned %d records, want %d", what, len(got), len(want))
		return
	}
	for n, w := range want {
		g := got[n]
		sameTime := func(a, b time.Time) bool {
			return a.Equal(b) && a.IsZero() == b.IsZero() && (a.IsZero() || a.Location() == time.UTC)
		}
		if g.ID != w.ID || !sameTime(g.At, w.At) || !sameTime(g.Ended, w.Ended) || !bytes.Equal(g.Body, w.Body) {
			r.Errorf("%s: record %d is %q, at %v, ended %v, %d bytes; want %q, at %v, ended %v, %d bytes",
				what, n, g.ID, g.At, g.Ended, len(g.Body), w.ID, w.At, w.Ended, len(w.Body))
		}
	}
}

// marked fails unless these are the marks that are set, of all that were asked for.
func (r *run) marked(what string, asked []string, want ...string) {
	r.Helper()
	got, err := r.s.Marks(r.ctx, r.name, asked)
	if err != nil {
		r.Fatalf("%s: Marks: %v", what, err)
	}
	slices.Sort(got)
	r.same(what, append([]string{}, got...), append([]string{}, want...))
}

func (r *run) same(what string, got, want any) {
	r.Helper()
	if !reflect.DeepEqual(got, want) {
		r.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func (r *run) fails(what string, err, want error) {
	r.Helper()
	if !errors.Is(err, want) {
		r.Errorf("%s returned %v, want an error that wraps %q", what, err, want)
	}
}

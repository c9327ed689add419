package storetest

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/provision-go/provision/source/knit"
)

func stateNew(r *run) {
	got := r.state(r.name)
	r.same("the version of an integration that nobody wrote", got.Version, int64(0))
	r.same("its body", len(got.Body), 0)
	r.has("its records")
	r.marked("its marks", []string{"a"})
}

func stateReadback(r *run) {
	for n := range 3 {
		body := fmt.Appendf(nil, `{"runs":[{"id":"sr_%d, größer"}]}`, n)
		if err := r.s.Commit(r.ctx, r.name, commit{Expect: int64(n), State: body}); err != nil {
			r.Fatalf("Commit %d: %v", n, err)
		}
		got := r.state(r.name)
		r.same("version", got.Version, int64(n+1))
		r.same("body", string(got.Body), string(body))
	}
}

// A commit for another version changes nothing at all.
func commitConflict(r *run) {
	kept, gone := r.record("kept", 5, 0), r.record("left", 1, 2)
	r.commit("first", commit{Put: []record{kept, gone}, Mark: []string{"a"}, Marked: instant(1)})
	before := r.state(r.name)
	for _, expect := range []int64{0, before.Version - 1, before.Version + 1} {
		if expect == before.Version {
			continue
		}
		err := r.s.Commit(r.ctx, r.name, commit{
			Expect: expect, State: []byte(`{"lost":true}`), Drop: instant(9), Purge: instant(9), Forget: instant(9),
			Put: []record{r.record("kept", 6, 0), r.record("new", 6, 0)}, Mark: []string{"b"}, Marked: instant(9),
		})
		r.fails(fmt.Sprintf("Commit with version %d in place of %d", expect, before.Version), err, knit.ErrConflict)
	}
	r.same("the state after a conflict", r.state(r.name), before)
	r.has("records after a conflict", kept, gone)
	r.marked("marks after a conflict", []string{"a", "b"}, "a")
	err := r.s.Commit(r.ctx, r.other, commit{Expect: 1, State: []byte(`{}`)})
	r.fails("Commit with version 1 to an integration that is new", err, knit.ErrConflict)
}

// What the caller does with its bytes afterwards does not reach the store.
func commitCopies(r *run) {
	state, one := []byte(`{"n":1}`), r.record("a", 1, 0)
	sent := record{ID: one.ID, At: one.At, Body: bytes.Clone(one.Body)}
	if err := r.s.Commit(r.ctx, r.name, commit{State: state, Put: []record{sent}}); err != nil {
		r.Fatalf("Commit: %v", err)
	}
	clear(state)
	clear(sent.Body)
	r.same("the state after its bytes were overwritten", string(r.state(r.name).Body), `{"n":1}`)
	r.has("a record after its bytes were overwritten", one)
}

func recordsReadback(r *run) {
	all := []record{r.record("1", 1, 0), r.record("2", 1, 2), {ID: "3", Ended: instant(3)}, {ID: "4", At: instant(4), Body: []byte(`{}`)}}
	r.put(all...)
	r.has("records", all...)
}

func recordsReplace(r *run) {
	r.put(r.record("1", 1, 2), r.record("2", 1, 0))
	one, two := r.record("1", 3, 0), record{ID: "2", Ended: instant(3)}
	r.put(one, two)
	r.has("records that were written twice", one, two)
}

// IDs differ if their bytes do.
func recordsText(r *run) {
	var all []record
	for n, id := range []string{" a", "%", "' OR 1=1", "A", "a", "a ", "a%", "aa", "\u00e4", "a\u0308", "\uff41", strings.Repeat("é", 127) + "x"} {
		all = append(all, r.record(id, n+1, 0))
	}
	r.put(all...)
	sorted := append([]record{}, all...)
	sortByID(sorted)
	r.has("records with unusual IDs", sorted...)
}

func recordsLarge(r *run) {
	one := r.record("1", 1, 0)
	one.Body = fmt.Appendf(nil, `{"custom":%q}`, strings.Repeat("x", 1<<20))
	r.put(one)
	r.has("a record of a megabyte", one)
}

func listOrder(r *run) {
	var all []record
	for n, id := range []string{"b", "a10", "Z", "a2", "é", "a", "_"} {
		all = append(all, r.record(id, n+1, 0))
	}
	r.put(all...)
	sortByID(all)
	r.has("records in the order of their bytes", all...)
}

func listPages(r *run) {
	var all []record
	for n := range 7 {
		all = append(all, r.record(fmt.Sprintf("p%d", n), 1, 0))
	}
	r.put(all...)
	page := func(after string, limit int, want ...record) {
		r.Helper()
		got, err := r.s.List(r.ctx, r.name, after, limit)
		if err != nil {
			r.Fatalf("List after %q: %v", after, err)
		}
		r.sameRecords(fmt.Sprintf("List after %q, at most %d", after, limit), got, want)
	}
	page("", 3, all[:3]...)
	page("p2", 3, all[3:6]...)
	page("p5", 3, all[6])
	page("p6", 3)
	page("p25", 2, all[3:5]...) // nobody has this ID
	page("zz", 3)
}

func dropBefore(r *run) {
	early, late := r.record("early", 2, 0), r.record("late", 3, 0)
	r.put(early, late)
	r.commit("drop nothing", commit{})
	r.has("records after a commit without Drop", early, late)
	r.commit("drop", commit{Drop: instant(3)})
	r.has("records after Drop: one was at that moment", late)
}

// Who has left stays, whenever that was.
func dropEnded(r *run) {
	left, unknown := r.record("left", 1, 2), record{ID: "unknown", Ended: instant(2)}
	r.put(left, unknown, r.record("there", 1, 0))
	r.commit("drop", commit{Drop: instant(9)})
	r.has("records after Drop", left, unknown)
}

// What is put by the commit that drops is there afterwards.
func dropPut(r *run) {
	r.put(r.record("a", 1, 0), r.record("b", 1, 0))
	left := r.record("a", 1, 2)
	r.commit("drop and put", commit{Drop: instant(9), Put: []record{left}})
	r.has("records after a commit with Drop and Put", left)
}

func purgeBefore(r *run) {
	there, late := r.record("there", 1, 0), r.record("late", 1, 3)
	r.put(there, r.record("early", 1, 2), late)
	r.commit("purge", commit{Purge: instant(3)})
	r.has("records after Purge", late, there)
}

func sortByID(all []record) {
	for n := range all {
		for m := n; m > 0 && all[m].ID < all[m-1].ID; m-- {
			all[m], all[m-1] = all[m-1], all[m]
		}
	}
}

func marksReadback(r *run) {
	r.commit("mark", commit{Mark: []string{"event ev_1", "person sr_1 42"}, Marked: instant(1)})
	r.marked("marks", []string{"event ev_1", "event ev_2", "person sr_1 42", "EVENT ev_1"}, "event ev_1", "person sr_1 42")
	r.marked("no marks", nil)
}

// A mark that is set twice keeps the time at which it was set first.
func marksTwice(r *run) {
	r.commit("mark", commit{Mark: []string{"a"}, Marked: instant(1)})
	r.commit("mark again", commit{Mark: []string{"a", "b"}, Marked: instant(5)})
	r.marked("marks", []string{"a", "b"}, "a", "b")
	r.commit("forget", commit{Forget: instant(3)})
	r.marked("marks after Forget", []string{"a", "b"}, "b")
}

func forgetBefore(r *run) {
	r.commit("mark", commit{Mark: []string{"a"}, Marked: instant(2)})
	r.commit("mark", commit{Mark: []string{"b"}, Marked: instant(3)})
	r.commit("mark", commit{})
	r.marked("marks after a commit without Forget", []string{"a", "b"}, "a", "b")
	r.commit("forget", commit{Forget: instant(3), Mark: []string{"c"}, Marked: instant(1)})
	r.marked("marks after Forget", []string{"a", "b", "c"}, "b", "c")
}

func integrationApart(r *run) {
	one := r.record("1", 1, 0)
	r.commit("mark", commit{Put: []record{one}, Mark: []string{"a"}, Marked: instant(1)})
	second := *r
	second.name = r.other
	r.same("the version of another integration", r.state(r.other).Version, int64(0))
	second.has("records of another integration")
	second.marked("marks of another integration", []string{"a"})
	other := second.record("1", 7, 8)
	second.put(other)
	second.commit("drop", commit{Drop: instant(9), Purge: instant(1), Forget: instant(9)})
	second.has("records of the other integration", other)
	r.has("records after another integration was written", one)
	r.marked("marks after another integration was written", []string{"a"}, "a")
}

func integrationAny(r *run) {
	base := r.name
	for _, name := range []string{base + " ", base + "%", base + "'; --", strings.ToUpper(base), base + "ä"} {
		r.name = name
		one := r.record("1", 1, 0)
		r.put(one)
		r.has("records of an integration with an unusual name", one)
	}
	r.name = base
	r.has("records of the one with the usual name")
}

func cancelAll(r *run) {
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	_, err := r.s.State(ctx, r.name)
	r.fails("State with a cancelled context", err, context.Canceled)
	_, err = r.s.Records(ctx, r.name, []string{"1"})
	r.fails("Records with a cancelled context", err, context.Canceled)
	_, err = r.s.List(ctx, r.name, "", 1)
	r.fails("List with a cancelled context", err, context.Canceled)
	_, err = r.s.Marks(ctx, r.name, []string{"a"})
	r.fails("Marks with a cancelled context", err, context.Canceled)
	err = r.s.Commit(ctx, r.name, commit{State: []byte(`{}`), Put: []record{r.record("1", 1, 0)}})
	r.fails("Commit with a cancelled context", err, context.Canceled)
	r.has("records after a commit that was cancelled")
}

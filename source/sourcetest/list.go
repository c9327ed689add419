package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/provision-go/provision/source"
)

// drain reads a sequence to its end without the range statement, which would
// hide a sequence that goes on after an error.
func drain[T any](seq iter.Seq2[T, error]) (all []T, err error) {
	var wrong error
	seq(func(v T, e error) bool {
		switch {
		case err != nil:
			wrong = fmt.Errorf("something is yielded after the error %q", err.Error())
		case e != nil:
			err = e
		default:
			all = append(all, v)
		}
		return true
	})
	if wrong != nil {
		return nil, wrong
	}
	return all, err
}

func list(ctx context.Context, s source.Source) ([]source.Identity, error) {
	people, err := drain(s.Identities(ctx))
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	return people, nil
}

func checkName(ctx context.Context, s source.Source, _ Options) error {
	name := s.Name()
	if name == "" {
		return errors.New("the name is empty")
	}
	if _, err := list(ctx, s); err != nil {
		return err
	}
	if again := s.Name(); again != name {
		return fmt.Errorf("the name changes from %q to %q", name, again)
	}
	return nil
}

func checkIDs(ctx context.Context, s source.Source, o Options) error {
	people, err := list(ctx, s)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for n, i := range people {
		switch {
		case i.ID == "" && len(i.Findings) == 0:
			return fmt.Errorf("identity %d has neither an ID nor a finding that says why", n)
		case i.ID != "" && seen[i.ID]:
			return fmt.Errorf("the ID %q comes twice", i.ID)
		}
		seen[i.ID] = true
	}
	return compareIDs(people, o)
}

func compareIDs(people []source.Identity, o Options) error {
	if o.WantIDs == nil {
		return nil
	}
	got := make([]string, 0, len(people))
	for _, i := range people {
		if i.ID != "" {
			got = append(got, i.ID)
		}
	}
	slices.Sort(got)
	if want := slices.Sorted(slices.Values(o.WantIDs)); !slices.Equal(got, want) {
		return fmt.Errorf("the IDs are %q, want %q", got, want)
	}
	return nil
}

func checkCollect(ctx context.Context, s source.Source, o Options) error {
	snapshot, err := source.Collect(ctx, s)
	if err != nil {
		return err
	}
	for _, f := range snapshot.Findings() {
		if f.Code == "" || f.Message == "" {
			return fmt.Errorf("a finding lacks a code or a message: %+v", f)
		}
	}
	var people []source.Identity
	for i := range snapshot.All() {
		people = append(people, *i)
	}
	return compareIDs(people, o)
}

func checkRepeat(ctx context.Context, s source.Source, _ Options) error {
	first, err := list(ctx, s)
	if err != nil {
		return err
	}
	second, err := list(ctx, s)
	if err != nil {
		return err
	}
	return comparePeople(first, second, "the second read")
}

// comparePeople compares two reads in any order.
func comparePeople(want, got []source.Identity, what string) error {
	if len(want) != len(got) {
		return fmt.Errorf("%s gives %d people, want %d", what, len(got), len(want))
	}
	byID := make(map[string]source.Identity, len(want))
	for _, i := range want {
		byID[i.ID] = i
	}
	for _, i := range got {
		if before, ok := byID[i.ID]; !ok || i.ID != "" && !reflect.DeepEqual(before, i) {
			return fmt.Errorf("%s gives something else for %q", what, i.ID)
		}
	}
	return nil
}

func checkBreak(ctx context.Context, s source.Source, _ Options) error {
	calls := 0
	s.Identities(ctx)(func(source.Identity, error) bool {
		calls++
		return calls > 1 // only a sequence that ignores the answer gets here again
	})
	if calls > 1 {
		return errors.New("the sequence goes on after the loop was left")
	}
	people, err := list(ctx, s)
	if err != nil {
		return fmt.Errorf("after a loop was left: %w", err)
	}
	if calls == 0 && len(people) > 0 {
		return errors.New("the first read yields nothing, the second one does")
	}
	return nil
}

// checkGoroutines leaves many loops and counts. Idle connections keep a few
// goroutines and goroutines of others come and go, so the count is taken after
// the first loops, and only growth with at least every second loop is a leak.
func checkGoroutines(ctx context.Context, s source.Source, _ Options) error {
	const loops = 16
	leave := func() error {
		for _, err := range s.Identities(ctx) {
			return err
		}
		return nil
	}
	for range 2 {
		if err := leave(); err != nil {
			return err
		}
	}
	before := runtime.NumGoroutine()
	for range loops {
		if err := leave(); err != nil {
			return err
		}
	}
	deadline := time.NewTimer(3 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		after := runtime.NumGoroutine()
		if after-before < loops/2 {
			return nil
		}
		select {
		case <-deadline.C:
			return fmt.Errorf("leaving %d loops leaves %d goroutines behind", loops, after-before)
		case <-tick.C:
		}
	}
}

func checkCancelled(ctx context.Context, s source.Source, _ Options) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	_, err := drain(s.Identities(ctx))
	return wantCancelled(err, "a list with a cancelled context")
}

func wantCancelled(err error, what string) error {
	if err == nil {
		return fmt.Errorf("%s ends without an error", what)
	}
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s gives an error that does not wrap context.Canceled: %w", what, err)
	}
	return nil
}

// checkCancelMidway accepts a source that had everything already, but not one
// that ends early without saying so.
func checkCancelMidway(ctx context.Context, s source.Source, _ Options) error {
	whole, err := list(ctx, s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	people, err := drain(func(yield func(source.Identity, error) bool) {
		s.Identities(ctx)(func(i source.Identity, err error) bool {
			cancel()
			return yield(i, err)
		})
	})
	if err == nil && len(people) < len(whole) {
		return fmt.Errorf("a list cancelled midway ends without an error after %d of %d people", len(people), len(whole))
	}
	if err != nil {
		return wantCancelled(err, "a list cancelled midway")
	}
	return nil
}

func checkConcurrent(ctx context.Context, s source.Source, _ Options) error {
	want, err := list(ctx, s)
	if err != nil {
		return err
	}
	const readers = 4
	var wg sync.WaitGroup
	var errs [readers]error
	for n := range readers {
		wg.Go(func() {
			got, err := list(ctx, s)
			if err == nil {
				err = comparePeople(want, got, "a read beside others")
			}
			errs[n] = err
		})
	}
	wg.Wait()
	return errors.Join(errs[:]...)
}

// What is wrong with the system of a source that must fail.
const (
	breaksOff  = "a list that breaks in the middle"
	losesAPage = "a list with a lost page"
)

func checkBroken(ctx context.Context, s source.Source, what string) error {
	people, err := drain(s.Identities(ctx))
	if err == nil {
		return fmt.Errorf("%s ends without an error after %d people", what, len(people))
	}
	if _, err := source.Collect(ctx, s); err == nil {
		return fmt.Errorf("%s fails only once", what)
	}
	return nil
}

package storetest

import (
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/provision-go/provision/source/knit"
)

const (
	writers = 6
	writes  = 8
)

// each runs in several goroutines, and collects what they return.
func each(do func(n int) error) error {
	errs := make([]error, writers)
	var wait sync.WaitGroup
	for n := range writers {
		wait.Go(func() { errs[n] = do(n) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// until commits until nobody else was faster.
func (r *run) until(build func(version int64) commit) error {
	for {
		state, err := r.s.State(r.ctx, r.name)
		if err != nil {
			return err
		}
		err = r.s.Commit(r.ctx, r.name, build(state.Version))
		if err == nil || !errors.Is(err, knit.ErrConflict) {
			return err
		}
	}
}

// Of commits for one version one is written.
func concurrentVersions(r *run) {
	err := each(func(n int) error {
		for i := range writes {
			id := fmt.Sprintf("w%d-%d", n, i)
			err := r.until(func(version int64) commit {
				return commit{Expect: version, State: []byte(`{}`), Put: []record{{ID: id, At: instant(1), Body: []byte(`{}`)}}}
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		r.Fatalf("commits at the same time: %v", err)
	}
	r.same("the version after them", r.state(r.name).Version, int64(writers*writes))
	got, err := r.s.List(r.ctx, r.name, "", 1000)
	if err != nil {
		r.Fatalf("List: %v", err)
	}
	r.same("the records after them", len(got), writers*writes)
}

// Nobody sees half of a commit: two records always have the same body.
func concurrentWhole(r *run) {
	r.put(record{ID: "a", At: instant(1), Body: []byte(`{"v":0}`)}, record{ID: "b", At: instant(1), Body: []byte(`{"v":0}`)})
	err := each(func(n int) error {
		for range writes {
			if n%2 == 0 {
				err := r.until(func(version int64) commit {
					body := []byte(`{"v":` + strconv.FormatInt(version, 10) + `}`)
					return commit{Expect: version, State: body, Put: []record{
						{ID: "a", At: instant(1), Body: body}, {ID: "b", At: instant(1), Body: body},
					}}
				})
				if err != nil {
					return err
				}
				continue
			}
			got, err := r.s.Records(r.ctx, r.name, []string{"a", "b"})
			if err != nil {
				return err
			}
			if len(got) != 2 || string(got[0].Body) != string(got[1].Body) {
				return fmt.Errorf("read %d records of which one is older", len(got)) //nolint:err113 // shown by a test
			}
		}
		return nil
	})
	if err != nil {
		r.Errorf("reads and commits at the same time: %v", err)
	}
}

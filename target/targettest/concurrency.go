package targettest

import (
	"context"
	"sync"

	"github.com/provision-go/provision/target"
)

type stateCall = func(context.Context, target.StateRequest) (target.Account, error)

// width is how many calls are made at once: enough to collide, and few enough
// for a sandbox with a rate limit.
const width = 8

// concurrencyCreate: of several people who want one user name, one gets it.
func concurrencyCreate(r *run) {
	r.need(r.caps.Create, "Create")
	first := r.request()
	name := r.unique(first)
	requests := []target.CreateRequest{first}
	for len(requests) < width {
		other, _ := r.clashing(first)
		requests = append(requests, other)
	}
	errs := make([]error, width)
	var wg sync.WaitGroup
	for i, req := range requests {
		wg.Go(func() { _, errs[i] = r.t.Create(r.ctx, req) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		r.class("a Create that came too late", err, target.Exists)
	}
	if won != 1 {
		r.Errorf("%d of %d creates with the same %s succeeded at once, want 1", won, width, name)
	}
}

// concurrencyUpdate: writes on different accounts do not disturb each other.
func concurrencyUpdate(r *run) {
	r.need(r.caps.Update, "Update")
	accounts := make([]target.Account, width)
	changes := make([]target.Attributes, width)
	for i := range accounts {
		_, accounts[i] = r.create()
		changes[i] = r.change()
	}
	errs := make([]error, width)
	var wg sync.WaitGroup
	for i := range accounts {
		wg.Go(func() {
			_, errs[i] = r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(accounts[i]), Set: changes[i]})
		})
		wg.Go(func() {
			for _, err := range r.t.Accounts(r.ctx) {
				if err != nil {
					break
				}
			}
		})
	}
	wg.Wait()
	for i, a := range accounts {
		if r.ok("Update", errs[i]) {
			a.Attributes = a.Attributes.Merge(changes[i])
			r.sameAs("Find after Update", r.read(a.ID), a)
		}
	}
}

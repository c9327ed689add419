package provision

import (
	"context"
	"sync"
	"time"

	"github.com/provision-go/provision/target"
)

// catalogue is the target's list of entitlements, read once if at all. It is
// safe for concurrent use.
type catalogue struct {
	turn chan struct{} // held while reading
	mu   sync.Mutex
	ids  map[target.Entitlement]string // what there is
	all  bool                          // read to its end
}

func newCatalogue() *catalogue {
	return &catalogue{turn: make(chan struct{}, 1), ids: map[target.Entitlement]string{}}
}

func (c *catalogue) add(e target.Entitlement, id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids[e] = id
}

// get returns the native id, whether the entitlement is there, and whether that
// is certain.
func (c *catalogue) get(e target.Entitlement) (id string, ok, certain bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok = c.ids[e]
	return id, ok, ok || c.all
}

// entitlementID returns the native id of the change's entitlement. Not there:
// false.
func (x *execution) entitlementID(ctx context.Context, a *attempt) (string, bool, error) {
	c := a.change
	if c.EntitlementID != "" {
		return c.EntitlementID, true, nil
	}
	id, ok, certain := x.catalogue.get(c.Entitlement)
	if spec, _ := x.can.Kind(c.Entitlement.Kind); certain || !spec.List {
		return id, ok || !spec.List, nil
	}
	x.catalogue.turn <- struct{}{}
	defer func() { <-x.catalogue.turn }()
	if _, _, certain = x.catalogue.get(c.Entitlement); !certain {
		if err := x.readCatalogue(ctx, a); err != nil {
			return "", false, err
		}
	}
	id, ok, _ = x.catalogue.get(c.Entitlement)
	return id, ok, nil
}

// readCatalogue lists the entitlements. The call timeout bounds the wait for
// each entry, not for the list.
func (x *execution) readCatalogue(ctx context.Context, a *attempt) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	watch := time.AfterFunc(x.config.CallTimeout, cancel)
	defer watch.Stop()
	defer func() {
		if reason := recover(); reason != nil {
			err = &panicError{reason: reason}
		}
		a.heard(err)
	}()
	read := map[target.Entitlement]string{}
	for held, err := range x.target.Entitlements(ctx) {
		if err != nil {
			return err
		}
		read[held.Entitlement] = held.ID
		watch.Reset(x.config.CallTimeout)
	}
	if err := ctx.Err(); err != nil {
		return err // whatever ended early is no complete list
	}
	x.catalogue.mu.Lock()
	defer x.catalogue.mu.Unlock()
	for e, id := range read {
		if _, ok := x.catalogue.ids[e]; !ok {
			x.catalogue.ids[e] = id
		}
	}
	x.catalogue.all = true
	return nil
}

package provision

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// accountIDs remembers, for one run, which account belongs to which key. It is
// safe for concurrent use.
type accountIDs struct {
	mu    sync.Mutex
	byKey map[target.Key]accountID
}

type accountID struct {
	id   string // "" = looked for, not there
	made bool   // created in this run
}

func newAccountIDs() *accountIDs { return &accountIDs{byKey: map[target.Key]accountID{}} }

func (m *accountIDs) add(k target.Key, id string, created bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.byKey[k] = accountID{id, created}
}

// note remembers what was found for a key, unless it is known better.
func (m *accountIDs) note(k target.Key, id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byKey[k].id == "" {
		m.byKey[k] = accountID{id: id}
	}
}

func (m *accountIDs) drop(k target.Key) { m.add(k, "", false) }

func (m *accountIDs) get(k target.Key) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	a, ok := m.byKey[k]
	return a.id, ok
}

// isNew reports whether the account of a key was created in this run.
func (m *accountIDs) isNew(k target.Key) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byKey[k].made
}

// versions remembers what our own writes made of the versions of accounts. It is
// safe for concurrent use.
type versions struct {
	mu   sync.Mutex
	byID map[string]string // "" = written, version not told
}

func newVersions() *versions { return &versions{byID: map[string]string{}} }

func (v *versions) set(id, version string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.byID[id] = version
}

func (v *versions) get(id string) (string, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	version, ok := v.byID[id]
	return version, ok
}

// accountOf returns the native id of the account with a key, "" if there is
// none. It asks, in this order, the run, the journal and the target.
func (x *execution) accountOf(ctx context.Context, a *attempt, k target.Key) (string, error) {
	if id, ok := x.accounts.get(k); ok {
		return id, nil
	}
	if k.IsZero() {
		return "", nil
	}
	if x.known != nil {
		if id, ok := x.known(k); ok && id != "" {
			return id, nil
		}
	}
	if !x.can.FindKey {
		return "", nil
	}
	found, err := x.find(ctx, a, target.Find{Key: k})
	if err != nil {
		return "", err
	}
	id := ""
	if len(found) == 1 { // two: nobody can say which one is meant
		id = found[0].ID
	}
	x.accounts.note(k, id)
	return id, nil
}

// cachedRef is the native id of a reference, as far as no call is needed.
func (x *execution) cachedRef(text string) (string, bool) {
	ref, err := target.ParseRef(text)
	if err != nil {
		return "", false
	}
	if ref.ID != "" {
		return ref.ID, true
	}
	if id, ok := x.accounts.get(ref.Key); ok {
		return id, id != ""
	}
	if x.known != nil {
		return x.known(ref.Key)
	}
	return "", false
}

// nativeRefs turns the texts of references into native ids. It returns false if
// one of them has no account.
func (x *execution) nativeRefs(ctx context.Context, a *attempt, texts []string) (ids []string, missing string, err error) {
	for _, text := range texts {
		ref, err := target.ParseRef(text)
		if err != nil {
			return nil, "", target.Fail(target.Permanent, err)
		}
		if ref.ID == "" {
			if ref.ID, err = x.accountOf(ctx, a, ref.Key); err != nil {
				return nil, "", err
			}
		}
		if ref.ID == "" {
			return nil, text, nil
		}
		ids = append(ids, ref.ID)
	}
	return ids, "", nil
}

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
	watch := time.AfterFunc(x.timeout(), cancel)
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
		watch.Reset(x.timeout())
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

// parcel is what a call needs besides the change: everything in the target's own
// terms.
type parcel struct {
	set         target.Attributes
	clear       []string
	entitlement string
	to          string // native id to hand over to
}

// resolve translates a change into the target's terms. It returns false if the
// attempt ends or waits instead.
func (x *execution) resolve(ctx context.Context, a *attempt) (parcel, bool) {
	c := a.change
	var p parcel
	switch c.Action {
	case reconcile.Create, reconcile.Update, reconcile.Adopt:
		if !x.fields(ctx, a, &p) || !x.secrets(ctx, a) {
			return p, false
		}
		if c.Action == reconcile.Update && p.set.IsZero() && len(p.clear) == 0 {
			a.nothingLeft()
			return p, false
		}
	case reconcile.Grant, reconcile.Revoke:
		id, ok, err := x.entitlementID(ctx, a)
		switch {
		case err != nil:
			x.readFailed(ctx, a, err)
			return p, false
		case !ok:
			a.end(Failed, target.NotFound, fmt.Errorf("%s: %w", c.Entitlement, target.ErrNotFound))
			return p, false
		}
		p.entitlement = id
	case reconcile.Handover:
		id, err := x.accountOf(ctx, a, c.HandoverTo)
		switch {
		case err != nil:
			x.readFailed(ctx, a, err)
			return p, false
		case id == "":
			a.end(Failed, target.NotFound, fmt.Errorf("hand over to %s: %w", c.HandoverTo, errNoAccount))
			return p, false
		}
		p.to = id
	default:
	}
	return p, true
}

// nothingLeft ends an update of which nothing remains to be written.
func (a *attempt) nothingLeft() {
	if a.why == nil {
		a.end(AlreadySo, 0, nil)
		return
	}
	a.end(Skipped, 0, a.why)
	a.result.LeftOut = a.leave
}

// fields gathers what is written. A reference to an account that is not there is
// left out.
func (x *execution) fields(ctx context.Context, a *attempt, p *parcel) bool {
	var set target.AttrBuilder
	for i := range a.change.Fields {
		f := &a.change.Fields[i]
		if a.leaves(f.Name) {
			continue
		}
		values := f.After
		if f.Ref {
			ids, missing, err := x.nativeRefs(ctx, a, f.After)
			switch {
			case err != nil:
				x.readFailed(ctx, a, err)
				return false
			case missing != "":
				a.leaveOut(f.Name, fmt.Errorf("%w for %s", errNoAccount, missing))
				continue
			}
			values = ids
		}
		if len(values) > 0 {
			set.Add(f.Name, values...)
		} else if a.change.Action != reconcile.Create {
			p.clear = append(p.clear, f.Name)
		}
	}
	p.set = set.Build()
	return true
}

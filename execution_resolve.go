package provision

import (
	"context"
	"fmt"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

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
				a.worker.build.Build() // for nothing
				x.readFailed(ctx, a, err)
				return false
			case missing != "":
				a.leaveOut(f.Name, fmt.Errorf("%w for %s", errNoAccount, missing))
				continue
			}
			values = ids
		}
		if len(values) > 0 {
			a.worker.build.Add(f.Name, values...)
		} else if a.change.Action != reconcile.Create {
			p.clear = append(p.clear, f.Name)
		}
	}
	p.set = a.worker.build.Build()
	return true
}

package provision

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// lookLife is how long a look at an account is good for while a change waits to
// be repeated.
const lookLife = time.Minute

// mustLook reports whether the account is read before it is written.
func (x *execution) mustLook(a *attempt) bool {
	c := a.change
	switch {
	case c.Action == reconcile.CreateEntitlement:
		return false
	case !a.seen.IsZero():
		return time.Since(a.seen) > lookLife || x.wasTouched(c.Key)
	case a.rounds > 0:
		return true
	case c.Action == reconcile.Create:
		return (!x.fresh || x.wasTouched(c.Key) || x.unlisted(a)) && x.looksFor(c.Key)
	case c.Action == reconcile.Adopt:
		return true // two people may have been shown the same account
	case c.Action.Removes():
		return true
	case x.accounts.isNew(c.Key):
		return false
	case !x.fresh || x.wasTouched(c.Key):
		return true
	}
	// We wrote to it since and were not told the version that came of it.
	known, wrote := x.versions.get(a.account)
	return wrote && known == "" && c.Version != ""
}

// looksFor reports whether an account can be looked for that may have been made.
func (x *execution) looksFor(k target.Key) bool { return x.can.FindKey || x.remembers(k) }

// remembers reports whether the journal knows an account with a key.
func (x *execution) remembers(k target.Key) bool {
	_, ok := x.known(k)
	return ok
}

func (x *execution) wasTouched(k target.Key) bool { return x.touched != nil && x.touched(k) }

// look reads the account and compares it with what the change expects. It
// returns false if the attempt ends or waits instead.
func (x *execution) look(ctx context.Context, a *attempt) bool {
	c := a.change
	by := target.Find{ID: a.account}
	if c.Action == reconcile.Create {
		by = target.Find{Key: c.Key}
		if id, ok := x.known(c.Key); ok && !x.can.FindKey {
			by = target.Find{ID: id}
		}
	}
	found, err := x.find(ctx, a, by)
	if err != nil {
		x.readFailed(ctx, a, err)
		return false
	}
	if len(found) == 0 && c.Action.Removes() && a.absent == 0 {
		a.absent++ // who is let go for one wrong answer keeps their access
		a.come(x.config.Retry.base())
		return false
	}
	a.seen = time.Now()
	switch {
	case len(found) == 0 && c.Action == reconcile.Create:
		return true
	case len(found) == 0:
		x.gone(a)
		return false
	case len(found) > 1:
		a.end(Stale, 0, fmt.Errorf("%w: %d accounts", errSeveral, len(found)))
		return false
	}
	now := found[0]
	if err := x.ours(c, now); err != nil {
		a.end(Stale, 0, err)
		return false
	}
	if x.opened(c, &now) {
		a.end(Stale, 0, errOpened)
		return false
	}
	if id, ok := x.cachedRef(c.Key.String()); !x.can.Keys && (c.Action != reconcile.Adopt || ok && id == now.ID) {
		now.Key = c.Key // kept elsewhere
	}
	now.Attributes = x.keyed(c, now.Attributes)
	switch c.Standing(&now) {
	case reconcile.AlreadySo:
		a.account = now.ID
		x.already(a)
		return false
	case reconcile.Stale:
		a.account = now.ID
		a.end(Stale, 0, differs(c, now))
		return false
	case reconcile.Open:
	}
	a.version = now.Version
	return true
}

// opened reports whether an account is open of which a leaver's rest was to be taken: it was
// closed when that was planned. Who is back keeps it, and from whom is not it is taken after
// the disable. What an undo takes back was given to an open account.
func (x *execution) opened(c *reconcile.Change, now *target.Account) bool {
	if x.undo != "" || c.Phase != target.Left || now.State != target.Enabled || len(c.Needs) > 0 || !x.can.Disable {
		return false
	}
	return c.Action == reconcile.Revoke || c.Action == reconcile.EndSessions || c.Action == reconcile.Handover
}

// ours says why the account is not the one that the change is about; nil if it
// is.
func (x *execution) ours(c *reconcile.Change, now target.Account) error {
	switch {
	case !x.can.Keys || now.Key == c.Key:
		return nil
	case c.Action == reconcile.Adopt && now.Key.IsZero():
		return nil
	case now.Key.IsZero():
		return errUnmanaged
	}
	return fmt.Errorf("%w: %s", errOthers, now.Key)
}

// keyed turns the references that the change is about from native ids into keys,
// which is how the change states them.
func (x *execution) keyed(c *reconcile.Change, a target.Attributes) target.Attributes {
	for i := range c.Fields {
		f := &c.Fields[i]
		if !f.Ref {
			continue
		}
		texts := map[string]string{}
		for _, text := range slices.Concat(f.Before, f.After) {
			if id, ok := x.cachedRef(text); ok {
				texts[id] = text
			}
		}
		values := a.Values(f.Name)
		for j, id := range values {
			if text, ok := texts[id]; ok {
				values[j] = text
			} else {
				values[j] = target.Ref{ID: id}.Text()
			}
		}
		if values != nil {
			a = a.With(f.Name, values...)
		}
	}
	return a
}

// differs says in which way an account is neither as before nor as after a
// change, without values.
func differs(c *reconcile.Change, now target.Account) error {
	var parts []string
	if c.From != 0 && now.State != c.From && now.State != c.To {
		parts = append(parts, "it is "+now.State.String())
	}
	for i := range c.Fields {
		f := &c.Fields[i]
		spec := target.AttributeSpec{CaseFold: f.CaseFold}
		values := now.Attributes.Values(f.Name)
		if !spec.Equal(values, f.Before) && !spec.Equal(values, f.After) {
			parts = append(parts, f.Name)
		}
	}
	if len(parts) == 0 {
		return errStale
	}
	return fmt.Errorf("%w: %s", errStale, strings.Join(parts, ", "))
}

func holds(a target.Account, e target.Entitlement) bool { return slices.Contains(a.Entitlements, e) }

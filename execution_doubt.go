package provision

import (
	"context"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// absences is how often in a row a created account must not be found before it
// is believed that the create had no effect.
const absences = 2

// doubt follows a create that may have taken effect. Nothing is created again
// before it has been looked for.
func (x *execution) doubt(a *attempt, err error) {
	a.unclear, a.doubted = err, true
	if x.park(a, err) {
		return
	}
	if len(x.handles(a)) == 0 {
		if x.can.IdempotentCreate {
			x.repeat(a, err)
			return
		}
		a.end(Unconfirmed, target.ClassOf(err), err)
		return
	}
	a.stage, a.absent, a.failures = readingBack, 0, 0
	a.come(x.pause(a, a.result.Attempts, err))
}

// handles are the ways in which the account of a create can be found and told
// from others: by its key, else by the unique values that it is created with.
func (x *execution) handles(a *attempt) []target.Find {
	c := a.change
	if x.can.FindKey {
		return []target.Find{{Key: c.Key}}
	}
	if !x.can.Keys {
		return nil // found, it could be anybody's
	}
	var out []target.Find
	for _, name := range x.can.Find {
		if spec, _ := x.can.Attribute(name); spec.Unique {
			out = append(out, valuesOf(a, name)...)
		}
	}
	return out
}

// valuesOf are the searches for the values that a change writes to an attribute.
func valuesOf(a *attempt, name string) []target.Find {
	var out []target.Find
	for _, f := range a.change.Fields {
		if f.Name == name && !f.Ref {
			for _, v := range f.After {
				out = append(out, target.Find{Attribute: name, Value: v})
			}
		}
	}
	return out
}

// sighting is what a search for the account of a create has shown.
type sighting struct {
	ours   []string // native ids of accounts with the key
	others string   // attribute whose value somebody else has
}

// search looks for the account of a create.
func (x *execution) search(ctx context.Context, a *attempt, finds []target.Find) (sighting, error) {
	var s sighting
	for _, by := range finds {
		found, err := x.find(ctx, a, by)
		if err != nil {
			return s, err
		}
		for _, f := range found {
			switch {
			case f.Key == a.change.Key && x.can.Keys, !by.Key.IsZero():
				if !slices.Contains(s.ours, f.ID) {
					s.ours = append(s.ours, f.ID)
				}
			default:
				s.others = by.Attribute
			}
		}
	}
	a.failures = 0
	return s, nil
}

// readBack finds out whether a create took effect.
func (x *execution) readBack(ctx context.Context, a *attempt) {
	s, err := x.search(ctx, a, x.handles(a))
	switch {
	case err != nil:
		x.readFailed(ctx, a, err)
	case len(s.ours) == 1:
		x.recognise(a, s.ours[0], Done)
	case len(s.ours) > 1:
		a.end(Unconfirmed, target.ClassOf(a.unclear), fmt.Errorf("%w: %d accounts", errSeveral, len(s.ours)))
	case s.others != "":
		// Somebody else has the value that ours must have, so ours is not there.
		a.unclear = nil
		a.end(Failed, target.Exists, target.ExistsError(s.others, nil))
	default:
		x.notThere(a)
	}
}

// notThere follows a reading that did not find the account.
func (x *execution) notThere(a *attempt) {
	a.absent++
	switch {
	case a.absent < absences:
		// A target may be slow to show what it has made.
		a.come(x.config.Retry.base() + x.config.Retry.backoff(a.result.Attempts, a.change))
	case a.result.Attempts >= x.config.Retry.attempts():
		x.giveUp(a, a.unclear)
	default:
		a.stage, a.unclear = trying, nil
		a.come(0)
	}
}

// recognise ends a create whose account is there and ours.
func (x *execution) recognise(a *attempt, id string, o Outcome) {
	a.account = id
	x.accounts.add(a.change.Key, id, o == Done)
	a.end(o, 0, nil)
}

// meet follows a create that met an account with the same key or value. Another
// value is never tried: the next plan decides.
func (x *execution) meet(ctx context.Context, a *attempt) {
	var finds []target.Find
	if x.can.FindKey {
		finds = append(finds, target.Find{Key: a.change.Key})
	}
	if field := target.FieldOf(a.clash); slices.Contains(x.can.Find, field) {
		finds = append(finds, valuesOf(a, field)...)
	} else if !x.can.FindKey {
		finds = x.handles(a)
	}
	s, err := x.search(ctx, a, finds)
	switch {
	case err != nil:
		x.readFailed(ctx, a, err)
	case len(s.ours) == 1 && a.doubted:
		x.recognise(a, s.ours[0], Done) // an earlier attempt made it
	case len(s.ours) == 1:
		x.recognise(a, s.ours[0], AlreadySo)
	case s.others == "" && len(s.ours) == 0 && a.doubted:
		// It may be ours, made by an earlier attempt and not shown yet.
		a.end(Unconfirmed, target.ClassOf(a.clash), a.clash)
	default:
		a.end(Failed, target.ClassOf(a.clash), a.clash)
	}
}

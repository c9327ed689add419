package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// Standing compares a change with its account as read now; nil means that there
// is no account with its key or native id. The result does not depend on
// Version: what matters is what the change touches. If that is as it was, the
// change is Open, whatever else happened to the account, and the call takes the
// newer version as its precondition.
//
//	change             Open                  AlreadySo               otherwise
//	create             no account            one with its key
//	update             each field as before  each field as after     Stale
//	                   or after
//	adopt              no key; recognised    its key; fields as      Stale
//	                   as before; fields     after
//	                   as for an update
//	enable, disable    state as before       state as after          Stale
//	delete             state as before       no account              Stale
//	grant              not held              held                    Stale without account
//	revoke             held                  not held, no account
//	end-sessions       there is an account   no account
//	handover           there is an account                           Stale without account
//	create-entitlement always
//
// A disable of an account that is gone is AlreadySo. An account that carries
// another key than the change, or another native id, makes it Stale; where a
// target cannot store keys, the caller fills in the key that it remembers.
func (c *Change) Standing(a *target.Account) Standing {
	if c.Action == CreateEntitlement {
		return Open
	}
	if a == nil {
		return c.withoutAccount()
	}
	if c.Account != "" && a.ID != c.Account || a.Key != c.Key && (c.Action != Adopt || !a.Key.IsZero()) {
		return Stale
	}
	switch c.Action {
	case Create:
		return AlreadySo
	case Update:
		return c.fieldsStanding(a)
	case Adopt:
		if a.Key.IsZero() && slices.ContainsFunc(c.Names, func(n Name) bool { return !n.isOf(a) }) {
			return Stale // somebody else's by now
		}
		if s := c.fieldsStanding(a); s != AlreadySo || !a.Key.IsZero() {
			return s
		}
		return Open
	case Enable, Disable:
		if a.State == c.To {
			return AlreadySo
		}
		return asBefore(a.State == c.From)
	case Delete:
		return asBefore(a.State == c.From)
	case Grant:
		return openUnless(slices.Contains(a.Entitlements, c.Entitlement))
	case Revoke:
		return openUnless(!slices.Contains(a.Entitlements, c.Entitlement))
	default: // EndSessions, Handover
		return Open
	}
}

func (c *Change) withoutAccount() Standing {
	switch c.Action {
	case Create:
		return Open
	case Disable, EndSessions, Revoke, Delete:
		return AlreadySo
	default:
		return Stale
	}
}

// fieldsStanding compares the fields. One may be as before while another is as
// after: a write that left a reference out did just that.
func (c *Change) fieldsStanding(a *target.Account) Standing {
	done := true
	for _, f := range c.Fields {
		spec := target.AttributeSpec{CaseFold: f.CaseFold}
		now := a.Attributes.Values(f.Name)
		if spec.Equal(now, f.After) {
			continue
		}
		if !spec.Equal(now, f.Before) {
			return Stale
		}
		done = false
	}
	return openUnless(done)
}

func openUnless(done bool) Standing {
	if done {
		return AlreadySo
	}
	return Open
}

func asBefore(so bool) Standing {
	if so {
		return Open
	}
	return Stale
}

package people

import (
	"context"
	"iter"
	"sync/atomic"

	"github.com/provision-go/provision/target"
)

// App is the name of the target on which the company has its accounts.
const App = "app"

// Capabilities are those of a usual target: the login is unique and compared
// without regard to case, the manager is a reference.
func Capabilities() target.Capabilities {
	caps := target.Capabilities{
		Keys: true, SetKey: true, Find: []string{"userName"}, FindKey: true,
		Create: true, Update: true, Disable: true, Enable: true, Delete: true, CreateDisabled: true, IdempotentCreate: true,
		Entitlements: []target.EntitlementSpec{
			{Kind: "group", Grant: true, Revoke: true, List: true},
			{Kind: "role", Grant: true, Revoke: true, List: true},
		},
	}
	for _, name := range names {
		caps.Attributes = append(caps.Attributes, target.AttributeSpec{
			Name: name, Ref: name == names[managerAt], Unique: name == names[userNameAt], CaseFold: name == names[userNameAt],
		})
	}
	return caps
}

// Owned is what the rules have a say in: everything.
func Owned() target.Owned {
	c := newCatalogue()
	owned := target.Owned{Entitlements: c.all(), Slots: []string{""}}
	for _, name := range names {
		owned.Attributes = append(owned.Attributes, target.OwnedAttribute{Name: name})
	}
	return owned
}

// Desired returns what is desired for the people of an order.
func (c Company) Desired(order Order) []target.Desired {
	out := make([]target.Desired, len(order))
	split(len(order), func(from, to int) {
		var w writer
		catalogue := newCatalogue()
		for i := from; i < to; i++ {
			p := c.person(int(order[i]))
			t := w.text(p)
			d := &out[i]
			d.Key.Identity = ID(p.number)
			d.State, d.Phase = target.Enabled, target.Active
			for k, name := range names {
				w.build.Add(name, t.values[k])
			}
			d.Attributes = w.build.Build()
			d.Label = d.Attributes.Get(names[userNameAt])
			if p.kind == Leaver {
				d.State, d.Phase = target.Disabled, target.Left
			} else {
				d.Entitlements = catalogue.of(p)
			}
		}
	})
	return out
}

// accounts returns the accounts of the people of an order, as a connector yields
// them: managers are native IDs.
func (c Company) accounts(order Order) []target.Account {
	order = c.without(order, Joiner)
	out := make([]target.Account, len(order))
	split(len(order), func(from, to int) {
		var w writer
		catalogue := newCatalogue()
		for i := from; i < to; i++ {
			p := c.person(int(order[i]))
			out[i] = w.account(p)
			out[i].Entitlements = catalogue.of(p)
		}
	})
	return out
}

// Account returns the account of the person with a number, without entitlements.
func (c Company) Account(number int) target.Account {
	var w writer
	return w.account(c.person(number))
}

func (w *writer) account(p person) target.Account {
	p = p.before()
	t := w.text(p)
	for k, name := range names {
		if k == managerAt {
			w.build.Add(name, AccountID(p.manager))
		} else {
			w.build.Add(name, t.values[k])
		}
	}
	return target.Account{
		ID: AccountID(p.number), Key: target.Key{Identity: ID(p.number)}, State: target.Enabled, Attributes: w.build.Build(),
	}
}

// Listing is a target that lists the accounts of a company and does nothing
// else.
type Listing struct {
	target.Target // for the methods that nobody calls
	accounts      []target.Account
	listed        atomic.Bool
}

// Listed reports whether the accounts were listed to the end, since Reset.
func (l *Listing) Listed() bool { return l.listed.Load() }

// Reset forgets that the accounts were listed.
func (l *Listing) Reset() { l.listed.Store(false) }

// Listing makes the accounts of the people of an order.
func (c Company) Listing(order Order) *Listing { return &Listing{accounts: c.accounts(order)} }

// Name returns [App].
func (l *Listing) Name() string { return App }

// Capabilities returns [Capabilities].
func (l *Listing) Capabilities() target.Capabilities { return Capabilities() }

// Accounts yields the accounts in the order that the listing was made with.
func (l *Listing) Accounts(context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		for i := range l.accounts {
			if !yield(l.accounts[i], nil) {
				return
			}
		}
		l.listed.Store(true)
	}
}

// Entitlements yields everything that people can have.
func (l *Listing) Entitlements(context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		c := newCatalogue()
		for _, e := range c.all() {
			if !yield(target.Held{Entitlement: e, ID: e.String()}, nil) {
				return
			}
		}
	}
}

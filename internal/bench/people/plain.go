package people

import (
	"iter"

	"github.com/provision-go/provision/target"
)

// Plain is an account, or what is desired of one, as an engineer would write it
// down for one program: a struct with fields. The limits compare it.
type Plain struct {
	Key          string
	State        uint8
	Attributes   [len(names)]string // in the order of names
	Entitlements []string
}

// All yields the names and values of the attributes, as target.Attributes does.
func (p *Plain) All() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for i, name := range names {
			if !yield(name, p.Attributes[i:i+1]) {
				return
			}
		}
	}
}

// Plain returns both sides, each in its order: what is desired for the people in
// want, and the accounts of those in have. No string is shared between the sides,
// as two systems share none.
func (c Company) Plain(want, have Order) ([]Plain, []Plain) {
	return c.plain(want, true), c.plain(c.without(have, Joiner), false)
}

// Creates returns what is desired for everybody as a system takes it: managers are
// native IDs.
func (c Company) Creates() []Plain {
	list := c.plain(c.Sorted(), true)
	for i := range list {
		list[i].Attributes[managerAt] = AccountID(c.person(i).manager)
	}
	return list
}

func (c Company) plain(order Order, desired bool) []Plain {
	out := make([]Plain, len(order))
	split(len(order), func(from, to int) {
		var w writer
		catalogue := newCatalogue()
		texts := make(map[target.Entitlement]string)
		for _, e := range catalogue.all() {
			texts[e] = e.String()
		}
		for i := from; i < to; i++ {
			p := c.person(int(order[i]))
			if !desired {
				p = p.before()
			}
			t := w.text(p)
			out[i] = Plain{Key: t.id, State: 1, Attributes: t.values}
			if desired && p.kind == Leaver {
				out[i].State = 0
				continue
			}
			held := catalogue.of(p)
			out[i].Entitlements = make([]string, len(held))
			for k := range held {
				out[i].Entitlements[k] = texts[held[k]]
			}
		}
	})
	return out
}

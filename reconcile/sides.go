package reconcile

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sort"

	"github.com/provision-go/provision/internal/order"
	"github.com/provision-go/provision/target"
)

var (
	errEmptyKey = errors.New("desired account without a key")
	errTwiceKey = errors.New("two desired accounts with one key")
)

// wants is what is desired, in the order of keys.
type wants struct {
	list  []target.Desired
	order []int32 // positions in list; nil = list is in order
}

func (w *wants) len() int { return len(w.list) }

func (w *wants) at(i int) *target.Desired {
	if w.order != nil {
		i = int(w.order[i])
	}
	return &w.list[i]
}

// search returns where a key is or would be.
func (w *wants) search(key target.Key) int {
	return sort.Search(w.len(), func(i int) bool { return w.at(i).Key.Compare(key) >= 0 })
}

// readSides takes over what is desired as it comes, which is nearly always in
// order, and the accounts and the catalogue, which are sorted.
func (p *planner) readSides() {
	s := &p.in.Scope
	p.wants = wants{list: s.desired}
	if s.whole {
		p.managed, p.unmanaged = s.actual.Managed(), s.actual.Unmanaged()
	} else {
		p.splitFound()
	}
	p.catalogue = pointers(s.catalogue)
	sortUnlessSorted(p.catalogue, func(a, b *target.Held) int {
		return cmp.Or(a.Entitlement.Compare(b.Entitlement), cmp.Compare(a.ID, b.ID))
	})
}

// splitFound sorts what was found for one person. Looking by key and by address
// finds one account twice; the reading that shows a key is kept.
func (p *planner) splitFound() {
	all := slices.Clone(p.in.Scope.found)
	slices.SortStableFunc(all, func(a, b target.Account) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), b.Key.Compare(a.Key))
	})
	all = slices.CompactFunc(all, func(a, b target.Account) bool { return a.ID == b.ID })
	for _, a := range all {
		if a.Key.IsZero() {
			p.unmanaged = append(p.unmanaged, a)
		} else {
			p.managed = append(p.managed, a)
		}
	}
	slices.SortFunc(p.managed, func(a, b target.Account) int {
		return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.ID, b.ID))
	})
}

// sortWants brings what is desired into order and refuses what has none.
func (p *planner) sortWants() error {
	list := p.wants.list
	p.wants.order = order.By(len(list),
		func(i int) string { return list[i].Key.Identity },
		func(i, j int) int { return cmp.Compare(list[i].Key.Slot, list[j].Key.Slot) })
	for i := range list {
		d := p.wants.at(i)
		if d.Key.Identity == "" {
			label := d.Label
			if p.secret(label, d.Attributes) {
				label = masked
			}
			return fmt.Errorf("plan %s: %w: %q", p.in.Target, errEmptyKey, label)
		}
		if i > 0 && p.wants.at(i-1).Key == d.Key {
			return fmt.Errorf("plan %s: %w: %s", p.in.Target, errTwiceKey, d.Key)
		}
	}
	return nil
}

// position returns where the accounts with a key begin, and how many there are.
func (p *planner) position(key target.Key) (at, n int) {
	at = p.managedFrom(key)
	for at+n < len(p.managed) && p.managed[at+n].Key == key {
		n++
	}
	return at, n
}

// managedFrom returns where the accounts with a key, or greater ones, begin.
func (p *planner) managedFrom(key target.Key) int {
	return sort.Search(len(p.managed), func(i int) bool { return p.managed[i].Key.Compare(key) >= 0 })
}

// wanted returns what is desired for a key, or nil.
func (p *planner) wanted(key target.Key) *target.Desired {
	if at := p.wants.search(key); at < p.wants.len() {
		if d := p.wants.at(at); d.Key == key {
			return d
		}
	}
	return nil
}

// wantedOf yields what is desired of one person.
func (p *planner) wantedOf(identityID string) iter.Seq[*target.Desired] {
	return func(yield func(*target.Desired) bool) {
		for at := p.wants.search(target.Key{Identity: identityID}); at < p.wants.len(); at++ {
			if d := p.wants.at(at); d.Key.Identity != identityID || !yield(d) {
				return
			}
		}
	}
}

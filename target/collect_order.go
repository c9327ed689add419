package target

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/internal/order"
)

// sort brings the accounts into the order of a snapshot and indexes them: managed
// ones first, by key, then native id, and after them the others, by native id. The
// list is copied without room for more: it is kept for long.
func (c *collector) sort() {
	listed := c.accounts
	c.managed = managedFirst(listed)
	// In the order of the listing, in which the values lie in memory.
	c.unique = indexUnique(listed, c.capabilities.Attributes)
	c.accounts = make([]Account, len(listed))
	places := make([]int32, len(listed))
	inOrder(c.accounts, places, listed, 0, c.managed,
		func(a *Account) string { return a.Key.Identity },
		func(a, b *Account) int { return cmp.Or(cmp.Compare(a.Key.Slot, b.Key.Slot), cmp.Compare(a.ID, b.ID)) })
	inOrder(c.accounts, places, listed, c.managed, len(listed),
		func(a *Account) string { return a.ID },
		func(*Account, *Account) int { return 0 })
	for i := range c.unique {
		c.unique[i].places = places
	}
	slices.SortStableFunc(c.findings, Finding.compare)
}

// managedFirst returns how many accounts have a key.
func managedFirst(accounts []Account) int {
	managed := 0
	for i := range accounts {
		if !accounts[i].Key.IsZero() {
			if i != managed {
				accounts[managed], accounts[i] = accounts[i], accounts[managed]
			}
			managed++
		}
	}
	return managed
}

// inOrder copies a part of a list in order and notes where each has gone.
func inOrder(out []Account, places []int32, list []Account, from, to int, text func(*Account) string, tie func(a, b *Account) int) {
	part := list[from:to]
	positions := order.By(len(part),
		func(i int) string { return text(&part[i]) },
		func(i, j int) int { return tie(&part[i], &part[j]) })
	for i := range part {
		at := i
		if positions != nil {
			at = int(positions[i])
		}
		out[from+i] = part[at]
		places[from+at] = int32(from + i)
	}
}

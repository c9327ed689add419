package target

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/internal/order"
)

// sort brings the accounts into the order of a snapshot and indexes them.
func (c *collector) sort() {
	c.accounts, c.managed = sortAccounts(c.accounts)
	c.unique = indexUnique(c.accounts, c.capabilities.Attributes)
	slices.SortStableFunc(c.findings, Finding.compare)
}

// sortAccounts returns managed accounts, by key, then native id, and after them
// the others, by native id; and how many are managed. The slice that is given is
// used up. What is returned has no room for more: it is kept for long.
func sortAccounts(accounts []Account) ([]Account, int) {
	managed := 0
	for i := range accounts {
		if !accounts[i].Key.IsZero() {
			if i != managed {
				accounts[managed], accounts[i] = accounts[i], accounts[managed]
			}
			managed++
		}
	}
	out := make([]Account, len(accounts))
	inOrder(out, accounts[:managed], func(a *Account) string { return a.Key.Identity }, func(a, b *Account) int {
		if d := cmp.Compare(a.Key.Slot, b.Key.Slot); d != 0 {
			return d
		}
		return cmp.Compare(a.ID, b.ID)
	})
	inOrder(out[managed:], accounts[managed:], func(a *Account) string { return a.ID }, func(*Account, *Account) int { return 0 })
	return out, managed
}

// inOrder copies a list in order.
func inOrder(out, list []Account, text func(*Account) string, tie func(a, b *Account) int) {
	positions := order.By(len(list),
		func(i int) string { return text(&list[i]) },
		func(i, j int) int { return tie(&list[i], &list[j]) })
	if positions == nil {
		copy(out, list)
		return
	}
	for i, at := range positions {
		out[i] = list[at]
	}
}

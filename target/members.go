package target

// manyShared is how many different lists of entitlements are counted as lists.
const manyShared = 1 << 12

// Members returns how many accounts hold each entitlement, managed or not. Read only.
func (s Snapshot) Members() map[Entitlement]int { return s.members }

// countMembers counts them once, when the accounts are complete: a plan for a million
// people has no time to walk through all accounts again.
func (s Snapshot) countMembers() map[Entitlement]int {
	// Accounts with the same entitlements mostly share one list: each list is looked
	// into once.
	type shared struct {
		list []Entitlement
		n    int
	}
	lists := map[*Entitlement]*shared{}
	out := map[Entitlement]int{}
	var last *shared
	for i := range s.accounts {
		list := s.accounts[i].Entitlements
		if len(list) == 0 {
			continue
		}
		if last != nil && &last.list[0] == &list[0] && len(last.list) == len(list) {
			last.n++
			continue
		}
		known := lists[&list[0]]
		switch {
		case known != nil && len(known.list) == len(list):
			known.n++
			last = known
		case known == nil && len(lists) < manyShared:
			last = &shared{list, 1}
			lists[&list[0]] = last
		default:
			for _, e := range list {
				out[e]++
			}
		}
	}
	for _, l := range lists {
		for _, e := range l.list {
			out[e] += l.n
		}
	}
	return out
}

package target

import (
	"cmp"
	"fmt"
	"slices"
)

func (c *collector) addHeld(h Held) {
	if !h.Entitlement.valid() {
		c.note(CodeBadEntitlement, Account{}, "", fmt.Sprintf("entry %q has the name %q and the kind %q, which cannot be written",
			h.ID, h.Entitlement.Name, h.Entitlement.Kind))
		return
	}
	h.Entitlement = c.shared(h.Entitlement)
	c.catalogue = append(c.catalogue, h)
}

// closeCatalogue sorts the catalogue and unites an entry that was listed twice.
// Two entries of one name with different native ids both stay, with a finding.
func (c *collector) closeCatalogue() {
	slices.SortStableFunc(c.catalogue, func(a, b Held) int {
		if d := a.Entitlement.Compare(b.Entitlement); d != 0 {
			return d
		}
		return cmp.Compare(a.ID, b.ID)
	})
	kept := c.catalogue[:0]
	for _, h := range c.catalogue {
		n := len(kept)
		if n == 0 || kept[n-1].Entitlement != h.Entitlement {
			kept = append(kept, h)
			continue
		}
		if kept[n-1].ID == h.ID {
			// A new slice: the old one belongs to the connector.
			kept[n-1].Members = slices.Concat(kept[n-1].Members, h.Members)
			continue
		}
		c.note(CodeDuplicateEntitlement, Account{}, "", fmt.Sprintf("%s is the name of both %q and %q",
			h.Entitlement, kept[n-1].ID, h.ID))
		kept = append(kept, h)
	}
	clear(c.catalogue[len(kept):])
	c.catalogue = kept
}

// join puts the members of the catalogue's entries into their accounts. The
// lists of members are let go: they can be as large as the accounts themselves.
func (c *collector) join() {
	extra := make([]int32, len(c.accounts))
	total := 0
	for i := range c.catalogue {
		for _, id := range c.catalogue[i].Members {
			if at, ok := c.index[id]; ok {
				extra[at]++
				total++
			}
		}
	}
	if total > 0 {
		for i, n := range extra {
			if n > 0 {
				a := &c.accounts[i]
				total += len(a.Entitlements)
			}
		}
		// One block for all lists; each account gets a part with room for its own.
		room := make([]Entitlement, total)
		for i, n := range extra {
			if n > 0 {
				a := &c.accounts[i]
				size := len(a.Entitlements) + int(n)
				a.Entitlements = append(room[:0:size], a.Entitlements...)
				room = room[size:]
			}
		}
	}
	for i := range c.catalogue {
		c.enrol(&c.catalogue[i])
	}
	for i, n := range extra {
		if n > 0 {
			a := &c.accounts[i]
			slices.SortFunc(a.Entitlements, Entitlement.Compare)
			a.Entitlements = slices.Compact(a.Entitlements)
		}
	}
}

func (c *collector) enrol(h *Held) {
	unknown, example := 0, ""
	for _, id := range h.Members {
		if at, ok := c.index[id]; ok {
			a := &c.accounts[at]
			a.Entitlements = append(a.Entitlements, h.Entitlement)
			continue
		}
		if unknown == 0 || id < example {
			example = id
		}
		unknown++
	}
	h.Members = nil
	if unknown > 0 {
		c.note(CodeUnknownMember, Account{}, "", fmt.Sprintf("%s has %d members that are no accounts here, such as %q",
			h.Entitlement, unknown, example))
	}
}

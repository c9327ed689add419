package scimserver

import (
	"fmt"
	"slices"
	"strings"
)

// affected says whom to look at again when a commit is written: a user, or the users
// below those who join and leave a group, or all in it when its name changes. It is
// asked before the commit, so that no write is done that nobody is told of because a
// read failed. before is nil for a new resource, after for one that is deleted.
func (x *exchange) affected(t *resources, before, after *Resource, c *Commit) ([]Change, error) {
	if x.cfg.Changed == nil {
		return nil, nil
	}
	if t.kind == User {
		var changes []Change
		for _, r := range []*Resource{before, after} {
			if r == nil {
				continue
			}
			change, err := x.change(r)
			if err != nil {
				return nil, err
			}
			if !slices.Contains(changes, change) {
				changes = append(changes, change)
			}
		}
		return changes, nil
	}
	members, err := x.movedMembers(before, after, c)
	if err != nil {
		return nil, err
	}
	users, err := x.below(x.r.Context(), x.client.Tenant, members)
	if err != nil {
		return nil, err
	}
	return x.changes(users)
}

// movedMembers returns the members of a group for whom something changes.
func (x *exchange) movedMembers(before, after *Resource, c *Commit) ([]Member, error) {
	var ids []string
	for _, m := range append(slices.Clone(c.Join), c.Leave...) {
		ids = append(ids, m.Member.ID)
	}
	renamed, err := x.renamed(before, after)
	if err != nil {
		return nil, err
	}
	if renamed {
		found, err := x.cfg.Store.Members(x.r.Context(), x.client.Tenant, []string{before.ID})
		if err != nil {
			return nil, fmt.Errorf("read members: %w", err)
		}
		for _, m := range found[before.ID] {
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	// Those that are no group are users, or do not exist, which the commit will say.
	page, err := x.cfg.Store.List(x.r.Context(), x.client.Tenant, Query{Type: Group, IDs: ids, Limit: len(ids)})
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	groups := make(map[string]bool, len(page.Resources))
	for n := range page.Resources {
		groups[page.Resources[n].ID] = true
	}
	members := make([]Member, len(ids))
	for n, id := range ids {
		members[n] = Member{ID: id, Type: User}
		if groups[id] {
			members[n].Type = Group
		}
	}
	return members, nil
}

// renamed reports whether a group that was there has another name now, or is gone.
func (x *exchange) renamed(before, after *Resource) (bool, error) {
	if before == nil || after == nil {
		return before != nil, nil
	}
	old, err := x.restore(before)
	if err != nil {
		return false, err
	}
	now, err := x.restore(after)
	return err == nil && old["displayName"] != now["displayName"], err
}

// changes returns what is to be told about users.
func (x *exchange) changes(users []string) ([]Change, error) {
	changes := make([]Change, 0, len(users))
	if x.cfg.IdentityID == ByID {
		for _, id := range users {
			changes = append(changes, Change{Tenant: x.client.Tenant, IdentityID: id, ID: id})
		}
		return changes, nil
	}
	for some := range slices.Chunk(users, scanned) {
		page, err := x.cfg.Store.List(x.r.Context(), x.client.Tenant, Query{Type: User, IDs: some, Limit: len(some)})
		if err != nil {
			return nil, fmt.Errorf("read users: %w", err)
		}
		for n := range page.Resources {
			change, err := x.change(&page.Resources[n])
			if err != nil {
				return nil, err
			}
			changes = append(changes, change)
		}
	}
	return changes, nil
}

// change is what is to be told about a user.
func (x *exchange) change(r *Resource) (Change, error) {
	change := Change{Tenant: x.client.Tenant, IdentityID: r.ID, ID: r.ID}
	if x.cfg.IdentityID == ByExternalID {
		o, err := x.restore(r)
		if err != nil {
			return change, err
		}
		id, _ := o["externalId"].(string)
		change.IdentityID = strings.Clone(id) // it is kept, and the resource is not
	}
	return change, nil
}

// tellChanged tells the product.
func (x *exchange) tellChanged(changes []Change) {
	for _, c := range changes {
		x.cfg.Changed(x.r.Context(), c)
	}
}

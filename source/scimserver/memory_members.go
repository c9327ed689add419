package scimserver

import (
	"cmp"
	"slices"
	"strings"
)

// few is up to how many members are put into or taken out of a list one by one,
// which costs a move of the rest of the list each.
const few = 8

// gone takes a resource out of all groups, and all members out of it.
func (t *memoryTenant) gone(id string) {
	for _, group := range t.groups[id] {
		t.setMembers(group, dropMembers(t.members[group], []string{id}))
	}
	delete(t.groups, id)
	for _, member := range t.members[id] {
		t.leaveGroup(member.ID, id)
	}
	delete(t.members, id)
}

func (t *memoryTenant) leave(all []Membership) {
	byGroup := map[string][]string{}
	for _, l := range all {
		byGroup[l.Group] = append(byGroup[l.Group], l.Member.ID)
		t.leaveGroup(l.Member.ID, l.Group)
	}
	for group, ids := range byGroup {
		t.setMembers(group, dropMembers(t.members[group], ids))
	}
}

func (t *memoryTenant) join(all []Membership) {
	byGroup := map[string][]Member{}
	for _, j := range all {
		member := j.Member
		member.Type = t.byID[member.ID].Type
		byGroup[j.Group] = append(byGroup[j.Group], member)
		if i, found := slices.BinarySearch(t.groups[member.ID], j.Group); !found {
			t.groups[member.ID] = slices.Insert(t.groups[member.ID], i, j.Group)
		}
	}
	for group, members := range byGroup {
		t.members[group] = addMembers(t.members[group], members)
	}
}

func (t *memoryTenant) leaveGroup(member, group string) {
	groups := t.groups[member]
	i, found := slices.BinarySearch(groups, group)
	switch {
	case !found:
	case len(groups) == 1:
		delete(t.groups, member)
	default:
		t.groups[member] = slices.Delete(groups, i, i+1)
	}
}

func (t *memoryTenant) setMembers(group string, members []Member) {
	if len(members) == 0 {
		delete(t.members, group)
		return
	}
	t.members[group] = members
}

func memberID(m Member, id string) int { return strings.Compare(m.ID, id) }

// dropMembers takes IDs out of a sorted list, in place.
func dropMembers(list []Member, ids []string) []Member {
	if len(ids) > few {
		drop := make(map[string]bool, len(ids))
		for _, id := range ids {
			drop[id] = true
		}
		return slices.DeleteFunc(list, func(m Member) bool { return drop[m.ID] })
	}
	for _, id := range ids {
		if i, found := slices.BinarySearchFunc(list, id, memberID); found {
			list = slices.Delete(list, i, i+1)
		}
	}
	return list
}

// addMembers puts members into a sorted list; of two with one ID the later counts.
func addMembers(list, add []Member) []Member {
	if len(add) <= few {
		for _, m := range add {
			i, found := slices.BinarySearchFunc(list, m.ID, memberID)
			if found {
				list[i] = m
			} else {
				list = slices.Insert(list, i, m)
			}
		}
		return list
	}
	both := slices.Concat(list, add)
	slices.SortStableFunc(both, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
	n := 0
	for i, m := range both {
		if i+1 < len(both) && both[i+1].ID == m.ID {
			continue
		}
		both[n] = m
		n++
	}
	return both[:n]
}

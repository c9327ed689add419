package scimserver

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// within says that somebody is in a group: directly, or because a group that they are
// in is (RFC 7643, section 4.1.2).
type within struct {
	id, name string
	direct   bool
}

func (g *within) kind() string {
	if g.direct {
		return "direct"
	}
	return "indirect"
}

func (g *within) object(base string) scim.Object {
	o := scim.Object{"value": g.id, "$ref": base + "/Groups/" + g.id, "type": g.kind()}
	if g.name != "" {
		o["display"] = g.name
	}
	return o
}

func (g *within) append(out []byte, base string) []byte {
	out = appendMember(out, `{"value":`, g.id)
	out = appendAddress(append(out, `,"$ref":`...), base, "/Groups", g.id)
	if g.name != "" {
		out = appendMember(out, `,"display":`, g.name)
	}
	out = appendMember(out, `,"type":`, g.kind())
	return append(out, '}')
}

// sumGroups is a short text that differs if the groups do.
func sumGroups(groups []within) string {
	sum := fnv.New64a()
	for n := range groups {
		_, _ = sum.Write([]byte(groups[n].id + "\x00" + groups[n].name + "\x00" + groups[n].kind() + "\x00"))
	}
	return strconv.FormatUint(sum.Sum64(), 36)
}

// above returns the groups that some members are in, by member: direct ones first,
// each kind in the order of their ids.
func (s *Server) above(ctx context.Context, tenant string, members []string) (map[string][]within, error) {
	parents, err := s.parents(ctx, tenant, members)
	if err != nil || len(parents) == 0 {
		return nil, err
	}
	names, err := s.groupNames(ctx, tenant, parents)
	if err != nil {
		return nil, err
	}
	all := map[string][]within{}
	for _, member := range members {
		seen := map[string]bool{member: true}
		for level, next := 0, parents[member]; len(next) > 0; level++ {
			var further []string
			for _, id := range next {
				if seen[id] {
					continue // groups may be in each other
				}
				seen[id] = true
				all[member] = append(all[member], within{id: id, name: names[id], direct: level == 0})
				further = append(further, parents[id]...)
			}
			next = further
		}
		slices.SortFunc(all[member], func(a, b within) int {
			if a.direct != b.direct {
				if a.direct {
					return -1
				}
				return 1
			}
			return strings.Compare(a.id, b.id)
		})
	}
	return all, nil
}

// parents returns the groups of members, of these groups, and so on.
func (s *Server) parents(ctx context.Context, tenant string, members []string) (map[string][]string, error) {
	parents := map[string][]string{}
	for next := members; len(next) > 0; {
		found, err := s.cfg.Store.MemberOf(ctx, tenant, next)
		if err != nil {
			return nil, fmt.Errorf("read groups: %w", err)
		}
		next = nil
		for member, groups := range found {
			if _, known := parents[member]; !known {
				parents[member] = groups
				next = append(next, groups...)
			}
		}
		slices.Sort(next)
		next = slices.DeleteFunc(slices.Compact(next), func(id string) bool { _, known := parents[id]; return known })
	}
	return parents, nil
}

// groupNames returns the displayName of groups.
func (s *Server) groupNames(ctx context.Context, tenant string, parents map[string][]string) (map[string]string, error) {
	var ids []string
	for _, groups := range parents {
		ids = append(ids, groups...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	page, err := s.cfg.Store.List(ctx, tenant, Query{Type: Group, IDs: ids, Limit: len(ids)})
	if err != nil {
		return nil, fmt.Errorf("read groups: %w", err)
	}
	names := make(map[string]string, len(ids))
	for n := range page.Resources {
		r := &page.Resources[n]
		o, err := s.restore(r)
		if err != nil {
			return nil, err
		}
		names[r.ID], _ = o["displayName"].(string)
	}
	return names, nil
}

// below returns the users among some members, and those of the groups among them, of
// groups in these, and so on, in the order of their ids.
func (s *Server) below(ctx context.Context, tenant string, members []Member) ([]string, error) {
	var users []string
	seen := map[string]bool{}
	for next := members; len(next) > 0; {
		var groups []string
		for _, m := range next {
			switch {
			case seen[m.ID]:
			case m.Type == Group:
				groups = append(groups, m.ID)
			default:
				users = append(users, m.ID)
			}
			seen[m.ID] = true
		}
		next = nil
		if len(groups) == 0 {
			break
		}
		found, err := s.cfg.Store.Members(ctx, tenant, groups)
		if err != nil {
			return nil, fmt.Errorf("read members: %w", err)
		}
		for _, list := range found {
			next = append(next, list...)
		}
	}
	slices.Sort(users)
	return users, nil
}

package scimsource

import (
	"cmp"
	"context"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/scimidentity"
)

// memberships are the groups and who is in them. The zero value is none.
type memberships struct {
	names map[string]string   // of groups, by their ids
	above map[string][]string // the groups that users and groups are directly in
}

// groups reads all groups with their members, if they are wanted.
func (s *Source) groups(ctx context.Context) (memberships, error) {
	if s.cfg.Groups != GroupMembers {
		return memberships{}, nil
	}
	m := memberships{names: map[string]string{}, above: map[string][]string{}}
	for g, err := range s.client.List(ctx, "/Groups", scimclient.Query{}) {
		if err != nil {
			return memberships{}, err
		}
		if slices.ContainsFunc(g.Odd, isMembers) {
			return memberships{}, errMembers(g.ID)
		}
		m.names[g.ID] = scimidentity.Text(g.Object, "displayName")
		list, _ := g.Object["members"].([]any)
		for _, element := range list {
			e, _ := element.(scim.Object)
			if id := scimidentity.Text(e, "value"); id != "" {
				m.above[id] = append(m.above[id], g.ID)
			}
		}
	}
	return m, nil
}

// of returns the groups that a user is in, directly or through other groups, by name.
func (m memberships) of(user string) []source.Group {
	var out []source.Group
	seen := map[string]bool{}
	for next := m.above[user]; len(next) > 0; {
		var higher []string
		for _, id := range next {
			if seen[id] {
				continue
			}
			seen[id] = true
			out = append(out, group(id, m.names[id]))
			higher = append(higher, m.above[id]...)
		}
		next = higher
	}
	slices.SortFunc(out, func(a, b source.Group) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}

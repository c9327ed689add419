package scimtarget

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

const (
	together = 32 // groups whose members are asked for before any of them is yielded
	atOnce   = 8  // of them, requests at the same time
)

// each calls a function for the numbers below n, several at the same time, and returns
// its first error.
func each(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, n)
	turn := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i := range n {
		turn <- struct{}{}
		wg.Go(func() {
			defer func() { <-turn }()
			if errs[i] = do(ctx, i); errs[i] != nil {
				cancel()
			}
		})
	}
	wg.Wait()
	return first(errs)
}

// asked gives groups their members, with a request for each.
func (t *Target) asked(ctx context.Context, groups []target.Held) error {
	return each(ctx, len(groups), func(ctx context.Context, i int) error {
		q := scimclient.Query{Filter: "groups.value eq " + quoted(groups[i].ID)}
		for r, err := range t.client.List(ctx, usersAt, q) {
			if err != nil {
				return classify(err, false)
			}
			groups[i].Members = append(groups[i].Members, r.ID)
		}
		return classify(ctx.Err(), false)
	})
}

// first is the error that came first: those after it are cancellations.
func first(errs []error) error {
	var last error
	for _, err := range errs {
		if err == nil {
			continue
		}
		if target.ClassOf(err) != target.NotSent {
			return err
		}
		last = err
	}
	return last
}

// groupsOf asks for the groups of one account.
func (t *Target) groupsOf(ctx context.Context, id string) ([]target.Entitlement, error) {
	q := scimclient.Query{Filter: "members.value eq " + quoted(id)}
	var out []target.Entitlement
	for r, err := range t.client.List(ctx, groupsAt, q) {
		if err != nil {
			return nil, classify(err, false)
		}
		// Where members are sent, they have to be as the filter wants them.
		members := membersOf(r.Object)
		if e, ok := entitlement(r.Object); ok && (r.Object["members"] == nil || slices.Contains(members, id)) {
			out = append(out, e)
		}
	}
	return out, classify(ctx.Err(), false)
}

// enrol gives accounts their groups, unless they have them from the users.
func (t *Target) enrol(ctx context.Context, accounts []target.Account) error {
	if len(accounts) == 0 || !t.groups() {
		return nil
	}
	switch t.profile.Groups.Members {
	case OnUsers:
		return nil
	case ByFilter:
		return each(ctx, len(accounts), func(ctx context.Context, i int) error {
			held, err := t.groupsOf(ctx, accounts[i].ID)
			accounts[i].Entitlements = held
			return err
		})
	case OnGroups:
	}
	held, err := t.rosters.read(ctx)
	for i := range accounts {
		accounts[i].Entitlements = slices.Clone(held[accounts[i].ID])
	}
	return err
}

// entitlement is what a group is called.
func entitlement(group scim.Object) (target.Entitlement, bool) {
	name, _ := group["displayName"].(string)
	return target.Entitlement{Kind: kind, Name: name}, name != ""
}

// membersOf are the ids of the users in a group. Groups in it are passed over.
func membersOf(group scim.Object) []string {
	elements := list(group["members"])
	out := make([]string, 0, len(elements))
	for _, e := range elements {
		switch m := e.(type) {
		case string:
			out = append(out, m)
		case scim.Object:
			id, _ := m["value"].(string)
			of, _ := m["type"].(string)
			ref, _ := m["$ref"].(string)
			if id != "" && !strings.EqualFold(of, "Group") && !strings.Contains(ref, groupsAt+"/") {
				out = append(out, id)
			}
		}
	}
	return out
}

// groupNames knows what groups are called, for users that list their groups by id
// alone. It reads the groups when it has to, once.
type groupNames struct {
	t    *Target
	byID map[string]string
}

func newNames(t *Target) *groupNames { return &groupNames{t: t} }

// held are the groups that a user lists. Those that it is in because of another
// group are passed over: nobody can take it out of them.
func (n *groupNames) held(ctx context.Context, user scim.Object) ([]target.Entitlement, error) {
	var out []target.Entitlement
	for _, e := range list(user["groups"]) {
		g, _ := e.(scim.Object)
		id, _ := g["value"].(string)
		name, _ := g["display"].(string)
		of, _ := g["type"].(string)
		if strings.EqualFold(of, "indirect") {
			continue
		}
		if name == "" && id != "" {
			var err error
			if name, err = n.name(ctx, id); err != nil {
				return nil, err
			}
		}
		if x := (target.Entitlement{Kind: kind, Name: name}); name != "" && !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out, nil
}

func (n *groupNames) name(ctx context.Context, id string) (string, error) {
	if n.byID == nil {
		byID := map[string]string{}
		for r, err := range n.t.client.List(ctx, groupsAt, n.t.slim()) {
			if err != nil {
				return "", err
			}
			e, _ := entitlement(r.Object)
			byID[r.ID] = e.Name
		}
		n.byID = byID
	}
	return n.byID[id], nil
}

// slim is a query for groups without their members, where the service knows how.
func (t *Target) slim() scimclient.Query {
	if !t.profile.Groups.Exclude {
		return scimclient.Query{}
	}
	return scimclient.Query{Excluded: []string{"members"}}
}

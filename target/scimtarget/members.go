package scimtarget

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

// memberChange is one member that joins or leaves a group.
type memberChange struct {
	user string
	add  bool
}

type memberCall = call[memberChange, struct{}]

func sameKind(a, b memberChange) bool { return a.add == b.add }

// sendMembers makes changes of one kind to one group, and tells each its result. A
// request that is refused is sent in halves, until it is known which change is to
// blame.
func (t *Target) sendMembers(ctx context.Context, group string, batch []*memberCall) {
	err := t.changeMembers(ctx, group, batch)
	switch {
	case err == nil:
		tell(batch, nil)
	case len(batch) == 1:
		tell(batch, t.settle(ctx, group, batch[0], err))
	case !splits(err) || missing(err) && t.gone(ctx, groupsAt, group):
		tell(batch, classify(err, true))
	default:
		if status(err) == http.StatusRequestEntityTooLarge {
			t.changes.tooLarge(len(batch))
		}
		half := len(batch) / 2
		t.sendMembers(ctx, group, batch[:half])
		t.sendMembers(ctx, group, batch[half:])
	}
}

func tell(batch []*memberCall, err error) {
	for _, c := range batch {
		c.answer(struct{}{}, err)
	}
}

// splits reports whether an error may be about some of several changes: then nothing
// was done, since a PATCH is done as a whole or not at all.
func splits(err error) bool {
	switch status(err) {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusGone,
		http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}

// changeMembers sends one request.
func (t *Target) changeMembers(ctx context.Context, group string, batch []*memberCall) error {
	users := make([]string, len(batch))
	for i, c := range batch {
		users[i] = c.what.user
	}
	slices.Sort(users)
	users = slices.Compact(users)
	add := batch[0].what.add
	if !add {
		t.additions.leave(group, users)
	}
	switch {
	case t.profile.Groups.Update == Put, !add && t.additions.is() == replaces:
		return t.putMembers(ctx, group, users, add)
	case add:
		return t.additions.add(ctx, group, users)
	}
	_, err := t.client.Send(ctx, t.memberWrite(group, t.memberOps(users, false))) // a loss waits for no other group
	return err
}

func (t *Target) memberOps(users []string, add bool) []op {
	values := make([]any, len(users))
	for i, id := range users {
		values[i] = scim.Object{"value": id}
	}
	switch {
	case add:
		return []op{{Op: opAdd, Path: "members", Value: values}}
	case t.profile.Groups.RemoveByValue:
		return []op{{Op: opRemove, Path: "members", Value: values}}
	}
	ops := make([]op, len(users))
	for i, id := range users {
		ops[i] = op{Op: opRemove, Path: "members[value eq " + quoted(id) + "]"}
	}
	return ops
}

// putMembers reads a group, alters its members and puts it back. What else it has
// stays.
func (t *Target) putMembers(ctx context.Context, group string, users []string, add bool) error {
	now, err := t.client.Get(ctx, groupsAt, group, scimclient.Query{})
	if err != nil {
		if status(err) == 0 || status(err) >= http.StatusInternalServerError {
			return notSent(classify(err, false))
		}
		return err
	}
	members := slices.Clone(list(now.Object["members"]))
	var has []string
	members = slices.DeleteFunc(members, func(e any) bool {
		m, _ := e.(scim.Object)
		id, _ := m["value"].(string)
		if slices.Contains(users, id) {
			has = append(has, id)
			return !add
		}
		return false
	})
	if add {
		for _, id := range users {
			if !slices.Contains(has, id) {
				members = append(members, scim.Object{"value": id})
			}
		}
	}
	if add && len(has) == len(users) || !add && len(has) == 0 {
		return nil
	}
	o := maps.Clone(now.Object)
	delete(o, "meta")
	o["members"] = members
	_, err = t.client.Send(ctx, scimclient.Write{
		Method: http.MethodPut, Endpoint: groupsAt, ID: group, Body: o, Version: t.precondition(now.Version),
		Unread: true,
	})
	return err
}

// settle finds out what the refusal of one change means: the service may refuse to add
// who is a member already, and to remove who is none.
func (t *Target) settle(ctx context.Context, group string, c *memberCall, refused error) error {
	if !splits(refused) && !lookedAt(refused) {
		return classify(refused, true)
	}
	in, err := t.isMember(ctx, group, c.what.user)
	switch {
	case err == nil && in == c.what.add:
		return nil
	case missing(refused), lookedAt(refused), err != nil && !missing(err):
		return classify(refused, true)
	case t.gone(ctx, usersAt, c.what.user), t.gone(ctx, groupsAt, group):
		return target.Fail(target.NotFound, refused)
	case status(refused) == http.StatusConflict:
		return target.Fail(target.Conflict, refused)
	}
	return classify(refused, true)
}

// gone reports whether a resource is certainly not there.
func (t *Target) gone(ctx context.Context, endpoint, id string) bool {
	q := scimclient.Query{}
	if endpoint == groupsAt {
		q = t.slim()
	}
	_, err := t.client.Get(ctx, endpoint, id, q)
	return err != nil && missing(err)
}

// isMember reads whether a user is a member of a group.
func (t *Target) isMember(ctx context.Context, group, user string) (bool, error) {
	switch t.profile.Groups.Members {
	case OnUsers:
		r, err := t.client.Get(ctx, usersAt, user, scimclient.Query{})
		return slices.ContainsFunc(list(r.Object["groups"]), func(e any) bool {
			g, _ := e.(scim.Object)
			return g["value"] == group
		}), err
	case ByFilter:
		for r, err := range t.client.List(ctx, groupsAt, scimclient.Query{Filter: "id eq " + quoted(group) + " and members eq " + quoted(user)}) {
			if err != nil || r.ID == group {
				return err == nil, err
			}
		}
		return false, nil
	case OnGroups:
	}
	r, err := t.client.Get(ctx, groupsAt, group, scimclient.Query{})
	return slices.Contains(membersOf(r.Object), user), err
}

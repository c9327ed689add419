package scimtarget

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

var (
	errNoName  = errors.New("a group needs a name")
	errNoGroup = errors.New("there is no such group")
)

// Entitlements yields the groups, with their members where the service lists them
// there.
func (t *Target) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	if !t.groups() {
		return t.Unsupported.Entitlements(ctx)
	}
	if t.profile.Groups.Members == ByFilter {
		return t.askedFor(ctx)
	}
	return t.catalogue(ctx)
}

// catalogue yields the groups, with their members if those are listed there.
func (t *Target) catalogue(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		q, onGroups := t.slim(), t.profile.Groups.Members == OnGroups
		if onGroups {
			q = scimclient.Query{}
		}
		for r, err := range t.client.List(ctx, groupsAt, q) {
			if err = cmp.Or(err, ctx.Err()); err != nil {
				yield(target.Held{}, classify(err, false))
				return
			}
			h := held(r, onGroups)
			if len(h.Members) > 0 {
				t.additions.heard(h.ID)
			}
			if !yield(h, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(target.Held{}, classify(err, false))
		}
	}
}

// askedFor yields the groups with members that are asked for, for several groups at a
// time.
func (t *Target) askedFor(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		var waiting []target.Held
		pass := func() bool {
			if err := t.asked(ctx, waiting); err != nil {
				yield(target.Held{}, err)
				return false
			}
			for _, h := range waiting {
				if !yield(h, nil) {
					return false
				}
			}
			waiting = waiting[:0]
			return true
		}
		for h, err := range t.catalogue(ctx) {
			if err != nil {
				yield(target.Held{}, err)
				return
			}
			if waiting = append(waiting, h); len(waiting) == together && !pass() {
				return
			}
		}
		pass()
	}
}

func held(r scimclient.Resource, members bool) target.Held {
	e, _ := entitlement(r.Object)
	h := target.Held{Entitlement: e, ID: r.ID}
	if members {
		h.Members = membersOf(r.Object)
	}
	return h
}

// EnsureEntitlement creates a group unless there is one of this name.
func (t *Target) EnsureEntitlement(ctx context.Context, req target.EnsureRequest) (target.Held, error) {
	switch name := req.Entitlement.Name; {
	case !t.groups() || !t.profile.Groups.Create || req.Entitlement.Kind != kind:
		return target.Held{}, target.ErrUnsupported
	case ctx.Err() != nil:
		return target.Held{}, target.Fail(target.NotSent, ctx.Err())
	case name == "":
		return target.Held{}, target.Fail(target.Permanent, errNoName)
	}
	h, err := t.group(ctx, req.Entitlement)
	if err == nil || !errors.Is(err, target.ErrNotFound) {
		return h, notSent(err)
	}
	reply, err := t.client.Send(ctx, scimclient.Write{Method: http.MethodPost, Endpoint: groupsAt, Body: scim.Object{
		"schemas": []any{scim.GroupURN}, "displayName": req.Entitlement.Name,
	}})
	if err != nil && !taken(err) {
		return target.Held{}, classify(err, true)
	}
	if err == nil && reply.Resource.ID != "" {
		return target.Held{Entitlement: req.Entitlement, ID: reply.Resource.ID}, nil
	}
	// It is there now, by us or by somebody who was quicker.
	h, lost := t.group(ctx, req.Entitlement)
	switch {
	case lost == nil:
		return h, nil
	case err != nil:
		return target.Held{}, classify(err, true) // another name that the service takes for equal
	}
	return target.Held{}, target.Fail(target.Unclear, lost)
}

// group finds a group by its name. ErrNotFound if there is none.
func (t *Target) group(ctx context.Context, e target.Entitlement) (target.Held, error) {
	for r, err := range t.named(ctx, e.Name) {
		if err != nil {
			return target.Held{}, classify(err, false)
		}
		// The service may take more names for equal than we do.
		if h := held(r, false); h.Entitlement == e {
			return h, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return target.Held{}, classify(err, false)
	}
	return target.Held{}, target.Fail(target.NotFound, fmt.Errorf("%w: %s", errNoGroup, e))
}

// named yields the groups that may have a name.
func (t *Target) named(ctx context.Context, name string) iter.Seq2[scimclient.Resource, error] {
	q := t.slim()
	if !t.profile.Groups.FindByName || !plain(name) {
		return t.client.List(ctx, groupsAt, q)
	}
	q.Filter = "displayName eq " + quoted(name)
	return func(yield func(scimclient.Resource, error) bool) {
		found, err := t.client.Find(ctx, groupsAt, q)
		if err != nil {
			yield(scimclient.Resource{}, err)
			return
		}
		for _, r := range found {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// Grant makes a user a member of a group.
func (t *Target) Grant(ctx context.Context, req target.GrantRequest) error {
	return t.member(ctx, req, true)
}

// Revoke takes a user out of a group.
func (t *Target) Revoke(ctx context.Context, req target.GrantRequest) error {
	return t.member(ctx, req, false)
}

func (t *Target) member(ctx context.Context, req target.GrantRequest, add bool) error {
	switch {
	case !t.groups() || req.Entitlement.Kind != kind:
		return target.ErrUnsupported
	case ctx.Err() != nil:
		return target.Fail(target.NotSent, ctx.Err())
	case checkID(req.Ref.ID) != nil:
		return checkID(req.Ref.ID)
	}
	id := req.EntitlementID
	if id == "" {
		h, err := t.group(ctx, req.Entitlement)
		if err != nil {
			return notSent(err)
		}
		id = h.ID
	}
	if err := checkID(id); err != nil {
		return err
	}
	if add && t.profile.Groups.LooseMembers {
		if _, err := t.read(ctx, req.Ref.ID); err != nil {
			return notSent(err)
		}
	}
	_, err := t.changes.do(ctx, id, memberChange{user: req.Ref.ID, add: add})
	return err
}

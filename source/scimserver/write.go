package scimserver

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// attempts is how often a write is tried when others were faster. Each time one of
// them succeeded, in another process that shares the store; they may be faster as long
// as there are any.
const attempts = 200

// create answers POST /Users.
func (x *exchange) create(t *resources, body scim.Object) (reply, error) {
	view, err := x.queryProjection(t) // before anything is written
	if err != nil {
		return reply{}, err
	}
	r, err := x.createResource(t, body)
	if err != nil {
		return reply{}, err
	}
	return x.show(t, http.StatusCreated, r, &view)
}

func (x *exchange) createResource(t *resources, body scim.Object) (*Resource, error) {
	o, err := scim.Accept(t.ResourceType, body, x.rules)
	if err != nil {
		return nil, err
	}
	now := x.now()
	r := Resource{Type: t.kind, ID: newID(), Version: 1, Created: now, Modified: now}
	members, err := x.fill(t, &r, o, int(min(max(x.r.ContentLength, 64), believed)))
	if err != nil {
		return nil, err
	}
	c := Commit{Put: []Put{{Resource: r}}}
	c.Join, _ = difference(r.ID, nil, members)
	told, err := x.affected(t, nil, &r, &c)
	if err != nil {
		return nil, err
	}
	if err := x.cfg.Store.Commit(x.r.Context(), x.client.Tenant, c); err != nil {
		return nil, x.unwritten(t, err)
	}
	x.tellChanged(told)
	return &r, nil
}

// newID makes an id that nobody can guess and that is never made again: a UUID of
// version 4 (RFC 9562, section 5.4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails: see its documentation
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := make([]byte, 0, 36)
	for n, end := range []int{4, 6, 8, 10, 16} {
		if n > 0 {
			text = append(text, '-')
		}
		text = hex.AppendEncode(text, b[[]int{0, 4, 6, 8, 10}[n]:end])
	}
	return string(text)
}

// fill writes attributes into a resource and returns the members of a group. size is
// about how many bytes they take.
func (x *exchange) fill(t *resources, r *Resource, o scim.Object, size int) ([]Member, error) {
	if x.needs(t, "externalId") {
		if id, _ := o["externalId"].(string); id == "" {
			return nil, refuse(http.StatusBadRequest, scim.InvalidValue, "externalId: is required here")
		}
	}
	r.Terms = x.terms(t, o)
	members, err := x.members(o, r.ID)
	if err != nil {
		return nil, err
	}
	// What the server computes, and a password: see the package documentation.
	r.Body, err = scim.AppendObject(make([]byte, 0, size), o, "id", "meta", "groups", "members", "password")
	if cap(r.Body)-len(r.Body) > len(r.Body)/8 { // a store may keep it for long
		r.Body = bytes.Clone(r.Body)
	}
	return members, err
}

// members reads the members of a group, ordered by id, each once. Whether one is a user
// or a group the store knows: clients often do not say.
func (x *exchange) members(o scim.Object, group string) ([]Member, error) {
	list, _ := o["members"].([]any)
	members := make([]Member, 0, len(list))
	for _, element := range list {
		e, _ := element.(scim.Object)
		var m Member
		m.ID, _ = e["value"].(string)
		m.Display, _ = e["display"].(string)
		m.ID, m.Display = strings.Clone(m.ID), strings.Clone(m.Display) // they outlive the request
		switch m.ID {
		case "":
			return nil, refuse(http.StatusBadRequest, scim.InvalidValue, "members: a member without a value")
		case group:
			return nil, refuse(http.StatusBadRequest, scim.InvalidValue, "members: a group cannot be a member of itself")
		}
		members = append(members, m)
	}
	slices.SortStableFunc(members, func(a, b Member) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(members, func(a, b Member) bool { return a.ID == b.ID }), nil
}

// unwritten is what a client is told when the store refused.
func (x *exchange) unwritten(t *resources, err error) error {
	if taken, ok := errors.AsType[*TakenError](err); ok {
		name := taken.Name
		for _, by := range indexed {
			if by.kind == t.kind && termName(by.attribute, by.sub) == taken.Name {
				name = by.attribute
			}
		}
		return &scim.Error{Status: http.StatusConflict, Type: scim.Uniqueness, At: name, Detail: "another resource has this value"}
	}
	if _, ok := errors.AsType[*MemberError](err); ok {
		return refuse(http.StatusBadRequest, scim.InvalidValue, "members: there is no such user or group")
	}
	if errors.Is(err, ErrConflict) {
		return busy()
	}
	return fmt.Errorf("write %s: %w", t.Name, err)
}

// rewrite changes a resource as often as it takes until nobody else was faster. next
// returns the attributes that it is to have, and false if it is to stay as it is.
func (x *exchange) rewrite(t *resources, id string, match []string, next func(scim.Object) (scim.Object, bool, error)) (*Resource, error) {
	release, err := x.writes.hold(x.r.Context(), x.client.Tenant, id)
	if err != nil {
		return nil, err
	}
	defer release()
	for range attempts {
		r, err := x.rewriteOnce(t, id, match, next)
		if !errors.Is(err, ErrConflict) {
			return r, err
		}
	}
	return nil, busy()
}

func (x *exchange) rewriteOnce(t *resources, id string, match []string, next func(scim.Object) (scim.Object, bool, error)) (*Resource, error) {
	r, err := x.read(t, id)
	if err != nil {
		return nil, err
	}
	if err := met(match, &r); err != nil {
		return nil, err
	}
	old, before, err := x.current(t, &r)
	if err != nil {
		return nil, err
	}
	o, changed, err := next(old)
	if err != nil || !changed {
		return &r, err
	}
	written := r
	members, err := x.fill(t, &written, o, len(r.Body)+64)
	if err != nil {
		return nil, err
	}
	written.Version, written.Modified = r.Version+1, x.now()
	c := Commit{Put: []Put{{Resource: written, Expect: r.Version}}}
	c.Join, c.Leave = difference(id, before, members)
	if len(c.Join)+len(c.Leave) == 0 && bytes.Equal(written.Body, r.Body) {
		return &r, nil // what was written differently means the same
	}
	told, err := x.affected(t, &r, &written, &c)
	if err != nil {
		return nil, err
	}
	if err := x.cfg.Store.Commit(x.r.Context(), x.client.Tenant, c); err != nil {
		if errors.Is(err, ErrConflict) {
			return nil, err
		}
		return nil, x.unwritten(t, err)
	}
	x.tellChanged(told)
	return &written, nil
}

// difference says who joins and who leaves a group.
func difference(group string, before, after []Member) (join, leave []Membership) {
	was := make(map[string]Member, len(before))
	for _, m := range before {
		was[m.ID] = m
	}
	for _, m := range after {
		old, there := was[m.ID]
		if !there || old.Display != m.Display {
			join = append(join, Membership{Group: group, Member: m})
		}
		delete(was, m.ID)
	}
	for _, m := range before {
		if _, gone := was[m.ID]; gone {
			leave = append(leave, Membership{Group: group, Member: m})
		}
	}
	return join, leave
}

// replace answers PUT /Users/ID.
func (x *exchange) replace(t *resources, id string, match []string, body scim.Object) (reply, error) {
	view, err := x.queryProjection(t)
	if err != nil {
		return reply{}, err
	}
	r, err := x.rewrite(t, id, match, func(old scim.Object) (scim.Object, bool, error) {
		o, err := scim.Accept(t.ResourceType, body, x.rules)
		if err != nil {
			return nil, false, err
		}
		o, err = scim.Replace(t.ResourceType, old, o)
		return o, err == nil && !scim.Same(old, o), err
	})
	if err != nil {
		return reply{}, err
	}
	return x.show(t, http.StatusOK, r, &view)
}

// patch answers PATCH /Users/ID.
func (x *exchange) patch(t *resources, id string, match []string, body scim.Object) (reply, error) {
	view, err := x.queryProjection(t)
	if err != nil {
		return reply{}, err
	}
	request, err := scim.ParsePatch(t.ResourceType, body, x.rules, scim.Limits{})
	if err != nil {
		return reply{}, err
	}
	r, err := x.rewrite(t, id, match, func(old scim.Object) (scim.Object, bool, error) {
		return scim.Patch(t.ResourceType, old, request, x.rules)
	})
	if err != nil {
		return reply{}, err
	}
	status := x.userReply
	if t.kind == Group {
		status = x.groupReply
	}
	return x.show(t, status, r, &view)
}

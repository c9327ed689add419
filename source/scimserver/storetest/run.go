package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

// run is one check under way.
type run struct {
	tb
	s             scimserver.Store
	ctx           context.Context //nolint:containedctx // a run lives as long as its test
	tenant, other string
	n             int
}

// Words for what the checks are about.
type (
	resource = scimserver.Resource
	commit   = scimserver.Commit
	query    = scimserver.Query
	term     = scimserver.Term
	put      = scimserver.Put
	member   = scimserver.Member
)

const (
	user  = scimserver.User
	group = scimserver.Group
)

// instant returns the n-th of a row of instants.
func instant(n int) time.Time {
	return time.Date(2026, 3, 1, 9, 0, 0, 123456000, time.UTC).Add(time.Duration(n) * time.Microsecond)
}

// resource returns one that differs from all others.
func (r *run) resource(t scimserver.Type, id string, terms ...term) resource {
	r.n++
	return resource{
		Type: t, ID: id, Created: instant(r.n), Modified: instant(r.n), Terms: terms,
		Body: fmt.Appendf(nil, `{"displayName":"Ana %d"}`, r.n),
	}
}

// login is a unique term.
func login(value string) term { return term{Name: "username", Value: value, Unique: true} }

// mail is a term that is not unique.
func mail(value string) term { return term{Name: "emails.value", Value: value} }

func (r *run) try(c commit) error { return r.s.Commit(r.ctx, r.tenant, c) }

// commit writes what has to be written.
func (r *run) commit(what string, c commit) {
	r.Helper()
	if err := r.try(c); err != nil {
		r.Fatalf("%s: %v", what, err)
	}
}

func creation(all ...resource) commit {
	var c commit
	for _, res := range all {
		c.Put = append(c.Put, put{Resource: res})
	}
	return c
}

// create writes a new resource and returns it as it is read back.
func (r *run) create(t scimserver.Type, id string, terms ...term) resource {
	r.Helper()
	r.commit("create "+id, creation(r.resource(t, id, terms...)))
	return r.get(t, id)
}

// creates writes several new resources at once.
func (r *run) creates(t scimserver.Type, ids ...string) {
	r.Helper()
	var all []resource
	for _, id := range ids {
		all = append(all, r.resource(t, id))
	}
	r.commit("create several", creation(all...))
}

// change returns a put of a resource with other content.
func (r *run) change(res resource, terms ...term) put {
	changed := r.resource(res.Type, res.ID, terms...)
	changed.Created = res.Created
	return put{Resource: changed, Expect: res.Version}
}

// deletion returns a commit that deletes a resource.
func (r *run) deletion(res resource, terms ...term) commit {
	p := r.change(res, terms...)
	p.Resource.Deleted = p.Resource.Modified
	return commit{Put: []put{p}, Gone: []string{res.ID}}
}

func (r *run) get(t scimserver.Type, id string) resource {
	r.Helper()
	got, err := r.s.Get(r.ctx, r.tenant, t, id)
	if err != nil {
		r.Fatalf("Get %s: %v", id, err)
	}
	return got
}

func (r *run) absent(what string, t scimserver.Type, id string) {
	r.Helper()
	_, err := r.s.Get(r.ctx, r.tenant, t, id)
	r.fails(what+": Get", err, scimserver.ErrNotFound)
}

// fails fails unless err wraps want.
func (r *run) fails(what string, err, want error) {
	r.Helper()
	if !errors.Is(err, want) {
		r.Errorf("%s returned %v, want an error that wraps %q", what, err, want)
	}
}

// taken fails unless err says which unique term another resource has.
func (r *run) taken(what string, err error, name string) {
	r.Helper()
	r.fails(what, err, scimserver.ErrTaken)
	if e, ok := errors.AsType[*scimserver.TakenError](err); !ok || e.Name != name {
		r.Errorf("%s returned %#v, want a *TakenError with Name %q", what, err, name)
	}
}

// nobody fails unless err says who cannot join.
func (r *run) nobody(what string, err error, id string) {
	r.Helper()
	r.fails(what, err, scimserver.ErrNoMember)
	if e, ok := errors.AsType[*scimserver.MemberError](err); !ok || e.ID != id {
		r.Errorf("%s returned %#v, want a *MemberError with ID %q", what, err, id)
	}
}

// list returns a page of everything that q asks for, and the IDs on it.
func (r *run) list(q query) (scimserver.Page, []string) {
	r.Helper()
	if q.Type == "" {
		q.Type = user
	}
	p, err := r.s.List(r.ctx, r.tenant, q)
	if err != nil {
		r.Fatalf("List %+v: %v", q, err)
	}
	ids := []string{}
	for _, res := range p.Resources {
		ids = append(ids, res.ID)
	}
	return p, ids
}

// lists fails unless q finds the IDs, in this order.
func (r *run) lists(what string, q query, want ...string) {
	r.Helper()
	if q.Limit == 0 {
		q.Limit = 1000
	}
	_, got := r.list(q)
	r.same(what, got, append([]string{}, want...))
}

func (r *run) same(what string, got, want any) {
	r.Helper()
	if !reflect.DeepEqual(got, want) {
		r.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// sameAs compares resources, with their versions and sequences.
func (r *run) sameAs(what string, got, want resource) {
	r.Helper()
	for _, f := range []struct {
		name      string
		equal     bool
		got, want any
	}{
		{"Type", got.Type == want.Type, got.Type, want.Type},
		{"ID", got.ID == want.ID, got.ID, want.ID},
		{"Sequence", got.Sequence == want.Sequence, got.Sequence, want.Sequence},
		{"Version", got.Version == want.Version, got.Version, want.Version},
		{"Created", got.Created.Equal(want.Created), got.Created, want.Created},
		{"Modified", got.Modified.Equal(want.Modified), got.Modified, want.Modified},
		{"Deleted", got.Deleted.Equal(want.Deleted) && got.Deleted.IsZero() == want.Deleted.IsZero(), got.Deleted, want.Deleted},
		{"Body", bytes.Equal(got.Body, want.Body), len(got.Body), len(want.Body)},
		{"Terms", len(got.Terms) == 0, got.Terms, "none"},
		{"Location of Created", got.Created.Location() == time.UTC, got.Created.Location(), time.UTC},
		{"Location of Modified", got.Modified.Location() == time.UTC, got.Modified.Location(), time.UTC},
	} {
		if !f.equal {
			r.Errorf("%s: %s of %q is %v, want %v", what, f.name, got.ID, f.got, f.want)
		}
	}
}

// unchanged fails unless a resource is as it was.
func (r *run) unchanged(what string, want resource) {
	r.Helper()
	r.sameAs(what, r.get(want.Type, want.ID), want)
}

func joins(group string, members ...string) []scimserver.Membership {
	var all []scimserver.Membership
	for _, id := range members {
		all = append(all, scimserver.Membership{Group: group, Member: member{ID: id, Type: user}})
	}
	return all
}

// members fails unless a group has these members, without Display.
func (r *run) members(what, groupID string, want ...string) {
	r.Helper()
	got, err := r.s.Members(r.ctx, r.tenant, []string{groupID})
	if err != nil {
		r.Fatalf("%s: Members: %v", what, err)
	}
	r.same(what+": the groups that Members returned", len(got) == 1, len(want) > 0)
	ids := []string{}
	for _, m := range got[groupID] {
		ids = append(ids, m.ID)
	}
	r.same(what+": members of "+groupID, ids, append([]string{}, want...))
}

// memberOf fails unless someone is in these groups.
func (r *run) memberOf(what, id string, want ...string) {
	r.Helper()
	got, err := r.s.MemberOf(r.ctx, r.tenant, []string{id})
	if err != nil {
		r.Fatalf("%s: MemberOf: %v", what, err)
	}
	r.same(what+": the members that MemberOf returned", len(got) == 1, len(want) > 0)
	r.same(what+": groups of "+id, append([]string{}, got[id]...), append([]string{}, want...))
}

package storetest

import (
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

func getReadback(r *run) {
	for _, t := range []scimserver.Type{user, group} {
		want := r.resource(t, "id-"+string(t), login("ana"), mail("ana@acme.example"))
		want.Modified = instant(99)
		r.commit("create", creation(want))
		got := r.get(t, want.ID)
		if got.Sequence <= 0 {
			r.Errorf("the first resource has Sequence %d, want more than 0", got.Sequence)
		}
		want.Sequence, want.Version, want.Terms = got.Sequence, 1, nil
		r.sameAs("Get", got, want)
		p, _ := r.list(query{Type: t, Limit: 10})
		if len(p.Resources) != 1 {
			r.Fatalf("List found %d resources, want 1", len(p.Resources))
		}
		r.sameAs("List", p.Resources[0], want)
	}
}

func getNotFound(r *run) {
	r.absent("an empty store", user, "u1")
	r.create(user, "u1")
	r.absent("another type", group, "u1")
	for _, id := range strange() {
		r.absent("an ID that nobody has", user, id)
	}
}

func putVersion(r *run) {
	first := r.create(user, "u1")
	want := first
	for range 3 {
		p := r.change(want)
		p.Resource.Version, p.Resource.Sequence = 77, 4711
		p.Resource.Created = instant(1 << 20)
		r.commit("put", commit{Put: []put{p}})
		want = p.Resource
		want.Sequence, want.Created = first.Sequence, first.Created
		want.Version = p.Expect + 1
		r.unchanged("after a put", want)
	}
	r.same("version after four puts", r.get(user, "u1").Version, int64(4))
}

func putConflict(r *run) {
	old := r.create(user, "u1", login("ana"))
	r.commit("put", commit{Put: []put{r.change(old, login("ana"))}})
	now := r.get(user, "u1")
	for what, p := range map[string]put{
		"a put that expects none":          {Resource: r.resource(user, "u1")},
		"a put that expects an old one":    r.change(old),
		"a put that expects a later one":   {Resource: r.resource(user, "u1"), Expect: 3},
		"a put that expects what is not":   {Resource: r.resource(user, "u2"), Expect: 1},
		"a new one of another type":        {Resource: r.resource(group, "u1")},
		"the same one of another type":     {Resource: r.resource(group, "u1"), Expect: now.Version},
		"a put that expects less than one": {Resource: r.resource(user, "u1"), Expect: -1},
	} {
		r.fails(what, r.try(commit{Put: []put{p}}), scimserver.ErrConflict)
		r.unchanged(what, now)
	}
	r.absent("a conflict", user, "u2")
	r.absent("a conflict", group, "u1")
	r.lists("after conflicts", query{Terms: []term{login("ana")}}, "u1")
}

func putTwice(r *run) {
	a := r.create(user, "u1")
	r.fails("a commit that puts a resource twice", r.try(commit{Put: []put{
		r.change(a), {Resource: r.resource(user, "u1"), Expect: 2},
	}}), scimserver.ErrConflict)
	r.unchanged("a conflict", a)
	r.fails("a commit that creates a resource twice", r.try(commit{Put: []put{
		{Resource: r.resource(user, "u2")}, {Resource: r.resource(user, "u2"), Expect: 1},
	}}), scimserver.ErrConflict)
	r.absent("a conflict", user, "u2")
}

func putDeleted(r *run) {
	a := r.create(user, "u1", login("ana"))
	r.commit("delete", r.deletion(a, login("ana")))
	r.absent("deleted", user, "u1")
	p, _ := r.list(query{Deleted: true, Limit: 10})
	if len(p.Resources) != 1 {
		r.Fatalf("List with Deleted found %d resources, want 1", len(p.Resources))
	}
	dead := p.Resources[0]
	if dead.Version != 2 || dead.Deleted.IsZero() || dead.Deleted.Location() != time.UTC {
		r.Errorf("deleted: version %d at %v, want 2 and when it was deleted, in UTC", dead.Version, dead.Deleted)
	}
	for what, p := range map[string]put{
		"a put of what was deleted":            r.change(dead),
		"a new one with the ID of a deleted":   {Resource: r.resource(user, "u1")},
		"a put with the version before":        r.change(a),
		"a new group with the ID of a deleted": {Resource: r.resource(group, "u1")},
	} {
		r.fails(what, r.try(commit{Put: []put{p}}), scimserver.ErrConflict)
		r.absent(what, user, "u1")
	}
	r.fails("a second deletion", r.try(r.deletion(dead)), scimserver.ErrConflict)
}

func putSequence(r *run) {
	var last int64
	grows := func(res resource) {
		if res.Sequence <= last {
			r.Errorf("%s has Sequence %d, and one before has %d", res.ID, res.Sequence, last)
		}
		last = res.Sequence
	}
	grows(r.create(user, "z"))
	b := r.create(group, "g")
	grows(b)
	r.commit("put", commit{Put: []put{r.change(b)}})
	r.commit("create several", creation(r.resource(user, "m"), r.resource(group, "h"), r.resource(user, "a")))
	grows(r.get(user, "m"))
	grows(r.get(group, "h"))
	grows(r.get(user, "a"))
	r.commit("delete", r.deletion(r.get(user, "a")))
	if n, err := r.s.Purge(r.ctx, r.tenant, instant(1<<30)); n != 1 || err != nil {
		r.Errorf("Purge returned %d, %v, want 1", n, err)
	}
	// Who walks by Sequence has passed the one that is gone.
	grows(r.create(user, "b"))
}

func commitEmpty(r *run) {
	r.commit("an empty commit", commit{})
	r.lists("an empty store", query{})
	p, _ := r.list(query{Total: true})
	r.same("total", p.Total, 0)
}

// commitWhole: what fails at the end takes everything before with it.
func commitWhole(r *run) {
	a := r.create(user, "u1", login("ana"), mail("a"))
	b := r.create(user, "u2", login("bo"))
	g := r.create(group, "g1")
	r.commit("join", commit{Join: joins("g1", "u1")})
	for what, c := range map[string]commit{
		"a conflict":     {Put: []put{{Resource: r.resource(user, "u2"), Expect: 9}}},
		"a taken value":  {Put: []put{r.change(b, login("new")), {Resource: r.resource(user, "u4", login("new"))}}},
		"a join without": {Join: joins("g1", "u2", "nobody")},
		"no group":       {Join: joins("nowhere", "u2")},
	} {
		c.Put = append([]put{{Resource: r.resource(user, "u3")}, r.change(a, login("other"), mail("b")), r.change(g)}, c.Put...)
		c.Leave = joins("g1", "u1")
		c.Gone = []string{"u1"}
		if r.try(c) == nil {
			r.Errorf("%s: the commit succeeded", what)
		}
		r.unchanged(what, a)
		r.unchanged(what, b)
		r.unchanged(what, g)
		r.absent(what, user, "u3")
		r.lists(what, query{Terms: []term{mail("a")}}, "u1")
		r.lists(what, query{Terms: []term{mail("b")}})
		r.members(what, "g1", "u1")
		r.memberOf(what, "u1", "g1")
		r.memberOf(what, "u2")
	}
}

// tenantApart: the same IDs and values in two tenants have nothing to do with each
// other.
func tenantApart(r *run) {
	a := r.create(user, "u1", login("ana"))
	r.create(group, "g1")
	r.commit("join", commit{Join: joins("g1", "u1")})

	here, there := r.tenant, r.other
	r.tenant = there
	r.absent("another tenant", user, "u1")
	r.lists("another tenant", query{})
	r.lists("another tenant", query{Terms: []term{login("ana")}})
	r.lists("another tenant", query{IDs: []string{"u1"}})
	r.lists("another tenant", query{Type: group, Member: "u1"})
	r.lists("another tenant", query{Deleted: true})
	r.members("another tenant", "g1")
	r.memberOf("another tenant", "u1")
	r.fails("a put in another tenant", r.try(commit{Put: []put{r.change(a)}}), scimserver.ErrConflict)
	r.create(group, "g1")
	r.nobody("a join of another tenant's user", r.try(commit{Join: joins("g1", "u1")}), "u1")
	b := r.create(user, "u1", login("ana"))
	r.commit("join", commit{Join: joins("g1", "u1")})
	r.commit("delete", r.deletion(b))
	if n, err := r.s.Purge(r.ctx, r.tenant, instant(1<<30)); n != 1 || err != nil {
		r.Errorf("Purge returned %d, %v, want 1", n, err)
	}

	r.tenant = here
	r.unchanged("what another tenant did", a)
	r.members("what another tenant did", "g1", "u1")
	r.memberOf("what another tenant did", "u1", "g1")
	r.lists("what another tenant did", query{Terms: []term{login("ana")}}, "u1")
}

func tenantAny(r *run) {
	prefix := r.tenant
	for _, name := range append(strange(), "") {
		r.tenant = name + prefix
		r.create(user, "u1", login("ana"))
		r.lists("a strange tenant", query{}, "u1")
	}
}

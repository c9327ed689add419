package storetest

import (
	"slices"

	"github.com/provision-go/provision/source/scimserver"
)

func joinReadback(r *run) {
	r.creates(group, "g1", "g2", "g3")
	r.creates(user, "u2", "u10", "u1", "U1")
	r.commit("join", commit{Join: slices.Concat(joins("g2", "u10", "u2", "U1", "u1"), joins("g1", "u2"))})
	r.commit("join", commit{Join: []scimserver.Membership{
		{Group: "g2", Member: member{ID: "g1", Type: group, Display: "Engineering"}},
	}})
	members, err := r.s.Members(r.ctx, r.tenant, append(strange(), "g2", "g1", "g3", "nowhere", "g2"))
	if err != nil {
		r.Fatalf("Members: %v", err)
	}
	r.same("Members", members, map[string][]member{
		"g1": {{ID: "u2", Type: user}},
		"g2": {
			{ID: "U1", Type: user},
			{ID: "g1", Type: group, Display: "Engineering"},
			{ID: "u1", Type: user},
			{ID: "u10", Type: user},
			{ID: "u2", Type: user},
		},
	})
	groups, err := r.s.MemberOf(r.ctx, r.tenant, append(strange(), "u2", "g1", "g3", "nobody", "u2"))
	if err != nil {
		r.Fatalf("MemberOf: %v", err)
	}
	r.same("MemberOf", groups, map[string][]string{"u2": {"g1", "g2"}, "g1": {"g2"}})
	r.members("nobody asked", "")
	slices.Reverse(members["g2"])
	for _, ids := range groups {
		ids[0] = "x"
	}
	r.members("what a caller does with a result", "g2", "U1", "g1", "u1", "u10", "u2")
	r.memberOf("what a caller does with a result", "u2", "g1", "g2")
	r.unversioned("g2")
}

// unversioned: a join is no put of the group.
func (r *run) unversioned(id string) {
	r.Helper()
	r.same("version of a group after joins", r.get(group, id).Version, int64(1))
}

func joinRepeat(r *run) {
	r.creates(group, "g1")
	r.creates(user, "u1")
	for _, display := range []string{"Ana", "Anna", ""} {
		r.commit("join", commit{Join: []scimserver.Membership{{Group: "g1", Member: member{ID: "u1", Type: user, Display: display}}}})
		got, err := r.s.Members(r.ctx, r.tenant, []string{"g1"})
		if err != nil {
			r.Fatalf("Members: %v", err)
		}
		r.same("joined again", got, map[string][]member{"g1": {{ID: "u1", Type: user, Display: display}}})
		r.memberOf("joined again", "u1", "g1")
	}
	r.commit("join twice in one commit", commit{Join: []scimserver.Membership{
		{Group: "g1", Member: member{ID: "u1", Type: user, Display: "first"}},
		{Group: "g1", Member: member{ID: "u1", Type: user, Display: "last"}},
	}})
	got, err := r.s.Members(r.ctx, r.tenant, []string{"g1"})
	if err != nil {
		r.Fatalf("Members: %v", err)
	}
	r.same("joined twice at once", got, map[string][]member{"g1": {{ID: "u1", Type: user, Display: "last"}}})
}

func joinType(r *run) {
	r.creates(group, "g1", "g2")
	r.creates(user, "u1")
	r.commit("join without types", commit{Join: []scimserver.Membership{
		{Group: "g1", Member: member{ID: "u1"}}, {Group: "g1", Member: member{ID: "g2"}},
	}})
	got, err := r.s.Members(r.ctx, r.tenant, []string{"g1"})
	if err != nil {
		r.Fatalf("Members: %v", err)
	}
	r.same("joined without types", got, map[string][]member{"g1": {{ID: "g2", Type: group}, {ID: "u1", Type: user}}})
	r.nobody("a user that joins as a group", r.try(commit{Join: []scimserver.Membership{
		{Group: "g2", Member: member{ID: "u1", Type: group}},
	}}), "u1")
	r.members("refused", "g2")
}

func joinNobody(r *run) {
	r.creates(group, "g1")
	r.creates(user, "u1", "u2")
	r.commit("delete", r.deletion(r.get(user, "u2")))
	for _, id := range append(strange(), "nobody", "u2") {
		r.nobody("a join of who does not exist", r.try(commit{
			Put: []put{{Resource: r.resource(user, "u3")}}, Join: joins("g1", "u1", id),
		}), id)
		r.members("refused", "g1")
		r.memberOf("refused", "u1")
		r.absent("refused", user, "u3")
	}
	a := r.get(user, "u1")
	c := r.deletion(a)
	c.Join = joins("g1", "u1")
	r.nobody("a join of who is deleted in the same commit", r.try(c), "u1")
	r.unchanged("refused", a)
}

func joinNowhere(r *run) {
	r.creates(user, "u1", "u2")
	r.creates(group, "g1")
	r.commit("delete", r.deletion(r.get(group, "g1")))
	for _, id := range append(strange(), "nowhere", "u2", "g1") {
		r.fails("a join of what is no group", r.try(commit{
			Put: []put{{Resource: r.resource(user, "u3")}}, Join: joins(id, "u1"),
		}), scimserver.ErrNotFound)
		r.members("refused", id)
		r.memberOf("refused", "u1")
		r.absent("refused", user, "u3")
	}
}

// joinNew: what a commit puts can join in it.
func joinNew(r *run) {
	c := creation(r.resource(group, "g1"), r.resource(user, "u1"), r.resource(group, "g2"))
	c.Join = append(joins("g1", "u1"), scimserver.Membership{Group: "g2", Member: member{ID: "g1", Type: group}})
	r.commit("create with members", c)
	r.members("created", "g1", "u1")
	r.members("created", "g2", "g1")
	r.memberOf("created", "g1", "g2")
	r.commit("put and join", commit{Put: []put{r.change(r.get(group, "g2"))}, Join: joins("g2", "u1")})
	r.members("put", "g2", "g1", "u1")
	r.same("version", r.get(group, "g2").Version, int64(2))
}

func leaveRepeat(r *run) {
	r.creates(group, "g1", "g2")
	r.creates(user, "u1", "u2", "u3")
	r.commit("join", commit{Join: append(joins("g1", "u1", "u2", "u3"), joins("g2", "u2")...)})
	for range 2 {
		r.commit("leave", commit{Leave: joins("g1", "u2")})
		r.members("left", "g1", "u1", "u3")
		r.memberOf("left", "u2", "g2")
	}
	r.commit("leave with another Display and type", commit{Leave: []scimserver.Membership{
		{Group: "g1", Member: member{ID: "u1", Type: group, Display: "x"}},
	}})
	r.members("left", "g1", "u3")
	for _, id := range append(strange(), "nobody", "g1", "u3") {
		r.commit("who was never there leaves", commit{Leave: joins("g2", id)})
		r.commit("leaving what never was", commit{Leave: joins(id, "u2")})
	}
	r.members("left", "g2", "u2")
	r.commit("all leave", commit{Leave: append(joins("g2", "u2"), joins("g1", "u3")...)})
	r.members("left", "g2")
	r.memberOf("left", "u2")
}

func leaveJoin(r *run) {
	r.creates(group, "g1")
	r.creates(user, "u1", "u2", "u3")
	r.commit("join", commit{Join: joins("g1", "u1", "u2")})
	r.commit("leave and join", commit{Leave: joins("g1", "u1", "u2"), Join: joins("g1", "u3", "u2")})
	r.members("exchanged", "g1", "u2", "u3")
	r.memberOf("exchanged", "u1")
	r.memberOf("exchanged", "u2", "g1")
}

func goneUser(r *run) {
	r.creates(group, "g1", "g2", "g3")
	r.creates(user, "u1", "u2")
	r.commit("join", commit{Join: slices.Concat(joins("g1", "u1", "u2"), joins("g2", "u1"))})
	r.commit("delete", r.deletion(r.get(user, "u1")))
	r.members("gone", "g1", "u2")
	r.members("gone", "g2")
	r.memberOf("gone", "u1")
	r.lists("gone", query{Type: group, Member: "u1"})
	r.commit("gone without a deletion", commit{Gone: append(strange(), "u2", "nobody")})
	r.members("gone", "g1")
	r.memberOf("gone", "u2")
	r.get(user, "u2")
}

func goneGroup(r *run) {
	r.creates(group, "g1", "g2", "g3")
	r.creates(user, "u1")
	r.commit("join", commit{Join: slices.Concat(joins("g1", "u1"), joins("g2", "u1"), []scimserver.Membership{
		{Group: "g1", Member: member{ID: "g2", Type: group}}, {Group: "g3", Member: member{ID: "g1", Type: group}},
	})})
	r.commit("delete", r.deletion(r.get(group, "g1")))
	r.members("gone", "g1")
	r.members("gone", "g3")
	r.members("gone", "g2", "u1")
	r.memberOf("gone", "u1", "g2")
	r.memberOf("gone", "g2")
	r.memberOf("gone", "g1")
}

// goneJoin: Gone comes before Join.
func goneJoin(r *run) {
	r.creates(group, "g1", "g2")
	r.creates(user, "u1", "u2")
	r.commit("join", commit{Join: append(joins("g1", "u1", "u2"), joins("g2", "u1")...)})
	r.commit("move", commit{Gone: []string{"u1"}, Join: joins("g2", "u1")})
	r.members("moved", "g1", "u2")
	r.memberOf("moved", "u1", "g2")
	r.commit("exchange all members", commit{Gone: []string{"g1"}, Join: joins("g1", "u1")})
	r.members("exchanged", "g1", "u1")
	r.memberOf("exchanged", "u2")
}

package storetest

import (
	"fmt"

	"github.com/provision-go/provision/source/scimserver"
)

func listOrder(r *run) {
	r.create(user, "m")
	r.create(user, "z")
	r.create(group, "g")
	r.create(user, "a")
	r.lists("in the order of creation", query{}, "m", "z", "a")
	r.commit("put", commit{Put: []put{r.change(r.get(user, "m"))}})
	r.lists("a put moves nobody", query{}, "m", "z", "a")
	r.lists("groups", query{Type: group}, "g")
}

func listPages(r *run) {
	var ids []string
	sequences := map[string]int64{}
	for i := range 7 {
		id := fmt.Sprint("u", i)
		ids = append(ids, id)
		sequences[id] = r.create(user, id, mail("all")).Sequence
		r.create(group, fmt.Sprint("g", i))
	}
	for what, q := range map[string]query{
		"all": {}, "with a term": {Terms: []term{mail("all")}}, "with IDs": {IDs: ids}, "with the deleted": {Deleted: true},
	} {
		page := func(how string, alter query, want ...string) {
			r.Helper()
			alter.Terms, alter.IDs, alter.Deleted = q.Terms, q.IDs, q.Deleted
			got, found := r.list(alter)
			r.same(what+", "+how, found, append([]string{}, want...))
			if alter.Total {
				r.same(what+", "+how+": total", got.Total, len(ids))
			}
		}
		page("the first", query{Limit: 3, Total: true}, ids[:3]...)
		page("without a total", query{Limit: 1}, ids[:1]...)
		page("by offset", query{Limit: 3, Offset: 2, Total: true}, ids[2:5]...)
		page("the end", query{Limit: 3, Offset: 6, Total: true}, ids[6:]...)
		page("past the end", query{Limit: 3, Offset: 7, Total: true})
		page("far past the end", query{Limit: 3, Offset: 1 << 30, Total: true})
		page("no limit", query{Total: true})
		page("neither", query{})
		page("all of it", query{Limit: 1 << 30, Total: true}, ids...)
		page("after the third", query{Limit: 2, After: sequences["u2"], Total: true}, ids[3:5]...)
		page("after the third by offset", query{Limit: 2, After: sequences["u2"], Offset: 1, Total: true}, ids[4:6]...)
		page("after the last", query{Limit: 2, After: sequences["u6"], Total: true})
	}
}

func listIDs(r *run) {
	r.creates(user, "u1", "u2", "u3")
	r.creates(group, "g1")
	r.lists("some", query{IDs: []string{"u3", "u1"}}, "u1", "u3")
	r.lists("twice", query{IDs: []string{"u2", "u2"}}, "u2")
	r.lists("one that is a group", query{IDs: []string{"u1", "g1"}}, "u1")
	r.lists("none at all", query{IDs: []string{}})
	r.lists("unknown ones", query{IDs: append(strange(), "u2")}, "u2")
	p, _ := r.list(query{IDs: []string{"u3", "u1", "u3", "x"}, Total: true})
	r.same("total", p.Total, 2)
	var many []string
	for i := range 5000 {
		many = append(many, fmt.Sprint("x", i))
	}
	r.lists("many", query{IDs: append(many, "u1")}, "u1")
}

func listMember(r *run) {
	r.creates(group, "g1", "g2", "g3")
	r.creates(user, "u1", "u2")
	r.commit("join", commit{Join: append(joins("g3", "u1", "u2"), joins("g1", "u1")...)})
	r.lists("groups of a user", query{Type: group, Member: "u1"}, "g1", "g3")
	r.lists("groups of another", query{Type: group, Member: "u2"}, "g3")
	r.lists("groups of nobody", query{Type: group, Member: "nobody"})
	r.lists("users that have a member", query{Member: "u1"})
	p, ids := r.list(query{Type: group, Member: "u1", Limit: 1, Offset: 1, Total: true})
	r.same("the second", ids, []string{"g3"})
	r.same("total", p.Total, 2)
}

// listAll: all conditions hold together.
func listAll(r *run) {
	for i := range 6 {
		var terms []term
		if i != 3 {
			terms = append(terms, mail("x"))
		}
		r.create(group, fmt.Sprint("g", i), append(terms, mail(fmt.Sprint(i%2)))...)
	}
	r.create(user, "u")
	for i := range 5 {
		r.commit("join", commit{Join: joins(fmt.Sprint("g", i), "u")})
	}
	r.lists("term and member", query{Type: group, Terms: []term{mail("x")}, Member: "u"}, "g0", "g1", "g2", "g4")
	r.lists("two terms and member", query{Type: group, Terms: []term{mail("x"), mail("0")}, Member: "u"}, "g0", "g2", "g4")
	q := query{Type: group, Terms: []term{mail("x")}, Member: "u", IDs: []string{"g5", "g4", "g3", "g2"}, Total: true}
	r.lists("everything", q, "g2", "g4")
	q.Limit, q.After = 5, r.get(group, "g2").Sequence
	p, ids := r.list(q)
	r.same("after", ids, []string{"g4"})
	r.same("total", p.Total, 2)
	q.After, q.Member = 0, "nobody"
	r.lists("one that does not hold", q)
	q.Terms, q.Member = nil, "u"
	r.lists("IDs and member", q, "g2", "g3", "g4")
}

func listDeleted(r *run) {
	for _, id := range []string{"u1", "u2", "u3", "u4"} {
		r.create(user, id, mail("x"))
	}
	r.commit("delete", r.deletion(r.get(user, "u2"), mail("x")))
	r.commit("delete", r.deletion(r.get(user, "u4"), mail("y")))
	for what, q := range map[string]query{
		"all": {}, "by ID": {IDs: []string{"u4", "u3", "u2", "u1"}},
	} {
		r.lists(what, q, "u1", "u3")
		q.Total = true
		p, ids := r.list(q)
		r.same(what+": none wanted", ids, []string{})
		r.same(what+": total", p.Total, 2)
		q.Deleted = true
		r.lists(what+" with the deleted", q, "u1", "u2", "u3", "u4")
		p, _ = r.list(q)
		r.same(what+" with the deleted: total", p.Total, 4)
	}
	r.lists("by term", query{Terms: []term{mail("x")}}, "u1", "u3")
	r.lists("by term with the deleted", query{Terms: []term{mail("x")}, Deleted: true}, "u1", "u2", "u3")
	p, ids := r.list(query{Limit: 1, Offset: 1, Total: true})
	r.same("the second", ids, []string{"u3"})
	r.same("total", p.Total, 2)
}

func purgeBefore(r *run) {
	for i := range 4 {
		r.create(user, fmt.Sprint("u", i))
	}
	var when []resource
	for i := range 3 {
		c := r.deletion(r.get(user, fmt.Sprint("u", i)))
		when = append(when, c.Put[0].Resource)
		r.commit("delete", c)
	}
	purge := func(what string, res resource, want int) {
		r.Helper()
		n, err := r.s.Purge(r.ctx, r.tenant, res.Deleted)
		if n != want || err != nil {
			r.Errorf("Purge %s returned %d, %v, want %d", what, n, err, want)
		}
	}
	purge("before the first", when[0], 0)
	r.lists("nothing purged", query{Deleted: true}, "u0", "u1", "u2", "u3")
	purge("before the third", when[2], 2)
	r.lists("two purged", query{Deleted: true}, "u2", "u3")
	purge("again", when[2], 0)
	p, _ := r.list(query{Deleted: true, Total: true})
	r.same("total", p.Total, 2)
	n, err := r.s.Purge(r.ctx, r.tenant, instant(1<<40))
	if n != 1 || err != nil {
		r.Errorf("Purge returned %d, %v, want 1", n, err)
	}
	r.lists("all purged", query{Deleted: true}, "u3")
	n, err = r.s.Purge(r.ctx, r.other, instant(1<<40))
	if n != 0 || err != nil {
		r.Errorf("Purge of a tenant that nobody knows returned %d, %v, want 0", n, err)
	}
}

// purgeTraces: nothing of a purged resource is left.
func purgeTraces(r *run) {
	a := r.create(user, "u1", login("ana"), mail("a"))
	g := r.create(group, "g1")
	r.creates(group, "g2")
	r.commit("join", commit{Join: append(joins("g1", "u1"), joins("g2", "u1")...)})
	for _, res := range []resource{a, g} {
		c := r.deletion(res, mail("a"))
		c.Gone = nil
		r.commit("delete", c)
	}
	if n, err := r.s.Purge(r.ctx, r.tenant, instant(1<<30)); n != 2 || err != nil {
		r.Errorf("Purge returned %d, %v, want 2", n, err)
	}
	r.members("purged", "g1")
	r.members("purged", "g2")
	r.memberOf("purged", "u1")
	for _, t := range []scimserver.Type{user, group} {
		r.lists("purged", query{Type: t, Terms: []term{mail("a")}, Deleted: true})
	}
	r.lists("purged", query{Type: group, Deleted: true}, "g2")
}

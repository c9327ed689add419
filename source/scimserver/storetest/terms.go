package storetest

func uniqueTaken(r *run) {
	a := r.create(user, "u1", login("ana"), term{Name: "externalid", Value: "E1", Unique: true})
	b := r.create(user, "u2", login("bo"))
	r.taken("a create with a taken value", r.try(creation(r.resource(user, "u3", login("cy"), login("ana")))), "username")
	r.taken("a change to a taken value", r.try(commit{Put: []put{
		r.change(b, login("bo"), term{Name: "externalid", Value: "E1", Unique: true}),
	}}), "externalid")
	r.taken("two creates with one value", r.try(creation(
		r.resource(user, "u4", login("di")), r.resource(user, "u5", login("di")),
	)), "username")
	r.unchanged("a taken value", a)
	r.unchanged("a taken value", b)
	r.lists("after taken values", query{}, "u1", "u2")
	r.lists("after taken values", query{Terms: []term{login("ana")}}, "u1")
	r.lists("after taken values", query{Terms: []term{login("cy")}})
	r.commit("a put that keeps its value", commit{Put: []put{r.change(a, login("ana"))}})
	r.commit("a value that nobody got", creation(r.resource(user, "u6", login("di"))))
}

// uniqueScope: what is not taken.
func uniqueScope(r *run) {
	r.create(user, "u1", login("ana"), mail("ana"))
	r.create(group, "g1", login("ana"))
	r.create(user, "u2", mail("ana"), term{Name: "nickname", Value: "ana", Unique: true})
	r.create(user, "u3", term{Name: "username", Value: "ana"}) // not unique there
	for i, value := range []string{"Ana", "ana ", " ana", "aná", "an", ""} {
		r.create(user, "v"+string(rune('0'+i)), login(value))
	}
	r.create(user, "w", login("twice"), login("twice"), mail("m"), term{Name: "emails.value", Value: "m", Unique: true})
	r.taken("a term that is unique once", r.try(creation(
		r.resource(user, "x", term{Name: "emails.value", Value: "m", Unique: true}),
	)), "emails.value")
	r.lists("one value", query{Terms: []term{login("ana")}}, "u1", "u3")
	r.tenant = r.other
	r.create(user, "u1", login("ana"))
}

func uniqueFreed(r *run) {
	a := r.create(user, "u1", login("ana"))
	r.commit("rename", commit{Put: []put{r.change(a, login("anna"))}})
	b := r.create(user, "u2", login("ana"))
	r.commit("delete", r.deletion(b, login("ana")))
	c := r.create(user, "u3", login("ana"))
	both := r.deletion(c, login("ana"))
	both.Put = append(both.Put, put{Resource: r.resource(user, "u4", login("ana"))})
	r.commit("delete, and create with its value", both)
	r.taken("the value of who came last", r.try(creation(r.resource(user, "u5", login("ana")))), "username")
	r.commit("a value that is no longer unique", commit{Put: []put{
		r.change(r.get(user, "u4"), term{Name: "username", Value: "ana"}),
	}})
	r.create(user, "u6", login("ana"))
	r.taken("a value that is unique again", r.try(commit{Put: []put{r.change(r.get(user, "u4"), login("ana"))}}), "username")
	r.lists("one value", query{Terms: []term{login("ana")}}, "u4", "u6")
	r.lists("one value, with the deleted", query{Terms: []term{login("ana")}, Deleted: true}, "u2", "u3", "u4", "u6")
}

func uniqueSwap(r *run) {
	a, b := r.create(user, "u1", login("ana")), r.create(user, "u2", login("bo"))
	r.commit("swap", commit{Put: []put{r.change(a, login("bo")), r.change(b, login("ana"))}})
	r.lists("swapped", query{Terms: []term{login("ana")}}, "u2")
	r.lists("swapped", query{Terms: []term{login("bo")}}, "u1")
	r.taken("a value that was swapped", r.try(creation(r.resource(user, "u3", login("ana")))), "username")
	a, b = r.get(user, "u1"), r.get(user, "u2")
	r.commit("pass on", commit{Put: []put{r.change(a, login("ana")), r.change(b, login("cy"))}})
	r.taken("a value that was passed on", r.try(creation(r.resource(user, "u3", login("ana")))), "username")
	r.create(user, "u4", login("bo"))
}

func listTerms(r *run) {
	r.create(user, "u1", login("ana"), mail("a"), mail("b"))
	r.create(user, "u2", login("bo"), mail("b"))
	r.create(user, "u3", login("cy"), mail("b"), mail("c"), term{Name: "title", Value: "a"})
	r.create(group, "g1", login("ana"), mail("b"))
	r.lists("one term", query{Terms: []term{mail("b")}}, "u1", "u2", "u3")
	r.lists("Unique does not count", query{Terms: []term{{Name: "username", Value: "bo"}}}, "u2")
	r.lists("two terms", query{Terms: []term{mail("b"), mail("c")}}, "u3")
	r.lists("two terms", query{Terms: []term{mail("b"), login("bo")}}, "u2")
	r.lists("a term said twice", query{Terms: []term{mail("b"), mail("b")}}, "u1", "u2", "u3")
	r.lists("two terms that nobody has both", query{Terms: []term{mail("a"), mail("c")}})
	r.lists("a value under another name", query{Terms: []term{{Name: "title", Value: "b"}}})
	r.lists("a value that nobody has", query{Terms: []term{mail("x")}})
	r.lists("part of a value", query{Terms: []term{login("an")}})
	r.lists("other case", query{Terms: []term{login("ANA")}})
	r.lists("a pattern", query{Terms: []term{login("%")}})
	r.lists("another type", query{Type: group, Terms: []term{mail("b")}}, "g1")
}

// listAltered: what is found follows what is put.
func listAltered(r *run) {
	a := r.create(user, "u1", login("ana"), mail("a"), mail("b"))
	r.create(user, "u2", mail("b"))
	r.commit("put", commit{Put: []put{r.change(a, login("ana"), mail("b"), mail("c"))}})
	r.lists("a term that went", query{Terms: []term{mail("a")}})
	r.lists("a term that stayed", query{Terms: []term{mail("b")}}, "u1", "u2")
	r.lists("a term that came", query{Terms: []term{mail("c")}}, "u1")
	r.commit("put", commit{Put: []put{r.change(r.get(user, "u1"))}})
	r.lists("no terms any more", query{Terms: []term{mail("b")}}, "u2")
	r.lists("no terms any more", query{Terms: []term{login("ana")}})
	r.lists("no terms any more", query{}, "u1", "u2")
	r.create(user, "u3", login("ana"))
}

package targettest

import "github.com/provision-go/provision/target"

// updateAbsolute: the given attributes and no others are written.
func updateAbsolute(r *run) {
	r.need(r.caps.Update, "Update")
	_, a := r.create()
	_, bystander := r.create()
	set := r.change()
	got, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: set})
	if !r.ok("Update", err) {
		return
	}
	want := a
	want.Attributes = a.Attributes.Merge(set)
	r.sameAs("Update", got, want)
	r.sameAs("Find after Update", r.read(a.ID), want)
	r.sameAs("another account after Update", r.read(bystander.ID), bystander)
}

func updateClear(r *run) {
	r.need(r.caps.Update, "Update")
	req, a := r.create()
	name := r.h.Clear
	if name == "" {
		name = r.change().Names()[0]
	}
	if !a.Attributes.Has(name) {
		r.Fatalf("Harness.New does not set %q, so emptying it shows nothing; set Harness.Clear", name)
	}
	got, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Clear: []string{name}})
	if !r.ok("Update that empties "+name, err) {
		return
	}
	want := a
	want.Attributes = a.Attributes.Without(name)
	r.sameAs("Update that empties "+name, got, want)
	r.sameAs("Find after it", r.read(a.ID), want)
	_, err = r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Clear: []string{name}})
	r.ok("emptying "+name+" again", err)
	_, err = r.t.Update(r.ctx, target.UpdateRequest{
		Ref: ref(a), Set: target.AttrsOf(map[string][]string{name: req.Attributes.Values(name)}),
	})
	if r.ok("writing "+name+" again", err) {
		r.sameAs("Find after writing it again", r.read(a.ID), a)
	}
}

func updateRepeat(r *run) {
	r.need(r.caps.Update, "Update")
	_, a := r.create()
	set := r.change()
	first, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: set})
	if !r.ok("Update", err) {
		return
	}
	second, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: set})
	if r.ok("the same Update again", err) {
		r.sameAs("the same Update again", second, first)
	}
}

func updateExists(r *run) {
	r.need(r.caps.Update, "Update")
	req, a := r.create()
	name := r.unique(req)
	_, b := r.create()
	set := target.AttrsOf(map[string][]string{name: req.Attributes.Values(name)})
	_, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(b), Set: set})
	if r.class("Update to the "+name+" of another account", err, target.Exists) {
		r.field(err, name)
	}
	r.sameAs("the account afterwards", r.read(b.ID), b)
	r.sameAs("the other account afterwards", r.read(a.ID), a)
}

func updateConflict(r *run) {
	r.need(r.caps.Versions, "Versions")
	r.need(r.caps.Update, "Update")
	_, a := r.create()
	fresh, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: r.change(), Version: r.read(a.ID).Version})
	if !r.ok("Update with the current version", err) {
		return
	}
	if fresh.Version == a.Version {
		r.Errorf("Update left the version at %q", a.Version)
	}
	_, err = r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: r.change(), Version: a.Version})
	r.class("Update with an outdated version", err, target.Conflict)
	r.sameAs("the account afterwards", r.read(a.ID), fresh)
}

func updateNotFound(r *run) {
	r.need(r.caps.Update, "Update")
	id := r.missing()
	_, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: target.Ref{ID: id}, Set: r.change()})
	r.class("Update of an account that does not exist", err, target.NotFound)
	found, err := r.t.Find(r.ctx, target.Find{ID: id})
	if r.ok("Find", err) && len(found) > 0 {
		r.Errorf("Update made the account that it did not find")
	}
}

// setKey adopts an account that somebody else made.
func setKey(r *run) {
	r.need(r.caps.SetKey, "SetKey")
	r.need(r.caps.Create, "Create")
	req := r.request()
	key := req.Key
	req.Key = target.Key{}
	a, err := r.t.Create(r.ctx, req)
	if err != nil {
		r.Skipf("an account without a key cannot be created: %v", err)
	}
	got, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), SetKey: key})
	if !r.ok("Update with SetKey", err) {
		return
	}
	want := a
	want.Key = key
	r.sameAs("Update with SetKey", got, want)
	r.sameAs("Find after SetKey", r.read(a.ID), want)
	if r.caps.FindKey {
		r.only(target.Find{Key: key}, want)
	}
}

package targettest

import (
	"errors"

	"github.com/provision-go/provision/target"
)

func createReadback(r *run) {
	req, a := r.create()
	r.made("Create", a, req)
	got := r.read(a.ID)
	r.made("Find after Create", got, req)
	r.sameAs("Find after Create", got, a)
}

// made compares an account with the request that made it.
func (r *run) made(what string, a target.Account, req target.CreateRequest) {
	r.Helper()
	if r.caps.Keys && a.Key != req.Key {
		r.Errorf("%s: key is %q, want %q", what, a.Key, req.Key)
	}
	if a.State != req.State {
		r.Errorf("%s: state is %s, want %s", what, a.State, req.State)
	}
	r.has(what, a, req.Attributes)
}

// clashing returns a request for somebody else that has the unique value of req.
func (r *run) clashing(req target.CreateRequest) (target.CreateRequest, string) {
	r.Helper()
	name := r.unique(req)
	other := r.request()
	other.Attributes = other.Attributes.With(name, req.Attributes.Values(name)...)
	return other, name
}

func createExists(r *run) {
	req, a := r.create()
	other, name := r.clashing(req)
	b, err := r.t.Create(r.ctx, other)
	if err == nil && b.ID == a.ID {
		r.Errorf("Create with the %s of another account returned that account: it would be taken over", name)
	}
	if r.class("Create with the "+name+" of another account", err, target.Exists) {
		r.field(err, name)
	}
	r.sameAs("the other account afterwards", r.read(a.ID), a)
	holders := 0
	for _, got := range r.list() {
		if spec, _ := r.caps.Attribute(name); spec.Equal(got.Attributes.Values(name), req.Attributes.Values(name)) {
			holders++
		}
	}
	if holders != 1 {
		r.Errorf("%d accounts have the same %s, want 1", holders, name)
	}
}

// field fails unless the error names the attribute that clashes.
func (r *run) field(err error, want string) {
	r.Helper()
	got := target.FieldOf(err)
	if got == want || got == "" && r.h.FieldUnknown {
		return
	}
	r.Errorf("the error names the field %q, want %q (or set Harness.FieldUnknown): %v", got, want, err)
}

// createRepeat is the second attempt after an answer that was lost.
func createRepeat(r *run) {
	r.need(r.caps.IdempotentCreate, "IdempotentCreate")
	req, a := r.create()
	b, err := r.t.Create(r.ctx, req)
	if !r.ok("Create with the same idempotency key", err) {
		return
	}
	if b.ID != a.ID {
		r.Errorf("Create with the same idempotency key made a second account %q beside %q", b.ID, a.ID)
	}
	r.made("Create with the same idempotency key", b, req)
}

func createDisabled(r *run) {
	r.need(r.caps.CreateDisabled, "CreateDisabled")
	r.need(r.caps.Create, "Create")
	req := r.request()
	req.State = target.Disabled
	a := r.created(req)
	r.made("Create", a, req)
	r.made("Find after Create", r.read(a.ID), req)
}

// references: here they are native ids; the key comes in with Collect.
func references(r *run) {
	var name string
	for _, spec := range r.caps.Attributes {
		if spec.Ref && !spec.ReadOnly && !spec.WriteOnly {
			name = spec.Name
			break
		}
	}
	r.need(name != "", "an attribute with Ref that can be written")
	_, boss := r.create()
	req := r.request()
	req.Attributes = req.Attributes.With(name, boss.ID)
	a := r.created(req)
	if got := r.read(a.ID).Attributes.Get(name); got != boss.ID {
		r.Errorf("%s is %q, want the native id %q", name, got, boss.ID)
	}
	s, err := target.Collect(r.ctx, r.t)
	if !r.ok("Collect", err) {
		return
	}
	for got := range s.All() {
		if got.ID == a.ID && got.Attributes.Get(name) != ref(boss).Text() {
			r.Errorf("%s is %q after Collect, want %q", name, got.Attributes.Get(name), ref(boss).Text())
		}
	}
}

// errorsPermanent: what can never succeed must not be tried again.
func errorsPermanent(r *run) {
	_, a := r.create()
	r.need(r.caps.Update, "Update")
	set := target.Attrs(map[string]string{"targettest-unknown-attribute": "x"})
	_, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: set})
	r.class("Update of an attribute that is not declared", err, target.Permanent)
	for _, spec := range r.caps.Attributes {
		if spec.ReadOnly {
			set := target.Attrs(map[string]string{spec.Name: "x"})
			_, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: set})
			r.class("Update of "+spec.Name+", which is declared as never written", err, target.Permanent)
		}
	}
	if _, err := r.t.Find(r.ctx, target.Find{}); err == nil {
		r.Errorf("Find for nothing in particular succeeded, want an error")
	}
}

// errorsBroken: a system that fails must never look empty, and each error says
// what it means.
func errorsBroken(r *run) {
	r.need(r.h.Broken != nil, "anything: Harness.Broken is not set")
	t := r.h.Broken()
	var failed error
	for _, err := range t.Accounts(r.ctx) {
		if failed != nil {
			r.Errorf("Accounts of a failing system yielded something after its error")
		}
		failed = errors.Join(failed, err)
	}
	if failed == nil {
		r.Errorf("Accounts of a failing system ended without an error: it looks complete")
	}
	req := r.request()
	at := target.Ref{ID: "targettest", Key: req.Key}
	_, err := t.Find(r.ctx, target.Find{ID: at.ID})
	r.classified("Find", err)
	if r.caps.Create {
		_, err = t.Create(r.ctx, req)
		r.classified("Create", err)
	}
	if r.caps.Update {
		_, err = t.Update(r.ctx, target.UpdateRequest{Ref: at, Set: r.change()})
		r.classified("Update", err)
	}
	if r.caps.Disable {
		_, err = t.Disable(r.ctx, target.StateRequest{Ref: at})
		r.classified("Disable", err)
	}
	if r.caps.Delete {
		r.classified("Delete", t.Delete(r.ctx, target.StateRequest{Ref: at}))
	}
}

func (r *run) classified(what string, err error) {
	r.Helper()
	var e *target.Error
	switch class := target.ClassOf(err); {
	case err == nil:
		r.Errorf("%s on a failing system succeeded", what)
	case class == target.NotFound:
		r.Errorf("%s on a failing system says that there is no such account: %v", what, err)
	case class == target.Unclear && !errors.As(err, &e):
		r.Errorf("%s returned an error without a class; use target.FromHTTP, target.FromTransport or target.Fail: %v", what, err)
	}
}

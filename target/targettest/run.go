package targettest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/provision-go/provision/target"
)

// run is one check under way.
type run struct {
	tb
	h    Harness
	t    target.Target
	caps target.Capabilities
	ctx  context.Context
	n    *atomic.Int64
}

func begin(t tb, h Harness, n *atomic.Int64) *run {
	if h.Target == nil || h.New == nil {
		t.Fatalf("the harness needs Target and New")
	}
	return &run{tb: t, h: h, t: h.Target, caps: h.Target.Capabilities(), ctx: t.Context(), n: n}
}

func (r *run) next() int { return int(r.n.Add(1)) }

// need skips the check unless the target claims what it is about.
func (r *run) need(claimed bool, capability string) {
	r.Helper()
	if !claimed {
		r.Skipf("the target does not claim %s", capability)
	}
}

// request returns a new account to create.
func (r *run) request() target.CreateRequest {
	n := r.next()
	req := r.h.New(n)
	if req.IdempotencyKey == "" {
		req.IdempotencyKey = fmt.Sprintf("targettest-%d", n)
	}
	return req
}

// create makes a new account.
func (r *run) create() (target.CreateRequest, target.Account) {
	r.Helper()
	r.need(r.caps.Create, "Create")
	req := r.request()
	return req, r.created(req)
}

func (r *run) created(req target.CreateRequest) target.Account {
	r.Helper()
	a, err := r.t.Create(r.ctx, req)
	if err != nil {
		r.Fatalf("Create %s: %v", req.Key, err)
	}
	if a.ID == "" {
		r.Fatalf("Create %s returned an account without a native id", req.Key)
	}
	return a
}

// read finds one account by its native id.
func (r *run) read(id string) target.Account {
	r.Helper()
	found, err := r.t.Find(r.ctx, target.Find{ID: id})
	if err != nil {
		r.Fatalf("Find by id %q: %v", id, err)
	}
	if len(found) != 1 || found[0].ID != id {
		r.Fatalf("Find by id %q returned %d accounts %v, want that one", id, len(found), ids(found))
	}
	return found[0]
}

// list reads all accounts, by native id.
func (r *run) list() map[string]target.Account {
	r.Helper()
	all := map[string]target.Account{}
	for a, err := range r.t.Accounts(r.ctx) {
		if err != nil {
			r.Fatalf("Accounts: %v", err)
		}
		if a.ID == "" {
			r.Errorf("Accounts yielded an account without a native id (key %s)", a.Key)
		}
		if _, twice := all[a.ID]; twice {
			r.Errorf("Accounts yielded %q twice", a.ID)
		}
		all[a.ID] = a
	}
	return all
}

// sameAs compares an account with what it should be. Versions may differ.
func (r *run) sameAs(what string, got, want target.Account) {
	r.Helper()
	if got.ID != want.ID {
		r.Errorf("%s: native id is %q, want %q", what, got.ID, want.ID)
	}
	if r.caps.Keys && got.Key != want.Key {
		r.Errorf("%s: key is %q, want %q", what, got.Key, want.Key)
	}
	if got.State != want.State {
		r.Errorf("%s: state is %s, want %s", what, got.State, want.State)
	}
	names := slices.Concat(got.Attributes.Names(), want.Attributes.Names())
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		spec, _ := r.caps.Attribute(name)
		// The system writes those that nobody else may, such as a last change.
		if spec.WriteOnly || spec.ReadOnly {
			continue
		}
		if a, b := got.Attributes.Values(name), want.Attributes.Values(name); !spec.Equal(a, b) {
			r.Errorf("%s: %s is %q, want %q", what, name, a, b)
		}
	}
}

// has compares an account with a request that was granted.
func (r *run) has(what string, got target.Account, want target.Attributes) {
	r.Helper()
	for name, values := range want.All() {
		spec, _ := r.caps.Attribute(name)
		if have := got.Attributes.Values(name); !spec.WriteOnly && !spec.Equal(have, values) {
			r.Errorf("%s: %s is %q, want %q", what, name, have, values)
		}
	}
}

// change returns attributes to write.
func (r *run) change() target.Attributes {
	r.Helper()
	n := r.next()
	if r.h.Change != nil {
		return r.h.Change(n)
	}
	for name, values := range r.h.New(n).Attributes.All() {
		spec, _ := r.caps.Attribute(name)
		if !spec.Unique && !spec.Ref && !spec.ReadOnly && !spec.WriteOnly && !strings.Contains(values[0], "@") {
			return target.Attrs(map[string]string{name: fmt.Sprintf("%s %d", values[0], n)})
		}
	}
	r.Skipf("no attribute of New can be changed; set Harness.Change")
	return target.Attributes{}
}

// unique returns an attribute of the request that no two accounts share.
func (r *run) unique(req target.CreateRequest) string {
	r.Helper()
	for _, name := range req.Attributes.Names() {
		if spec, _ := r.caps.Attribute(name); spec.Unique {
			return name
		}
	}
	r.Skipf("no attribute of New is unique")
	return ""
}

// missing returns a native id that no account has.
func (r *run) missing() string {
	r.Helper()
	if r.h.Missing != "" {
		return r.h.Missing
	}
	if !r.caps.Delete || !r.caps.Create {
		r.Skipf("no native id that no account has; set Harness.Missing")
	}
	_, a := r.create()
	if err := r.t.Delete(r.ctx, target.StateRequest{Ref: ref(a)}); err != nil {
		r.Fatalf("Delete: %v", err)
	}
	return a.ID
}

// class fails unless err has the class, and says so in the contract's words.
func (r *run) class(what string, err error, want target.Class) bool {
	r.Helper()
	switch {
	case err == nil:
		r.Errorf("%s succeeded, want an error of class %s", what, want)
	case target.ClassOf(err) != want:
		r.Errorf("%s returned an error of class %s, want %s: %v", what, target.ClassOf(err), want, err)
	default:
		return true
	}
	return false
}

func (r *run) ok(what string, err error) bool {
	r.Helper()
	if err != nil {
		r.Errorf("%s: %v", what, err)
	}
	return err == nil
}

func ref(a target.Account) target.Ref { return target.Ref{ID: a.ID, Key: a.Key} }

func ids(accounts []target.Account) []string {
	out := make([]string, len(accounts))
	for i, a := range accounts {
		out[i] = a.ID
	}
	return out
}

func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

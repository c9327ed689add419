package targettest

import (
	"context"
	"errors"
	"iter"

	"github.com/provision-go/provision/target"
)

func accountsComplete(r *run) {
	var made []target.Account
	for range 3 {
		_, a := r.create()
		made = append(made, a)
	}
	all := r.list()
	for id, a := range all {
		if a.State != target.Enabled && a.State != target.Disabled {
			r.Errorf("account %q is %s, want enabled or disabled", id, a.State)
		}
		for _, name := range a.Attributes.Names() {
			spec, ok := r.caps.Attribute(name)
			if !ok {
				r.Errorf("account %q has %q, which is no declared attribute", id, name)
			}
			if spec.WriteOnly {
				r.Errorf("account %q shows %q, which is declared as never read back", id, name)
			}
		}
	}
	for _, a := range made {
		got, ok := all[a.ID]
		if !ok {
			r.Errorf("Accounts lacks %q, which was created before", a.ID)
			continue
		}
		r.sameAs("Accounts", got, a)
	}
}

// accountsBreak stops in the middle, with a context that is done by then: nothing
// may be yielded afterwards, and the next listing is whole.
func accountsBreak(r *run) {
	_, _ = r.create()
	_, _ = r.create()
	ctx, cancel := context.WithCancel(r.ctx)
	defer cancel()
	stopped := false
	// Not a range loop, which would panic.
	r.t.Accounts(ctx)(func(_ target.Account, err error) bool {
		if stopped {
			r.Errorf("Accounts yielded something after its reader had stopped")
			return false
		}
		r.ok("Accounts", err)
		stopped = true
		cancel()
		return false
	})
	if len(r.list()) < 2 {
		r.Errorf("Accounts after a broken-off listing lacks accounts")
	}
}

func accountsCancel(r *run) {
	if r.caps.Create {
		_, _ = r.create()
	}
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	cancelled(r, "Accounts", r.t.Accounts(ctx))
	if _, err := r.t.Find(ctx, target.Find{ID: "targettest"}); err == nil {
		r.Errorf("Find with a cancelled context succeeded: nobody may take that for %q", "not found")
	}
}

// cancelled reads a listing whose context is done.
func cancelled[T any](r *run, what string, list iter.Seq2[T, error]) {
	r.Helper()
	var failed error
	for _, err := range list {
		if failed != nil {
			r.Errorf("%s yielded something after its error", what)
		}
		if err != nil {
			failed = err
		}
	}
	switch {
	case failed == nil:
		r.Errorf("%s with a cancelled context ended without an error: it looks complete", what)
	case !errors.Is(failed, context.Canceled):
		r.Errorf("%s with a cancelled context has to yield its error, not: %v", what, failed)
	}
}

func accountsCollect(r *run) {
	req, a := r.create()
	s, err := target.Collect(r.ctx, r.t)
	if err != nil {
		r.Fatalf("Collect: %v", err)
	}
	list := s.Unmanaged()
	if r.caps.Keys {
		list = s.Managed()
	}
	for _, got := range list {
		if got.ID == a.ID {
			r.has("Collect", got, req.Attributes)
			return
		}
	}
	r.Errorf("Collect lacks account %q", a.ID)
}

func findID(r *run) {
	_, a := r.create()
	_, _ = r.create()
	r.sameAs("Find by id", r.read(a.ID), a)
}

func findKey(r *run) {
	r.need(r.caps.FindKey, "FindKey")
	_, a := r.create()
	_, _ = r.create()
	r.only(target.Find{Key: a.Key}, a)
}

// only fails unless a search finds exactly one account.
func (r *run) only(by target.Find, want target.Account) {
	r.Helper()
	found, err := r.t.Find(r.ctx, by)
	if !r.ok("Find", err) {
		return
	}
	if len(found) != 1 || found[0].ID != want.ID {
		r.Errorf("Find %+v returned %v, want [%s]", by, ids(found), want.ID)
		return
	}
	r.sameAs("Find", found[0], want)
}

func findAttribute(r *run) {
	r.need(len(r.caps.Find) > 0, "Find by any attribute")
	req, a := r.create()
	_, _ = r.create()
	tried := false
	for _, name := range r.caps.Find {
		value := req.Attributes.Get(name)
		spec, _ := r.caps.Attribute(name)
		if value == "" || !spec.Unique {
			continue
		}
		tried = true
		r.only(target.Find{Attribute: name, Value: value}, a)
		other := flip(value)
		if other == value {
			continue
		}
		if spec.CaseFold {
			r.only(target.Find{Attribute: name, Value: other}, a)
			continue
		}
		found, err := r.t.Find(r.ctx, target.Find{Attribute: name, Value: other})
		if r.ok("Find", err) && len(found) > 0 {
			r.Errorf("Find by %s finds %q as %q, but the attribute does not claim CaseFold", name, value, other)
		}
	}
	if !tried {
		r.Skipf("no unique attribute of New can be searched by")
	}
}

// flip changes the case of every ASCII letter.
func flip(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			b[i] = c ^ 0x20
		}
	}
	return string(b)
}

// findNone looks for what is not there: an empty answer, not an error, and not
// everybody.
func findNone(r *run) {
	absent := r.request()
	if r.caps.FindKey {
		r.nobody(target.Find{Key: absent.Key})
	}
	for _, name := range r.caps.Find {
		if v := absent.Attributes.Get(name); v != "" {
			if spec, _ := r.caps.Attribute(name); spec.Unique {
				r.nobody(target.Find{Attribute: name, Value: v})
			}
		}
	}
	if r.h.Missing != "" || r.caps.Create && r.caps.Delete {
		r.nobody(target.Find{ID: r.missing()})
	}
}

func (r *run) nobody(by target.Find) {
	r.Helper()
	found, err := r.t.Find(r.ctx, by)
	if err != nil {
		r.Errorf("Find %+v: finding nobody is no error: %v", by, err)
	}
	if len(found) > 0 {
		r.Errorf("Find %+v returned %v, want nobody", by, ids(found))
	}
}

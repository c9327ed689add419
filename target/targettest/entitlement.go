package targettest

import (
	"context"
	"fmt"
	"slices"

	"github.com/provision-go/provision/target"
)

// entitlements returns those that the suite may grant, of all kinds.
func (r *run) entitlements() []target.Entitlement {
	r.Helper()
	var list []target.Entitlement
	if r.h.Entitlement != nil {
		for n := range 20 {
			e := r.h.Entitlement(n)
			if e == (target.Entitlement{}) || slices.Contains(list, e) {
				break
			}
			list = append(list, e)
		}
		return list
	}
	for h := range r.catalogue() {
		list = append(list, h)
	}
	slices.SortFunc(list, target.Entitlement.Compare)
	return list
}

// catalogue reads the catalogue, if there is one.
func (r *run) catalogue() map[target.Entitlement]target.Held {
	r.Helper()
	all := map[target.Entitlement]target.Held{}
	if !slices.ContainsFunc(r.caps.Entitlements, func(e target.EntitlementSpec) bool { return e.List }) {
		return all
	}
	for h, err := range r.t.Entitlements(r.ctx) {
		if err != nil {
			r.Fatalf("Entitlements: %v", err)
		}
		if _, twice := all[h.Entitlement]; twice {
			r.Errorf("Entitlements yielded %s twice", h.Entitlement)
		}
		all[h.Entitlement] = h
	}
	return all
}

// entitlementOf returns one of a kind; its name is empty if there is none.
func (r *run) entitlementOf(kind string) target.Entitlement {
	r.Helper()
	for _, e := range r.entitlements() {
		if e.Kind == kind {
			return e
		}
	}
	return target.Entitlement{Kind: kind}
}

func (r *run) newEntitlement(kind string) target.Entitlement {
	n := r.next()
	if r.h.NewEntitlement != nil {
		return r.h.NewEntitlement(kind, n)
	}
	return target.Entitlement{Kind: kind, Name: fmt.Sprintf("provision-test-%d", n)}
}

// grantable returns up to two entitlements that can be granted and, if asked,
// taken away again.
func (r *run) grantable(revoke bool) []target.Entitlement {
	r.Helper()
	var list []target.Entitlement
	for _, e := range r.entitlements() {
		if spec, ok := r.caps.Kind(e.Kind); ok && spec.Grant && (spec.Revoke || !revoke) && len(list) < 2 {
			list = append(list, e)
		}
	}
	return list
}

func (r *run) grant(a target.Account, e target.Entitlement) bool {
	r.Helper()
	return r.ok("Grant "+e.String(), r.t.Grant(r.ctx, r.grantRequest(a, e)))
}

func (r *run) grantRequest(a target.Account, e target.Entitlement) target.GrantRequest {
	return target.GrantRequest{Ref: ref(a), Entitlement: e, EntitlementID: r.catalogue()[e].ID}
}

// granted gives the account something, if that is possible at all.
func (r *run) granted(a target.Account) target.Entitlement {
	r.Helper()
	for _, e := range r.grantable(false) {
		if r.grant(a, e) {
			return e
		}
	}
	return target.Entitlement{}
}

// holds checks what one account holds, by Find and by Collect.
func (r *run) holds(what string, a target.Account, e target.Entitlement, want bool) {
	r.Helper()
	if got := slices.Contains(r.read(a.ID).Entitlements, e); got != want {
		r.Errorf("%s: Find says that the account holds %s: %t, want %t", what, e, got, want)
	}
	s, err := target.Collect(r.ctx, r.t)
	if !r.ok("Collect", err) {
		return
	}
	for got := range s.All() {
		if got.ID == a.ID && slices.Contains(got.Entitlements, e) != want {
			r.Errorf("%s: the listing says that the account holds %s: %t, want %t", what, e, !want, want)
		}
	}
}

func grantRepeat(r *run) {
	list := r.grantable(false)
	r.need(len(list) > 0, "Grant of an entitlement that exists")
	_, a := r.create()
	_, bystander := r.create()
	for range 2 {
		for _, e := range list {
			if !r.grant(a, e) {
				return
			}
		}
	}
	for _, e := range list {
		r.holds("after Grant", a, e, true)
		r.holds("another account after Grant", bystander, e, false)
	}
	r.sameAs("Find after Grant", r.read(a.ID), a)
	n := 0
	for _, e := range r.read(a.ID).Entitlements {
		if e == list[0] {
			n++
		}
	}
	if n > 1 {
		r.Errorf("the account holds %s %d times", list[0], n)
	}
}

func grantNotFound(r *run) {
	list := r.grantable(false)
	r.need(len(list) > 0, "Grant of an entitlement that exists")
	req := r.grantRequest(target.Account{ID: r.missing()}, list[0])
	r.class("Grant to an account that does not exist", r.t.Grant(r.ctx, req), target.NotFound)
}

func revokeRepeat(r *run) {
	list := r.grantable(true)
	r.need(len(list) > 0, "Grant and Revoke of an entitlement that exists")
	_, a := r.create()
	_, bystander := r.create()
	for _, e := range list {
		if !r.grant(a, e) || !r.grant(bystander, e) {
			return
		}
	}
	for range 2 {
		r.ok("Revoke "+list[0].String(), r.t.Revoke(r.ctx, r.grantRequest(a, list[0])))
	}
	r.holds("after Revoke", a, list[0], false)
	r.holds("another account after Revoke", bystander, list[0], true)
	for _, e := range list[1:] {
		r.holds("after Revoke of another", a, e, true)
	}
	r.sameAs("Find after Revoke", r.read(a.ID), a)
}

func catalogue(r *run) {
	all := r.catalogue()
	r.need(len(all) > 0 || slices.ContainsFunc(r.caps.Entitlements, func(e target.EntitlementSpec) bool { return e.List }),
		"List of any kind")
	for e := range all {
		if spec, ok := r.caps.Kind(e.Kind); !ok || !spec.List {
			r.Errorf("Entitlements yielded %s, whose kind does not claim List", e)
		}
		if back, err := target.ParseEntitlement(e.String()); err != nil || back != e || e.Name == "" {
			r.Errorf("Entitlements yielded kind %q with name %q, which cannot be written as text", e.Kind, e.Name)
		}
	}
	if r.h.Entitlement != nil {
		for _, e := range r.entitlements() {
			if spec, _ := r.caps.Kind(e.Kind); spec.List && all[e].Entitlement != e {
				r.Errorf("Entitlements lacks %s", e)
			}
		}
	}
	for e, h := range r.catalogue() {
		if h.ID != all[e].ID {
			r.Errorf("the native id of %s is now %q and then %q", e, all[e].ID, h.ID)
		}
	}
}

func catalogueCancel(r *run) {
	r.need(slices.ContainsFunc(r.caps.Entitlements, func(e target.EntitlementSpec) bool { return e.List }), "List of any kind")
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	cancelled(r, "Entitlements", r.t.Entitlements(ctx))
}

func ensure(r *run) {
	claimed := false
	for _, spec := range r.caps.Entitlements {
		if !spec.Ensure {
			continue
		}
		claimed = true
		e := r.newEntitlement(spec.Kind)
		first, err := r.t.EnsureEntitlement(r.ctx, target.EnsureRequest{Entitlement: e})
		if !r.ok("EnsureEntitlement "+e.String(), err) {
			continue
		}
		again, err := r.t.EnsureEntitlement(r.ctx, target.EnsureRequest{Entitlement: e})
		if r.ok("EnsureEntitlement again", err) && again.ID != first.ID {
			r.Errorf("EnsureEntitlement made %s twice: %q and %q", e, first.ID, again.ID)
		}
		if first.Entitlement != e {
			r.Errorf("EnsureEntitlement returned %s, want %s", first.Entitlement, e)
		}
		if spec.List && r.catalogue()[e].ID != first.ID {
			r.Errorf("Entitlements says that %s has the native id %q, want %q", e, r.catalogue()[e].ID, first.ID)
		}
		if spec.Grant {
			_, a := r.create()
			if r.grant(a, e) {
				r.holds("after Grant", a, e, true)
			}
		}
	}
	r.need(claimed, "Ensure of any kind")
}

package targettest

import (
	"errors"
	"strings"

	"github.com/provision-go/provision/target"
)

func capabilitiesSound(r *run) {
	first, second := r.t.Name(), r.t.Name()
	if first == "" || first != second {
		r.Errorf("Name has to be the same at every call and not empty")
	}
	if !equal(r.caps, r.t.Capabilities()) {
		r.Errorf("Capabilities differ between two calls")
	}
	known := map[string]bool{}
	for _, a := range r.caps.Attributes {
		if a.Name == "" || known[a.Name] {
			r.Errorf("Capabilities: attribute %q is declared twice or has no name", a.Name)
		}
		known[a.Name] = true
		if a.ReadOnly && a.WriteOnly {
			r.Errorf("Capabilities: attribute %q can neither be read nor written", a.Name)
		}
	}
	for _, name := range r.caps.Find {
		if !known[name] {
			r.Errorf("Capabilities: Find names %q, which is no declared attribute", name)
		}
	}
	kinds := map[string]bool{}
	for _, e := range r.caps.Entitlements {
		if e.Kind == "" || kinds[e.Kind] || strings.Contains(e.Kind, ":") || e.Kind != target.Fold(e.Kind) {
			r.Errorf("Capabilities: kind %q has to be one lower-case word, declared once", e.Kind)
		}
		kinds[e.Kind] = true
	}
	if !r.caps.Keys && (r.caps.SetKey || r.caps.FindKey) {
		r.Errorf("Capabilities: SetKey and FindKey need Keys")
	}
	for _, name := range r.h.New(r.next()).Attributes.Names() {
		if !known[name] {
			r.Errorf("Harness.New sets %q, which is no declared attribute", name)
		}
	}
}

// capabilitiesClaims holds claims against behaviour in both directions. That a
// claimed call does what it should is left to the checks of its own.
func capabilitiesClaims(r *run) {
	req := r.request()
	a, err := r.t.Create(r.ctx, req)
	r.claim("Create", r.caps.Create, err)
	if err != nil {
		return
	}
	state := target.StateRequest{Ref: ref(a)}
	_, err = r.t.Disable(r.ctx, state)
	r.claim("Disable", r.caps.Disable, err)
	_, err = r.t.Enable(r.ctx, state)
	r.claim("Enable", r.caps.Enable, err)
	_, err = r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: r.change()})
	r.claim("Update", r.caps.Update, err)
	r.claim("EndSessions", r.caps.EndSessions, r.t.EndSessions(r.ctx, target.SessionsRequest{Ref: ref(a)}))

	disabled := r.request()
	disabled.State = target.Disabled
	b, err := r.t.Create(r.ctx, disabled)
	r.claim("CreateDisabled", r.caps.CreateDisabled, err)
	if err != nil {
		b = r.created(r.request())
	}
	r.claim("Handover", r.caps.Handover, r.t.Handover(r.ctx, target.HandoverRequest{From: ref(a), To: ref(b)}))
	r.claimKeys(a)
	r.claimSearches(a)
	r.claimEntitlements(b)
	r.claim("Delete", r.caps.Delete, r.t.Delete(r.ctx, target.StateRequest{Ref: ref(b)}))
}

func (r *run) claim(what string, claimed bool, err error) {
	r.Helper()
	unsupported := errors.Is(err, target.ErrUnsupported)
	switch {
	case claimed && unsupported:
		r.Errorf("claims %s, but it returns ErrUnsupported", what)
	case !claimed && err == nil:
		r.Errorf("does not claim %s, but it works", what)
	case !claimed && !unsupported:
		r.Errorf("does not claim %s, so it has to return ErrUnsupported: %v", what, err)
	}
}

func (r *run) claimKeys(a target.Account) {
	r.Helper()
	if r.caps.Keys != !a.Key.IsZero() {
		r.Errorf("claims Keys: %t, but Create returned the key %q", r.caps.Keys, a.Key)
	}
	if !r.caps.SetKey {
		_, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), SetKey: r.request().Key})
		r.claim("SetKey", false, err)
	}
	if r.caps.Versions != (a.Version != "") {
		r.Errorf("claims Versions: %t, but Create returned the version %q", r.caps.Versions, a.Version)
	}
}

// A search that is not possible must not look like a search that found nothing.
func (r *run) claimSearches(a target.Account) {
	r.Helper()
	key := a.Key
	if key.IsZero() {
		key = r.request().Key
	}
	_, err := r.t.Find(r.ctx, target.Find{Key: key})
	r.claim("FindKey", r.caps.FindKey, err)
	searchable := map[string]bool{}
	for _, name := range r.caps.Find {
		searchable[name] = true
	}
	for name, values := range a.Attributes.All() {
		_, err := r.t.Find(r.ctx, target.Find{Attribute: name, Value: values[0]})
		r.claim("Find by "+name, searchable[name], err)
	}
}

func (r *run) claimEntitlements(a target.Account) {
	r.Helper()
	none := target.EntitlementSpec{Kind: "targettest-unknown-kind"}
	for _, spec := range append([]target.EntitlementSpec{none}, r.caps.Entitlements...) {
		e := r.entitlementOf(spec.Kind)
		req := target.GrantRequest{Ref: ref(a), Entitlement: e}
		if !spec.Grant || e.Name != "" {
			r.claim("Grant of "+spec.Kind, spec.Grant, r.t.Grant(r.ctx, req))
		}
		if !spec.Revoke || e.Name != "" {
			r.claim("Revoke of "+spec.Kind, spec.Revoke, r.t.Revoke(r.ctx, req))
		}
		if !spec.Ensure {
			_, err := r.t.EnsureEntitlement(r.ctx, target.EnsureRequest{Entitlement: r.newEntitlement(spec.Kind)})
			r.claim("Ensure of "+spec.Kind, false, err)
		}
	}
}

package targettest

import (
	"errors"
	"slices"

	"github.com/provision-go/provision/target"
)

// disableRepeat: disabling keeps all the rest, and doing it twice is fine.
func disableRepeat(r *run) {
	r.need(r.caps.Disable, "Disable")
	_, a := r.create()
	held := r.granted(a)
	r.stateTwice("Disable", r.t.Disable, a, target.Disabled, held)
}

func enableRepeat(r *run) {
	r.need(r.caps.Disable, "Disable")
	r.need(r.caps.Enable, "Enable")
	_, a := r.create()
	held := r.granted(a)
	if _, err := r.t.Disable(r.ctx, target.StateRequest{Ref: ref(a)}); !r.ok("Disable", err) {
		return
	}
	r.stateTwice("Enable", r.t.Enable, a, target.Enabled, held)
}

func (r *run) stateTwice(what string, do stateCall, a target.Account, to target.State, held target.Entitlement) {
	r.Helper()
	want := a
	want.State = to
	for range 2 {
		got, err := do(r.ctx, target.StateRequest{Ref: ref(a)})
		if !r.ok(what, err) {
			return
		}
		r.sameAs(what, got, want)
		after := r.read(a.ID)
		r.sameAs("Find after "+what, after, want)
		if held.Name != "" && !slices.Contains(after.Entitlements, held) {
			r.Errorf("%s took %s away", what, held)
		}
	}
}

func disableConflict(r *run) {
	r.need(r.caps.Versions, "Versions")
	r.need(r.caps.Disable && r.caps.Update, "Disable and Update")
	_, a := r.create()
	fresh, err := r.t.Update(r.ctx, target.UpdateRequest{Ref: ref(a), Set: r.change()})
	if !r.ok("Update", err) {
		return
	}
	_, err = r.t.Disable(r.ctx, target.StateRequest{Ref: ref(a), Version: a.Version})
	r.class("Disable with an outdated version", err, target.Conflict)
	r.sameAs("the account afterwards", r.read(a.ID), fresh)
	_, err = r.t.Disable(r.ctx, target.StateRequest{Ref: ref(a), Version: fresh.Version})
	r.ok("Disable with the current version", err)
}

func disableNotFound(r *run) {
	r.need(r.caps.Disable, "Disable")
	missing := target.StateRequest{Ref: target.Ref{ID: r.missing()}}
	_, err := r.t.Disable(r.ctx, missing)
	r.class("Disable of an account that does not exist", err, target.NotFound)
	if r.caps.Enable {
		_, err = r.t.Enable(r.ctx, missing)
		r.class("Enable of an account that does not exist", err, target.NotFound)
	}
}

func deleteGone(r *run) {
	r.need(r.caps.Delete, "Delete")
	_, a := r.create()
	_, bystander := r.create()
	if !r.ok("Delete", r.t.Delete(r.ctx, target.StateRequest{Ref: ref(a)})) {
		return
	}
	r.nobody(target.Find{ID: a.ID})
	all := r.list()
	if _, there := all[a.ID]; there {
		r.Errorf("Accounts still has the account that was deleted")
	}
	if _, there := all[bystander.ID]; !there {
		r.Errorf("Delete took another account as well")
	}
	err := r.t.Delete(r.ctx, target.StateRequest{Ref: ref(a)})
	r.class("Delete of an account that is gone", err, target.NotFound)
}

// endSessions: with Harness.Sessions it is seen to work.
func endSessions(r *run) {
	r.need(r.caps.EndSessions, "EndSessions")
	_, a := r.create()
	if r.h.Sessions != nil && r.h.Sessions(a.ID, true) == 0 {
		r.Fatalf("Harness.Sessions opened none")
	}
	for range 2 {
		r.ok("EndSessions", r.t.EndSessions(r.ctx, target.SessionsRequest{Ref: ref(a)}))
	}
	if r.h.Sessions != nil {
		if n := r.h.Sessions(a.ID, false); n != 0 {
			r.Errorf("%d sessions are open after EndSessions", n)
		}
	}
	r.sameAs("Find after EndSessions", r.read(a.ID), a)
}

func handover(r *run) {
	r.need(r.caps.Handover, "Handover")
	_, from := r.create()
	_, to := r.create()
	for range 2 {
		r.ok("Handover", r.t.Handover(r.ctx, target.HandoverRequest{From: ref(from), To: ref(to)}))
	}
	r.sameAs("the account that gives", r.read(from.ID), from)
	r.sameAs("the account that takes", r.read(to.ID), to)
	if r.h.Missing != "" || r.caps.Delete {
		err := r.t.Handover(r.ctx, target.HandoverRequest{From: ref(from), To: target.Ref{ID: r.missing()}})
		if err == nil || errors.Is(err, target.ErrUnsupported) {
			r.Errorf("Handover to an account that does not exist has to fail: %v", err)
		}
	}
}

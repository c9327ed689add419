package reconcile_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// The laws say little about what the worlds never lead to. So they have to lead
// to everything.
func TestWorldsReachEverything(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(2000) { // also under the race detector: fewer do not reach it all
		d := dice{rand.New(rand.NewPCG(seed, 7))}
		w := d.world()
		p := compute(t, w.input(t))
		for _, c := range p.Changes {
			seen["run "+c.Action.String()]++
			seen["situation "+c.Situation.String()]++
			seen["reason "+c.Reason.String()]++
			for _, n := range c.Needs {
				seen["need "+map[bool]string{true: "all", false: "field"}[n.Field == ""]]++
			}
		}
		for _, k := range p.Missing {
			if len(w.history.Protected[k]) > 0 {
				seen["protected before"]++
			}
		}
		seen["still losing"] += len(p.Losing)
		for _, h := range p.Holds {
			seen["hold "+h.Change.Action.String()]++
			seen["situation "+h.Change.Situation.String()]++
			for _, r := range h.Reasons {
				seen["because "+r.Kind.String()]++
				if r.Change != h.Change.ID {
					seen["because of another"]++
				}
			}
		}
		for _, c := range p.Omitted {
			seen["omit "+c.Action.String()]++
		}
		for _, f := range p.Findings {
			seen["finding "+f.Code]++
		}
		for _, s := range p.Scheduled {
			seen["scheduled "+s.Action.String()]++
		}
		reachRules(w, p, seen)
		for _, v := range p.Guards {
			if v.Held {
				seen["guard "+v.Guard.String()]++
			}
		}
	}
	for a := reconcile.Disable; a <= reconcile.Delete; a++ {
		for _, where := range []string{"run ", "omit "} {
			assert.Positive(t, seen[where+a.String()], where+a.String())
		}
		if a != reconcile.CreateEntitlement {
			assert.Positive(t, seen["hold "+a.String()], "hold "+a.String())
		}
	}
	for _, what := range []string{
		"situation confirmed", "situation absent", "situation found", "situation ambiguous", "situation contested",
		"situation vanished", "situation leaver", "situation expired", "situation unqualified", "situation disappeared",
		"situation undecided", "protected before", "still losing",
		"reason joiner", "reason mover", "reason leaver", "reason rehire", "reason leave", "reason return",
		"reason out of scope", "reason disappearing", "reason drift", "reason adoption", "reason retention",
		"because approval", "because grace", "because guard", "because proof", "because conflict", "because seat", "because parked", "because of another",
		"need all", "need field", "scheduled create", "scheduled enable", "scheduled disable", "scheduled delete", "scheduled revoke",
		"rehire held", "revoke in grace", "revoke after grace", "approval ended", "seat given", "name chosen", "no name",
		"guard action", "guard entitlement", "guard sentinels", "guard fields", "guard clock", "guard people",
	} {
		assert.Positive(t, seen[what], what)
	}
	for _, code := range codes() {
		if code != reconcile.CodeTarget {
			assert.Positive(t, seen["finding "+code], code)
		}
	}
	if testing.Verbose() {
		t.Log(seen)
	}
}

// reachRules counts what rules say beyond grants.
func reachRules(w *world, p *reconcile.Plan, seen map[string]int) {
	losing := func(c *reconcile.Change) bool {
		_, known := w.history.Losing[reconcile.Loss{Key: c.Key, Entitlement: c.Entitlement}]
		graced := slices.ContainsFunc(w.owned.Grace, func(g target.Grace) bool { return g.Entitlement == c.Entitlement && g.Days > 0 })
		return known && graced && c.Situation == reconcile.Confirmed
	}
	for _, h := range p.Holds {
		for _, r := range h.Reasons {
			switch {
			case r.Kind == reconcile.NeedsApproval && strings.HasPrefix(r.Text, "rehire: "):
				seen["rehire held"]++
			case r.Kind == reconcile.InGrace && h.Change.Action == reconcile.Revoke:
				seen["revoke in grace"]++
			case strings.HasPrefix(r.Text, "no userName is chosen: "):
				seen["no name"]++
			}
		}
	}
	for i := range p.Changes {
		c := &p.Changes[i]
		switch {
		case c.Action == reconcile.Revoke && len(c.Because) == 1 && strings.HasPrefix(c.Because[0], "the approval of "):
			seen["approval ended"]++
		case c.Action == reconcile.Revoke && losing(c):
			seen["revoke after grace"]++
		case slices.ContainsFunc(p.Claims, func(k reconcile.Claim) bool { return k.Change == c.ID }):
			seen["seat given"]++
		case c.Action == reconcile.Create && c.Label != "" && slices.Contains(w.candidates[c.Key], c.Label):
			seen["name chosen"]++
		}
	}
}

func codes() []string {
	return []string{
		reconcile.CodeAmbiguous, reconcile.CodeAttribute, reconcile.CodeBadReference, reconcile.CodeClock,
		reconcile.CodeContested, reconcile.CodeCoverage,
		reconcile.CodeDrift, reconcile.CodeDuplicateEntitlement, reconcile.CodeHandover, reconcile.CodeKind, reconcile.CodeLeftHolding, reconcile.CodeLeftOpen,
		reconcile.CodeManyValues, reconcile.CodeNoEntitlement, reconcile.CodeNotKept, reconcile.CodeNotOwned, reconcile.CodeNotYet,
		reconcile.CodeObligation, reconcile.CodeOrphans, reconcile.CodeProtected, reconcile.CodeReference,
		reconcile.CodeReferenceLoop, reconcile.CodeReferenceWait, reconcile.CodeSeats, reconcile.CodeSource, reconcile.CodeStillOpen, reconcile.CodeTarget,
		reconcile.CodeTooEarly, reconcile.CodeUndecided, reconcile.CodeUnqualified, reconcile.CodeUnsupported,
		reconcile.CodeVanished,
	}
}

package reconcile_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
)

// The laws say little about what the worlds never lead to. So they have to lead
// to everything.
func TestWorldsReachEverything(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(rounds) {
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
		"reason joiner", "reason mover", "reason leaver", "reason rehire", "reason leave", "reason return",
		"reason out of scope", "reason disappearing", "reason drift", "reason adoption", "reason retention",
		"because approval", "because grace", "because guard", "because proof", "because conflict", "because of another",
		"need all", "need field", "scheduled create", "scheduled enable", "scheduled disable", "scheduled delete",
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

func codes() []string {
	return []string{
		reconcile.CodeAmbiguous, reconcile.CodeAttribute, reconcile.CodeBadReference, reconcile.CodeContested,
		reconcile.CodeDrift, reconcile.CodeDuplicateEntitlement, reconcile.CodeHandover, reconcile.CodeKind, reconcile.CodeLeftHolding, reconcile.CodeLeftOpen,
		reconcile.CodeManyValues, reconcile.CodeNoEntitlement, reconcile.CodeNotOwned, reconcile.CodeNotYet,
		reconcile.CodeObligation, reconcile.CodeOrphans, reconcile.CodeProtected, reconcile.CodeReference,
		reconcile.CodeReferenceLoop, reconcile.CodeReferenceWait, reconcile.CodeSource, reconcile.CodeTarget,
		reconcile.CodeTooEarly, reconcile.CodeUndecided, reconcile.CodeUnqualified, reconcile.CodeUnsupported,
		reconcile.CodeVanished,
	}
}

package reconcile_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
)

func TestStoredPlanRefused(t *testing.T) {
	p := heldPlan(t)
	stored := bytesOf(t, p)
	for _, c := range []struct{ name, old, replacement, want string }{
		{"another format", `"format":1`, `"format":2`, "unknown format of a plan: 2, want 1"},
		{"no format", `"format":1,`, ``, "unknown format of a plan: 0, want 1"},
		{"an unknown field", `"format":1`, `"format":1,"only":"on Mondays"`, "only"},
		{"another account", `"account":"a1"`, `"account":"a9"`, "content and ID do not belong together"},
		{"another rule set", `"target":"app","at"`, `"rules":"r9","target":"app","at"`, "content and ID do not belong together"},
		{"another fingerprint", p.Fingerprint, strings.Repeat("0", 32), "changes and fingerprint do not belong together"},
		{"another guarded set", `"fingerprint"`, `"guarded":"` + strings.Repeat("0", 32) + `","fingerprint"`, "changes and what the guards hold do not belong together"},
		{"no plan", stored, `[]`, "read plan"},
		{"another word", `"action":"revoke"`, `"action":"rewoke"`, `action "rewoke" is not in the list`},
	} {
		require.Contains(t, stored, c.old, c.name)
		q := reconcile.Plan{Target: "kept"}
		err := json.Unmarshal([]byte(strings.Replace(stored, c.old, c.replacement, 1)), &q)
		require.ErrorContains(t, err, c.want, c.name)
		assert.Equal(t, "kept", q.Target, c.name)
	}
	// A masked plan cannot be applied, so its content need not match.
	var q reconcile.Plan
	require.NoError(t, json.Unmarshal([]byte(bytesOf(t, p.Redacted())), &q))
	assert.True(t, q.Masked)
}

func TestRedactedSharesNothing(t *testing.T) {
	d := dice{newRand(3)}
	for range 200 {
		p := compute(t, d.world().input(t))
		before := bytesOf(t, p)
		shown := p.Redacted()
		for _, list := range [][]reconcile.Change{shown.Changes, shown.Omitted} {
			for i := range list {
				spoil(&list[i])
			}
		}
		for i := range shown.Holds {
			spoil(&shown.Holds[i].Change)
			shown.Holds[i].Reasons[0].Text = "x"
		}
		for i := range shown.Findings {
			shown.Findings[i].Message = "x"
		}
		for i := range shown.Guards {
			shown.Guards[i].Count = -1
		}
		require.Equal(t, before, bytesOf(t, p))
	}
}

func spoil(c *reconcile.Change) {
	c.Label = "x"
	for i := range c.Fields {
		c.Fields[i].Name = "x"
		for j := range c.Fields[i].After {
			c.Fields[i].After[j] = "x"
		}
	}
	for i := range c.Needs {
		c.Needs[i].Change = "x"
	}
	for i := range c.Secrets {
		c.Secrets[i] = "x"
	}
}

type full struct{}

var errFull = errors.New("disk full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestFormatFails(t *testing.T) {
	assert.ErrorIs(t, heldPlan(t).Format(full{}, nil), errFull)
}

func TestTargetMismatch(t *testing.T) {
	_, err := reconcile.Compute(reconcile.Input{
		Target: "other", Scope: reconcile.Whole(nil, proof.Complete{}, collect(t, able(), nil, nil)),
	})
	assert.EqualError(t, err, `plan other: accounts come from another target: "app"`)
}

func TestPlanInUTC(t *testing.T) {
	in := reconcile.Input{Target: "app", At: day.In(timeZone())}
	assert.Equal(t, bytesOf(t, compute(t, reconcile.Input{Target: "app", At: day})), bytesOf(t, compute(t, in)))
}

// A hold whose cause is in another change that is not needed, as only a plan made
// by hand has it, still says why.
func TestFormatForeignReason(t *testing.T) {
	p := &reconcile.Plan{Target: "app", Holds: []reconcile.Hold{{
		Change:  reconcile.Change{ID: "a", Action: reconcile.Grant, Label: "ana"},
		Reasons: []reconcile.HoldReason{{Kind: reconcile.InConflict, Text: "taken", Change: "b"}},
	}}}
	assert.Contains(t, p.String(), "held: conflict: taken")
}

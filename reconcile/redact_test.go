package reconcile_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

func TestRedactedMasksWords(t *testing.T) {
	number, odd := "+1 555 0100", "+1\u202e666"
	desired := []target.Desired{{
		Key: target.Key{Identity: "E3"}, Label: "cy", State: target.Enabled,
		Attributes: target.AttrsOf(map[string][]string{"phone": {number, odd}}),
	}}
	can := able()
	for i := range can.Attributes {
		if can.Attributes[i].Name == "phone" {
			can.Attributes[i].Multi = true
		}
	}
	in := reconcile.Input{
		Target: "app", Capabilities: can, Owned: owning(), At: day,
		Scope:   reconcile.Whole(desired, proof.Complete{People: 1, Read: true}, collect(t, can, nil, nil)),
		Because: func(*reconcile.Change) []string { return []string{"call " + number, odd} },
	}
	p := compute(t, in)
	require.Contains(t, bytesOf(t, p), "0100")
	in.Approvals = []reconcile.Approval{{Change: p.Changes[0].ID, Actor: "dana", Reason: "not at " + number, At: day, Denied: true}}
	for _, p := range []*reconcile.Plan{p, compute(t, in)} {
		for _, text := range []string{bytesOf(t, p.Redacted()), p.String()} {
			assert.NotContains(t, text, "0100")
			assert.NotContains(t, text, "666")
		}
	}
}

// private is a target on which what people log in with must not be shown.
func private() target.Capabilities {
	can := able()
	for i := range can.Attributes {
		can.Attributes[i].Sensitive = can.Attributes[i].Name == "userName" || can.Attributes[i].Name == "emails"
	}
	return can
}

// No change, hold or finding shows a sensitive value as the name of somebody, not
// even in a plan that is not redacted.
func TestLabelsKeepSecrets(t *testing.T) {
	address := func(name string) target.Attributes {
		return target.AttrsOf(map[string][]string{"userName": {name + "@Acme.example"}})
	}
	person := func(id string, state target.State, phase target.Phase) target.Desired {
		return target.Desired{
			Key: target.Key{Identity: id}, Label: id + "@acme.example", State: state, Phase: phase, Attributes: address(id),
		}
	}
	admin, all := target.Entitlement{Kind: "role", Name: "admin"}, target.Entitlement{Kind: "group", Name: "all"}
	joiner := person("e1", target.Enabled, target.Active)
	joiner.Entitlements = []target.Entitlement{all, {Kind: "badge", Name: "blue"}}
	leaver := person("e2", target.Disabled, target.Left)
	leaver.Attributes = target.Attributes{}
	leaver.EndSessions = true
	undecided := person("e3", target.Undecided, target.Active)
	undecided.Missing, undecided.Attributes = []string{"status"}, target.Attributes{}
	unnamed := person("e4", target.Undecided, target.Active)
	unnamed.Label = ""
	mover := person("e5", target.Enabled, target.Active)
	mover.Attributes = mover.Attributes.With("title", "Lead")
	twice := person("e6", target.Enabled, target.Active)
	gone := person("e9", target.None, target.Left)
	account := func(native, id string) target.Account {
		return target.Account{
			ID: native, Key: target.Key{Identity: id}, State: target.Enabled, Attributes: address(id),
			Entitlements: []target.Entitlement{admin},
		}
	}
	accounts := []target.Account{
		account("a2", "e2"), account("a3", "e3"), account("a4", "e4"), account("a5", "e5"), account("a6", "e6"),
		account("a6b", "e6"), account("a7", "e7"),
		{ID: "e8@acme.example", State: target.Enabled, Attributes: address("e8")},
		{ID: "a9", State: target.Enabled, Attributes: address("e9")},
	}
	p := compute(t, reconcile.Input{
		Target: "app", Capabilities: private(), Owned: owning(), At: day,
		History: reconcile.History{Runs: 3, Accounts: map[target.Key]reconcile.Past{}, Owed: []reconcile.Obligation{
			{Key: target.Key{Identity: "e5"}, Account: "a5", Action: reconcile.EndSessions},
		}},
		Policy: reconcile.Policy{Adopt: []string{"userName"}, Protect: []string{"e7"}},
		Scope: reconcile.Whole([]target.Desired{joiner, leaver, undecided, unnamed, mover, twice, gone},
			proof.Complete{People: 7, Read: true}, collect(t, private(), accounts, nil)),
	})
	require.NotEmpty(t, p.Changes)
	for _, code := range []string{
		reconcile.CodeUndecided, reconcile.CodeAmbiguous, reconcile.CodeKind, reconcile.CodeObligation,
		reconcile.CodeProtected, reconcile.CodeOrphans, reconcile.CodeLeftOpen,
	} {
		assert.True(t, hasFinding(p, code), "no finding %s in\n%s", code, p)
	}
	for _, text := range []string{p.String(), bytesOf(t, p.Redacted())} {
		assert.NotContains(t, strings.ToLower(text), "acme")
	}
	_, err := reconcile.Compute(reconcile.Input{
		Capabilities: private(),
		Scope:        reconcile.One([]target.Desired{{Label: "x@acme.example", Attributes: address("x")}}, nil, nil, nil),
	})
	assert.EqualError(t, err, `plan : desired account without a key: "(sensitive)"`)
}

func hasFinding(p *reconcile.Plan, code string) bool {
	for _, f := range p.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// A value is looked for where it belongs, not in the texts of everybody: masking
// takes its time per change, however many there are.
func TestRedactedManyChanges(t *testing.T) {
	p := sensitivePlan(20_000)
	start := time.Now()
	shown := p.Redacted()
	assert.Less(t, time.Since(start), 10*time.Second)
	assert.NotContains(t, bytesOf(t, shown), "acme")
}

func BenchmarkRedacted(b *testing.B) {
	p := sensitivePlan(20_000)
	b.ReportAllocs()
	for b.Loop() {
		p.Redacted()
	}
}

// sensitivePlan is full of addresses that resemble each other.
func sensitivePlan(n int) *reconcile.Plan {
	p := &reconcile.Plan{Target: "app"}
	for i := range n {
		address := fmt.Sprintf("person.%d@acme.example", i)
		p.Holds = append(p.Holds, reconcile.Hold{
			Change: reconcile.Change{
				ID: fmt.Sprint(i), Action: reconcile.Update, Label: "person." + fmt.Sprint(i),
				Because: []string{"rule mail gives " + address, "person. person.person."},
				Fields:  []reconcile.FieldChange{{Name: "emails", After: []string{address}, Sensitive: true}},
			},
			Reasons: []reconcile.HoldReason{{Kind: reconcile.InConflict, Text: address + " is taken", Change: fmt.Sprint(i)}},
		})
	}
	return p
}

package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Joiners flow, and so does a rollout, but not the export of another company.
func TestDefaultLimitsOfJoiners(t *testing.T) {
	for _, c := range []struct{ accounts, joiners, run int }{
		{60, 500, 500},
		{600, 600, 600},
		{60, 501, 0},
		{600, 601, 0},
	} {
		var desired []target.Desired
		var accounts []target.Account
		for i := range c.accounts + c.joiners {
			key := target.Key{Identity: fmt.Sprintf("E%04d", i)}
			desired = append(desired, target.Desired{Key: key, State: target.Enabled, Phase: target.Active})
			if i < c.accounts {
				accounts = append(accounts, target.Account{ID: key.Identity, Key: key, State: target.Enabled})
			}
		}
		p := compute(t, reconcile.Input{
			Target: "app", Capabilities: able(), Owned: owning(), At: day,
			History: reconcile.History{Runs: 9, Managed: c.accounts, People: len(desired)},
			Scope:   reconcile.Whole(desired, proof.Complete{People: len(desired), Read: true}, collect(t, able(), accounts, nil)),
		})
		assert.Len(t, p.Changes, c.run, "%d joiners beside %d", c.joiners, c.accounts)
	}
}

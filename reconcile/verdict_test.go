package reconcile_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// A verdict prints in the words of plans, as a value and in a list.
func TestVerdictPrintsAsInPlans(t *testing.T) {
	for want, v := range map[string]reconcile.Verdict{
		"disable 12 of 415 (2.9 %), limit max(10, 1 %) in 24 h, held": {
			Action: reconcile.Disable, Count: 10, Recent: 2, Of: 415, Limit: reconcile.Limit{Count: 10, Percent: 1}, Held: true,
		},
		"revoke group:admins 3 of 4 (75.0 %), limit max(1, 50 %) in 24 h, released": {
			Guard: reconcile.GuardEntitlement, Action: reconcile.Revoke, Entitlement: target.Entitlement{Kind: "group", Name: "admins"},
			Count: 3, Of: 4, Limit: reconcile.Limit{Count: 1, Percent: 50}, Held: true, Release: true,
		},
		"update 1 of 0, no limit, first run":   {Action: reconcile.Update, Count: 1, Limit: reconcile.Limit{Count: math.MaxInt}, Text: "first run"},
		"1 change that a first run held, held": {Guard: reconcile.GuardKept, Count: 1, Held: true},
	} {
		assert.Equal(t, want, v.String())
		assert.Equal(t, "["+want+"]", fmt.Sprint([]reconcile.Verdict{v}))
	}
}

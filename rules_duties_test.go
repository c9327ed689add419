package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// apart keeps engineering and sales with different people.
func apart(do rules.Duties, more func(*rules.Spec)) func(*rules.Spec) {
	return func(s *rules.Spec) {
		duties := rules.NeverTogether{ID: "apart", Roles: []string{"app/group:engineering", "app/group:sales"}, Do: do}
		if do == rules.ApproveDuties {
			duties.By = "security"
		}
		s.NeverTogether = []rules.NeverTogether{duties}
		if more != nil {
			more(s)
		}
	}
}

// mover is somebody who has one duty and moves to the other.
func mover(t *testing.T, change func(*rules.Spec)) *world {
	t.Helper()
	w := newWorldOf(t, change)
	ana := person("ana", "Engineering", "Engineer")
	w.people.Set(ana)
	w.sync()
	require.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
	ana.Department = source.Named("Sales")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 1)
	return w
}

func TestAMoverChangesDutiesAtOnce(t *testing.T) {
	w := mover(t, apart(rules.HoldDuties, nil))
	w.sync()
	assert.Equal(t, []target.Entitlement{group("sales")}, w.account("ana").Entitlements)
}

func TestADutyInGraceHoldsTheOther(t *testing.T) {
	w := mover(t, apart(rules.HoldDuties, graceOf(7)))
	for range 7 {
		w.sync()
		require.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
		w.now = w.now.AddDate(0, 0, 1)
	}
	w.sync()
	assert.Equal(t, []target.Entitlement{group("sales")}, w.account("ana").Entitlements)
}

func TestADutyThatCannotBeTakenHoldsTheOther(t *testing.T) {
	w := mover(t, apart(rules.HoldDuties, nil))
	w.app.FailAlways("Revoke", &target.Error{Class: target.Permanent, Err: assert.AnError})
	for range 2 {
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1, report.Counts()[provision.Failed])
		assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
		w.now = w.now.Add(time.Hour) // what failed waits
	}
}

func TestADutyOfAProtectedAccountHoldsTheOther(t *testing.T) {
	w := mover(t, apart(rules.HoldDuties, func(s *rules.Spec) {
		s.Protect = []rules.Protection{{ID: "keep", Who: []string{"ana"}}}
	}))
	w.sync()
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
	held := holdsOf(w.plan(), reconcile.InConflict)
	require.Len(t, held, 1)
	assert.Contains(t, held[0].Reasons[0].Text, "the account holds group:engineering, and nobody shall have both (rule apart)")

	// For one person it is the same.
	_, err := w.engine.SyncOne(t.Context(), "ana")
	require.NoError(t, err)
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
}

func TestDutiesThatAreOnlyReportedMayMeet(t *testing.T) {
	w := mover(t, apart(rules.ReportDuties, graceOf(7)))
	w.sync()
	assert.ElementsMatch(t, []target.Entitlement{group("engineering"), group("sales")}, w.account("ana").Entitlements)
}

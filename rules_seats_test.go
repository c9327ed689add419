package provision_test

import (
	"fmt"
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

func seats(n int) func(*rules.Spec) {
	return func(s *rules.Spec) {
		s.Budgets = []rules.Budget{{ID: "eng.seats", Roles: []string{"app/group:engineering"}, Seats: n}}
	}
}

func holders(w *world, e target.Entitlement) []string {
	var out []string
	for _, a := range w.app.All() {
		for _, held := range a.Entitlements {
			if held == e {
				out = append(out, a.Key.String())
			}
		}
	}
	return out
}

func TestSeatsGoToTheOldestFirst(t *testing.T) {
	w := newWorldOf(t, seats(2))
	var everybody []source.Identity
	for i := range 4 {
		p := person(fmt.Sprintf("E%d", i), "Engineering", "")
		p.HireDate = day(2020-i, 1, 1)
		everybody = append(everybody, p)
	}
	w.people.Set(everybody...)
	w.sync()
	assert.ElementsMatch(t, []string{"E3", "E2"}, holders(w, group("engineering")))
	assert.Len(t, holdsOf(w.plan(), reconcile.NeedsSeat), 2)

	// A plan for one person gives none: it cannot count.
	report, err := w.engine.SyncOne(t.Context(), "E1")
	require.NoError(t, err)
	assert.Contains(t, report.Plan.String(), "seats are counted in runs for everybody (rule eng.seats)")
	assert.Len(t, holders(w, group("engineering")), 2)

	// A seat that a leaver gives up is free in the run after.
	everybody[3].Status = source.Terminated
	w.people.Set(everybody...)
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"E2"}, holders(w, group("engineering")))
	w.sync()
	assert.ElementsMatch(t, []string{"E2", "E1"}, holders(w, group("engineering")))
}

// Plans that were made side by side do not each give the same seats.
func TestOldPlansDoNotOverdrawSeats(t *testing.T) {
	for _, asFile := range []bool{false, true} {
		w := newWorldOf(t, seats(2))
		everybody := staff(3)
		for i := range everybody {
			everybody[i].Department = source.Named("Legal")
		}
		w.people.Set(everybody...)
		w.sync()
		for i := range everybody {
			everybody[i].Department = source.Named("Engineering")
			everybody[i].HireDate = day(2020+i, 1, 1)
		}
		w.people.Set(everybody...)
		first := w.plan() // for the first two
		everybody[2].HireDate = day(2001, 1, 1)
		w.people.Set(everybody...)
		w.now = w.now.Add(time.Minute)
		second := w.plan()
		for _, plan := range []*provision.Plan{second, first, second, first} {
			if asFile {
				plan = stored(t, plan)
			}
			_, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			assert.Len(t, holders(w, group("engineering")), 2)
		}
	}
}

func TestSeatsAndApprovals(t *testing.T) {
	w := newWorldOf(t, func(s *rules.Spec) {
		s.Budgets = []rules.Budget{{ID: "money.seats", Roles: []string{"app/group:money"}, Seats: 1}}
	})
	w.people.Set(person("ana", "Legal", "Treasurer"), person("bo", "Legal", "Treasurer"))
	w.sync()
	plan := w.plan()
	held := holdsOf(plan, reconcile.NeedsApproval)
	require.Len(t, held, 2)
	require.NoError(t, desk(w).Submit(t.Context(), plan))
	for _, h := range held {
		require.NoError(t, desk(w).Approve(t.Context(), h.Change.ID, provision.Decision{Actor: "cfo"}))
	}
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"ana"}, holders(w, group("money")))
	assert.Contains(t, report.String(), "the seat of group:money is taken (rule money.seats)")
	w.sync()
	assert.Equal(t, []string{"ana"}, holders(w, group("money")))
}

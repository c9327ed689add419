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

// People who leave, and nothing is left to be done for it.

// asking is a company whose rules ask about rehires.
func asking(t *testing.T, life rules.Lifecycle) *world {
	t.Helper()
	spec := companyRules()
	life.Rehire = rules.Rehire{Hold: true}
	spec.Targets[0].Lifecycle = life
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec); c.Policy.Gap = -1 })
	w.people.Set(staff(6)...)
	w.sync()
	return w
}

// approvedRehire is a company in which somebody is back, whose account is to be opened:
// that is approved, and no run came since.
func approvedRehire(t *testing.T) (*world, source.Identity) {
	t.Helper()
	w := asking(t, rules.Lifecycle{EndSessions: true})
	p := person("E0002", "Finance", "Clerk") // holds no entitlements
	w.people.Put(gone(p, day(2026, 2, 28)))
	w.sync()
	w.pass(2 * oneDay)
	p.HireDate = day(2026, 3, 2)
	w.people.Put(p)
	report := w.run()
	require.Equal(t, []string{"held enable"}, steps(report))
	require.NoError(t, w.desk().Approve(t.Context(), report.Results[0].Change.ID, provision.Decision{Actor: "boss@acme.example"}))
	return w, p
}

// Whoever leaves loses what was approved for them, also if there is nothing to be done for
// it: the account is closed already, or there never was one.
func TestAnApprovalEndsWhenThereIsNothingToTake(t *testing.T) {
	t.Run("terminated", func(t *testing.T) {
		w, _ := approvedRehire(t)
		w.app.FailAlways("Find", target.Fail(target.Transient, errDown)) // what it writes before it looks must do
		require.Len(t, w.terminate("E0002").Unread, 1)
		w.app.Repair()
		w.pass(time.Hour)
		require.NoError(t, w.desk().Reinstate(t.Context(), "E0002", provision.Decision{Actor: "hr"}))
		assert.Equal(t, []string{"held enable"}, steps(w.run()))
	})
	t.Run("a rehire that is rescinded", func(t *testing.T) {
		w, p := approvedRehire(t)
		w.people.Put(gone(p, day(2026, 3, 3)))
		w.pass(2 * oneDay)
		w.sync()
		w.restart()
		w.pass(3 * oneDay)
		p.HireDate = source.DateOf(w.now)
		w.people.Put(p)
		assert.Equal(t, []string{"held enable"}, steps(w.run()))
	})
	t.Run("a joiner who never came", func(t *testing.T) {
		w := company(t, nil)
		p := person("E0010", "Finance", "Treasurer")
		p.HireDate = day(2026, 3, 14)
		w.people.Put(p)
		w.app.FailAlways("Create", target.Fail(target.Transient, errDown))
		for _, r := range w.run().Results {
			if r.Change.Action == reconcile.Grant {
				require.NoError(t, w.desk().Approve(t.Context(), r.Change.ID, provision.Decision{Actor: "cfo@acme.example"}))
			}
		}
		w.people.Put(gone(p, day(2026, 3, 14)))
		w.app.Repair()
		w.pass(oneDay)
		_, err := w.engine.SyncOne(t.Context(), "E0010")
		require.NoError(t, err)
		w.pass(3 * oneDay)
		p.HireDate = source.DateOf(w.now)
		w.people.Put(p)
		assert.Contains(t, steps(w.run()), "held grant group:money")
		assert.NotContains(t, w.account("E0010").Entitlements, group("money"))
	})
}

// What nobody believes is no departure: a clock that is months ahead makes leavers of
// people who work.
func TestADoubtedDepartureIsNone(t *testing.T) {
	w, p := approvedRehire(t)
	w.config.Policy.Gap = 0
	w.restart()
	p.TerminationDate = day(2026, 6, 30)
	w.people.Put(p)
	before := w.said(provision.Departing)
	w.pass(300 * oneDay)
	require.NotContains(t, steps(w.run()), "done enable")
	assert.Equal(t, before, w.said(provision.Departing))
}

// An approval of what is done to somebody who has left already knew that they have.
func TestAnApprovalAboutALeaverStays(t *testing.T) {
	w := company(t, func(c *provision.Config) {
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Update, By: "HR"}}
	})
	p := gone(person("E0003", "Engineering", "Clerk"), day(2026, 2, 28))
	w.people.Put(p)
	w.run()
	w.pass(time.Hour)
	p.JobTitle = "Former clerk"
	w.people.Put(p)
	report := w.run()
	require.Equal(t, []string{"held update"}, steps(report))
	require.NoError(t, w.desk().Approve(t.Context(), report.Results[0].Change.ID, provision.Decision{Actor: "hr"}))
	w.app.FailNext("Update", target.Fail(target.Permanent, errDown))
	require.Equal(t, []string{"failed update"}, steps(w.run()))
	w.pass(time.Hour)
	assert.Equal(t, []string{"done update"}, steps(w.run()))
}

// A disable that ends as stale is no departure: what was approved for its person after it was
// about to be made, and before its end was written, is still approved.
func TestWhoIsNotLetGoKeepsWhatIsApproved(t *testing.T) {
	spec := companyRules()
	spec.Grants[2].When = rules.Department.Is("Finance")
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	journal := w.hook()
	ana := person("ana", "Legal", "Clerk")
	w.people.Set(append(staff(6), ana)...)
	w.run()
	w.pass(time.Hour)
	w.people.Put(gone(ana, day(2026, 2, 28)))
	plan := w.plan()
	w.people.Put(ana)
	w.pass(time.Minute)
	journal.before = func(e *provision.Entry) error {
		switch {
		case e.Action != reconcile.Disable:
		case e.Kind == provision.Intent:
			_, err := w.engine.SyncOne(t.Context(), "ana")
			assert.NoError(t, err)
		case e.Kind == provision.Happened:
			ana.Department = source.Named("Finance")
			w.people.Put(ana)
			report, err := w.engine.SyncOne(t.Context(), "ana")
			assert.NoError(t, err)
			assert.Equal(t, []string{"held grant group:money"}, steps(report))
			assert.NoError(t, w.desk().Approve(t.Context(), report.Results[0].Change.ID, provision.Decision{Actor: "cfo"}))
		}
		return nil
	}
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	journal.before = nil
	require.Contains(t, steps(report), "stale disable")
	assert.Contains(t, steps(w.run()), "done grant group:money")
}

// said counts the entries of a kind.
func (w *world) said(kind provision.EntryKind) int {
	return w.noted(func(e *provision.Entry) bool { return e.Kind == kind })
}

// Whatever an account was closed for: once its person has left, a return is asked about.
func TestARehireIsAskedAboutHoweverTheAccountWasClosed(t *testing.T) {
	away := map[string]func(*world, source.Identity){
		"leave": func(w *world, p source.Identity) {
			p.Status = source.OnLeave
			w.people.Put(p)
		},
		"suspension": func(w *world, p source.Identity) {
			p.Status = source.Suspended
			w.people.Put(p)
		},
		"no rule wants it": func(w *world, p source.Identity) {
			p.JobTitle = "None"
			w.people.Put(p)
		},
		"by hand": func(w *world, p source.Identity) {
			a := w.account(p.ID)
			a.State = target.Disabled
			w.app.Put(a)
		},
	}
	for name, shut := range away {
		for _, holds := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, entitled %t", name, holds), func(t *testing.T) {
				spec := companyRules()
				spec.Targets[0].Account = rules.Not(rules.JobTitle.Is("None"))
				spec.Targets[0].Lifecycle = rules.Lifecycle{Leave: rules.DisableOnLeave, Rehire: rules.Rehire{Hold: true}}
				w := newWorld(t, func(c *provision.Config) {
					c.Rules = build(t, spec)
					c.Policy.Gap, c.Policy.Unqualified = -1, reconcile.DoIt
				})
				w.people.Set(staff(6)...)
				p := person("E0003", "Legal", "Clerk")
				if holds {
					p.Department = source.Named("Engineering")
				}
				w.people.Put(p)
				w.sync()
				w.pass(oneDay)
				shut(w, p)
				w.run()
				require.Equal(t, target.Disabled, w.account("E0003").State)
				w.app.Repair()
				w.people.Put(gone(p, day(2026, 3, 2)))
				w.pass(2 * oneDay)
				w.run()
				w.pass(oneDay)
				w.restart()
				w.run()
				assert.Equal(t, 1, w.said(provision.Departing), "once")
				who, left, err := w.engine.Departed(t.Context(), "E0003")
				require.NoError(t, err)
				require.True(t, left)
				require.Len(t, who.Accounts, 1)
				p.HireDate = day(2026, 4, 1)
				w.people.Put(p)
				w.pass(60 * oneDay)
				report := w.run()
				assert.Contains(t, steps(report), "held enable")
				assert.Equal(t, target.Disabled, w.account("E0003").State)
				for _, r := range report.Results {
					if r.Change.Action == reconcile.Enable {
						require.NoError(t, w.desk().Approve(t.Context(), r.Change.ID, provision.Decision{Actor: "boss@acme.example"}))
					}
				}
				w.sync()
				require.Equal(t, target.Enabled, w.account("E0003").State)
				p.Status = source.OnLeave
				w.people.Put(p)
				w.sync()
				p.Status = source.Active
				w.people.Put(p)
				w.sync()
				assert.Equal(t, target.Enabled, w.account("E0003").State, "nobody asks about a leave")
			})
		}
	}
}

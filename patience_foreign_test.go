package provision_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// wild is a target whose writes for some people panic or never end, whatever
// becomes of their context.
type wild struct {
	*memtarget.Target
	panics map[string]bool
	hangs  map[string]bool
	free   chan struct{} // ends what hangs
	late   bool          // what hung is done in the end
	hung   atomic.Int32
}

func (w *wild) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if w.panics[req.Key.Identity] {
		panic("no such thing")
	}
	if w.hangs[req.Key.Identity] {
		w.hung.Add(1)
		<-w.free
		if !w.late {
			return target.Account{}, errors.New("too late")
		}
		ctx = context.WithoutCancel(ctx)
	}
	return w.Target.Create(ctx, req)
}

// Fault 39: what customers give us may panic or hang. Only that change suffers.
func TestFault39TargetPanicsOrHangs(t *testing.T) {
	for _, late := range []bool{false, true} {
		t.Run(fmt.Sprint("late=", late), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *provision.Config) {
					c.Clock = time.Now
					c.Retry = provision.Retry{}
				})
				sick := &wild{Target: w.app, free: make(chan struct{}), late: late, panics: map[string]bool{"ana": true}, hangs: map[string]bool{"bo": true}}
				w.config.Targets = []target.Target{sick}
				w.restart()
				for i, id := range []string{"ana", "bo", "cy", "dee", "eva"} {
					p := person(id, "Legal", "")
					p.HireDate = day(1999, 1, i+1)
					w.people.Put(p)
				}
				begin := time.Now()
				report := w.run()
				assert.Less(t, time.Since(begin), 5*time.Minute)
				assert.Equal(t, 3, report.Counts()[provision.Done], "%s", report)
				assert.Equal(t, 2, report.Counts()[provision.Unconfirmed])
				require.ErrorContains(t, report.Err(), "panic in target: no such thing")
				require.ErrorContains(t, report.Err(), "the call did not end with its context, and goes on")

				assert.EqualValues(t, 1, sick.hung.Load(), "what goes on is not done a second time beside it")

				// What still hangs may do its work later; nobody has an account twice.
				close(sick.free)
				synctest.Wait()
				clear(sick.panics)
				clear(sick.hangs)
				for range 3 {
					time.Sleep(time.Hour)
					require.NoError(t, w.run().Err())
				}
				assert.Len(t, w.app.All(), 5)
			})
		})
	}
}

// A listing that panics, or that does not end with its context, is a target that
// cannot be read.
func TestFault39ListingPanicsOrHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *provision.Config) { c.Clock = time.Now })
		free := make(chan struct{})
		w.config.Targets = []target.Target{stuck{w.app, free}}
		w.restart()
		w.people.Set(person("ana", "Legal", ""))
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begin := time.Now()
		_, err := w.engine.Plan(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.LessOrEqual(t, time.Since(begin), 2*time.Minute)
		close(free)
		synctest.Wait()
	})
}

type stuck struct {
	*memtarget.Target
	free chan struct{}
}

func (s stuck) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	<-s.free
	return s.Target.Accounts(ctx)
}

func TestFault39SecretsPanicOrHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		spec := companyRules()
		spec.Targets[0].Attributes = append(spec.Targets[0].Attributes, rules.Attribute{Set: "password", Secret: true})
		w := newWorld(t, func(c *provision.Config) {
			c.Clock = time.Now
			c.Rules = build(t, spec)
			c.Secrets = func(_ context.Context, req provision.SecretRequest) (target.Secret, error) {
				switch req.Key.Identity {
				case "ana":
					panic("vault")
				case "bo":
					<-free
				}
				return target.NewSecret("x"), nil
			}
		})
		for _, id := range []string{"ana", "bo", "cy"} {
			p := person(id, "Legal", "")
			p.HireDate = day(1999, 1, 1)
			w.people.Put(p)
		}
		report := w.run()
		assert.Equal(t, 1, report.Counts()[provision.Done], "%s", report)
		assert.Equal(t, 2, report.Counts()[provision.Failed])
		close(free)
		synctest.Wait()
	})
}

// A function of rules that panics has said nothing; others are decided.
func TestFault39RuleFunctionPanics(t *testing.T) {
	spec := companyRules()
	spec.Funcs = []rules.Func{{
		Name: "night_shift", Version: "1", Inputs: []string{"department"},
		Cond: func(in rules.Inputs) rules.Truth {
			if in.Text("department") == "Sales" {
				panic("division by zero")
			}
			return rules.Yes
		},
	}}
	spec.Grants = append(spec.Grants, rules.Grant{ID: "night", When: rules.Call("night_shift"), Give: []string{"app/group:night"}})
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.app.AddEntitlements(group("night"))
	w.people.Set(person("ana", "Sales", ""), person("bo", "Legal", ""))
	w.sync()
	assert.Equal(t, []target.Entitlement{group("sales")}, w.account("ana").Entitlements)
	assert.Equal(t, []target.Entitlement{group("night")}, w.account("bo").Entitlements)
}

func TestFault39CallbacksPanicOrHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		free := make(chan struct{})
		var calls atomic.Int32
		w := newWorld(t, func(c *provision.Config) {
			c.Clock = time.Now
			c.OnProgress = func(provision.Progress) { panic("progress bar") }
			c.OnHold = func(_ context.Context, p provision.Pending) {
				if calls.Add(1) == 1 {
					panic("no mail today")
				}
				<-free
			}
		})
		for _, id := range []string{"ana", "bo"} {
			p := person(id, "Finance", "Treasurer")
			p.HireDate = day(1999, 1, 1)
			w.people.Put(p)
		}
		begin := time.Now()
		report := w.run()
		assert.LessOrEqual(t, time.Since(begin), time.Minute)
		require.NoError(t, report.Err())
		assert.Equal(t, 2, report.Counts()[provision.Done])
		assert.Equal(t, 2, report.Counts()[provision.Held])
		assert.EqualValues(t, 2, calls.Load())
		close(free)
		synctest.Wait()
	})
}

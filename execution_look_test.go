package provision

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func TestExecutionReadsOnlyWhenItHasTo(t *testing.T) {
	for _, c := range []struct {
		name  string
		fresh bool
		make  func(a target.Account) reconcile.Change
		finds int // before the write
	}{
		{"an update planned just now", true, func(a target.Account) reconcile.Change { return titled(a, "E1", "Head") }, 0},
		{"an update of a stored plan", false, func(a target.Account) reconcile.Change { return titled(a, "E1", "Head") }, 1},
		{"ending sessions", true, func(a target.Account) reconcile.Change { return on(a, change(reconcile.EndSessions, "E1")) }, 1},
		{"a create planned just now", true, func(target.Account) reconcile.Change { return creating("E2") }, 0},
		{"a create of a stored plan", false, func(target.Account) reconcile.Change { return creating("E2") }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.fresh = c.fresh
			r := b.do(c.make(b.place("E1")))[0]
			assert.Equal(t, Done, r.Outcome, "%v", r.Err)
			calls := b.app.Calls()
			write := slices.IndexFunc(calls, func(c memtarget.Call) bool { return c.Method != "Find" })
			assert.Equal(t, c.finds, write)
		})
	}
}

func TestExecutionStaleChanges(t *testing.T) {
	for _, c := range []struct {
		name  string
		alter func(b *bench, a target.Account)
		make  func(a target.Account) reconcile.Change
		want  Outcome
		text  string
	}{
		{
			"disabled meanwhile", func(b *bench, a target.Account) { a.State = target.Disabled; b.app.Put(a) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Disable, "E1")) }, AlreadySo, "",
		},
		{
			"gone, to be disabled", func(b *bench, a target.Account) { b.app.Remove(a.ID) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Disable, "E1")) }, AlreadySo, "",
		},
		{
			"gone, to be deleted", func(b *bench, a target.Account) { b.app.Remove(a.ID) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Delete, "E1")) }, AlreadySo, "",
		},
		{
			"gone, to be updated", func(b *bench, a target.Account) { b.app.Remove(a.ID) },
			func(a target.Account) reconcile.Change { return titled(a, "E1", "Head") }, Stale, "gone",
		},
		{
			"gone, to hand over", func(b *bench, a target.Account) { b.app.Remove(a.ID) },
			func(a target.Account) reconcile.Change {
				c := on(a, change(reconcile.Handover, "E1"))
				c.HandoverTo = key("E1")
				return c
			}, Stale, "gone",
		},
		{
			"key not there", func(*bench, target.Account) {},
			func(target.Account) reconcile.Change { return granting("E404", "g") }, Stale, "gone",
		},
		{
			"key not there, to be revoked", func(*bench, target.Account) {},
			func(target.Account) reconcile.Change { return change(reconcile.Revoke, "E404") }, AlreadySo, "",
		},
		{
			"another value meanwhile", func(b *bench, a target.Account) {
				a.Attributes = a.Attributes.With("title", "Secret agent")
				b.app.Put(a)
			},
			func(a target.Account) reconcile.Change { return titled(a, "E1", "Head") }, Stale, "when planned: title",
		},
		{
			"the wanted value meanwhile", func(b *bench, a target.Account) {
				a.Attributes = a.Attributes.With("title", "Head")
				b.app.Put(a)
			},
			func(a target.Account) reconcile.Change { return titled(a, "E1", "Head") }, AlreadySo, "",
		},
		{
			"somebody else's by now", func(b *bench, a target.Account) { a.Key = key("E7"); b.app.Put(a) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Disable, "E1")) }, Stale, "another key by now: E7",
		},
		{
			"key taken off", func(b *bench, a target.Account) { a.Key = target.Key{}; b.app.Put(a) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Disable, "E1")) }, Stale, "no key any more",
		},
		{
			"adopted by somebody else", func(b *bench, a target.Account) { a.Key = key("E7"); b.app.Put(a) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Adopt, "E1")) }, Stale, "another key",
		},
		{
			"adopted already", func(*bench, target.Account) {},
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Adopt, "E1")) }, AlreadySo, "",
		},
		{
			"created meanwhile", func(*bench, target.Account) {},
			func(target.Account) reconcile.Change { return creating("E1") }, AlreadySo, "",
		},
		{
			"two with the key", func(b *bench, a target.Account) { b.app.Put(target.Account{Key: a.Key}) },
			func(target.Account) reconcile.Change { return creating("E1") }, Stale, "more than one",
		},
		{
			"state neither", func(b *bench, a target.Account) { a.State = target.Disabled; b.app.Put(a) },
			func(a target.Account) reconcile.Change { return on(a, change(reconcile.Delete, "E1")) }, Stale, "it is disabled",
		},
		{
			"entitlement revoked meanwhile", func(*bench, target.Account) {},
			func(a target.Account) reconcile.Change {
				c := on(a, change(reconcile.Revoke, "E1"))
				c.Entitlement = target.Entitlement{Kind: "group", Name: "g"}
				return c
			}, AlreadySo, "",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.fresh = false
			a := b.place("E1")
			c.alter(b, a)
			one := c.make(a)
			r := b.do(one)[0]
			assert.Equal(t, c.want, r.Outcome, "%v", r.Err)
			assert.Empty(t, b.app.Writes())
			if c.want == Stale {
				require.ErrorContains(t, r.Err, c.text)
				assert.NotContains(t, r.Err.Error(), "agent", "no values")
				for _, e := range b.journal {
					assert.Equal(t, Dropped, e.Kind, "only what is owed changes: it is not any more")
					assert.Equal(t, reconcile.Handover, one.Action)
				}
				return
			}
			assert.Equal(t, []string{"already-so " + one.ID}, b.entries())
			if leavesTrace(one.Action) {
				assert.Equal(t, Confirmed, r.Verified)
			}
		})
	}
}

// References are compared as keys, although the target holds native ids.
func TestExecutionComparesReferencesAsKeys(t *testing.T) {
	b := newBench(t)
	b.fresh = false
	boss, next, a := b.place("E8"), b.place("E9"), b.place("E1")
	loose := b.app.Put(target.Account{})
	b.known = map[target.Key]string{key("E8"): boss.ID, key("E9"): next.ID}
	moves := func(before, after string) reconcile.Change {
		c := on(a, change(reconcile.Update, "E1"))
		c.Fields = []reconcile.FieldChange{{Name: "manager", Before: []string{before}, After: []string{after}, Ref: true}}
		return c
	}
	for _, s := range []struct {
		now, before, after string
		want               Outcome
	}{
		{boss.ID, "E8", "E9", Done},
		{next.ID, "E8", "E9", AlreadySo},
		{loose, "E8", "E9", Stale},
		{loose, target.Ref{ID: loose}.Text(), "E9", Done},
	} {
		a.Attributes = a.Attributes.With("manager", s.now)
		b.app.Put(a)
		b.progress = nil
		r := b.do(moves(s.before, s.after))[0]
		assert.Equal(t, s.want, r.Outcome, "%v: %v", s, r.Err)
	}
}

func TestExecutionVersions(t *testing.T) {
	t.Run("somebody else wrote something else", func(t *testing.T) {
		b := newBench(t)
		a := b.place("E1")
		changed := a
		changed.Attributes = changed.Attributes.With("phone", "1")
		b.app.Put(changed)
		r := b.do(titled(a, "E1", "Head"))[0]
		assert.Equal(t, Done, r.Outcome, "%v", r.Err)
		assert.Equal(t, 2, r.Attempts)
	})
	t.Run("somebody else wrote the same field", func(t *testing.T) {
		b := newBench(t)
		a := b.place("E1")
		changed := a
		changed.Attributes = changed.Attributes.With("title", "Other")
		b.app.Put(changed)
		r := b.do(titled(a, "E1", "Head"))[0]
		assert.Equal(t, Stale, r.Outcome)
		assert.Equal(t, 1, r.Attempts)
		now, _ := b.app.Account(a.ID)
		assert.Equal(t, "Other", now.Attributes.Get("title"))
	})
	t.Run("our own writes in a row do not conflict", func(t *testing.T) {
		b := newBench(t)
		b.app = nil
		a := b.place("E1")
		b.app.AddEntitlements(target.Entitlement{Kind: "group", Name: "g"})
		second := titled(a, "E1", "Chief")
		second.ID, second.Fields[0].Name, second.Fields[0].Before = "second", "phone", nil
		third := titled(a, "E1", "x")
		third.ID, third.Fields[0].Name, third.Fields[0].Before = "third", "location", nil
		results := b.do(titled(a, "E1", "Head"), second, on(a, granting("E1", "g")), third)
		for _, r := range results {
			assert.Equal(t, Done, r.Outcome, "%v", r.Err)
			assert.Equal(t, 1, r.Attempts, "%s", r.Change.ID)
		}
		assert.Equal(t, 1, b.count("Find"), "a grant does not tell the version it makes")
	})
	t.Run("an answer was lost, and the repeated write meets the version it made", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			a := b.place("E1")
			b.app.Inject(memtarget.Fault{Method: "Disable", Times: 1, AfterCommit: true})
			r := b.do(on(a, change(reconcile.Disable, "E1")))[0]
			assert.Equal(t, Done, r.Outcome, "it was us")
			assert.Equal(t, Confirmed, r.Verified)
			assert.Equal(t, 2, r.Attempts)
		})
	})
	t.Run("it never stops changing", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			a := b.place("E1")
			b.on = func(_ context.Context, c memtarget.Call) {
				if c.Method == "Update" {
					now, _ := b.app.Account(a.ID)
					now.Attributes = now.Attributes.With("phone", time.Now().String()+now.Attributes.Get("phone"))
					b.app.Put(now)
				}
			}
			r := b.do(titled(a, "E1", "Head"))[0]
			assert.Equal(t, Stale, r.Outcome)
			assert.Equal(t, 4, r.Attempts, "three looks")
			require.ErrorIs(t, r.Err, target.ErrConflict)
		})
	})
}

// A long wait makes a look old.
func TestExecutionLooksAgainAfterALongWait(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.caps.Versions = false
		a := b.place("E1")
		b.app.FailNext("Disable", target.ThrottledError(5*time.Minute, nil))
		time.AfterFunc(time.Minute, func() {
			now, _ := b.app.Account(a.ID)
			now.Key = key("E7")
			b.app.Put(now)
		})
		r := b.do(on(a, change(reconcile.Disable, "E1")))[0]
		assert.Equal(t, Stale, r.Outcome, "the account is somebody else's by now")
		now, _ := b.app.Account(a.ID)
		assert.Equal(t, target.Enabled, now.State)
	})
}

func TestExecutionNotFound(t *testing.T) {
	g := target.Entitlement{Kind: "group", Name: "g"}
	revoke := func(a target.Account) reconcile.Change {
		c := on(a, change(reconcile.Revoke, "E1"))
		c.Entitlement = g
		return c
	}
	for _, c := range []struct {
		name   string
		method string
		make   func(a target.Account) reconcile.Change
		gone   bool // removed just before the write
		want   Outcome
	}{
		{"disable, gone", "Disable", func(a target.Account) reconcile.Change { return on(a, change(reconcile.Disable, "E1")) }, true, AlreadySo},
		{"delete, gone", "Delete", func(a target.Account) reconcile.Change { return on(a, change(reconcile.Delete, "E1")) }, true, AlreadySo},
		{"disable, but it is there", "Disable", func(a target.Account) reconcile.Change { return on(a, change(reconcile.Disable, "E1")) }, false, Failed},
		{"revoke, gone", "Revoke", revoke, true, AlreadySo},
		{"revoke, still held", "Revoke", revoke, false, Failed},
		{"update, gone", "Update", func(a target.Account) reconcile.Change { return titled(a, "E1", "Head") }, true, Stale},
		{"grant, no such group", "Grant", func(a target.Account) reconcile.Change { return on(a, granting("E1", "h")) }, false, Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			a := b.place("E1", g)
			b.app.AddEntitlements(target.Entitlement{Kind: "group", Name: "h"})
			b.app.FailNext(c.method, target.ErrNotFound)
			b.on = func(_ context.Context, call memtarget.Call) {
				if call.Method == c.method && c.gone {
					b.app.Remove(a.ID)
				}
			}
			r := b.do(c.make(a))[0]
			assert.Equal(t, c.want, r.Outcome, "%v", r.Err)
			if c.want == Failed {
				assert.Equal(t, target.NotFound, r.Class)
			}
		})
	}
	t.Run("revoke, lost with the group", func(t *testing.T) {
		b := newBench(t)
		a := b.place("E1", g)
		b.app.FailNext("Revoke", target.ErrNotFound)
		b.on = func(_ context.Context, call memtarget.Call) {
			if call.Method == "Revoke" {
				now, _ := b.app.Account(a.ID)
				now.Entitlements = nil
				b.app.Put(now)
			}
		}
		assert.Equal(t, []Outcome{AlreadySo}, outcomes(b.do(revoke(a))))
	})
	t.Run("the look fails, then not", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			a := b.place("E1")
			b.app.FailNext("Update", target.ErrNotFound)
			b.app.FailNext("Find", target.Fail(target.Transient, nil))
			assert.Equal(t, []Outcome{Done}, outcomes(b.do(titled(a, "E1", "Head"))))
		})
	})
	t.Run("made in this run, not noticed yet", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			b.start().AddEntitlements(g)
			f := &lagging{Target: b.app}
			grant := granting("E1", "g", need("create E1"))
			x := b.execution(creating("E1"), grant)
			x.target = f
			results := x.do(t.Context())
			assert.Equal(t, []Outcome{Done, Done}, outcomes(results))
			assert.Equal(t, 3, results[1].Attempts)
		})
	})
}

// lagging does not know an account for its first grants.
type lagging struct {
	*memtarget.Target
	grants int
}

func (l *lagging) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	if l.grants < 3 {
		return nil, target.ErrNotFound // not the way to say it, but it happens
	}
	return l.Target.Find(ctx, by)
}

func (l *lagging) Grant(ctx context.Context, req target.GrantRequest) error {
	if l.grants++; l.grants < 3 {
		return target.ErrNotFound
	}
	return l.Target.Grant(ctx, req)
}

func TestExecutionVerifies(t *testing.T) {
	g := target.Entitlement{Kind: "group", Name: "g"}
	leaver := func(a target.Account) []reconcile.Change {
		revoke := on(a, change(reconcile.Revoke, "E1"))
		revoke.Entitlement = g
		return []reconcile.Change{on(a, change(reconcile.Disable, "E1")), on(a, change(reconcile.EndSessions, "E1")), revoke}
	}
	verdicts := func(results []Result) []Verified {
		var out []Verified
		for _, r := range results {
			out = append(out, r.Verified)
		}
		return out
	}
	t.Run("one reading for all", func(t *testing.T) {
		b := newBench(t)
		results := b.do(leaver(b.place("E1", g))...)
		assert.Equal(t, []Verified{Confirmed, NotRead, Confirmed}, verdicts(results))
		assert.Equal(t, 3+1, b.count("Find"), "one before each, one after all")
		assert.Equal(t, Confirmed, b.progress[2].Verified)
	})
	t.Run("the last one is skipped", func(t *testing.T) {
		b := newBench(t)
		changes := leaver(b.place("E1", g))
		changes[2].Needs = []reconcile.Need{need("held one")}
		results := b.do(changes...)
		assert.Equal(t, []Outcome{Done, Done, Skipped}, outcomes(results))
		assert.Equal(t, []Verified{Confirmed, NotRead, NotRead}, verdicts(results))
	})
	for name, c := range map[string]struct {
		revoked target.Entitlement
		want    []Verified
	}{
		"a disable is contradicted, also a little later": {want: []Verified{Contradicted, NotRead, Confirmed}},
		"a revoke is contradicted, also a little later":  {revoked: g, want: []Verified{Confirmed, NotRead, Contradicted}},
	} {
		t.Run(name, func(t *testing.T) {
			at(t, func(t *testing.T) {
				b := newBench(t)
				x := b.execution(leaver(b.place("E1", g))...)
				x.target = &dishonest{Target: b.app, until: 100, revoked: c.revoked}
				results := x.do(t.Context())
				assert.Equal(t, []Outcome{Done, Done, Done}, outcomes(results))
				assert.Equal(t, c.want, verdicts(results))
				require.ErrorIs(t, (&Report{Results: results}).Err(), ErrContradicted)
			})
		})
	}
	t.Run("contradicted, and no time for a second look", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			b.place("E1", g)
			changes := leaver(b.app.ByKey(key("E1"))[0])
			ctx, cancel := context.WithCancel(t.Context())
			b.on = func(_ context.Context, c memtarget.Call) {
				if c.Method == "Find" && len(b.app.Writes()) == len(changes) {
					go func() {
						time.Sleep(100 * time.Millisecond)
						cancel()
					}()
				}
			}
			x := b.execution(changes...)
			x.target = &dishonest{Target: b.app, until: 100}
			assert.Equal(t, []Verified{Contradicted, NotRead, Confirmed}, verdicts(x.do(ctx)))
		})
	})
	t.Run("shown a little later", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			b.place("E1", g)
			changes := leaver(b.app.ByKey(key("E1"))[0])
			x := b.execution(changes...)
			x.target = &dishonest{Target: b.app, until: 4}
			assert.Equal(t, []Verified{Confirmed, NotRead, Confirmed}, verdicts(x.do(t.Context())))
		})
	})
	t.Run("cannot be read", func(t *testing.T) {
		b := newBench(t)
		b.on = func(_ context.Context, c memtarget.Call) {
			if c.Method == "Revoke" {
				b.app.FailAlways("Find", target.Fail(target.Transient, nil))
			}
		}
		results := b.do(leaver(b.place("E1", g))...)
		assert.Equal(t, []Outcome{Done, Done, Done}, outcomes(results))
		assert.Equal(t, []Verified{NotRead, NotRead, NotRead}, verdicts(results))
	})
	t.Run("what was not deleted contradicts", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := newBench(t)
			a := b.place("E1")
			f := &fake{caps: b.caps, find: func(context.Context, target.Find) ([]target.Account, error) {
				return []target.Account{a}, nil
			}}
			x := b.execution(on(a, change(reconcile.Delete, "E1")))
			x.target = &deletes{fake: f}
			assert.Equal(t, []Verified{Contradicted}, verdicts(x.do(t.Context())))
		})
	})
}

// dishonest shows accounts as enabled, for its first readings.
type dishonest struct {
	*memtarget.Target
	finds, until int
	revoked      target.Entitlement // shown as still there; the zero value: accounts are shown as open
}

func (d *dishonest) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	found, err := d.Target.Find(ctx, by)
	if d.finds++; d.finds <= d.until {
		for i := range found {
			if d.revoked.Kind != "" {
				found[i].Entitlements = []target.Entitlement{d.revoked}
			} else {
				found[i].State = target.Enabled
			}
		}
	}
	return found, err
}

// deletes says that it has deleted.
type deletes struct{ *fake }

func (deletes) Delete(context.Context, target.StateRequest) error { return nil }

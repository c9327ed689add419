package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// bench is an execution over a target in memory, with its journal.
type bench struct {
	t    *testing.T
	app  *memtarget.Target
	caps target.Capabilities
	on   func(ctx context.Context, c memtarget.Call)

	fresh  bool
	config Config
	spent  map[string]bool
	known  map[target.Key]string
	fail   func(e Entry) error // of the journal

	mu       sync.Mutex
	journal  []Entry
	progress []Result
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{t: t, caps: memtarget.Everything(), fresh: true, config: Config{Concurrency: 4}}
}

// start makes the target; its accounts can be placed then.
func (b *bench) start() *memtarget.Target {
	b.app = memtarget.New("app", &memtarget.Config{Capabilities: &b.caps, OnCall: func(ctx context.Context, c memtarget.Call) {
		if b.on != nil {
			b.on(ctx, c)
		}
	}})
	return b.app
}

func (b *bench) execution(changes ...reconcile.Change) *execution {
	if b.app == nil {
		b.start()
	}
	return &execution{
		target: b.app, config: b.config.withDefaults(), run: "run1", changes: changes, fresh: b.fresh,
		record: func(ctx context.Context, entries ...Entry) error {
			assert.NoError(b.t, ctx.Err(), "the journal is written whatever happens to the run")
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, e := range entries {
				if b.fail != nil {
					if err := b.fail(e); err != nil {
						return err
					}
				}
			}
			b.journal = append(b.journal, entries...)
			return nil
		},
		spent:    func(id string) bool { return b.spent[id] },
		known:    func(k target.Key) (string, bool) { id, ok := b.known[k]; return id, ok },
		progress: func(r *Result) { b.progress = append(b.progress, *r) },
	}
}

func (b *bench) do(changes ...reconcile.Change) []Result {
	b.t.Helper()
	return b.doIn(b.t.Context(), changes...)
}

func (b *bench) doIn(ctx context.Context, changes ...reconcile.Change) []Result {
	b.t.Helper()
	results := b.execution(changes...).do(ctx)
	require.Len(b.t, results, len(changes))
	for i, r := range results {
		require.NotZero(b.t, r.Outcome, "%s has no outcome", r.Change.ID)
		require.Equal(b.t, changes[i].ID, r.Change.ID, "results stand in the order of the changes")
		require.Equal(b.t, "app", r.Target)
	}
	require.Len(b.t, b.progress, len(changes), "every change is reported once")
	return results
}

// entries lists the journal as "intent create E1", "done create E1".
func (b *bench) entries() []string {
	var out []string
	for _, e := range b.journal {
		word := string(e.Kind)
		if e.Kind == Happened {
			word = e.Outcome.String()
		}
		out = append(out, word+" "+e.Change)
	}
	return out
}

// writes lists the calls that wrote, as "Create E1".
func (b *bench) writes() []string {
	var out []string
	for _, c := range b.app.Writes() {
		out = append(out, c.Method)
	}
	return out
}

func (b *bench) count(method string) int {
	n := 0
	for _, c := range b.app.Calls() {
		if c.Method == method {
			n++
		}
	}
	return n
}

// at runs f in virtual time and returns how long it took.
func at(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

func key(id string) target.Key { return target.Key{Identity: id} }

func outcomes(results []Result) []Outcome {
	var out []Outcome
	for _, r := range results {
		out = append(out, r.Outcome)
	}
	return out
}

// The changes of tests have IDs that say what they do: "create E1".

func change(action reconcile.Action, id string, needs ...reconcile.Need) reconcile.Change {
	return reconcile.Change{
		ID: action.String() + " " + id, Action: action, Target: "app", Key: key(id), Label: id + "@acme.example",
		Needs: needs,
	}
}

func creating(id string, needs ...reconcile.Need) reconcile.Change {
	c := change(reconcile.Create, id, needs...)
	c.To = target.Enabled
	c.Fields = []reconcile.FieldChange{{Name: "userName", After: []string{id + "@acme.example"}}}
	return c
}

func granting(id, name string, needs ...reconcile.Need) reconcile.Change {
	c := change(reconcile.Grant, id, needs...)
	c.Entitlement = target.Entitlement{Kind: "group", Name: name}
	c.ID += " " + name
	return c
}

func need(id string) reconcile.Need { return reconcile.Need{Change: id} }

// place puts an enabled account and returns it as planned with.
func (b *bench) place(id string, entitlements ...target.Entitlement) target.Account {
	if b.app == nil {
		b.start()
	}
	native := b.app.Put(target.Account{
		Key: key(id), State: target.Enabled, Entitlements: entitlements,
		Attributes: target.Attrs(map[string]string{"userName": id + "@acme.example", "title": "Clerk"}),
	})
	a, _ := b.app.Account(native)
	return a
}

// on makes a change concern an account as planned with.
func on(a target.Account, c reconcile.Change) reconcile.Change {
	c.Account, c.Version = a.ID, a.Version
	switch c.Action {
	case reconcile.Disable:
		c.From, c.To = target.Enabled, target.Disabled
	case reconcile.Enable:
		c.From, c.To = target.Disabled, target.Enabled
	case reconcile.Delete:
		c.From, c.To = target.Enabled, target.Deleted
	default:
	}
	return c
}

func titled(a target.Account, id, title string) reconcile.Change {
	c := on(a, change(reconcile.Update, id))
	c.Fields = []reconcile.FieldChange{{Name: "title", Before: []string{"Clerk"}, After: []string{title}}}
	return c
}

func TestExecutionMakesOneCallPerChange(t *testing.T) {
	b := newBench(t)
	b.config.Secrets = func(_ context.Context, req SecretRequest) (target.Secret, error) {
		return target.NewSecret("pw-" + req.Target + req.Key.String() + req.Attribute), nil
	}
	sales := target.Entitlement{Kind: "group", Name: "sales"}
	old, gone := b.place("E1", sales), b.place("E2", sales)
	boss := b.place("E9")
	free := b.app.Put(target.Account{State: target.Disabled, Attributes: target.Attrs(map[string]string{"userName": "x"})})
	b.app.OpenSessions(gone.ID, 3)
	b.app.Own(gone.ID, "report")
	b.known = map[target.Key]string{key("E9"): boss.ID}

	disable := on(gone, change(reconcile.Disable, "E2"))
	sessions := on(gone, change(reconcile.EndSessions, "E2"))
	revoke := on(gone, change(reconcile.Revoke, "E2"))
	revoke.Entitlement = sales
	handover := on(gone, change(reconcile.Handover, "E2"))
	handover.HandoverTo = key("E9")
	group := change(reconcile.CreateEntitlement, "")
	group.Entitlement = target.Entitlement{Kind: "group", Name: "design"}
	adopt := change(reconcile.Adopt, "E3")
	adopt.Account = free
	enable := change(reconcile.Enable, "E3", need(adopt.ID))
	enable.Account, enable.From, enable.To = free, target.Disabled, target.Enabled
	joiner := creating("E4")
	joiner.Secrets = []string{"password"}
	joiner.Fields = append(joiner.Fields,
		reconcile.FieldChange{Name: "manager", After: []string{"E9"}, Ref: true})
	grant := granting("E4", "design", need(joiner.ID), need(group.ID))
	update := titled(old, "E1", "Head")
	update.Fields = append(update.Fields, reconcile.FieldChange{Name: "userName", Before: []string{"E1@acme.example"}})
	del := on(old, change(reconcile.Delete, "E1"))

	changes := []reconcile.Change{
		disable, sessions, revoke, handover, group, adopt, enable, joiner, update, grant, del,
	}
	results := b.do(changes...)

	for _, r := range results {
		assert.Equal(t, Done, r.Outcome, "%s: %v", r.Change.ID, r.Err)
		assert.Equal(t, 1, r.Attempts, r.Change.ID)
		assert.NotZero(t, r.Started)
	}
	assert.Len(t, b.app.Writes(), len(changes), "one call each")
	assert.Equal(t, []Verified{Confirmed, NotRead, Confirmed}, []Verified{results[0].Verified, results[1].Verified, results[2].Verified})
	assert.Equal(t, Confirmed, results[10].Verified)

	left, _ := b.app.Account(gone.ID)
	assert.Equal(t, target.Disabled, left.State)
	assert.Empty(t, left.Entitlements)
	assert.Zero(t, b.app.Sessions(gone.ID))
	assert.Equal(t, []string{"report"}, b.app.Owned(boss.ID))
	adopted, _ := b.app.Account(free)
	assert.Equal(t, key("E3"), adopted.Key)
	assert.Equal(t, target.Enabled, adopted.State)
	made := b.app.ByKey(key("E4"))
	require.Len(t, made, 1)
	assert.Equal(t, results[7].Account, made[0].ID)
	assert.Equal(t, boss.ID, made[0].Attributes.Get("manager"), "a reference is written as native id")
	assert.Equal(t, []string{"password"}, b.app.Secrets(made[0].ID))
	assert.Equal(t, []target.Entitlement{group.Entitlement}, made[0].Entitlements)
	_, ok := b.app.Account(old.ID)
	assert.False(t, ok)

	for _, c := range changes {
		i := slices.Index(b.entries(), "intent "+c.ID)
		j := slices.Index(b.entries(), "done "+c.ID)
		assert.True(t, i >= 0 && i < j, "%s: intent at %d, outcome at %d", c.ID, i, j)
	}
	assert.Len(t, b.journal, 2*len(changes))
	for _, e := range b.journal {
		assert.Equal(t, "run1", e.Run)
		assert.Equal(t, "app", e.Target)
		assert.NotZero(t, e.At)
		if e.Kind == Happened && e.Action == reconcile.Create {
			assert.Equal(t, made[0].ID, e.Account)
			assert.Equal(t, key("E4"), e.Key)
		}
		if e.Action == reconcile.Handover {
			assert.Equal(t, key("E9"), e.To)
		}
	}
}

func TestExecutionNothingToDo(t *testing.T) {
	b := newBench(t)
	assert.Empty(t, b.do())
	assert.Empty(t, b.app.Calls())
}

func TestExecutionSpentChangesAreNotRepeated(t *testing.T) {
	b := newBench(t)
	create := creating("E1")
	b.spent = map[string]bool{create.ID: true, "create E8": true}
	id := b.place("E1").ID
	b.known = map[target.Key]string{key("E1"): id}
	results := b.do(create, granting("E1", "g", need(create.ID)), granting("E1", "h", need("create E8")))
	assert.Equal(t, []Outcome{AlreadySo, Failed, Failed}, outcomes(results))
	require.ErrorIs(t, results[1].Err, target.ErrNotFound, "a group that is not there is not called for")
	assert.Equal(t, target.NotFound, results[1].Class)
	assert.Empty(t, b.app.Writes())
	assert.Empty(t, b.journal, "what was done before is in the journal already")
}

func TestExecutionNeeds(t *testing.T) {
	b := newBench(t)
	b.place("E9")
	b.start().FailAlways("Create", target.InvalidError("userName", nil))
	manager := creating("E1")
	report := titled(b.place("E2"), "E2", "Head")
	report.Fields = append(report.Fields, reconcile.FieldChange{Name: "manager", After: []string{"E1"}, Ref: true})
	report.Needs = []reconcile.Need{{Change: manager.ID, Field: "manager"}}
	only := on(b.place("E3"), change(reconcile.Update, "E3", reconcile.Need{Change: manager.ID, Field: "manager"}))
	only.Fields = report.Fields[1:]
	first := granting("E1", "a", need(manager.ID))
	second := change(reconcile.EndSessions, "E1", need(first.ID))
	held := granting("E2", "b", need("grant of somebody"))
	unknown := titled(b.place("E4"), "E4", "Head")
	unknown.Fields = append(unknown.Fields, reconcile.FieldChange{Name: "manager", After: []string{"E77"}, Ref: true})

	results := b.do(manager, report, only, first, second, held, unknown)
	assert.Equal(t, []Outcome{Failed, Done, Skipped, Skipped, Skipped, Skipped, Done}, outcomes(results))
	assert.Equal(t, "userName", target.FieldOf(results[0].Err))
	assert.Equal(t, []string{"manager"}, results[1].LeftOut)
	assert.Equal(t, []string{"manager"}, results[2].LeftOut)
	assert.Equal(t, []string{"manager"}, results[6].LeftOut, "no account has that key")
	require.EqualError(t, results[3].Err, "needs create E1, which was failed: userName: refused for good")
	assert.Same(t, results[3].Err, results[4].Err, "the root of a chain is named, not its links")
	require.ErrorIs(t, results[5].Err, errNotInRun)
	require.ErrorContains(t, results[2].Err, "manager: needs create E1")
	assert.Equal(t, "Head", b.app.ByKey(key("E2"))[0].Attributes.Get("title"))
	assert.ElementsMatch(t, []string{"Create", "Update", "Update"}, b.writes(), "in any order: E4 waits for nobody")
}

func TestExecutionReferences(t *testing.T) {
	b := newBench(t)
	boss, loose := b.place("E1"), b.app.Put(target.Account{State: target.Enabled})
	var changes []reconcile.Change
	for i, text := range []string{"E1", "E5", target.Ref{ID: loose}.Text(), "E1", "E404", "E404", "~"} {
		c := creating(fmt.Sprint("N", i))
		c.Fields = append(c.Fields, reconcile.FieldChange{Name: "manager", After: []string{text}, Ref: true})
		changes = append(changes, c)
	}
	made := creating("E5")
	changes[1].Needs = []reconcile.Need{{Change: made.ID, Field: "manager"}}
	b.config.Concurrency = 1
	results := b.do(append(changes, made)...)
	assert.Equal(t, []Outcome{Done, Done, Done, Done, Done, Done, Failed, Done}, outcomes(results))
	manager := func(i int) string { return b.app.ByKey(changes[i].Key)[0].Attributes.Get("manager") }
	assert.Equal(t, boss.ID, manager(0))
	assert.Equal(t, results[7].Account, manager(1))
	assert.Equal(t, loose, manager(2))
	assert.Equal(t, boss.ID, manager(3))
	assert.Equal(t, []string{"manager"}, results[4].LeftOut)
	assert.Equal(t, target.Permanent, results[6].Class, "a text that is no reference")
	assert.Equal(t, 2, b.count("Find"), "each key is looked for once")
}

func TestExecutionEntitlementIDs(t *testing.T) {
	b := newBench(t)
	b.caps.Entitlements = append(b.caps.Entitlements, target.EntitlementSpec{Kind: "flag", Grant: true, Revoke: true})
	a := b.place("E1", target.Entitlement{Kind: "group", Name: "z"})
	b.app.AddEntitlements(target.Entitlement{Kind: "group", Name: "a"}, target.Entitlement{Kind: "group", Name: "b"})
	b.app.FailNext("Entitlements", target.Fail(target.Transient, nil))
	flag := on(a, granting("E1", "beta"))
	flag.Entitlement.Kind = "flag"
	given := on(a, granting("E1", "b"))
	given.EntitlementID = "wrong"
	revoke := on(a, change(reconcile.Revoke, "E1"))
	revoke.Entitlement = target.Entitlement{Kind: "group", Name: "z"}
	lost := on(b.place("E2", revoke.Entitlement), change(reconcile.Revoke, "E2"))
	lost.Entitlement = target.Entitlement{Kind: "role", Name: "deleted"}
	b.config.Retry.Base = time.Nanosecond
	results := b.do(revoke, on(a, granting("E1", "a")), flag, given)
	assert.Equal(t, []Outcome{Done, Done, Done, Failed}, outcomes(results))
	require.ErrorIs(t, results[3].Err, target.ErrNotFound, "the id that was planned with is passed on")
	assert.Equal(t, 2, b.count("Entitlements"), "read once, and once in vain")
	for _, c := range b.app.Writes() {
		req, ok := c.Request.(target.GrantRequest)
		require.True(t, ok)
		assert.Equal(t, req.Entitlement.Kind == "flag", req.EntitlementID == "", "%v", req)
	}
	b.progress = nil
	assert.Equal(t, []Outcome{AlreadySo}, outcomes(b.do(lost)), "nobody holds what does not exist")
}

func TestExecutionTargetsWithoutKeys(t *testing.T) {
	b := newBench(t)
	b.caps.Keys, b.caps.SetKey, b.caps.FindKey = false, false, false
	b.start()
	id := b.app.Put(target.Account{State: target.Enabled, Attributes: target.Attrs(map[string]string{"title": "Clerk"})})
	b.known = map[target.Key]string{key("E2"): id}
	adopt := change(reconcile.Adopt, "E1")
	adopt.Account = id
	fields := change(reconcile.Update, "E2")
	fields.Fields = []reconcile.FieldChange{{Name: "title", Before: []string{"Clerk"}, After: []string{"Head"}}}
	b.fresh = false
	results := b.do(adopt, fields)
	assert.Equal(t, []Outcome{Done, Done}, outcomes(results))
	assert.Equal(t, []string{"Update"}, b.writes(), "an adoption is remembered by the journal alone")
	assert.Equal(t, id, results[1].Account)
	assert.Contains(t, b.entries(), "done adopt E1")
}

// What happened in this run counts more than what the journal remembers.
func TestExecutionKnowsWhatItDid(t *testing.T) {
	b := newBench(t)
	b.caps.FindKey = false
	gone, e2 := b.place("E1"), b.place("E2")
	free := b.app.Put(target.Account{State: target.Disabled})
	b.known = map[target.Key]string{key("E1"): gone.ID}
	adopt := change(reconcile.Adopt, "E3")
	adopt.Account = free
	enable := change(reconcile.Enable, "E3", need(adopt.ID))
	enable.From, enable.To = target.Disabled, target.Enabled
	del := on(gone, change(reconcile.Delete, "E1"))
	refers := on(e2, change(reconcile.Update, "E2", need(del.ID)))
	refers.Fields = []reconcile.FieldChange{
		{Name: "manager", After: []string{"E1"}, Ref: true}, {Name: "title", Before: []string{"Clerk"}, After: []string{"Head"}},
	}
	results := b.do(adopt, enable, refers, del)
	assert.Equal(t, []Outcome{Done, Done, Done, Done}, outcomes(results), "%v", results[1].Err)
	assert.Equal(t, free, results[1].Account, "found by the key that it was given")
	assert.Equal(t, []string{"manager"}, results[2].LeftOut, "nobody is told to report to a deleted account")
}

// Two accounts with one key: nobody can say which one is meant.
func TestExecutionAmbiguousReference(t *testing.T) {
	b := newBench(t)
	b.place("E9")
	b.place("E9")
	c := creating("E1")
	c.Fields = append(c.Fields, reconcile.FieldChange{Name: "manager", After: []string{"E9"}, Ref: true})
	assert.Equal(t, []string{"manager"}, b.do(c)[0].LeftOut)
}

// A revoke of what is still held is not done because a list does not show it.
func TestExecutionRevokeIsNotTalkedAway(t *testing.T) {
	b := newBench(t)
	g := target.Entitlement{Kind: "group", Name: "g"}
	a := b.place("E1", g)
	f := &fake{caps: b.caps, find: func(context.Context, target.Find) ([]target.Account, error) {
		return []target.Account{a}, nil
	}}
	c := on(a, change(reconcile.Revoke, "E1"))
	c.Entitlement = g
	x := b.execution(c)
	x.target = f
	r := x.do(t.Context())[0]
	assert.Equal(t, Failed, r.Outcome)
	assert.Equal(t, target.NotFound, r.Class)
}

// The error of a change shows up with others: what was skipped for it, and what
// was not tried any more. Its sensitive values do not.
func TestExecutionErrorsOfOthersAreMasked(t *testing.T) {
	secret := creating("E1")
	secret.Fields = append(secret.Fields, reconcile.FieldChange{
		Name: "phone", Before: []string{"+49170"}, After: []string{"+49170123"}, Sensitive: true,
	})
	for _, class := range []target.Class{target.Permanent, target.Fatal} {
		b := newBench(t)
		b.config.Concurrency = 1
		b.start().FailNext("Create", target.Fail(class, errors.New("+49170123 refused")))
		results := b.do(secret, granting("E1", "g", need(secret.ID)))
		assert.Equal(t, []Outcome{Failed, Skipped}, outcomes(results))
		assert.Contains(t, results[1].Err.Error(), "(sensitive) refused")
		assert.NotContains(t, results[1].Err.Error(), "123")
		assert.Equal(t, "(sensitive) refused", b.journal[1].Text)
		assert.NotContains(t, (&Report{Results: results}).Err().Error(), "123")
	}
}

func TestExecutionNamesChanges(t *testing.T) {
	g := target.Entitlement{Kind: "group", Name: "g"}
	for want, c := range map[string]reconcile.Change{
		"create E1":                  creating("E1"),
		"grant E1 group:g":           granting("E1", "g"),
		"disable n1":                 {Action: reconcile.Disable, Account: "n1"},
		"create-entitlement group:g": {Action: reconcile.CreateEntitlement, Entitlement: g},
	} {
		assert.Equal(t, want, changeName(&c))
	}
	err := newNeedError(&Result{Change: creating("E1"), Outcome: Cancelled, Err: context.Canceled})
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, newNeedError(&Result{Change: creating("E1"), Outcome: Held}), "needs create E1, which was held")
}

// The defaults hold also for a configuration that nobody has filled in.
func TestExecutionDefaults(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.start()
		c := creating("E1")
		x := &execution{target: b.app, config: Config{}.withDefaults(), changes: []reconcile.Change{c}, fresh: true}
		x.record = func(context.Context, ...Entry) error { return nil }
		x.config.Clock = func() time.Time { return time.Unix(7, 0) }
		x.config.CallTimeout = time.Second
		b.on = func(ctx context.Context, _ memtarget.Call) {
			deadline, ok := ctx.Deadline()
			assert.True(t, ok)
			assert.Equal(t, time.Second, time.Until(deadline))
		}
		r := x.do(t.Context())[0]
		assert.Equal(t, Done, r.Outcome)
		assert.Equal(t, time.Unix(7, 0), r.Started)
	})
}

// An update of which every field is left out has nothing to write, and neither
// has one without fields.
func TestExecutionNothingToWrite(t *testing.T) {
	b := newBench(t)
	a := b.place("E1")
	empty := on(a, change(reconcile.Update, "E1"))
	refers := on(b.place("E2"), change(reconcile.Update, "E2"))
	refers.Fields = []reconcile.FieldChange{{Name: "manager", After: []string{"E404"}, Ref: true}}
	results := b.do(empty, refers)
	assert.Equal(t, []Outcome{AlreadySo, Skipped}, outcomes(results))
	require.ErrorIs(t, results[1].Err, errNoAccount)
	assert.Equal(t, []string{"manager"}, results[1].LeftOut)
	assert.Empty(t, b.app.Writes())
}

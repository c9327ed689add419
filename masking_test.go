package provision_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
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

// approving is a company with masks in which somebody approves every update.
func approving(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, func(c *provision.Config) {
		masked(c)
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Update, By: "somebody"}}
	})
	ana := person("ana", "Legal", "Clerk")
	w.people.Set(ana, person("bo", "Legal", "Clerk"))
	w.sync()
	ana.DisplayName, ana.JobTitle = "Ana Maria", "Lead"
	w.people.Put(ana)
	w.now = w.now.Add(time.Hour)
	return w
}

// An approval is given for hashes; what is written comes from a plan.
func TestApprovalOfWhatIsMasked(t *testing.T) {
	w := approving(t)
	plan := w.plan()
	w.runClean()
	pending, err := w.desk().Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	held := pending[0].Hold.Change
	require.Len(t, held.Fields, 2)
	assert.Equal(t, "displayName", held.Fields[0].Name)
	assert.True(t, held.Fields[0].Masked)
	assert.NotEqual(t, held.Fields[0].Before, held.Fields[0].After)
	assert.Equal(t, reconcile.FieldChange{Name: "title", Before: []string{"Clerk"}, After: []string{"Lead"}}, held.Fields[1])
	assert.Contains(t, plan.String(), `"Ana Maria"`, "whoever asks for a plan sees it")
	assert.Equal(t, plan.Targets[0].Holds[0].Change.ID, held.ID)

	require.NoError(t, w.desk().Approve(t.Context(), held.ID, provision.Decision{Actor: "cy", Identity: "cy"}))
	w.restart()
	w.sync()
	assert.Equal(t, "Ana Maria", w.account("ana").Attributes.Get("displayName"))
}

// A stored plan does not hold the key, and is applied by an engine that has it.
func TestAStoredPlanHasNoMaskKey(t *testing.T) {
	w := approving(t)
	text, err := json.Marshal(w.plan())
	require.NoError(t, err)
	var stored provision.Plan
	require.NoError(t, json.Unmarshal(text, &stored))
	require.NoError(t, w.desk().Submit(t.Context(), &stored))
	pending, err := w.desk().Pending(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"(masked)"}, pending[0].Hold.Change.Fields[0].After)
	require.Equal(t, "(masked)", pending[0].Hold.Change.Label)
	require.NoError(t, w.desk().Approve(t.Context(), pending[0].Hold.Change.ID, provision.Decision{Actor: "cy", Identity: "cy"}))
	report, err := w.engine.Apply(t.Context(), &stored, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, report.Counts()[provision.Done])

	var forged provision.Plan
	require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(string(text), "Ana Maria", "Eve")), &forged))
	_, err = w.engine.Apply(t.Context(), &forged, nil)
	require.ErrorContains(t, err, "do not belong together", "what could not be checked when it was read is checked now")
	w.config.Masking = nil
	w.config.Journal = &provision.MemoryJournal{}
	w.restart()
	_, err = w.engine.Apply(t.Context(), &stored, nil)
	require.ErrorIs(t, err, provision.ErrMaskKey)
}

// Labels are hashes, and nobody decides about themselves all the same.
func TestNobodyApprovesThemselvesUnderAMask(t *testing.T) {
	w := approving(t)
	w.runClean()
	desk := w.desk()
	desk.MaskKey = nil
	pending, err := desk.Pending(t.Context())
	require.NoError(t, err)
	change := pending[0].Hold.Change.ID
	assert.NotContains(t, pending[0].String(), "@")
	require.ErrorIs(t, desk.Approve(t.Context(), change, provision.Decision{Actor: "cy"}), provision.ErrMaskKey, "nobody can tell")
	require.ErrorIs(t, desk.Approve(t.Context(), change, provision.Decision{Actor: "cy", Identity: "ana"}), provision.ErrSelfApproval)
	desk.MaskKey = []byte("the key of another tenant")
	require.ErrorIs(t, desk.Approve(t.Context(), change, provision.Decision{Actor: "cy"}), provision.ErrMaskKey)
	desk.MaskKey = []byte(maskKey)
	require.ErrorIs(t, desk.Approve(t.Context(), change, provision.Decision{Actor: " Ana@ACME.example"}), provision.ErrSelfApproval)
	require.NoError(t, desk.Approve(t.Context(), change, provision.Decision{Actor: "cy@acme.example"}))
}

// A name that was given is kept for its person, whether the journal has it or its hash.
func TestNamesAreKeptUnderAMask(t *testing.T) {
	w := newWorldOf(t, named(100))
	w.config.Policy.Gap = -1
	ana := called("E1", "Ana")
	cyd := called("E0", "Cyd")
	w.people.Set(ana, cyd)
	w.sync()
	masked(&w.config) // from now on
	w.restart()
	w.app.Remove(w.account("E0").ID) // by somebody else: the name stays
	w.people.Set(ana, called("E2", "Bo"), called("E9", "Cyd"))
	w.now = w.now.Add(time.Hour)
	w.sync()
	require.Equal(t, "cyd2", w.userName("E9"), "kept as it is")
	for _, gone := range []source.Identity{ana, called("E2", "Bo")} {
		gone.Status, gone.LastDay = source.Terminated, day(2026, 3, 1)
		w.people.Put(gone)
	}
	w.now = w.now.AddDate(0, 0, 2)
	release(w)
	w.sync()
	w.now = w.now.AddDate(0, 0, 40)
	w.sync()
	require.Len(t, w.app.All(), 1, "the others are deleted")

	w.config.Journal = compacted(t, w.config.Journal)
	w.restart()
	w.now = w.now.AddDate(0, 0, 10)
	w.people.Put(called("E3", "Ana"))
	w.people.Put(called("E4", "Bo"))
	w.sync()
	assert.Equal(t, "ana2", w.userName("E3"), "given before the masks, deleted since")
	assert.Equal(t, "bo2", w.userName("E4"), "kept as a hash")
	w.people.Put(called("E5", "Bo"))
	_, err := w.engine.SyncOne(t.Context(), "E5")
	require.NoError(t, err)
	assert.Equal(t, "bo3", w.userName("E5"))
	w.now = w.now.AddDate(0, 0, 100)
	w.people.Put(called("E6", "Bo"))
	w.sync()
	assert.Equal(t, "bo", w.userName("E6"), "for a hundred days")
}

// A plan that lay for a while gives no name that another run has given since.
func TestAnOldPlanMeetsAMaskedName(t *testing.T) {
	w := newWorldOf(t, named(100))
	masked(&w.config)
	w.restart()
	w.people.Set(called("E1", "Ana"))
	old := w.plan()
	w.people.Set(called("E2", "Ana"))
	w.sync()
	report, err := w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, report.Counts()[provision.Stale])
	assert.ErrorContains(t, report.Err(), "the name was given to somebody else")
}

// release lets through what guards hold.
func release(w *world) {
	w.t.Helper()
	report, err := w.engine.Sync(w.t.Context())
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
	pending, err := w.desk().Pending(w.t.Context())
	require.NoError(w.t, err)
	for _, p := range pending {
		if p.Guarded != "" {
			require.NoError(w.t, w.desk().Release(w.t.Context(), p.Guarded, provision.Decision{Actor: "coo", Identity: "coo"}))
			return
		}
	}
}

// compacted is a journal in place of another one.
func compacted(t *testing.T, j provision.Journal) provision.Journal {
	t.Helper()
	file := openJournal(t, filepath.Join(t.TempDir(), "journal"))
	for _, e := range entries(t, j, 0) {
		require.NoError(t, file.Append(t.Context(), e))
	}
	require.NoError(t, file.Compact(t.Context(), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)))
	return file
}

// To begin with masks is like new rules: nothing that was decided or held by the ID of a
// change is known any more.
func TestMasksBeginLikeNewRules(t *testing.T) {
	w := newWorld(t, nil)
	people := staff(40)
	w.people.Set(people...)
	w.sync()
	masked(&w.config)
	w.restart()
	for i := range people {
		people[i].Department = source.Named("Legal")
	}
	w.people.Set(people[:39]...)
	w.now = w.now.AddDate(0, 0, 2)
	plan := w.plan()
	assert.Empty(t, removals(plan))
	assert.Contains(t, plan.String(), "first run of changed rules")
	w.runClean()
	assert.Empty(t, removals(w.plan()), "what the first run held stays held")
	people[0].Department = source.Named("Engineering")
	w.people.Set(people[:1]...)
	assert.NotContains(t, w.plan().String(), "first run of changed rules")
}

func TestAnotherMaskKeyIsRefused(t *testing.T) {
	w := approving(t)
	w.runClean()
	plan := w.plan()
	for name, change := range map[string]func(c *provision.Config){
		"another key": func(c *provision.Config) { c.MaskKey = []byte("another key of this tenant") },
		"no masks":    func(c *provision.Config) { c.Masking = nil },
	} {
		other := w.config
		change(&other)
		engine, err := provision.New(other)
		require.NoError(t, err)
		_, err = engine.Plan(t.Context())
		require.ErrorIs(t, err, provision.ErrMaskKey, name)
		_, err = engine.SyncOne(t.Context(), "ana")
		require.ErrorIs(t, err, provision.ErrMaskKey, name)
		_, err = engine.Apply(t.Context(), plan, nil)
		require.ErrorIs(t, err, provision.ErrMaskKey, name)
		other.Journal = &provision.MemoryJournal{}
		engine, err = provision.New(other)
		require.NoError(t, err)
		foreign, err := engine.Plan(t.Context())
		require.NoError(t, err)
		require.ErrorIs(t, w.desk().Submit(t.Context(), foreign), provision.ErrMaskKey, name)
		assert.NotEqual(t, plan.Targets[0].Holds[0].Change.ID, foreign.Targets[0].Holds[0].Change.ID, "an ID tells nothing without the key")
	}
	for name, change := range map[string]func(c *provision.Config){
		"Masking needs a MaskKey":      func(c *provision.Config) { c.MaskKey = []byte("short") },
		`"crm" is not in Targets`:      func(c *provision.Config) { c.Masking = &provision.Masking{Plain: []string{"crm/title"}} },
		"Masking needs a MaskKey of 1": func(c *provision.Config) { c.MaskKey = nil },
	} {
		other := w.config
		change(&other)
		_, err := provision.New(other)
		require.ErrorIs(t, err, provision.ErrConfig)
		require.ErrorContains(t, err, name)
	}
}

// What is plain is brought back, and what was empty; a hash is never written.
func TestUndoUnderAMask(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Attributes = append(spec.Targets[0].Attributes, rules.Attribute{Set: "location", To: rules.EmployeeNumber})
	w := newWorld(t, func(c *provision.Config) {
		masked(c)
		c.KeepValues, c.Record, c.Rules = true, true, build(t, spec)
	})
	ana, bo := person("ana", "Legal", "Clerk"), person("bo", "Legal", "Clerk")
	w.people.Set(ana, bo)
	w.sync()
	w.now = w.now.Add(time.Hour)
	ana.JobTitle, ana.DisplayName, ana.EmployeeNumber = "Lead", "Ana Maria", "4711"
	bo.DisplayName = "Bo Olaf"
	w.people.Set(ana, bo)
	bad := w.runClean()
	_, err := w.app.Update(t.Context(), target.UpdateRequest{
		Ref: target.Ref{ID: w.account("bo").ID}, Set: target.Attrs(map[string]string{"displayName": "Person bo"}),
	})
	require.NoError(t, err)

	plan := w.undo(bad.Run)
	assert.Equal(t, []string{`update ana location ["4711"]→[] title ["Lead"]→["Clerk"]`}, lines(plan))
	assert.Equal(t, []string{
		"irreversible: displayName of 1 person cannot be restored: the journal keeps only a hash of what it was before; set it by hand",
	}, findingsOf(plan), "of bo's it is known that it is as before")
	bundle, err := plan.Bundle(nil)
	require.NoError(t, err)
	_, err = bundle.Replay(nil)
	require.NoError(t, err)
	w.takeBack(bad.Run)
	for _, a := range w.app.All() {
		for name, values := range a.Attributes.All() {
			assert.NotContains(t, strings.Join(values, " "), "hmac:", name)
		}
	}
	assert.Equal(t, "Ana Maria", w.account("ana").Attributes.Get("displayName"))
	assert.Equal(t, "Clerk", w.account("ana").Attributes.Get("title"))
	assert.Empty(t, w.account("ana").Attributes.Get("location"))
	assert.Empty(t, lines(w.undo(bad.Run)), "twice does nothing")
}

// A value that the target does not keep is recognised by hashes that only the key makes.
func TestValueThatIsNotKeptUnderAMask(t *testing.T) {
	w := newWorld(t, masked)
	w.config.Targets = []target.Target{shouting{w.app}}
	w.restart()
	w.people.Set(person("ana", "Legal", "CLERK"))
	w.sync()
	w.people.Set(person("ana", "Legal", "Lead"))
	for range 6 {
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		w.now = w.now.Add(time.Hour)
		w.restart()
	}
	assert.Equal(t, 1+3, w.calls("Update"), "once, and three times alike")
	for _, e := range entries(t, w.config.Journal, 0) {
		for _, m := range e.Written {
			c := reconcile.Change{Target: "app", Key: e.Key, Account: e.Account}
			f := reconcile.FieldChange{Name: "title", Before: []string{"CLERK"}, After: []string{"Lead"}}
			assert.NotEqual(t, new(reconcile.Masks).Imprint(&c, &f), m.Imprint, "whoever guesses a value cannot tell")
		}
	}
}

// A bundle of a run with masks is replayed byte by byte, also when it is redacted.
func TestBundlesUnderAMask(t *testing.T) {
	w := newWorldOf(t, named(100))
	masked(&w.config)
	w.config.Record = true
	w.restart()
	w.people.Set(called("E1", "Ana"), called("E2", "Ana"))
	w.sync()
	w.app.Remove(w.account("E1").ID)
	w.people.Put(called("E3", "Ana"))
	w.people.Put(called("E4", "Bo"))
	plan := w.plan()
	assert.Contains(t, plan.String(), `"ana3"`, "ana is still somebody's")
	bundle, err := plan.Bundle(nil)
	require.NoError(t, err)
	var file bytes.Buffer
	require.NoError(t, bundle.Write(&file))
	bundle, err = provision.ReadBundle(&file, 0)
	require.NoError(t, err)
	_, err = bundle.Replay(nil)
	require.NoError(t, err)
	redacted, err := bundle.Redact([]byte(maskKey))
	require.NoError(t, err)
	again, err := redacted.Replay(nil)
	require.NoError(t, err)
	require.Len(t, again.Targets[0].Changes, len(plan.Targets[0].Changes))
}

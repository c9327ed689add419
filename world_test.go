package provision_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// world is a company with one HR system and one target, and a clock to turn.
type world struct {
	t      *testing.T
	people *memsource.Source
	app    *memtarget.Target
	now    time.Time
	config provision.Config
	engine *provision.Engine
}

func day(y int, m time.Month, d int) source.Date { return source.Day(y, m, d) }

func group(name string) target.Entitlement {
	return target.Entitlement{Kind: "group", Name: name}
}

// person is somebody who works.
func person(id, department, title string) source.Identity {
	return source.Identity{
		ID: id, Status: source.Active, DisplayName: "Person " + id, WorkEmail: id + "@acme.example",
		JobTitle: title, Department: source.Named(department), HireDate: day(2020, 1, 1),
	}
}

func staff(n int) []source.Identity {
	departments := []string{"Engineering", "Sales", "Finance"}
	out := make([]source.Identity, n)
	for i := range out {
		out[i] = person(fmt.Sprintf("E%04d", i), departments[i%3], "Clerk")
	}
	return out
}

func companyRules() rules.Spec {
	return rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target:  "app",
			Account: rules.Everyone,
			Lifecycle: rules.Lifecycle{
				PreHire: 14, DeleteAfter: 30, EndSessions: true, Handover: true, Leave: rules.DisableOnLeave,
			},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
				{Set: "displayName", To: rules.DisplayName},
				{Set: "title", To: rules.JobTitle},
				{Set: "manager", To: rules.Manager},
			},
		}},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}},
			{ID: "money", When: rules.JobTitle.Is("Treasurer"), Give: []string{"app/group:money"}, Approval: rules.Approval{By: "the CFO"}},
		},
	}
}

func build(t *testing.T, spec rules.Spec) *rules.Set {
	t.Helper()
	set, err := rules.Build(spec)
	require.NoError(t, err)
	return set
}

func newWorld(t *testing.T, change func(*provision.Config)) *world {
	t.Helper()
	w := &world{t: t, people: memsource.New("hr"), app: memtarget.New("app", nil), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w.config = provision.Config{
		Source: w.people, Targets: []target.Target{w.app}, Rules: build(t, companyRules()),
		Journal: &provision.MemoryJournal{}, Clock: func() time.Time { return w.now },
		Retry: provision.Retry{Attempts: 2, Base: time.Microsecond, Max: time.Microsecond},
	}
	if change != nil {
		change(&w.config)
	}
	w.restart()
	return w
}

// hooked is a journal that asks before something is written. The error is that of the append,
// of which nothing is written then.
type hooked struct {
	provision.Journal
	before func(first *provision.Entry) error
}

func (h *hooked) Append(ctx context.Context, entries ...provision.Entry) error {
	if h.before != nil {
		if err := h.before(&entries[0]); err != nil {
			return err
		}
	}
	return h.Journal.Append(ctx, entries...)
}

// hook begins a new process that asks before it writes to the same journal.
func (w *world) hook() *hooked {
	w.t.Helper()
	journal := &hooked{Journal: w.config.Journal}
	w.config.Journal = journal
	w.restart()
	return journal
}

// restart begins a new process with the same journal.
func (w *world) restart() {
	w.t.Helper()
	engine, err := provision.New(w.config)
	require.NoError(w.t, err)
	w.engine = engine
}

func (w *world) plan() *provision.Plan {
	w.t.Helper()
	plan, err := w.engine.Plan(w.t.Context())
	require.NoError(w.t, err)
	return plan
}

// sync runs once and expects that nothing went wrong and that nothing is left.
func (w *world) sync() *provision.Report {
	w.t.Helper()
	report, err := w.engine.Sync(w.t.Context())
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
	again := w.plan()
	require.True(w.t, again.NothingToDo(), "after a run nothing is left:\n%s", again)
	return report
}

func (w *world) account(id string) target.Account {
	w.t.Helper()
	found := w.app.ByKey(target.Key{Identity: id})
	require.Len(w.t, found, 1, "accounts of %s", id)
	return found[0]
}

func (w *world) states() map[string]target.State {
	out := map[string]target.State{}
	for _, a := range w.app.All() {
		out[a.Key.String()] = a.State
	}
	return out
}

// removals lists the changes that a plan would run and that take something away.
func removals(p *provision.Plan) []string {
	var out []string
	for _, tp := range p.Targets {
		for i := range tp.Changes {
			if c := &tp.Changes[i]; c.Action.Removes() {
				out = append(out, c.Action.String()+" "+c.Key.String())
			}
		}
	}
	return out
}

func holdsOf(p *provision.Plan, kind reconcile.HoldKind) []reconcile.Hold {
	var out []reconcile.Hold
	for _, tp := range p.Targets {
		for _, h := range tp.Holds {
			for _, r := range h.Reasons {
				if r.Kind == kind {
					out = append(out, h)
					break
				}
			}
		}
	}
	return out
}

// noted counts entries of the journal.
func (w *world) noted(what func(e *provision.Entry) bool) int {
	n := 0
	for e, err := range w.config.Journal.Entries(w.t.Context(), 0) {
		require.NoError(w.t, err)
		if what(&e) {
			n++
		}
	}
	return n
}

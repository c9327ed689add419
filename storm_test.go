package provision_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// storm is a company whose systems fail all the time, and what is true in it.
type storm struct {
	t      *testing.T
	r      *rand.Rand
	hr     *memsource.Source
	app    *memtarget.Target
	config provision.Config
	engine *provision.Engine

	truth map[string]*source.Identity // everybody who ever worked here
	gone  map[string]bool             // missing from the export, for no reason
	// unlisted is since when no whole run that succeeded was given somebody: the
	// engine cannot know whether a list was cut short.
	unlisted map[string]time.Time
	rows     []string // IDs in the order of the export
	cut      int      // how many of them the source gives
}

// TestStorm lets everything fail that can, at random, and checks after every run
// what must hold at any time, and at the end that everything has settled.
// PROVISION_STORM=1 takes a hundred times as many seeds.
func TestStorm(t *testing.T) {
	seeds := 60
	if os.Getenv("PROVISION_STORM") != "" {
		seeds = 6_000
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed%d", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStorm(t, uint64(seed))
				for range 25 {
					s.step()
				}
				s.settle()
			})
		})
	}
}

func newStorm(t *testing.T, seed uint64) *storm {
	t.Helper()
	s := &storm{
		t: t, r: rand.New(rand.NewPCG(seed, 7)), hr: memsource.New("hr"),
		truth: map[string]*source.Identity{}, gone: map[string]bool{}, unlisted: map[string]time.Time{},
	}
	can := memtarget.Everything()
	can.IdempotentCreate = seed%2 == 0
	if seed%3 == 0 { // nothing but the key tells accounts apart: a second create would succeed
		for i := range can.Attributes {
			can.Attributes[i].Unique = false
		}
	}
	s.app = memtarget.New("app", &memtarget.Config{MembersOnEntitlement: seed%2 == 0, Capabilities: &can})
	for i := range 30 {
		s.hire(fmt.Sprintf("E%03d", i))
	}
	s.app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	s.config = provision.Config{
		Source: s.hr, Targets: []target.Target{s.app}, Rules: build(t, companyRules()), Journal: &provision.MemoryJournal{},
		Policy: reconcile.Policy{Limits: map[reconcile.Action]reconcile.Limit{
			reconcile.Disable: reconcile.Unlimited, reconcile.Revoke: reconcile.Unlimited, reconcile.Update: reconcile.Unlimited,
		}},
	}
	s.restart()
	return s
}

func (s *storm) restart() {
	engine, err := provision.New(s.config)
	require.NoError(s.t, err)
	s.engine = engine
}

func (s *storm) hire(id string) {
	p := person(id, []string{"Engineering", "Sales", "Legal", ""}[s.r.IntN(4)], "Clerk")
	p.HireDate = day(1999, 1, 1) // a bubble begins in 2000
	s.truth[id] = &p
}

func (s *storm) somebody() (string, *source.Identity) {
	id := fmt.Sprintf("E%03d", s.r.IntN(len(s.truth)))
	return id, s.truth[id]
}

// export brings the source in line with the truth.
func (s *storm) export() {
	var people []source.Identity
	for i := range len(s.truth) {
		id := fmt.Sprintf("E%03d", i)
		if s.gone[id] {
			continue
		}
		people = append(people, *s.truth[id])
	}
	s.r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	s.hr.Set(people...)
	s.rows, s.cut = nil, len(people)
	for i := range people {
		s.rows = append(s.rows, people[i].ID)
	}
}

// given notes whom a whole run was given.
func (s *storm) given(listed []string, seen bool) {
	now := map[string]bool{}
	for _, id := range listed {
		now[id] = true
	}
	for id := range s.truth {
		_, missing := s.unlisted[id]
		switch {
		case now[id] && seen:
			delete(s.unlisted, id)
		case !now[id] && !missing:
			s.unlisted[id] = time.Now()
		}
	}
}

// step lets a day pass in which something happens, something breaks, and the
// engine runs.
func (s *storm) step() {
	time.Sleep(time.Duration(s.r.IntN(30)) * time.Hour)
	for range s.r.IntN(4) {
		s.happen()
	}
	s.export()
	s.app.Repair()
	s.hr.Break(memsource.Fault{})
	for range s.r.IntN(4) {
		s.breakSomething()
	}
	s.given(s.rows[:s.cut], false)
	switch s.r.IntN(6) {
	case 0:
		s.restart()
	case 1:
		s.interrupted()
	case 2:
		id, _ := s.somebody()
		_, _ = s.engine.SyncOne(s.t.Context(), id)
	default:
		if report, err := s.engine.Sync(s.t.Context()); err == nil {
			s.conserved(report)
			if len(report.Unread) == 0 {
				s.given(s.rows[:s.cut], true)
			}
		}
	}
	s.check()
}

// happen changes the truth.
func (s *storm) happen() {
	id, p := s.somebody()
	switch s.r.IntN(8) {
	case 0:
		s.hire(fmt.Sprintf("E%03d", len(s.truth)))
	case 1:
		p.Status, p.LastDay = source.Terminated, source.DateOf(time.Now().UTC()).AddDays(-1)
	case 2: // back again, or still there
		p.Status, p.HireDate, p.LastDay = source.Active, source.DateOf(time.Now().UTC()), source.Date{}
	case 3, 4:
		p.Department = source.Named([]string{"Engineering", "Sales", "Legal"}[s.r.IntN(3)])
	case 5:
		p.Department = source.Ref{} // the column is empty today
	case 6:
		p.JobTitle = fmt.Sprintf("Grade %d", s.r.IntN(9))
	case 7:
		s.gone[id] = !s.gone[id]
	}
}

// breakSomething makes the systems misbehave.
func (s *storm) breakSomething() {
	classes := []target.Class{
		target.Unclear, target.NotSent, target.Throttled, target.Transient, target.Permanent, target.Conflict, target.Fatal,
	}
	methods := []string{
		"Create", "Update", "Disable", "Enable", "Grant", "Revoke", "EndSessions", "Find", "Accounts", "Entitlements", "",
	}
	f := memtarget.Fault{
		Method: methods[s.r.IntN(len(methods))], Times: s.r.IntN(4) + 1,
		Err: &target.Error{Class: classes[s.r.IntN(len(classes))], Err: errors.New("storm")},
	}
	switch s.r.IntN(6) {
	case 0:
		f.AfterCommit, f.Err = true, nil // it did it, and did not tell
	case 1:
		f.Method, f.After = "Accounts", s.r.IntN(10)
	case 2:
		s.hr.Break(memsource.Fault{After: s.r.IntN(20), ListErr: errors.New("storm")})
		s.cut = len(s.rows)
		return
	case 3:
		s.cut = min(s.cut, s.r.IntN(40))
		s.hr.Break(memsource.Fault{After: s.cut, Truncate: true})
		return
	}
	s.app.Inject(f)
}

// interrupted starts a run and takes its context away in the middle.
func (s *storm) interrupted() {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Duration(s.r.IntN(500))*time.Millisecond)
	defer cancel()
	_, _ = s.engine.Sync(ctx)
}

func (s *storm) conserved(report *provision.Report) {
	planned := 0
	for _, tp := range report.Plan.Targets {
		planned += len(tp.Changes) + len(tp.Holds)
	}
	require.Len(s.t, report.Results, planned, "one result for each change")
	for i := range report.Results {
		require.NotZero(s.t, report.Results[i].Outcome)
	}
}

// check says what must hold at any time.
func (s *storm) check() {
	for id := range s.truth {
		accounts := s.app.ByKey(target.Key{Identity: id})
		require.LessOrEqual(s.t, len(accounts), 1, "%s was created twice", id)
		if len(accounts) == 1 && accounts[0].State == target.Enabled && s.r.IntN(3) == 0 {
			s.app.OpenSessions(accounts[0].ID, 1)
		}
	}
	// Whoever works here never loses anything to a fault, and whoever is not
	// listed not at once.
	for _, call := range s.app.Writes() {
		id := call.Ref.Key.Identity
		p := s.truth[id]
		since, unlisted := s.unlisted[id]
		if call.Method != "Disable" || p.Status != source.Active {
			continue
		}
		require.True(s.t, unlisted, "%s works here, is listed and was disabled", id)
		require.GreaterOrEqual(s.t, time.Since(since), 72*time.Hour, "%s works here and was disabled in the time of grace", id)
	}
	s.app.ForgetCalls()
}

// release lets go what the guards hold: a first run that broke off holds what it
// would have taken from those who moved meanwhile.
func (s *storm) release() {
	desk := provision.NewDesk(s.config.Journal)
	pending, err := desk.Pending(s.t.Context())
	require.NoError(s.t, err)
	for _, p := range pending {
		if p.Guarded != "" {
			require.NoError(s.t, desk.Release(s.t.Context(), p.Guarded, provision.Decision{Actor: "coo"}))
			return
		}
	}
}

// settle ends the storm. Three runs must be enough.
func (s *storm) settle() {
	clear(s.gone)
	s.app.Repair()
	s.hr.Break(memsource.Fault{})
	s.export()
	for range 3 {
		time.Sleep(25 * time.Hour)
		_, err := s.engine.Sync(s.t.Context())
		require.NoError(s.t, err)
		s.release()
	}
	plan, err := s.engine.Plan(s.t.Context())
	require.NoError(s.t, err)
	require.True(s.t, plan.NothingToDo(), "%s", plan)
	for id, p := range s.truth {
		accounts := s.app.ByKey(target.Key{Identity: id})
		if p.Status != source.Active {
			if len(accounts) == 1 {
				require.Equal(s.t, target.Disabled, accounts[0].State, id)
				require.Empty(s.t, accounts[0].Entitlements, id)
				require.Zero(s.t, s.app.Sessions(accounts[0].ID), id)
			}
			continue
		}
		require.Len(s.t, accounts, 1, id)
		require.Equal(s.t, target.Enabled, accounts[0].State, id)
		require.Equal(s.t, p.JobTitle, accounts[0].Attributes.Get("title"), id)
		if p.Department.Name == "Engineering" || p.Department.Name == "Sales" {
			require.Len(s.t, accounts[0].Entitlements, 1, id)
		}
	}
}

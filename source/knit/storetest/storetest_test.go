package storetest

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision/source/knit"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	// One store for all checks of a run, as with a real database.
	m := knit.NewMemory()
	Run(t, func(*testing.T) knit.Store { return m })
}

// recorder stands in for a testing.TB.
type recorder struct{ failures []string }

func (*recorder) Helper()                  {}
func (*recorder) Context() context.Context { return context.Background() }

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// play runs one check on a store, and returns what failed.
func play(name string, s knit.Store) []string {
	rec := &recorder{}
	for _, c := range checks() {
		if c.name != name {
			continue
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			c.do(begin(rec, s))
		}()
		<-done
	}
	return rec.failures
}

// mutant is a store with one mistake.
type mutant struct {
	*knit.Memory
	integration func(string) string
	context     func(context.Context) context.Context
	state       func(knit.State) knit.State
	list        func([]record) []record
	limit       func(int) int
	marks       func(asked, set []string) []string
	commit      func(m *knit.Memory, integration string, c *commit)
	conflict    bool // a commit to any version is written
}

func (m *mutant) name(s string) string {
	if m.integration != nil {
		return m.integration(s)
	}
	return s
}

func (m *mutant) ctx(ctx context.Context) context.Context {
	if m.context != nil {
		return m.context(ctx)
	}
	return ctx
}

func (m *mutant) State(ctx context.Context, i string) (knit.State, error) {
	s, err := m.Memory.State(m.ctx(ctx), m.name(i))
	if m.state != nil {
		s = m.state(s)
	}
	return s, err
}

func (m *mutant) Records(ctx context.Context, i string, ids []string) ([]record, error) {
	return m.Memory.Records(m.ctx(ctx), m.name(i), ids)
}

func (m *mutant) List(ctx context.Context, i, after string, limit int) ([]record, error) {
	if m.limit != nil {
		limit = m.limit(limit)
	}
	page, err := m.Memory.List(m.ctx(ctx), m.name(i), after, limit)
	if m.list != nil {
		page = m.list(page)
	}
	return page, err
}

func (m *mutant) Marks(ctx context.Context, i string, asked []string) ([]string, error) {
	set, err := m.Memory.Marks(m.ctx(ctx), m.name(i), asked)
	if m.marks != nil {
		set = m.marks(asked, set)
	}
	return set, err
}

func (m *mutant) Commit(ctx context.Context, i string, c commit) error {
	i = m.name(i)
	if m.commit != nil {
		m.commit(m.Memory, i, &c)
	}
	if m.conflict {
		s, err := m.Memory.State(ctx, i)
		if err != nil {
			return err
		}
		c.Expect = s.Version
	}
	return m.Memory.Commit(m.ctx(ctx), i, c)
}

// Every mutant breaks one promise, and the check of that promise must notice.
func TestMutants(t *testing.T) {
	forgets := func(alter func(c *commit)) mutant {
		return mutant{commit: func(_ *knit.Memory, _ string, c *commit) { alter(c) }}
	}
	tests := map[string]struct {
		check string
		m     mutant
	}{
		"begins at one":         {"State/new", mutant{state: func(s knit.State) knit.State { s.Version = max(s.Version, 1); return s }}},
		"loses the state":       {"State/readback", forgets(func(c *commit) { c.State = []byte("{}") })},
		"writes any version":    {"Commit/conflict", mutant{conflict: true}},
		"last writer wins":      {"Concurrency/versions", mutant{conflict: true, state: func(s knit.State) knit.State { return knit.State{Body: s.Body} }}},
		"loses when they ended": {"Records/readback", forgets(func(c *commit) { c.Put = altered(c.Put, func(r *record) { r.Ended = time.Time{} }) })},
		"keeps the first body":  {"Records/replace", mutant{commit: keepFirst}},
		"folds IDs":             {"Records/text", forgets(func(c *commit) { c.Put = altered(c.Put, func(r *record) { r.ID = strings.TrimSpace(r.ID) }) })},
		"cuts bodies":           {"Records/large", forgets(func(c *commit) { c.Put = altered(c.Put, func(r *record) { r.Body = r.Body[:min(len(r.Body), 65535)] }) })},
		"any order":             {"List/order", mutant{list: func(p []record) []record { p = slices.Clone(p); slices.Reverse(p); return p }}},
		"no limit":              {"List/pages", mutant{limit: func(int) int { return 1000 }}},
		"short pages":           {"List/pages", mutant{limit: func(n int) int { return n - 1 }}},
		"drops later":           {"Drop/before", forgets(func(c *commit) { c.Drop = later(c.Drop) })},
		"drops leavers":         {"Drop/ended", forgets(func(c *commit) { c.Purge = c.Drop })},
		"puts, then drops":      {"Drop/put", mutant{commit: putFirst}},
		"never purges":          {"Purge/before", forgets(func(c *commit) { c.Purge = time.Time{} })},
		"purges later":          {"Purge/before", forgets(func(c *commit) { c.Purge = later(c.Purge) })},
		"folds marks":           {"Marks/readback", mutant{marks: func(asked, _ []string) []string { return asked }}},
		"renews marks":          {"Marks/twice", mutant{commit: renew}},
		"never forgets":         {"Forget/before", forgets(func(c *commit) { c.Forget = time.Time{} })},
		"one for all":           {"Integration/apart", mutant{integration: func(s string) string { return s[:len(s)-1] }}},
		"folds integrations":    {"Integration/any", mutant{integration: func(s string) string { return strings.TrimRight(s, " ") }}},
		"ignores cancellation":  {"Cancel/all", mutant{context: context.WithoutCancel}},
		"two commits":           {"Concurrency/whole", mutant{commit: halves}},
		"keeps bytes":           {"Commit/copies", mutant{}},
	}
	covered := map[string]bool{}
	for name, tt := range tests {
		covered[tt.check] = true
		tt.m.Memory = knit.NewMemory()
		var s knit.Store = &tt.m
		if name == "keeps bytes" {
			s = &aliasing{mutant: tt.m}
		}
		if len(play(tt.check, s)) == 0 {
			t.Errorf("%s: %s does not notice", name, tt.check)
		}
	}
	for _, c := range checks() {
		if !covered[c.name] {
			t.Errorf("no mutant proves %s", c.name)
		}
	}
}

func altered(all []record, alter func(*record)) []record {
	all = slices.Clone(all)
	for n := range all {
		alter(&all[n])
	}
	return all
}

func later(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(time.Millisecond)
}

func keepFirst(m *knit.Memory, i string, c *commit) {
	c.Put = slices.DeleteFunc(slices.Clone(c.Put), func(r record) bool {
		known, err := m.Records(context.Background(), i, []string{r.ID})
		return err == nil && len(known) > 0
	})
}

// before writes a part of a commit as one of its own.
func before(m *knit.Memory, i string, c *commit, part commit) {
	s, err := m.State(context.Background(), i)
	if err != nil || s.Version != c.Expect {
		return
	}
	part.Expect, part.State = s.Version, s.Body
	if m.Commit(context.Background(), i, part) == nil {
		c.Expect++
	}
}

func putFirst(m *knit.Memory, i string, c *commit) {
	if !c.Drop.IsZero() {
		before(m, i, c, commit{Put: c.Put})
		c.Put = nil
		c.Purge = c.Drop
	}
}

func renew(m *knit.Memory, i string, c *commit) {
	if len(c.Mark) > 0 {
		before(m, i, c, commit{Forget: instant(1_000_000)})
		c.Mark = append([]string{"a"}, c.Mark...)
	}
}

// halves loses what follows the first record when two are written again, as a process
// does that ends between two statements.
func halves(m *knit.Memory, i string, c *commit) {
	if s, err := m.State(context.Background(), i); err == nil && s.Version > 0 {
		c.Put = c.Put[:min(len(c.Put), 1)]
	}
}

// aliasing returns the bytes that it was given.
type aliasing struct {
	mutant
	last []byte
}

func (a *aliasing) Commit(ctx context.Context, i string, c commit) error {
	a.last = c.State
	return a.Memory.Commit(ctx, i, c)
}

func (a *aliasing) State(ctx context.Context, i string) (knit.State, error) {
	s, err := a.Memory.State(ctx, i)
	if a.last != nil {
		s.Body = a.last
	}
	return s, err
}

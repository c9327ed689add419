package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

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
func play(name string, s scimserver.Store) []string {
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
	*scimserver.Memory
	get      func(context.Context, string, scimserver.Type, string) (resource, error)
	list     func(context.Context, string, query) (scimserver.Page, error)
	members  func(context.Context, string, []string) (map[string][]member, error)
	memberOf func(context.Context, string, []string) (map[string][]string, error)
	commit   func(context.Context, string, commit) error
	purge    func(context.Context, string, time.Time) (int, error)
}

func (m *mutant) Get(ctx context.Context, tenant string, t scimserver.Type, id string) (resource, error) {
	if m.get != nil {
		return m.get(ctx, tenant, t, id)
	}
	return m.Memory.Get(ctx, tenant, t, id)
}

func (m *mutant) List(ctx context.Context, tenant string, q query) (scimserver.Page, error) {
	if m.list != nil {
		return m.list(ctx, tenant, q)
	}
	return m.Memory.List(ctx, tenant, q)
}

func (m *mutant) Members(ctx context.Context, tenant string, groups []string) (map[string][]member, error) {
	if m.members != nil {
		return m.members(ctx, tenant, groups)
	}
	return m.Memory.Members(ctx, tenant, groups)
}

func (m *mutant) MemberOf(ctx context.Context, tenant string, members []string) (map[string][]string, error) {
	if m.memberOf != nil {
		return m.memberOf(ctx, tenant, members)
	}
	return m.Memory.MemberOf(ctx, tenant, members)
}

func (m *mutant) Commit(ctx context.Context, tenant string, c commit) error {
	if m.commit != nil {
		return m.commit(ctx, tenant, c)
	}
	return m.Memory.Commit(ctx, tenant, c)
}

func (m *mutant) Purge(ctx context.Context, tenant string, before time.Time) (int, error) {
	if m.purge != nil {
		return m.purge(ctx, tenant, before)
	}
	return m.Memory.Purge(ctx, tenant, before)
}

// altered makes a mutant that alters every commit.
func altered(alter func(m *scimserver.Memory, tenant string, c *commit)) func(*mutant) {
	return func(m *mutant) {
		m.commit = func(ctx context.Context, tenant string, c commit) error {
			c.Put, c.Join, c.Leave = slices.Clone(c.Put), slices.Clone(c.Join), slices.Clone(c.Leave)
			alter(m.Memory, tenant, &c)
			return m.Memory.Commit(ctx, tenant, c)
		}
	}
}

// asked makes a mutant that alters every query.
func asked(alter func(q *query)) func(*mutant) {
	return func(m *mutant) {
		m.list = func(ctx context.Context, tenant string, q query) (scimserver.Page, error) {
			alter(&q)
			return m.Memory.List(ctx, tenant, q)
		}
	}
}

func version(m *scimserver.Memory, tenant string, p put) int64 {
	res, _ := m.Get(context.Background(), tenant, p.Resource.Type, p.Resource.ID)
	return res.Version
}

func eachTerm(c *commit, alter func(*term)) {
	for i := range c.Put {
		res := &c.Put[i].Resource
		res.Terms = slices.Clone(res.Terms)
		for j := range res.Terms {
			alter(&res.Terms[j])
		}
	}
}

func TestMutantsAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want    string // a check that has to fail
		breakIt func(*mutant)
	}{
		"last writer wins": {"Concurrency/versions", altered(func(m *scimserver.Memory, tenant string, c *commit) {
			for i, p := range c.Put {
				c.Put[i].Expect = version(m, tenant, p)
			}
		})},
		"conflict checked before the lock": {"Put/conflict", func(m *mutant) {
			m.commit = func(ctx context.Context, tenant string, c commit) error {
				if err := m.Memory.Commit(ctx, tenant, c); !errors.Is(err, scimserver.ErrConflict) {
					return err
				}
				return nil
			}
		}},
		"values are not unique": {"Unique/taken", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			eachTerm(c, func(t *term) { t.Unique = false })
		})},
		"all values are unique": {"Unique/scope", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			eachTerm(c, func(t *term) { t.Unique = true })
		})},
		"values without case": {"Unique/scope", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			eachTerm(c, func(t *term) { t.Value = strings.ToLower(t.Value) })
		})},
		"values end at 255 bytes": {"Text/long", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			eachTerm(c, func(t *term) { t.Value = t.Value[:min(len(t.Value), 255)] })
		})},
		"values end at NUL": {"Text/values", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			eachTerm(c, func(t *term) { t.Value, _, _ = strings.Cut(t.Value, "\x00") })
		})},
		"terms only grow": {"List/altered", func(m *mutant) {
			held := map[string][]term{}
			altered(func(_ *scimserver.Memory, _ string, c *commit) {
				for i := range c.Put {
					res := &c.Put[i].Resource
					held[res.ID] = append(slices.Clone(held[res.ID]), res.Terms...)
					res.Terms = held[res.ID]
				}
			})(m)
		}},
		"puts one by one": {"Commit/whole", func(m *mutant) {
			m.commit = func(ctx context.Context, tenant string, c commit) error {
				for _, p := range c.Put {
					if err := m.Memory.Commit(ctx, tenant, commit{Put: []put{p}}); err != nil {
						return err
					}
				}
				c.Put = nil
				return m.Memory.Commit(ctx, tenant, c)
			}
		}},
		"joins one after the other": {"Join/nobody", func(m *mutant) {
			m.commit = func(ctx context.Context, tenant string, c commit) error {
				joins := c.Join
				c.Join = nil
				if err := m.Memory.Commit(ctx, tenant, c); err != nil {
					return err
				}
				for _, j := range joins {
					if err := m.Memory.Commit(ctx, tenant, commit{Join: []scimserver.Membership{j}}); err != nil {
						return err
					}
				}
				return nil
			}
		}},
		"leaving after joining": {"Leave/join", func(m *mutant) {
			m.commit = func(ctx context.Context, tenant string, c commit) error {
				leave := c.Leave
				c.Leave = nil
				if err := m.Memory.Commit(ctx, tenant, c); err != nil {
					return err
				}
				return m.Memory.Commit(ctx, tenant, commit{Leave: leave})
			}
		}},
		"the deleted stay in groups": {"Gone/user", altered(func(_ *scimserver.Memory, _ string, c *commit) { c.Gone = nil })},
		"no Display": {"Join/repeat", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			for i := range c.Join {
				c.Join[i].Member.Display = ""
			}
		})},
		"any type may join": {"Join/type", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			for i := range c.Join {
				c.Join[i].Member.Type = ""
			}
		})},
		"one tenant": {"Tenant/apart", func(m *mutant) {
			m.commit = func(ctx context.Context, tenant string, c commit) error {
				return m.Memory.Commit(ctx, strings.TrimSuffix(tenant, "/b")+"!", c)
			}
			m.get = func(ctx context.Context, tenant string, t scimserver.Type, id string) (resource, error) {
				return m.Memory.Get(ctx, strings.TrimSuffix(tenant, "/b")+"!", t, id)
			}
		}},
		"the deleted are shown": {"List/deleted", asked(func(q *query) { q.Deleted = true })},
		"the deleted are lost":  {"List/deleted", asked(func(q *query) { q.Deleted = false })},
		"only the first term":   {"List/terms", asked(func(q *query) { q.Terms = q.Terms[:min(len(q.Terms), 1)] })},
		"no IDs are all": {"List/ids", asked(func(q *query) {
			if len(q.IDs) == 0 {
				q.IDs = nil
			}
		})},
		"offset or after": {"List/pages", asked(func(q *query) {
			if q.After > 0 {
				q.Offset = 0
			}
		})},
		"a total of the page": {"List/pages", func(m *mutant) {
			m.list = func(ctx context.Context, tenant string, q query) (scimserver.Page, error) {
				p, err := m.Memory.List(ctx, tenant, q)
				p.Total = len(p.Resources)
				return p, err
			}
		}},
		"newest first": {"List/order", func(m *mutant) {
			m.list = func(ctx context.Context, tenant string, q query) (scimserver.Page, error) {
				p, err := m.Memory.List(ctx, tenant, q)
				slices.Reverse(p.Resources)
				return p, err
			}
		}},
		"a body that is tidied up": {"Large/body", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			for i := range c.Put {
				c.Put[i].Resource.Body = slices.DeleteFunc(slices.Clone(c.Put[i].Resource.Body), func(b byte) bool { return b == ' ' })
			}
		})},
		"times to the millisecond": {"Get/readback", altered(func(_ *scimserver.Memory, _ string, c *commit) {
			for i := range c.Put {
				c.Put[i].Resource.Created = c.Put[i].Resource.Created.Truncate(time.Millisecond)
			}
		})},
		"purge takes all": {"Purge/before", func(m *mutant) {
			m.purge = func(ctx context.Context, tenant string, _ time.Time) (int, error) {
				return m.Memory.Purge(ctx, tenant, instant(1<<50))
			}
		}},
		"deaf to cancellation": {"Cancel/all", func(m *mutant) {
			m.commit = func(ctx context.Context, tenant string, c commit) error {
				return m.Memory.Commit(context.WithoutCancel(ctx), tenant, c)
			}
		}},
		"members out of order": {"Join/readback", func(m *mutant) {
			m.members = func(ctx context.Context, tenant string, groups []string) (map[string][]member, error) {
				all, err := m.Memory.Members(ctx, tenant, groups)
				for _, members := range all {
					slices.Reverse(members)
				}
				return all, err
			}
		}},
		"sequence is counted before the commit": {"Concurrency/pages", lateSequence},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &mutant{Memory: scimserver.NewMemory()}
			c.breakIt(m)
			if len(play(c.want, m)) == 0 {
				t.Errorf("%s passed", c.want)
			}
		})
	}
}

// lateSequence makes one resource in five appear only when somebody has read on
// behind it: as a database does that numbers rows before their transactions are
// committed.
func lateSequence(m *mutant) {
	var mu sync.Mutex
	hidden := map[string]bool{}
	n := 0
	m.commit = func(ctx context.Context, tenant string, c commit) error {
		mu.Lock()
		defer mu.Unlock()
		if n++; n%5 == 0 && len(c.Put) == 1 && c.Put[0].Expect == 0 && strings.HasPrefix(c.Put[0].Resource.ID, "new") {
			hidden[c.Put[0].Resource.ID] = true
		}
		return m.Memory.Commit(ctx, tenant, c)
	}
	m.list = func(ctx context.Context, tenant string, q query) (scimserver.Page, error) {
		mu.Lock()
		defer mu.Unlock()
		limit := q.Limit
		q.Limit += len(hidden)
		p, err := m.Memory.List(ctx, tenant, q)
		late := func(res resource) bool { return hidden[res.ID] }
		shown := slices.DeleteFunc(slices.Clone(p.Resources), late)
		shown = shown[:min(len(shown), limit)]
		for _, res := range p.Resources {
			if len(shown) > 0 && res.Sequence < shown[len(shown)-1].Sequence {
				delete(hidden, res.ID)
			}
		}
		p.Resources = shown
		return p, err
	}
}

package provisiontest

import (
	"context"
	"iter"
	"slices"
	"sync"

	"github.com/provision-go/provision/target"
)

// A stormSystem is a system that several tenants have accounts in, like a table with a
// column for the tenant.
type stormSystem struct {
	target.Target
	mu    sync.Mutex
	owner map[string]string // tenant, by native id
}

// A stormSpace is what one tenant has there, as its connector shows it. A native id is
// good for the whole system: who has one of another tenant reaches its account, and
// that is for the oracle to notice.
type stormSpace struct {
	*stormSystem
	tenant string
}

// space returns a tenant's part of the system of a name. Systems that the user makes
// are not shared, because nothing is known of what they keep unique.
func (t *stormTown) space(c *StormConfig, name, tenant string, seed uint64) target.Target {
	at := name
	if c.Target != nil {
		at += " of " + tenant
	}
	if t.systems[at] == nil {
		inner := stormMemTarget(name, seed)
		if c.Target != nil {
			inner = c.Target(name)
		}
		t.systems[at] = &stormSystem{Target: inner, owner: map[string]string{}}
	}
	if c.Target != nil || !tenancyOf(c, seed).second {
		return t.systems[at].Target
	}
	return &stormSpace{t.systems[at], tenant}
}

// stranger returns the other tenant that an account belongs to, "" if none.
func (w *stormWorld) stranger(name, id string) string {
	if len(w.town.worlds) < 2 || id == "" {
		return ""
	}
	s := w.town.systems[name]
	if s == nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if owner := s.owner[id]; owner != w.tenant {
		return owner
	}
	return ""
}

func (s *stormSpace) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owner[id] == s.tenant
}

func (s *stormSpace) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	made, err := s.Target.Create(ctx, req)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.owner[made.ID] == "" { // else it took this create for an earlier one
			s.owner[made.ID] = s.tenant
		}
	}
	return made, err
}

func (s *stormSpace) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		for a, err := range s.Target.Accounts(ctx) {
			if (err != nil || s.has(a.ID)) && !yield(a, err) {
				return
			}
		}
	}
}

func (s *stormSpace) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	found, err := s.Target.Find(ctx, by)
	return slices.DeleteFunc(found, func(a target.Account) bool { return !s.has(a.ID) }), err
}

func (s *stormSpace) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		for h, err := range s.Target.Entitlements(ctx) {
			h.Members = slices.DeleteFunc(slices.Clone(h.Members), func(id string) bool { return !s.has(id) })
			if !yield(h, err) {
				return
			}
		}
	}
}

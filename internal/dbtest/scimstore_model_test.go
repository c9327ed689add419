package dbtest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// TestStoreModel: after any commits, whether they succeeded or not, a store on a
// database answers everything as the store in memory does.
func TestStoreModel(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		s := e.store(t, e.open(t))
		for seed := range uint64(20) {
			m := &model{T: t, random: rand.New(rand.NewPCG(seed, 0)), memory: scimserver.NewMemory(), store: s, tenant: fmt.Sprint("seed", seed)}
			done := 0
			for step := range 40 {
				done += m.commit()
				if step%10 == 9 {
					m.purge()
				}
				m.compare(fmt.Sprintf("seed %d, step %d", seed, step))
			}
			require.Greater(t, done, 5, "seed %d: commits that succeeded", seed)
		}
	})
}

// model does the same to two stores.
type model struct {
	*testing.T
	random        *rand.Rand
	memory, store scimserver.Store
	tenant        string
	clock         int
}

func (m *model) id() string { return fmt.Sprint("r", m.random.IntN(8)) }

func (m *model) some(most int, do func()) {
	for range m.random.IntN(most + 1) {
		do()
	}
}

// commit writes something random, most of which is possible, and returns 1 if it was.
func (m *model) commit() int {
	var c scimserver.Commit
	m.some(3, func() { c.Put = append(c.Put, m.put()) })
	m.some(1, func() { c.Gone = append(c.Gone, m.id()) })
	m.some(2, func() { c.Leave = append(c.Leave, m.membership()) })
	m.some(2, func() { c.Join = append(c.Join, m.membership()) })
	want, got := m.memory.Commit(m.Context(), m.tenant, c), m.store.Commit(m.Context(), m.tenant, c)
	require.Equal(m, want == nil, got == nil, "%v, want %v", got, want)
	if want == nil {
		return 1
	}
	return 0
}

func (m *model) put() scimserver.Put {
	m.clock++
	now := time.UnixMicro(int64(m.clock)).UTC()
	p := scimserver.Put{Resource: scimserver.Resource{
		Type: scimserver.User, ID: m.id(), Created: now, Modified: now, Body: fmt.Appendf(nil, `{"n":%d}`, m.clock),
	}}
	if p.Resource.ID < "r3" {
		p.Resource.Type = scimserver.Group
	}
	page, err := m.memory.List(m.Context(), m.tenant, scimserver.Query{Type: p.Resource.Type, IDs: []string{p.Resource.ID}, Deleted: true, Limit: 1})
	require.NoError(m, err)
	for _, r := range page.Resources {
		p.Expect = r.Version
	}
	m.some(3, func() {
		p.Resource.Terms = append(p.Resource.Terms, scimserver.Term{
			Name: fmt.Sprint("n", m.random.IntN(2)), Value: fmt.Sprint(m.random.IntN(6)), Unique: m.random.IntN(2) == 0,
		})
	})
	if m.random.IntN(6) == 0 {
		p.Resource.Deleted = now
	}
	return p
}

func (m *model) membership() scimserver.Membership {
	return scimserver.Membership{Group: fmt.Sprint("r", m.random.IntN(3)), Member: scimserver.Member{ID: m.id(), Display: fmt.Sprint(m.random.IntN(2))}}
}

func (m *model) purge() {
	before := time.UnixMicro(int64(m.clock - 10)).Add(time.Duration(m.random.IntN(2000)))
	want, err := m.memory.Purge(m.Context(), m.tenant, before)
	require.NoError(m, err)
	got, err := m.store.Purge(m.Context(), m.tenant, before)
	require.NoError(m, err)
	require.Equal(m, want, got)
}

// compare asks both stores the same.
func (m *model) compare(when string) {
	var ids []string
	for i := range 8 {
		ids = append(ids, fmt.Sprint("r", i))
	}
	type answers struct {
		Page    scimserver.Page
		Members map[string][]scimserver.Member
		Groups  map[string][]string
	}
	q := scimserver.Query{Type: scimserver.User, Deleted: m.random.IntN(2) == 0, Limit: m.random.IntN(4), Offset: m.random.IntN(3), After: m.random.Int64N(5), Total: true}
	if m.random.IntN(2) == 0 {
		q.Type, q.Limit = scimserver.Group, 10
	}
	if m.random.IntN(3) == 0 {
		q.Member = m.id()
	}
	if m.random.IntN(3) == 0 {
		q.IDs = ids[m.random.IntN(8):]
	}
	m.some(2, func() {
		q.Terms = append(q.Terms, scimserver.Term{Name: fmt.Sprint("n", m.random.IntN(2)), Value: fmt.Sprint(m.random.IntN(6))})
	})
	ask := func(s scimserver.Store) answers {
		var a answers
		var err error
		a.Page, err = s.List(m.Context(), m.tenant, q)
		require.NoError(m, err)
		a.Members, err = s.Members(m.Context(), m.tenant, ids)
		require.NoError(m, err)
		a.Groups, err = s.MemberOf(m.Context(), m.tenant, ids)
		require.NoError(m, err)
		return a
	}
	require.Equal(m, ask(m.memory), ask(m.store), "%s: %+v", when, q)
}

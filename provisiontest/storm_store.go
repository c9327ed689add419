package provisiontest

import (
	"iter"
	"sync"

	"github.com/provision-go/provision"
)

// stormStore is the journals of all tenants in one table, as a database has them:
// positions are counted over all, and each tenant has a lease of its own.
type stormStore struct {
	mu     sync.Mutex
	rows   []stormRow // the one at n has position n+1
	fences map[string]provision.Fence
}

type stormRow struct {
	tenant string
	entry  *provision.Entry
}

// add appends entries of a tenant and returns them as they are kept.
func (s *stormStore) add(tenant string, entries []provision.Entry) ([]provision.Entry, error) {
	kept := make([]provision.Entry, len(entries))
	s.mu.Lock()
	defer s.mu.Unlock()
	leased := tenant
	fence, err := s.fences[leased].Admit(entries...)
	if err != nil {
		return nil, err
	}
	s.fences[leased] = fence
	for i := range entries {
		kept[i] = entries[i]
		kept[i].Position = uint64(len(s.rows)) + 1
		s.rows = append(s.rows, stormRow{tenant, &kept[i]})
	}
	return kept, nil
}

// read yields a tenant's entries after a position.
func (s *stormStore) read(tenant string, after uint64) iter.Seq[*provision.Entry] {
	return func(yield func(*provision.Entry) bool) {
		s.mu.Lock()
		rows := s.rows
		s.mu.Unlock()
		for _, row := range rows[min(after, uint64(len(rows))):] {
			if row.tenant == tenant && !yield(row.entry) {
				return
			}
		}
	}
}

package dbtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// BenchmarkStore: what a store with 100,000 users and 10,000 groups takes for one of
// each.
func BenchmarkStore(b *testing.B) {
	const users = 100_000
	for _, e := range storeEngines() {
		b.Run(e.name, func(b *testing.B) {
			db := e.open(b)
			s := e.store(b, db)
			fill(b, s, "acme", users)
			for _, statement := range []string{"VACUUM", "ANALYZE"} { // as PostgreSQL does by itself after a while
				_, err := db.ExecContext(b.Context(), statement)
				require.NoError(b, err)
			}
			benchmarkStoreReads(b, s, users)
			benchmarkStoreWrites(b, s, users)
		})
	}
}

func benchmarkStoreReads(b *testing.B, s scimserver.Store, users int) {
	b.Helper()
	ctx := b.Context()
	b.Run("get", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			_, err := s.Get(ctx, "acme", scimserver.User, person(i*7919%users).ID)
			require.NoError(b, err)
		}
	})
	var last int64
	for _, bench := range []struct {
		name  string
		query func(i int) scimserver.Query
		found int
	}{
		{"by-username", func(i int) scimserver.Query {
			return scimserver.Query{Type: scimserver.User, Terms: person(i * 7919 % users).Terms[:1], Limit: 2, Total: true}
		}, 1},
		{"groups-of-member", func(i int) scimserver.Query {
			return scimserver.Query{Type: scimserver.Group, Member: person(i * 7919 % users).ID, Limit: 2}
		}, 1},
		{"page100-after", func(int) scimserver.Query {
			return scimserver.Query{Type: scimserver.User, After: last, Limit: 100}
		}, 100},
		{"page100-offset", func(i int) scimserver.Query {
			return scimserver.Query{Type: scimserver.User, Offset: i * 7919 % users / 100 * 100, Limit: 100}
		}, 100},
		{"page100-offset-total", func(i int) scimserver.Query {
			return scimserver.Query{Type: scimserver.User, Offset: i * 7919 % users / 100 * 100, Limit: 100, Total: true}
		}, 100},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				page, err := s.List(ctx, "acme", bench.query(i))
				require.NoError(b, err)
				if len(page.Resources) != bench.found {
					require.Equal(b, "page100-after", bench.name)
					last = 0 // the end
					continue
				}
				last = page.Resources[len(page.Resources)-1].Sequence
			}
		})
	}
}

func benchmarkStoreWrites(b *testing.B, s scimserver.Store, users int) {
	b.Helper()
	ctx := b.Context()
	b.Run("put", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			r, err := s.Get(ctx, "acme", scimserver.User, person(i*7919%users).ID)
			require.NoError(b, err)
			r.Terms = person(i * 7919 % users).Terms
			require.NoError(b, s.Commit(ctx, "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: r, Expect: r.Version}}}))
		}
	})
	b.Run("create-delete", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			r := person(users + i)
			require.NoError(b, s.Commit(ctx, "acme", creation(r)))
			r.Deleted = r.Modified
			require.NoError(b, s.Commit(ctx, "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: r, Expect: 1}}, Gone: []string{r.ID}}))
		}
		_, err := s.Purge(ctx, "acme", person(0).Modified.AddDate(1, 0, 0))
		require.NoError(b, err)
	})
	b.Run("join-leave", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			one := []scimserver.Membership{{Group: "g0", Member: scimserver.Member{ID: person(1000 + i*7919%(users-1000)).ID}}}
			require.NoError(b, s.Commit(ctx, "acme", scimserver.Commit{Join: one}))
			require.NoError(b, s.Commit(ctx, "acme", scimserver.Commit{Leave: one}))
		}
	})
}

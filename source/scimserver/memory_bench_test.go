package scimserver_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

func person(n int) scimserver.Resource {
	return scimserver.Resource{
		Type: scimserver.User, ID: fmt.Sprintf("0198f2c4-7a10-7000-8000-%012d", n),
		Body: fmt.Appendf(nil, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"user%d@acme.example",`+
			`"name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"value":"user%d@acme.example","type":"work","primary":true}],"active":true}`, n, n),
		Terms: []scimserver.Term{
			{Name: "username", Value: fmt.Sprintf("user%d@acme.example", n), Unique: true},
			{Name: "externalid", Value: fmt.Sprint("E", n)},
			{Name: "emails.value", Value: fmt.Sprintf("user%d@acme.example", n)},
		},
	}
}

// filled returns a store with people.
func filled(tb testing.TB, people int) *scimserver.Memory {
	tb.Helper()
	m := scimserver.NewMemory()
	var c scimserver.Commit
	for i := range people {
		c.Put = append(c.Put, scimserver.Put{Resource: person(i)})
	}
	require.NoError(tb, m.Commit(tb.Context(), "acme", c))
	return m
}

func BenchmarkMemory(b *testing.B) {
	for _, people := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint("people=", people), func(b *testing.B) {
			m := filled(b, people)
			benchmarkReads(b, m, people)
			benchmarkWrites(b, m, people)
		})
	}
}

func benchmarkReads(b *testing.B, m *scimserver.Memory, people int) {
	b.Helper()
	ids := make([]string, people)
	logins := make([]string, people)
	for i := range people {
		p := person(i)
		ids[i], logins[i] = p.ID, p.Terms[0].Value
	}
	b.Run("get", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_, err := m.Get(b.Context(), "acme", scimserver.User, ids[i%people])
			require.NoError(b, err)
		}
	})
	b.Run("get-parallel", func(b *testing.B) {
		var n atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for i := int(n.Add(7919)); pb.Next(); i++ {
				if _, err := m.Get(b.Context(), "acme", scimserver.User, ids[i%people]); err != nil {
					b.Error(err)
				}
			}
		})
	})
	b.Run("list-term", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			p, err := m.List(b.Context(), "acme", scimserver.Query{
				Type: scimserver.User, Terms: []scimserver.Term{{Name: "username", Value: logins[i%people]}}, Limit: 2, Total: true,
			})
			if err != nil || len(p.Resources) != 1 {
				b.Fatal(err, len(p.Resources))
			}
		}
	})
	b.Run("page100-offset", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			p, err := m.List(b.Context(), "acme", scimserver.Query{
				Type: scimserver.User, Offset: i * 100 % people, Limit: 100, Total: true,
			})
			if err != nil || len(p.Resources) != 100 {
				b.Fatal(err, len(p.Resources))
			}
		}
	})
}

func benchmarkWrites(b *testing.B, m *scimserver.Memory, people int) {
	b.Helper()
	versions := make([]int64, people)
	for i := range versions {
		versions[i] = 1
	}
	b.Run("put", func(b *testing.B) {
		b.ReportAllocs()
		all := make([]scimserver.Resource, people)
		for i := range all {
			all[i] = person(i)
		}
		for i := 0; b.Loop(); i++ {
			n := i % people
			err := m.Commit(b.Context(), "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: all[n], Expect: versions[n]}}})
			require.NoError(b, err)
			versions[n]++
		}
	})
	b.Run("create-delete", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			p := person(0)
			p.ID, p.Terms = fmt.Sprint("new", b.N, "-", i), []scimserver.Term{{Name: "username", Value: fmt.Sprint("new", i), Unique: true}}
			require.NoError(b, m.Commit(b.Context(), "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: p}}}))
			p.Deleted = p.Modified.AddDate(2025, 0, 0)
			require.NoError(b, m.Commit(b.Context(), "acme", scimserver.Commit{
				Put: []scimserver.Put{{Resource: p, Expect: 1}}, Gone: []string{p.ID},
			}))
		}
		_, err := m.Purge(b.Context(), "acme", person(0).Modified.AddDate(2026, 0, 0))
		require.NoError(b, err)
	})
	b.Run("join-leave", func(b *testing.B) {
		b.ReportAllocs()
		all := scimserver.Commit{Put: []scimserver.Put{{Resource: scimserver.Resource{Type: scimserver.Group, ID: fmt.Sprint("g", b.N)}}}}
		for i := range people {
			all.Join = append(all.Join, scimserver.Membership{Group: fmt.Sprint("g", b.N), Member: scimserver.Member{ID: person(i).ID}})
		}
		if _, err := m.Get(b.Context(), "acme", scimserver.Group, fmt.Sprint("g", b.N)); err != nil {
			require.NoError(b, m.Commit(b.Context(), "acme", all))
		}
		for i := 0; b.Loop(); i++ {
			one := all.Join[i%people : i%people+1]
			require.NoError(b, m.Commit(b.Context(), "acme", scimserver.Commit{Leave: one}))
			require.NoError(b, m.Commit(b.Context(), "acme", scimserver.Commit{Join: one}))
		}
	})
}

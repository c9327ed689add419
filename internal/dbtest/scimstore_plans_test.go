package dbtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// fill writes users, and groups of ten.
func fill(tb testing.TB, s scimserver.Store, tenant string, users int) {
	tb.Helper()
	for from := 0; from < users; from += 1000 {
		var c scimserver.Commit
		for i := from; i < min(from+1000, users); i++ {
			c.Put = append(c.Put, scimserver.Put{Resource: person(i)})
			id := fmt.Sprint("g", i/10)
			if i%10 == 0 {
				c.Put = append(c.Put, scimserver.Put{Resource: scimserver.Resource{
					Type: scimserver.Group, ID: id, Body: []byte("{}"), Terms: []scimserver.Term{{Name: "displayname", Value: id, Unique: true}},
				}})
			}
			c.Join = append(c.Join, scimserver.Membership{Group: id, Member: scimserver.Member{ID: person(i).ID}})
		}
		require.NoError(tb, s.Commit(tb.Context(), tenant, c))
	}
}

// everything does everything that a store can, to a few resources.
func everything(t *testing.T, s scimserver.Store) {
	t.Helper()
	ctx := t.Context()
	_, err := s.Get(ctx, "acme", scimserver.User, person(7).ID)
	require.NoError(t, err)
	for _, q := range []scimserver.Query{
		{Type: scimserver.User},
		{Type: scimserver.User, Deleted: true},
		{Type: scimserver.User, After: 500},
		{Type: scimserver.User, Offset: 700},
		{Type: scimserver.User, Terms: person(7).Terms[:1]},
		{Type: scimserver.User, Terms: person(7).Terms},
		{Type: scimserver.User, IDs: []string{person(7).ID, person(8).ID}},
		{Type: scimserver.User, IDs: []string{person(7).ID}, Deleted: true},
		{Type: scimserver.Group, Member: person(7).ID},
		{Type: scimserver.Group, Member: person(7).ID, IDs: []string{"g0"}, Terms: []scimserver.Term{{Name: "displayname", Value: "g0"}}},
	} {
		q.Limit, q.Total = 5, true
		page, err := s.List(ctx, "acme", q)
		require.NoError(t, err)
		require.NotEmpty(t, page.Resources)
	}
	_, err = s.Members(ctx, "acme", []string{"g0", "g1"})
	require.NoError(t, err)
	_, err = s.MemberOf(ctx, "acme", []string{person(7).ID, person(8).ID})
	require.NoError(t, err)

	r := person(7)
	r.Terms = []scimserver.Term{{Name: "username", Value: "other", Unique: true}}
	require.NoError(t, s.Commit(ctx, "acme", scimserver.Commit{
		Put:   []scimserver.Put{{Resource: r, Expect: 1}, {Resource: person(100_000)}},
		Leave: []scimserver.Membership{{Group: "g0", Member: scimserver.Member{ID: r.ID}}},
		Join:  []scimserver.Membership{{Group: "g1", Member: scimserver.Member{ID: r.ID}}},
	}))
	r.Deleted = r.Modified
	require.NoError(t, s.Commit(ctx, "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: r, Expect: 2}}, Gone: []string{r.ID}}))
	n, err := s.Purge(ctx, "acme", r.Deleted.Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, 1, n)
}

// scans finds the tables that a plan reads from one end to the other, or all that a
// tenant has in them. That of tenants is no larger than the tenants are many.
func scans() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"SQLite":     regexp.MustCompile(`(?m)^SCAN scim_.*|.*AUTOMATIC.*|.*\(tenant=\?\)$`),
		"PostgreSQL": regexp.MustCompile(`(?m)Seq Scan on scim_(resources|terms|members).*|Index Cond: \(tenant = [^()]*\)$`),
	}
}

func explained(ctx context.Context, tb testing.TB, db *sql.DB, engine string, s said) string {
	tb.Helper()
	ask := map[string]string{"SQLite": "EXPLAIN QUERY PLAN ", "PostgreSQL": "EXPLAIN "}[engine]
	rows, err := db.QueryContext(ctx, ask+s.query, s.args...)
	require.NoError(tb, err, s.query)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(tb, err)
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(any)
	}
	var line string
	into[len(into)-1] = &line // the others are numbers
	var plan strings.Builder
	for rows.Next() {
		require.NoError(tb, rows.Scan(into...))
		plan.WriteString(line + "\n")
	}
	require.NoError(tb, rows.Err())
	return plan.String()
}

// TestStorePlans: nothing that concerns a few resources reads a whole table, whether the
// database knows how large its tables are or not, and a page is read in its order.
func TestStorePlans(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		inner := e.open(t)
		db, told := recorded(t, inner)
		s := e.store(t, db)
		fill(t, s, "globex", 1000)
		if e.name == "PostgreSQL" { // without figures it takes empty tables for small
			fill(t, s, "acme", 5000)
			_, err := inner.ExecContext(t.Context(), "ANALYZE")
			require.NoError(t, err)
		} else {
			fill(t, s, "acme", 1000)
		}
		told.take()
		everything(t, s)
		statements := told.take()
		require.Greater(t, len(statements), 30)
		pages := 0
		for n := range 2 {
			if n == 1 {
				_, err := inner.ExecContext(t.Context(), "ANALYZE")
				require.NoError(t, err)
			}
			for _, said := range statements {
				plan := explained(t.Context(), t, inner, e.name, said)
				if strings.HasPrefix(said.query, "SELECT count(*)") && len(said.args) == 2 {
					if e.name == "SQLite" { // all that a tenant has are counted, without the bodies
						assert.Regexp(t, `USING COVERING INDEX scim_resources_(live|all) \(tenant=\? AND kind=\?\)`, plan, said.query)
					}
					continue
				}
				assert.Empty(t, scans()[e.name].FindString(plan), "%s\n%s", said.query, plan)
				if strings.Contains(said.query, "> $3 ORDER BY sequence LIMIT $4") || strings.Contains(said.query, "> ?3 ORDER BY sequence LIMIT ?4") {
					pages++
					assert.NotRegexp(t, "(?i)sort|b-tree for order", plan, said.query)
				}
			}
		}
		assert.Equal(t, 6, pages, "pages of all that a tenant has, before and after")
	})
}

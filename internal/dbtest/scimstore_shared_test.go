package dbtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/source/scimserver/sqlstore"
	"github.com/provision-go/provision/source/scimserver/storetest"
)

// inTurn is several stores on one database, as in several processes: what one lets
// wait, the next does not.
type inTurn struct {
	stores []*sqlstore.Store
	calls  atomic.Int64
}

func (s *inTurn) next() *sqlstore.Store { return s.stores[s.calls.Add(1)%int64(len(s.stores))] }

func (s *inTurn) Get(ctx context.Context, tenant string, t scimserver.Type, id string) (scimserver.Resource, error) {
	return s.next().Get(ctx, tenant, t, id)
}

func (s *inTurn) List(ctx context.Context, tenant string, q scimserver.Query) (scimserver.Page, error) {
	return s.next().List(ctx, tenant, q)
}

func (s *inTurn) Members(ctx context.Context, tenant string, groups []string) (map[string][]scimserver.Member, error) {
	return s.next().Members(ctx, tenant, groups)
}

func (s *inTurn) MemberOf(ctx context.Context, tenant string, members []string) (map[string][]string, error) {
	return s.next().MemberOf(ctx, tenant, members)
}

func (s *inTurn) Commit(ctx context.Context, tenant string, c scimserver.Commit) error {
	return s.next().Commit(ctx, tenant, c)
}

func (s *inTurn) Purge(ctx context.Context, tenant string, before time.Time) (int, error) {
	return s.next().Purge(ctx, tenant, before)
}

// TestStoreShared: the contract holds among processes that know nothing of each other.
func TestStoreShared(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		db := e.open(t)
		shared := &inTurn{}
		for range 4 {
			shared.stores = append(shared.stores, e.store(t, db))
		}
		storetest.Run(t, func(*testing.T) scimserver.Store { return shared })
	})
}

// TestStoreTables: whoever makes the tables again, also at the same time, does no harm,
// and two prefixes are two stores.
func TestStoreTables(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		db := e.open(t)
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				s, err := sqlstore.New(db, sqlstore.Config{Dialect: e.dialect})
				if err == nil {
					err = s.CreateTables(t.Context())
				}
				errs[i] = err
			})
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
		s := e.store(t, db)
		require.NoError(t, s.Commit(t.Context(), "acme", creation(person(1))))
		require.NoError(t, s.CreateTables(t.Context()))
		_, err := s.Get(t.Context(), "acme", scimserver.User, person(1).ID)
		require.NoError(t, err)

		statements, err := sqlstore.Schema(e.dialect, "other_")
		require.NoError(t, err)
		for range 2 {
			for _, statement := range statements {
				_, err := db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
		}
		other, err := sqlstore.New(db, sqlstore.Config{Dialect: e.dialect, Prefix: "other_"})
		require.NoError(t, err)
		_, err = other.Get(t.Context(), "acme", scimserver.User, person(1).ID)
		require.ErrorIs(t, err, scimserver.ErrNotFound)
		require.NoError(t, other.Commit(t.Context(), "acme", creation(person(1))))
	})
}

// TestStoreReopened: what was committed is there when the process begins anew, and
// sequences go on where they were.
func TestStoreReopened(t *testing.T) {
	t.Parallel()
	e := storeEngines()[0]
	path := "file:" + filepath.ToSlash(filepath.Join(t.TempDir(), "scim.sqlite"))
	var before scimserver.Page
	for run := range 3 {
		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		s := e.store(t, db)
		after, err := s.List(t.Context(), "acme", scimserver.Query{Type: scimserver.User, Limit: 10, Total: true})
		require.NoError(t, err)
		assert.Equal(t, before, after)
		assert.Len(t, after.Resources, run)
		members, err := s.Members(t.Context(), "acme", []string{"g"})
		require.NoError(t, err)
		assert.Len(t, members["g"], run)

		c := creation(person(run))
		if run == 0 {
			c.Put = append(c.Put, scimserver.Put{Resource: scimserver.Resource{Type: scimserver.Group, ID: "g", Body: []byte("{}")}})
		}
		c.Join = []scimserver.Membership{{Group: "g", Member: scimserver.Member{ID: person(run).ID}}}
		require.NoError(t, s.Commit(t.Context(), "acme", c))
		err = s.Commit(t.Context(), "acme", creation(scimserver.Resource{Type: scimserver.User, ID: "x", Body: []byte("{}"), Terms: person(run).Terms}))
		require.ErrorIs(t, err, scimserver.ErrTaken)
		before, err = s.List(t.Context(), "acme", scimserver.Query{Type: scimserver.User, Limit: 10, Total: true})
		require.NoError(t, err)
		require.NoError(t, db.Close())
	}
}

// person is a user as the server makes one.
func person(n int) scimserver.Resource {
	login := fmt.Sprintf("user%d@acme.example", n)
	return scimserver.Resource{
		Type: scimserver.User, ID: fmt.Sprintf("0198f2c4-7a10-7000-8000-%012d", n),
		Created: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), Modified: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Body: fmt.Appendf(nil, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%[1]s",`+
			`"name":{"givenName":"Ana","familyName":"Silva"},"emails":[{"value":"%[1]s","type":"work","primary":true}],"active":true}`, login),
		Terms: []scimserver.Term{
			{Name: "username", Value: login, Unique: true},
			{Name: "externalid", Value: fmt.Sprint("E", n)},
			{Name: "emails.value", Value: login},
		},
	}
}

func creation(all ...scimserver.Resource) scimserver.Commit {
	var c scimserver.Commit
	for _, r := range all {
		c.Put = append(c.Put, scimserver.Put{Resource: r})
	}
	return c
}

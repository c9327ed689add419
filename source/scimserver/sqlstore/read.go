package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/provision-go/provision/source/scimserver"
)

// What a resource is read from, and whose it is.
const (
	columns  = "SELECT sequence, kind, id, version, created, modified, deleted, body FROM @resources WHERE "
	ofTenant = "tenant = (SELECT tenant FROM @tenants WHERE digest = ?)"
)

// Get implements [scimserver.Store].
func (s *Store) Get(ctx context.Context, tenant string, t scimserver.Type, id string) (scimserver.Resource, error) {
	var found scimserver.Resource
	if err := ctx.Err(); err != nil {
		return found, err
	}
	if !plain(id) {
		return found, scimserver.ErrNotFound
	}
	err := s.retried(ctx, func() error {
		found = scimserver.Resource{}
		return s.each(ctx, s.db, func(rows *sql.Rows) error {
			r, err := scan(rows)
			found = r
			return err
		}, columns+ofTenant+" AND id = ? AND kind = ? AND deleted IS NULL", digest(tenant), id, string(t))
	})
	switch {
	case err != nil:
		return scimserver.Resource{}, fmt.Errorf("scim store: read a resource: %w", err)
	case found.ID == "":
		return found, scimserver.ErrNotFound
	}
	return found, nil
}

// Members implements [scimserver.Store].
func (s *Store) Members(ctx context.Context, tenant string, groups []string) (map[string][]scimserver.Member, error) {
	var out map[string][]scimserver.Member
	err := s.memberships(ctx, func() { out = map[string][]scimserver.Member{} }, func(rows *sql.Rows) error {
		var group string
		var m scimserver.Member
		var display []byte
		if err := rows.Scan(&group, &m.ID, &m.Type, &display); err != nil {
			return err
		}
		m.Display = string(display)
		out[group] = append(out[group], m)
		return nil
	}, "SELECT group_id, member_id, kind, display FROM @members WHERE "+ofTenant+
		" AND group_id "+s.d.texts+" ORDER BY group_id, member_id", tenant, groups)
	if err != nil {
		return nil, fmt.Errorf("scim store: read members: %w", err)
	}
	return out, nil
}

// MemberOf implements [scimserver.Store].
func (s *Store) MemberOf(ctx context.Context, tenant string, members []string) (map[string][]string, error) {
	var out map[string][]string
	err := s.memberships(ctx, func() { out = map[string][]string{} }, func(rows *sql.Rows) error {
		var member, group string
		if err := rows.Scan(&member, &group); err != nil {
			return err
		}
		out[member] = append(out[member], group)
		return nil
	}, "SELECT member_id, group_id FROM @members WHERE "+ofTenant+
		" AND member_id "+s.d.texts+" ORDER BY member_id, group_id", tenant, members)
	if err != nil {
		return nil, fmt.Errorf("scim store: read groups of members: %w", err)
	}
	return out, nil
}

// memberships reads rows about some IDs, with one statement however many they are: so
// no commit is seen in part. Each attempt begins afresh.
func (s *Store) memberships(ctx context.Context, afresh func(), do func(*sql.Rows) error, query, tenant string, ids []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	afresh()
	ids = plainOnes(ids)
	if len(ids) == 0 {
		return nil
	}
	return s.retried(ctx, func() error {
		afresh()
		return s.each(ctx, s.db, do, query, digest(tenant), list(ids))
	})
}

// scan reads one resource.
func scan(rows *sql.Rows) (scimserver.Resource, error) {
	var r scimserver.Resource
	var created, modified int64
	var deleted sql.NullInt64
	err := rows.Scan(&r.Sequence, &r.Type, &r.ID, &r.Version, &created, &modified, &deleted, &r.Body)
	r.Created, r.Modified = time.UnixMicro(created).UTC(), time.UnixMicro(modified).UTC()
	if deleted.Valid {
		r.Deleted = time.UnixMicro(deleted.Int64).UTC()
	}
	return r, err
}

// plain reports whether an ID is one that a resource can have.
func plain(id string) bool {
	return id != "" && len(id) <= 255 && utf8.ValidString(id) && !strings.ContainsRune(id, 0)
}

// plainOnes returns the IDs that resources can have.
func plainOnes(ids []string) []string {
	var some []string
	for _, id := range ids {
		if plain(id) {
			some = append(some, id)
		}
	}
	return some
}

package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/source/scimserver"
)

// List implements [scimserver.Store]. A total is counted, which costs as much as there
// is to be counted, and an offset is walked, both in an index; pages by After cost what
// is on them.
func (s *Store) List(ctx context.Context, tenant string, q scimserver.Query) (scimserver.Page, error) {
	var page scimserver.Page
	if err := ctx.Err(); err != nil {
		return page, err
	}
	if q.Member != "" && !plain(q.Member) {
		return page, nil
	}
	where, args := s.where(tenant, q)
	err := s.retried(ctx, func() error {
		page = scimserver.Page{}
		if q.Total {
			if err := s.each(ctx, s.db, func(rows *sql.Rows) error { return rows.Scan(&page.Total) },
				"SELECT count(*) FROM @resources WHERE "+where, args...); err != nil {
				return err
			}
		}
		if q.Limit <= 0 {
			return nil
		}
		query, args := columns+where+" AND sequence > ? ORDER BY sequence LIMIT ?", append(slices.Clip(args), max(q.After, 0), q.Limit)
		if q.Offset > 0 {
			// What is passed over is not read but in the index.
			query = columns + ofTenant + " AND sequence IN (SELECT sequence FROM @resources WHERE " + where +
				" AND sequence > ? ORDER BY sequence LIMIT ? OFFSET ?) ORDER BY sequence"
			args = append(append([]any{digest(tenant)}, args...), q.Offset)
		}
		return s.each(ctx, s.db, func(rows *sql.Rows) error {
			r, err := scan(rows)
			page.Resources = append(page.Resources, r)
			return err
		}, query, args...)
	})
	if err != nil {
		return scimserver.Page{}, fmt.Errorf("scim store: list resources: %w", err)
	}
	return page, nil
}

// where is the condition for what a query asks for, wherever the page begins.
func (s *Store) where(tenant string, q scimserver.Query) (string, []any) {
	whose := digest(tenant)
	var text strings.Builder
	text.WriteString(ofTenant + " AND kind = ?")
	args := []any{whose, string(q.Type)}
	if !q.Deleted {
		text.WriteString(" AND deleted IS NULL")
	}
	if q.IDs != nil {
		text.WriteString(" AND id " + s.d.texts)
		args = append(args, list(plainOnes(q.IDs)))
	}
	for _, t := range q.Terms {
		text.WriteString(" AND sequence IN (SELECT resource FROM @terms WHERE " + ofTenant + " AND digest = ?)")
		args = append(args, whose, termDigest(q.Type, t))
	}
	if q.Member != "" {
		text.WriteString(" AND id IN (SELECT group_id FROM @members WHERE " + ofTenant + " AND member_id = ?)")
		args = append(args, whose, q.Member)
	}
	return text.String(), args
}

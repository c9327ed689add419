package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// purged is how many resources are purged at a time: other commits of the tenant get
// their turn in between.
const purged = 1000

// Purge implements [scimserver.Store]. After an error some are gone, and counted.
func (s *Store) Purge(ctx context.Context, tenant string, before time.Time) (int, error) {
	total := 0
	for {
		if err := ctx.Err(); err != nil {
			return total, err
		}
		n := 0
		err := s.write(ctx, tenant, func(tx conn) error {
			var err error
			n, err = (&work{Store: s, ctx: ctx, tx: tx}).purge(tenant, before)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("scim store: purge: %w", err)
		}
		if total += n; n < purged {
			return total, nil
		}
	}
}

func (w *work) purge(tenant string, before time.Time) (int, error) {
	known := false
	err := w.each(w.ctx, w.tx, func(rows *sql.Rows) error {
		known = true
		return rows.Scan(&w.tenant)
	}, "UPDATE @tenants SET sequence = sequence WHERE digest = ? RETURNING tenant", digest(tenant))
	if err != nil || !known {
		return 0, err
	}
	limit := before.UnixMicro()
	if before.Nanosecond()%1000 > 0 {
		limit++ // what is kept has no part of a microsecond
	}
	var sequences []int64
	var ids []string
	err = w.each(w.ctx, w.tx, func(rows *sql.Rows) error {
		var sequence int64
		var id string
		err := rows.Scan(&sequence, &id)
		sequences, ids = append(sequences, sequence), append(ids, id)
		return err
	}, "SELECT sequence, id FROM @resources WHERE tenant = ? AND deleted < ? ORDER BY deleted LIMIT ?", w.tenant, limit, purged)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := w.gone(ids); err != nil {
		return 0, err
	}
	for table, column := range map[string]string{"@terms": "resource", "@resources": "sequence"} {
		if _, err := w.exec(w.ctx, w.tx, "DELETE FROM "+table+" WHERE tenant = ? AND "+column+" "+w.d.numbers, w.tenant, list(sequences)); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

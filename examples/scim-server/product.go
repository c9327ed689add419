package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/provision-go/provision/source/scimserver/sqlstore"
)

//go:embed schema.sql
var schema string

// openProduct opens the product's database in dir, and what was pushed into it. A new
// database gets its tables.
func openProduct(ctx context.Context, dir string) (db *sql.DB, store *sqlstore.Store, isNew bool, err error) {
	const settings = "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(on)"
	db, err = sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "product.sqlite"))+settings)
	if err != nil {
		return nil, nil, false, err
	}
	var tables int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name = 'users'").Scan(&tables)
	if err == nil && tables == 0 {
		_, err = db.ExecContext(ctx, schema)
	}
	if err == nil {
		store, err = sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.SQLite})
	}
	if err == nil {
		err = store.CreateTables(ctx)
	}
	if err != nil {
		return nil, nil, false, errors.Join(err, db.Close())
	}
	return db, store, tables == 0, nil
}

// accounts returns the accounts of the product as lines, in order.
func accounts(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, `
SELECT tenant_id, login, status, coalesce(full_name, ''), coalesce(title, ''),
	coalesce((SELECT group_concat(name, ', ' ORDER BY name) FROM roles JOIN user_roles ON role_id = roles.id WHERE user_id = users.id), '-'),
	(SELECT count(*) FROM sessions WHERE user_id = users.id)
FROM users ORDER BY tenant_id, login`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var tenant, login, status, name, title, roles string
		var sessions int
		if err := rows.Scan(&tenant, &login, &status, &name, &title, &roles, &sessions); err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprintf("%-6s  %-23s  %-9s  %s, %s; roles: %s; sessions: %d", tenant, login, status, name, title, roles, sessions))
	}
	return lines, rows.Err()
}

// signIn is what the product does by itself meanwhile.
func signIn(ctx context.Context, db *sql.DB, tenant, login string) error {
	_, err := db.ExecContext(ctx, `INSERT INTO sessions (token, tenant_id, user_id)
		SELECT 'token-of-' || login, tenant_id, id FROM users WHERE tenant_id = ? AND login = ?`, tenant, login)
	return err
}

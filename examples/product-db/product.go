package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed schema.sql
var schema string

// openProduct opens the product's database in dir. A new one gets its tables.
func openProduct(ctx context.Context, dir string) (db *sql.DB, isNew bool, err error) {
	const settings = "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(on)"
	db, err = sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "product.sqlite"))+settings)
	if err != nil {
		return nil, false, err
	}
	var tables int
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables)
	if err == nil && tables == 0 {
		_, err = db.ExecContext(ctx, schema)
	}
	if err != nil {
		return nil, false, errors.Join(err, db.Close())
	}
	return db, tables == 0, nil
}

// aDayGoesBy is what the product does by itself meanwhile: people sign in, and
// one of them chooses a theme, which the product keeps beside our attributes.
func aDayGoesBy(ctx context.Context, db *sql.DB) error {
	for _, statement := range []string{
		`INSERT INTO sessions (token, user_id)
			SELECT 'token-of-' || login, id FROM users WHERE login IN ('cy.roe@acme.example', 'priya.raman@acme.example')`,
		`UPDATE users SET profile = json_set(profile, '$.theme', 'light'), version = version + 1
			WHERE login = 'priya.raman@acme.example'`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

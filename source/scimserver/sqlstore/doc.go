// Package sqlstore keeps what identity providers push into a [scimserver] in a
// database: SQLite or PostgreSQL, over database/sql. It imports no driver.
//
//	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.PostgreSQL})
//	if err != nil { … }
//	if err := store.Create(ctx); err != nil { … } // or migrate with Config.Schema
//
// Tenants share four tables, and every statement names the tenant. Resources hold
// bodies as they came; terms are what they are found by; members are who is in which
// group; tenants hold the last Sequence of each.
//
// # What a commit locks
//
// A commit is one transaction. On PostgreSQL its isolation is READ COMMITTED,
// whatever the default of the database, and what must not change meanwhile is
// locked: a put locks its row, and fails if the version is another one once it has
// the lock; a unique value is an entry of a unique index, whose second writer waits
// for the first; a join locks the rows of group and member for sharing, so that
// whoever deletes one of them waits, and takes the membership away afterwards.
//
// A commit that creates locks the row of its tenant first, until it ends. So the
// creates of one tenant happen one after the other, and Sequence grows in the order
// in which commits become visible: with a sequence object of the database, a slow
// transaction could show a resource behind the place that readers have reached, and
// they would never see it. Updates, joins and other tenants are not held up.
//
// A commit that the database undoes, because of a deadlock or because the database
// is busy, is repeated a few times. No other error is.
//
// # SQLite
//
// Open the database with journal_mode(wal) and a busy_timeout, if several processes
// write. One Store lets its writers in one at a time. A database in memory needs
// SetMaxOpenConns(1), because each connection would have its own.
package sqlstore

// Package sqlstore keeps what a SCIM server holds in a product's own database, through
// database/sql and whichever driver the product uses. PostgreSQL and SQLite are known.
//
//	store, err := sqlstore.New(db, sqlstore.Config{Dialect: sqlstore.PostgreSQL})
//	err = store.CreateTables(ctx)
//	server, err := scimserver.New(scimserver.Config{Store: store, …})
//
// [Store.CreateTables] may run at each start; those who keep their migrations
// themselves take the statements from [Schema].
//
// # Tables
//
// There are four, whose names begin with a prefix: tenants, resources, terms and
// members. Times are microseconds since 1970 in UTC. The body of a resource is its JSON
// as text, so it can be looked into with the functions of the database. What resources
// are found by is kept as SHA-256 digests of name and value, so values of any length
// and any bytes fit into an index.
//
// # One commit after the other
//
// A commit locks the row of its tenant first and holds it to the end. So everything is
// checked before it is written, the unique values of two resources can be swapped, and
// a sequence never turns up behind a greater one. The price is that one tenant has one
// writer at a time, in all processes together; tenants do not wait for each other in
// PostgreSQL. SQLite has one writer for the whole file. In one process writers of a
// tenant wait without holding a connection.
//
// Reads are one statement each, which sees no commit in part, and take no lock. No call
// needs a second connection while it has one.
//
// A commit that the database gives up for another one (a serialisation failure, a
// deadlock, a busy file) is tried again, 12 times in all with random delays up to half a
// second, as long as the context allows.
//
// # What it costs
//
// What concerns a few resources is found in indexes, however many there are. Pages by
// Query.After cost what is on them. An Offset is walked and a Total is counted, both in
// an index. PostgreSQL needs the statistics that its autovacuum collects.
//
// # Settings
//
// SQLite needs a file: a database in memory is another one for each connection, unless
// the pool has but one. With journal_mode(wal) readers do not wait for the writer, and
// with a busy_timeout processes wait for each other. PostgreSQL needs the encoding UTF8.
//
// Errors never quote what the database said, because databases quote values; errors.As
// finds the driver's error for those who need it.
package sqlstore

// Package sqlstore keeps what a SCIM server holds in PostgreSQL or SQLite.
package sqlstore

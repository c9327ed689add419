// Package sqltarget makes the tables of a product's own database a target:
// accounts, entitlements and memberships, through database/sql and whichever
// driver the product uses. PostgreSQL, MySQL, MariaDB and SQLite are known.
//
//	app, err := sqltarget.Open(ctx, db, sqltarget.Config{
//		Name:    "app",
//		Dialect: sqltarget.PostgreSQL,
//		Accounts: sqltarget.Accounts{
//			Table:   "users",
//			Key:     "external_id",
//			State:   sqltarget.State{Column: "status", Enabled: "active", Disabled: "suspended"},
//			Version: "version",
//			Extra:   "profile",
//			Attributes: []sqltarget.Attribute{
//				{Name: "userName", Column: "login", Unique: true, CaseFold: true},
//				{Name: "displayName", Column: "full_name"},
//				{Name: "manager", Column: "manager_id", Ref: true},
//				{Name: "title"}, // in profile
//			},
//		},
//		Entitlements: []sqltarget.Entitlements{{
//			Kind: "group", Table: "groups", Ensure: true,
//			Members: sqltarget.Members{Table: "group_members", Account: "user_id", Entitlement: "group_id"},
//		}},
//		Sessions: []sqltarget.Rows{{Table: "sessions", Account: "user_id"}},
//	})
//
// [Open] reads the schema and returns one error with everything that does not
// fit, so a renamed column shows before anybody is provisioned. The database stays
// the caller's; [Target.Close] gives back the prepared statements.
//
// # The schema
//
// Each account is one row. What its table needs:
//
//   - A primary key of one column: an integer, a UUID or text, which the database
//     makes or Accounts.NewID. MySQL tells only the AUTO_INCREMENT numbers that it
//     makes, so other ids need NewID there.
//   - A text column for the correlation key with a unique index, such as
//     "external_id varchar(255) UNIQUE". Without one the engine's journal remembers
//     who owns which row.
//   - A unique index on each attribute that is Unique: on lower(login) for one with
//     CaseFold, or on the column if it compares without case (citext, COLLATE
//     NOCASE, a _ci collation). Where several tenants share the table, the columns
//     of Config.Where may be part of the index. Nothing but such an index keeps two
//     processes from making one account twice.
//   - If it has a version, an integer column that is NOT NULL. If the product changes
//     rows itself, it should raise the version too, or have a trigger do so.
//
// # Values
//
// Attributes are strings; their columns need not be. Type says what is in the
// column and defaults to what the schema says: "true" and "false" for booleans,
// decimal digits for integers, "2006-01-02" for dates. A value that would not read
// back as it was written (too long, "007" for an integer, a byte 0) is refused with
// the attribute's name before anything is sent. An attribute without a value is
// NULL, or the empty text in a column that is NOT NULL.
//
// Attributes without a column are members of one JSON object, in the column Extra.
// Members that Config does not name are never touched, also if the product writes
// them at the same time.
//
// # What is written, and how
//
// Every write of an account is one statement, so it happens as a whole or not at
// all; Delete, EndSessions and Handover are one transaction. Names of tables and
// columns come from Config alone, are compared with the schema and quoted; values
// are always parameters. With Config.Where, every statement is confined to the rows
// of one tenant, and rows that it inserts belong to that tenant.
//
// SQLite has one writer at a time: give its connections a busy_timeout, or the pool
// one connection. No method needs a second one.
//
// Errors carry the classes of package target. They never quote what the server
// said, because servers quote values; errors.As finds the driver's error for those
// who need it.
package sqltarget

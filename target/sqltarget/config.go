package sqltarget

import "github.com/provision-go/provision/target"

// A Config says which tables and columns hold what. Names are written as the
// database knows them, without quotes; a table may be "schema.table".
type Config struct {
	// Name of the target. Must not be empty.
	Name string
	// Dialect of the database. Must be set.
	Dialect Dialect
	// Accounts is the table of accounts. Must be set.
	Accounts Accounts
	// Entitlements are the kinds of entitlement that accounts can hold.
	Entitlements []Entitlements
	// Sessions are deleted by EndSessions. Without any, the target cannot do that.
	Sessions []Rows
	// Handover lists what accounts own and Handover moves. Without any, the target
	// cannot do that.
	Handover []Rows

	// Where confines the target to the rows with these values, such as a tenant's:
	// columns to values as database/sql takes them; nil is NULL. Rows that are
	// inserted get them. The tables of Accounts and Entitlements must have all the
	// columns; the other tables are reached through those two, and confined as well by
	// the columns that they have.
	Where map[string]any
	// Delete lets Delete remove rows for good, with their memberships and sessions.
	// Defaults to false: the target cannot delete. Rows of other tables are left to
	// the ON DELETE of the schema.
	Delete bool
	// AllowMissingIndexes makes Open accept a key column, a Unique attribute or the
	// names of entitlements without a unique index. Two writers can then make the
	// same account twice. Defaults to false: a missing index is an error.
	AllowMissingIndexes bool
	// Page is the number of accounts read by one statement. Defaults to 1000.
	Page int
}

// Accounts is the table of accounts.
type Accounts struct {
	// Table must be set.
	Table string
	// ID is the column of the native id, the primary key. Defaults to "id".
	ID string
	// NewID makes the id of a new row: decimal digits for an integer, a UUID in its
	// usual form. It is called from several goroutines. Defaults to nil: the
	// database makes the id.
	NewID func() string
	// Key is the text column that holds the correlation key. Defaults to "": the
	// table cannot store keys.
	Key string
	// State says how a row shows whether the account is enabled. Without it all
	// accounts are enabled, and the target can neither disable nor enable.
	State State
	// Version is an integer column that every write raises by one and that is the
	// precondition of writes. Defaults to "": no precondition.
	Version string
	// Attributes that accounts can carry.
	Attributes []Attribute
	// Extra is a column with one JSON object, for the attributes without a column of
	// their own: json or jsonb in PostgreSQL, json in MySQL, json or text in SQLite.
	Extra string
}

// A State is a column that tells enabled from disabled: either Column with two
// values, or DisabledAt.
type State struct {
	// Column holds Enabled or Disabled. For a boolean these are "true" and "false"
	// and default to them in this order, so that a column like "active" needs no
	// more; for one like "blocked" write them the other way round.
	Column            string
	Enabled, Disabled string
	// Also says what other values of Column count as, such as "deleted":
	// target.Disabled; "" stands for NULL. A value that is nowhere named counts as
	// enabled: such a row is left as it is until the account has to be disabled.
	Also map[string]target.State
	// DisabledAt is a timestamp column. It is NULL while the account is enabled, and
	// gets the database's time when it is disabled.
	DisabledAt string
}

// An Attribute is one attribute of accounts. The flags mean what they do in
// [target.AttributeSpec].
type Attribute struct {
	Name string
	// Column of the attribute. Defaults to none: a member of Extra with the
	// attribute's name.
	Column string
	// Type of the value. Defaults to the type of the column, and to Text in Extra.
	// It is for booleans that the schema calls integers.
	Type Type

	Unique    bool
	CaseFold  bool
	Ref       bool // the id of another row of the same table
	ReadOnly  bool
	WriteOnly bool
	Sensitive bool
	Multi     bool // only in Extra: a JSON array
	// Encode turns a value into what is stored, such as a password into its hash. It
	// is for attributes that are WriteOnly. Its errors must not hold the value.
	// Defaults to nil: values are stored as they are.
	Encode func(value string) (string, error)
}

// A Type is how the values of an attribute are stored.
type Type uint8

// The types. The zero value means the type that the schema says.
const (
	Auto    Type = iota
	Text         // any characters except U+0000
	Bool         // "true", "false"
	Integer      // decimal digits, perhaps with a minus sign; 64 bits
	Date         // "2006-01-02"
)

// Entitlements are the entitlements of one kind.
type Entitlements struct {
	// Kind as in [target.Entitlement]: a lower-case word. Must be set.
	Kind string
	// Table of what exists. Defaults to "": there is no such table, and
	// Members.Entitlement holds the name itself.
	Table string
	// ID is the primary key. Defaults to "id".
	ID string
	// NewID makes the id of a new row, as in Accounts.
	NewID func() string
	// Name is the text column of the name. Defaults to "name".
	Name string
	// Ensure lets EnsureEntitlement add rows.
	Ensure bool
	// Shared: the table belongs to all tenants, so Config.Where does not apply to
	// it. Cannot be combined with Ensure.
	Shared bool
	// Where confines the table further, such as "type": "team" for one of several
	// kinds in one table. It works as Config.Where does.
	Where map[string]any
	// Members is the table of who holds what. Must be set.
	Members Members
}

// Members is a table of memberships: one row for each account and entitlement.
// It should have a unique index on the two columns.
type Members struct {
	Table       string
	Account     string // column with the account's id
	Entitlement string // column with the entitlement's id, or its name
}

// Rows are the rows of a table that belong to accounts.
type Rows struct {
	Table   string
	Account string // column with the account's id
}

package target

import (
	"cmp"
	"iter"
)

// A Snapshot is a target read to its end. It is immutable and safe for
// concurrent use. [Collect] makes it; the zero Snapshot proves nothing.
type Snapshot struct {
	target       string
	capabilities Capabilities
	accounts     []Account // managed ones first, sorted by Key then ID; then the rest by ID
	managed      int
	unique       []uniqueIndex
	catalogue    []Held // sorted by entitlement
	members      map[Entitlement]int
	complete     bool
	findings     []Finding
}

// A Finding is something about the target that a person should look at.
type Finding struct {
	Target  string
	Account string // native id, "" if it concerns no account in particular
	Key     Key
	Field   string
	Code    string // closed list: the Code… constants
	Message string
}

// Codes of findings.
const (
	CodeDuplicateAccount     = "duplicate-account"     // one native id with two contents
	CodeBadReference         = "bad-reference"         // a reference to an account nobody lists
	CodeBadKey               = "bad-key"               // a stored key that cannot be read
	CodeUnknownMember        = "unknown-member"        // members of an entitlement that are no accounts
	CodeBadEntitlement       = "bad-entitlement"       // an entitlement without a name or kind
	CodeDuplicateEntitlement = "duplicate-entitlement" // two entitlements with one name
)

func (f Finding) compare(o Finding) int {
	return cmp.Or(
		f.Key.Compare(o.Key), cmp.Compare(f.Account, o.Account), cmp.Compare(f.Field, o.Field),
		cmp.Compare(f.Code, o.Code), cmp.Compare(f.Message, o.Message),
	)
}

// Target returns the name of the target.
func (s Snapshot) Target() string { return s.target }

// Capabilities returns what the target said it can do.
func (s Snapshot) Capabilities() Capabilities { return s.capabilities }

// Complete reports whether the target was read to its end.
func (s Snapshot) Complete() bool { return s.complete }

// Len returns the number of accounts, managed or not.
func (s Snapshot) Len() int { return len(s.accounts) }

// Managed returns the accounts that carry a key, sorted by key, then native id.
// Read only.
func (s Snapshot) Managed() []Account { return s.accounts[:s.managed] }

// Unmanaged returns the accounts without a key, sorted by native id. Read only.
func (s Snapshot) Unmanaged() []Account { return s.accounts[s.managed:] }

// Catalogue returns the entitlements that exist, sorted, then by native id. The
// accounts say who holds them: Members is nil here. Read only.
func (s Snapshot) Catalogue() []Held { return s.catalogue }

// Findings returns what was noticed while reading, sorted. Read only.
func (s Snapshot) Findings() []Finding { return s.findings }

// All yields every account, managed ones first.
func (s Snapshot) All() iter.Seq[*Account] {
	return func(yield func(*Account) bool) {
		for i := range s.accounts {
			if !yield(&s.accounts[i]) {
				return
			}
		}
	}
}

// Package memtarget is a complete target that lives in memory. It is for tests
// and examples, of rules, of engines and of whole set-ups: it enforces what a
// strict system enforces (unique values, versions, known attributes), fails on
// demand, and shows what happened to it.
package memtarget

import (
	"context"
	"slices"
	"sync"

	"github.com/provision-go/provision/target"
)

// Config alters a [Target]. The zero value is fine.
type Config struct {
	// Capabilities say what the target can do; everything else is refused with
	// target.ErrUnsupported. Defaults to [Everything].
	Capabilities *target.Capabilities
	// MembersOnEntitlement lists memberships on the catalogue's entries (as SCIM
	// groups do) and not on the accounts in a listing. Find gives them on the
	// account either way.
	MembersOnEntitlement bool
	// UniqueKeys refuses a second account with the same key. Few real systems do.
	UniqueKeys bool
	// OnCall, if not nil, is called before each call, from the caller's goroutine
	// and without a lock: tests block here, or act in between. Call.Err is nil.
	OnCall func(ctx context.Context, call Call)
}

// Target is the target. It is safe for concurrent use.
type Target struct {
	name string
	caps target.Capabilities
	cfg  Config

	mu      sync.Mutex
	store   store
	lagging *store // what readers see while reads lag
	once    map[string]string
	faults  []*Fault
	calls   []Call
}

var _ target.Target = (*Target)(nil)

// New returns an empty target. A nil cfg is the zero Config.
func New(name string, cfg *Config) *Target {
	t := &Target{name: name, once: map[string]string{}}
	if cfg != nil {
		t.cfg = *cfg
	}
	t.caps = Everything()
	if t.cfg.Capabilities != nil {
		t.caps = *t.cfg.Capabilities
	}
	t.caps.Attributes = slices.Clone(t.caps.Attributes)
	t.caps.Entitlements = slices.Clone(t.caps.Entitlements)
	t.caps.Find = slices.Clone(t.caps.Find)
	t.store = newStore(t.caps)
	return t
}

// Everything returns capabilities that claim all there is: the usual attributes
// (userName, unique; email, displayName, givenName, familyName, title,
// department, location, phone; manager, a reference; aliases, several values;
// password, never read back; lastLogin, never written) and the kinds group, role
// and licence, of which groups can be created.
func Everything() target.Capabilities {
	return target.Capabilities{
		Attributes: []target.AttributeSpec{
			{Name: "userName", CaseFold: true, Unique: true},
			{Name: "email", CaseFold: true},
			{Name: "displayName"},
			{Name: "givenName"},
			{Name: "familyName"},
			{Name: "title"},
			{Name: "department"},
			{Name: "location"},
			{Name: "phone"},
			{Name: "manager", Ref: true},
			{Name: "aliases", Multi: true, CaseFold: true},
			{Name: "password", WriteOnly: true, Sensitive: true},
			{Name: "lastLogin", ReadOnly: true},
		},
		Keys: true, SetKey: true,
		Find: []string{"userName", "email"}, FindKey: true,
		Create: true, Update: true, Disable: true, Enable: true, Delete: true,
		CreateDisabled: true, IdempotentCreate: true, Versions: true,
		Entitlements: []target.EntitlementSpec{
			{Kind: "group", Grant: true, Revoke: true, Ensure: true, List: true},
			{Kind: "role", Grant: true, Revoke: true, List: true},
			{Kind: "licence", Grant: true, Revoke: true, List: true},
		},
		EndSessions: true, Handover: true,
	}
}

// Name returns the name given to [New].
func (t *Target) Name() string { return t.name }

// Capabilities returns what the target can do.
func (t *Target) Capabilities() target.Capabilities { return t.caps }

package scimtarget

import (
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

const (
	usersAt  = "/Users"
	groupsAt = "/Groups"
	// kind of the entitlements.
	kind = "group"
)

// Target is the target. It is safe for concurrent use.
type Target struct {
	target.Unsupported
	name      string
	client    *scimclient.Client
	profile   Profile
	caps      target.Capabilities
	places    []place
	order     map[string]int                  // of places, by name
	changes   *queues[memberChange, struct{}] // by group
	bulk      *queues[scimclient.Write, written]
	additions *additions
	rosters   *rosters
}

// New returns a target. It connects to nothing. A configuration that cannot work is
// an error that names the field.
func New(cfg Config) (*Target, error) {
	cfg = cfg.defaults()
	users := scim.UserType()
	places, err := cfg.check(users)
	if err != nil {
		return nil, fmt.Errorf("scimtarget: %w", err)
	}
	client, err := scimclient.New(cfg.client(users))
	if err != nil {
		return nil, fmt.Errorf("scimtarget: %w", err)
	}
	t := &Target{
		name: cfg.Name, client: client, profile: cfg.Profile, places: places, order: make(map[string]int, len(places)),
	}
	for i := range places {
		t.order[places[i].spec.Name] = i
	}
	t.caps = t.capabilities(cfg)
	t.changes = newQueues(cfg.Profile.Groups.MaxChanges, sameKind, t.sendMembers)
	t.bulk = newQueues(cfg.Profile.Bulk, func(_, _ scimclient.Write) bool { return true }, t.sendBulk)
	t.additions = newAdditions(t)
	t.rosters = &rosters{t: t}
	return t, nil
}

// Close closes the connections that nobody uses. The target may still be used.
func (t *Target) Close() { t.client.Close() }

// Name returns Config.Name.
func (t *Target) Name() string { return t.name }

// Capabilities returns what the profile and the configuration make possible.
func (t *Target) Capabilities() target.Capabilities {
	c := t.caps
	c.Attributes, c.Find, c.Entitlements = slices.Clone(c.Attributes), slices.Clone(c.Find), slices.Clone(c.Entitlements)
	return c
}

// Profile returns a copy of the profile that the target works by. If the service has
// shown that it takes added members for all members, Groups.Update is Put.
func (t *Target) Profile() Profile {
	p := t.profile.clone()
	if t.additions.is() == replaces {
		p.Groups.Update = Put
	}
	return p
}

func (t *Target) capabilities(cfg Config) target.Capabilities {
	p := &t.profile
	keys := p.Key != NoKey
	c := target.Capabilities{
		Keys: keys, FindKey: keys, SetKey: p.Key == ExternalID && !p.KeyFixed,
		Create: true, Update: true, Disable: p.Disable, Enable: p.Disable,
		CreateDisabled: p.CreateDisabled, Delete: cfg.Delete, Versions: p.Versions,
	}
	for i := range t.places {
		at := &t.places[i]
		c.Attributes = append(c.Attributes, at.spec)
		if !at.spec.WriteOnly && (at.spec.Unique || t.filterable(at)) {
			c.Find = append(c.Find, at.spec.Name)
		}
	}
	if cfg.Groups {
		c.Entitlements = []target.EntitlementSpec{{Kind: kind, Grant: true, Revoke: true, Ensure: p.Groups.Create, List: true}}
	}
	return c
}

// groups reports whether groups are read and written.
func (t *Target) groups() bool { return len(t.caps.Entitlements) > 0 }

// filterable reports whether the service can be searched by an attribute.
func (t *Target) filterable(p *place) bool { return p.urn == "" && t.searches(p.attr.Name) }

func (t *Target) searches(name string) bool { return slices.Contains(t.profile.Filters, name) }

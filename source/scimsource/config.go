package scimsource

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/scimidentity"
)

// Config says which service provider to read, and how.
type Config struct {
	// Name of the source, in plans, findings and errors. Defaults to "scim".
	Name string
	// BaseURL is the address of the service, such as "https://app.example/scim/v2". It
	// is required. It may come from a customer, see Private.
	BaseURL string
	// Auth are the credentials. Defaults to none.
	Auth Auth
	// Header is sent with each request, such as a User-Agent. It holds no credentials.
	Header http.Header

	// ID is what is taken for the ID of an identity. Defaults to ByID.
	ID IdentityID
	// Filter is a SCIM filter of the users that are people: `userType eq "Employee"`.
	// Each user is checked against it too. Whoever does not satisfy it any more is
	// absent. Defaults to none.
	Filter string
	// Inactive is the status of a user who is not active: source.Suspended,
	// source.OnLeave or source.Terminated. Defaults to source.Suspended: access ends at
	// once, and what they have is kept.
	Inactive source.Status
	// ActiveOptional takes users without the attribute active for active. Defaults to
	// false: they are undecided, and a list without any is an error.
	ActiveOptional bool
	// Groups is how memberships are read. Defaults to NoGroups.
	Groups Groups
	// Extensions are further schemas of users, each a JSON document in the form of RFC
	// 7643, section 7, beside the enterprise extension, which is always there.
	Extensions [][]byte
	// Custom names attributes that go into Identity.Custom, by the name that they get
	// there: {"badge": "urn:acme:params:scim:schemas:2.0:User:badge"}.
	Custom map[string]string

	// Paging is how lists are read, and PageSize how many resources a page is asked for.
	// Default to Auto and 100.
	Paging   Paging
	PageSize int
	// Attempts is how often a request is tried in all, and MaxWait bounds the waits
	// between. Default to 5 and 15 minutes.
	Attempts int
	MaxWait  time.Duration
	// Rate is how many requests begin per second. Defaults to no limit.
	Rate float64

	// Private permits plain http, loopback addresses and private networks, for systems
	// of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses included. Defaults
	// to one that connects to public addresses only, and asks no proxy.
	Transport http.RoundTripper
}

// IdentityID is what of a user is the ID of the identity.
type IdentityID uint8

// What may be the ID.
const (
	// ByID takes the id that the service provider gave the user.
	ByID IdentityID = iota
	// ByExternalID takes externalId.
	ByExternalID
	// ByUserName takes userName, which may change and be given to somebody else:
	// only where nothing else is known elsewhere.
	ByUserName
)

// attribute returns the name of the attribute.
func (i IdentityID) attribute() string {
	switch i {
	case ByExternalID:
		return "externalId"
	case ByUserName:
		return "userName"
	default:
		return "id"
	}
}

// Groups is how memberships are read.
type Groups uint8

// The ways to read memberships.
const (
	// NoGroups reads none.
	NoGroups Groups = iota
	// GroupMembers reads the groups and their members, nested groups too.
	GroupMembers
	// UserGroups reads the attribute groups of users.
	UserGroups
)

// Paging is how lists are read.
type Paging uint8

// The ways to read lists.
const (
	// Auto finds out: by index, and by cursor if the service provider names one or
	// knows no index.
	Auto Paging = iota
	// ByIndex asks with startIndex (RFC 7644, section 3.4.2.4).
	ByIndex
	// ByCursor asks with cursors (RFC 9865).
	ByCursor
	// Unpaged asks once.
	Unpaged
)

// New returns a source. It connects to nothing. Its error joins everything that is
// wrong with the configuration, and names the fields.
func New(cfg Config) (*Source, error) {
	if cfg.Name == "" {
		cfg.Name = "scim"
	}
	if cfg.Inactive == source.Unknown {
		cfg.Inactive = source.Suspended
	}
	user := scim.UserType()
	custom, err := cfg.check(user)
	if err != nil {
		return nil, fmt.Errorf("scimsource: %w", err)
	}
	s := &Source{cfg: cfg, custom: custom}
	if cfg.Filter != "" {
		if s.filter, err = scim.ParseFilter(cfg.Filter, user, scim.Limits{}); err != nil {
			return nil, fmt.Errorf("scimsource: Filter: %w", err)
		}
		s.filtered = s.filter.Names()
	}
	s.client, err = scimclient.New(scimclient.Config{
		System: cfg.Name, Base: cfg.BaseURL, Auth: cfg.Auth.auth, Header: cfg.Header, Users: user,
		Paging: scimclient.Paging(cfg.Paging), PageSize: cfg.PageSize, Careful: true,
		Attempts: cfg.Attempts, MaxWait: cfg.MaxWait, Rate: cfg.Rate, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, errors.New("scimsource: " + strings.Replace(err.Error(), "field Base:", "field BaseURL:", 1))
	}
	return s, nil
}

// field says what is wrong with a field of the configuration.
func field(name, format string, args ...any) error {
	return fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...))
}

// check checks what the client does not, and adds the extensions to the type of users.
func (c Config) check(user *scim.ResourceType) (scimidentity.Custom, error) {
	var wrong []error
	if c.ID > ByUserName {
		wrong = append(wrong, field("ID", "%d is none", c.ID))
	}
	if c.Groups > UserGroups {
		wrong = append(wrong, field("Groups", "%d is none", c.Groups))
	}
	switch c.Inactive {
	case source.Suspended, source.OnLeave, source.Terminated:
	default:
		wrong = append(wrong, field("Inactive", "is Suspended, OnLeave or Terminated, not %s", c.Inactive))
	}
	for n, document := range c.Extensions {
		e, err := scim.ParseSchema(document)
		switch {
		case err != nil:
			wrong = append(wrong, field(fmt.Sprintf("Extensions[%d]", n), "%w", err))
		case user.Schema(e.ID) != nil:
			wrong = append(wrong, field(fmt.Sprintf("Extensions[%d]", n), "schema %s is there already", e.ID))
		default:
			user.Extensions = append(user.Extensions, scim.Extension{Schema: e})
		}
	}
	custom, err := scimidentity.ParseCustom(c.Custom, user)
	return custom, errors.Join(append(wrong, err)...)
}

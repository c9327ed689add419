package scimtarget

import (
	"net/http"
	"time"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

// Config says which service is the target, and how it is met.
type Config struct {
	// Name of the target. It is required.
	Name string
	// BaseURL is the address of the service, such as "https://app.example/scim/v2". It
	// is required. The scheme is https, or http with Private.
	BaseURL string
	// Auth adds credentials to each request: Bearer, ClientCredentials. Defaults to
	// none, for a Transport that adds them.
	Auth Auth
	// Header is sent with each request, such as User-Agent. It holds no credentials.
	Header http.Header

	// Profile is what is known of the service. Defaults to RFC.
	Profile Profile
	// Attributes are the attributes that accounts can carry. Defaults to those of the
	// profile.
	Attributes []Attribute
	// Groups makes the groups of the service entitlements of the kind "group". Defaults
	// to false: groups are neither read nor written.
	Groups bool
	// Delete lets Delete remove users for good. Defaults to false: the target cannot
	// delete.
	Delete bool

	// Timeout bounds the wait for the beginning of one answer. Defaults to 2 minutes: some
	// services need long for a list. The engine bounds its calls itself.
	Timeout time.Duration
	// ReadAttempts is how often a read is tried in all. Defaults to 5. Writes are never
	// repeated here; the engine does that.
	ReadAttempts int
	// MaxBody bounds an answer, in bytes. Defaults to 64 MiB.
	MaxBody int64
	// Connections is how many idle connections are kept. Defaults to 16.
	Connections int

	// Private permits loopback addresses, private networks and plain http: for a
	// service that the operator runs, never for a host that a customer names. Defaults
	// to false: the address is checked at each connection, after the name is resolved.
	Private bool
	// Transport replaces the transport, and with it the check of addresses. Defaults to
	// one that follows no redirects and uses no proxy.
	Transport http.RoundTripper
}

// Auth adds credentials to requests. The zero value adds none.
type Auth = scimclient.Auth

// Credentials are those of an OAuth 2.0 client.
type Credentials = scimclient.Credentials

// Bearer is a token that does not change.
func Bearer(token string) Auth { return scimclient.Bearer(token) }

// ClientCredentials gets tokens with the client credentials grant (RFC 6749, section
// 4.4) and renews them before they expire and when one is refused. All calls share
// one renewal.
func ClientCredentials(c Credentials) Auth { return scimclient.ClientCredentials(c) }

// An Attribute is an attribute of accounts and where it is in a user.
type Attribute struct {
	// Name of the attribute in rules and plans.
	Name string
	// Path is where it is. Defaults to the Name:
	//
	//	userName, title                  an attribute
	//	name.givenName                   part of one
	//	department, manager              an attribute of the enterprise extension
	//	urn:…:extension:acme:2.0:User:badge
	//	                                 an attribute of any extension
	//	emails.work, phoneNumbers.mobile the value of a type: emails[type eq "work"].value
	//	addresses.work.country           addresses[type eq "work"].country
	//	emails.primary                   the primary value, or the first if none is
	//	emails[type eq "work" and primary eq true].value
	//	                                 the same, and what is created has a type
	//	roles                            the values of all, as a set
	Path string
	// Type is for attributes that no RFC describes: "string", "boolean", "integer",
	// "decimal", "dateTime", "reference", "binary". Defaults to "string".
	Type string

	// Multi: an attribute that no RFC describes has several values. Those of the RFCs
	// are known.
	Multi bool
	// Unique: no two accounts share a value. userName always is.
	Unique bool
	// CaseFold: values that differ in ASCII case are equal. userName and emails are,
	// unless CaseExact.
	CaseFold, CaseExact bool
	// Ref: the value is the id of another user. manager always is.
	Ref bool
	// ReadOnly: never written.
	ReadOnly bool
	// WriteOnly: never read back. password always is.
	WriteOnly bool
	// Sensitive: masked wherever it is shown.
	Sensitive bool
}

// Standard are the attributes that are mapped by default: of RFC 7643, those that
// provisioning mostly uses.
func Standard() []Attribute {
	return attributes(
		"userName", "displayName", "name.givenName", "name.familyName", "title", "userType", "preferredLanguage",
		"emails.work", "phoneNumbers.work", "phoneNumbers.mobile",
		"employeeNumber", "costCenter", "organization", "division", "department", "manager",
	)
}

func attributes(names ...string) []Attribute {
	out := make([]Attribute, len(names))
	for i, n := range names {
		out[i].Name = n
	}
	return out
}

var _ target.Target = (*Target)(nil)

package scimserver

import (
	"net/http"

	"github.com/provision-go/provision/internal/scim"
)

// Profile is how identity providers are met that deviate from the standard.
type Profile uint8

const (
	// ProfileDefault is that of the configuration, and there Lenient.
	ProfileDefault Profile = iota
	// Lenient takes what all known identity providers send: messages without schemas,
	// booleans and numbers as strings, a manager as a plain string, nulls for what is
	// not assigned, dotted names in a PATCH without a path, values in brackets that
	// match nothing yet, unknown schemas and attributes, which are dropped. Names of
	// groups are unique.
	Lenient
	// RFC takes what RFC 7643 and RFC 7644 define, and tells clients what is wrong.
	RFC
	// Entra is Lenient, with 204 after a PATCH of a group, as Microsoft asks for.
	Entra
	// Okta is Lenient, with 200 and the resource after each PATCH.
	Okta
)

// conduct is what a profile means.
type conduct struct {
	rules scim.Rules
	// userReply and groupReply are the status after a PATCH.
	userReply, groupReply int
	uniqueGroups          bool
}

func (p Profile) conduct() conduct {
	c := conduct{rules: scim.Lenient(), userReply: http.StatusOK, groupReply: http.StatusOK, uniqueGroups: true}
	switch p {
	case RFC:
		c.rules, c.uniqueGroups = scim.Strict(), false
	case Entra:
		c.groupReply = http.StatusNoContent
	default:
	}
	return c
}

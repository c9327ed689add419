// Package scimsource reads people from any SCIM 2.0 service provider (RFC 7643, RFC
// 7644): an identity provider, an HR system, a product with a SCIM interface that one
// asks instead of being pushed to.
//
//	people, err := scimsource.New(scimsource.Config{
//		BaseURL: "https://app.example/scim/v2",
//		Auth:    scimsource.Bearer(token),
//	})
//
// A list is whole or an error. Service providers count wrongly, skip people who move
// from one page to another while the list is read, repeat pages, or begin anew past
// the end; so pages overlap, and a list that moved is read again, three times in all.
// That costs one request in a hundred, and a second one for a list of a single page.
//
// # Who is who
//
// Config.ID says which attribute is the ID of an identity. The default is id, which
// every service provider has and never changes (RFC 7643, section 3.1). Where it does
// change, or where other sources know people by externalId or userName, choose those.
// Whoever lacks the attribute is a person nobody can name: an identity without an ID,
// with a finding, and no absence is proved by such a list.
//
// # Who works
//
// active says so: true is Active, false is Config.Inactive. The attribute is optional
// in the standard, but an answer that lost it must not look like one that says that
// everybody works, or nobody. So a user without it is undecided, with a finding, and a
// list in which nobody has it is an error. Config.ActiveOptional is for service
// providers that do not have it: then only the absence from a whole list says that
// somebody left.
//
// # Groups
//
// Config.Groups says how memberships are read: not at all; from the members of groups,
// nested ones too, which nearly all service providers tell; or from the groups of
// users. AWS IAM Identity Center tells neither. Groups without a displayName are known
// by their id.
//
// # One person
//
// Identity asks for one user by id, or by a filter. Service providers exist that answer
// a filter that they do not understand with nobody; so nobody is believed only after
// the list was read, and a 404 only while the list of users can be read.
//
// # Addresses from customers
//
// BaseURL and the address of a token endpoint may come from a customer: they have to
// be public addresses, checked when the connection is made; no redirect leads
// elsewhere, and no proxy is asked. Config.Private permits private networks, for
// systems of one's own.
package scimsource

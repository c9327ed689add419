// Package scim has the language and the data model of SCIM 2.0 (RFC 7643,
// RFC 7644), for connectors that read it, write it and serve it. It does no I/O.
//
// Schemas are data: a [ResourceType] lists what attributes resources have, and
// everything else follows it. [ParseFilter] and [ParsePath] share one grammar and
// one tree; [Matches] evaluates a filter, [Accept] turns what a client sent into
// canonical attributes, [Patch] applies the operations of a PATCH to a copy,
// [Project] leaves out what was not asked for, and [Compare] orders.
//
// # Values
//
// An [Object] holds canonical values: names as the schema writes them; the
// attributes of an extension in an Object under the extension's URN; string, bool,
// int64, float64, Object, and []any for multi-valued attributes. Nothing is null,
// empty arrays and empty objects are left out: RFC 7643, section 2.5, calls all
// three unassigned. Objects are shared and never changed in place: what alters one
// copies the way down to it.
//
// # Errors
//
// What a client got wrong is an [*Error], with the status and scimType of RFC 7644,
// section 3.12. Its detail says what and where, and repeats no values of attributes.
package scim

// Package scimserver is a SCIM 2.0 service provider (RFC 7643, RFC 7644) that a
// product mounts, so that its customers' identity providers push people into it.
// What it holds is a source of identities.
package scimserver

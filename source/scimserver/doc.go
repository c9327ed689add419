// Package scimserver is a SCIM 2.0 service provider (RFC 7643, RFC 7644) that a
// product mounts, so that the identity providers of its customers push people and
// groups into it. What it holds is a source of identities: the pushes drive the
// product's own rules and targets.
//
//	server, err := scimserver.New(scimserver.Config{
//		BaseURL:   "https://app.example/scim/v2",
//		Authorize: tenantOfToken,
//		Changed:   func(_ context.Context, c scimserver.Change) { queue.Add(c.Tenant, c.IdentityID) },
//	})
//	mux.Handle("/scim/v2/", server)
//	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
//	engine, err := provision.New(provision.Config{Source: server.Source("acme"), …})
//
// A client that sends its header slowly, or never, holds a connection before any handler
// knows of it: ReadHeaderTimeout ends that, and it has no default. What comes after the
// header the server bounds itself: [Limits] are on sizes, counts and times.
//
// # Pushes are hints
//
// A push changes what the server holds, and says through Config.Changed whom to look
// at again, for Engine.SyncOne. The state is read fresh, so pushes that come twice,
// late or out of order do no harm. A deleted user stays in the source as one who was
// terminated: a deletion is something an identity provider said, not an absence.
// [Server.Purge] forgets them.
//
// # What it supports
//
// Users with the enterprise extension and extensions of one's own, groups, nested
// ones too; filters, sorting, projection; POST, PUT, PATCH, DELETE, .search, Bulk with
// bulkId; ETag, If-Match and If-None-Match; pages by index and by cursor (RFC 9865);
// the discovery endpoints; /Me where Authorize says who asks. A password is accepted
// and dropped. Deleting a user takes it out of all groups.
//
// # Profiles
//
// Identity providers deviate from the standard. The profile Lenient, which is the
// default, understands what all known ones send; see [Profile].
//
// # Stores
//
// [NewMemory] keeps everything in memory, for tests and for programs that are filled
// anew after a start. Package sqlstore keeps it in PostgreSQL or SQLite. Any [Store] will
// do that passes package storetest.
package scimserver

// Package target describes the systems in which accounts live: the product's
// own database, a SCIM service, a SaaS application. A connector implements
// [Target]; rules, plans, guards and retries are the work of other packages.
//
// # Writing a connector
//
// Make a struct that embeds [Unsupported] and implement the other methods; write
// down in [Capabilities] what the system can do; run the conformance suite of
// package targettest against it, with a test system or a fake of its API. The
// example shows a small one in full. What the suite cannot say:
//
// Accounts. Yield every account, also those that somebody else made: the planner
// needs them to find clashes and to offer adoption. Set Account.State, always.
// Read a stored key with [StoredKey]. Use one [AttrBuilder] for all accounts of a
// listing, and leave out what Capabilities does not declare.
//
// Listings. A sequence that ends without an error is taken for the whole truth:
// whoever is not in it is gone. So when a page fails, when a cursor repeats, when
// the system counts more than it sent, when ctx is done, yield an error. Nothing
// else protects people from a short read.
//
// Values. Attributes are strings. A boolean is "true" or "false", a number has
// one way to be written, an absent value is left out. What is written must be
// what is read back, or the plan never comes to rest; if the system alters values
// on the way, let the connector write them as the system does.
//
// References. Attributes that point at accounts (manager) hold native ids in a
// connector, in both directions, and are declared with Ref. See [Ref.Text] for
// what they hold elsewhere.
//
// Writes. Each request states absolute values, so that it may be sent twice. Do
// not retry writes: the executor does, and it knows which may be repeated. A
// Disable of a disabled account succeeds, and so does a Grant of what is held
// already, even if the system answers with an error.
//
// Entitlements. If the account lists its groups, set Account.Entitlements; if the
// group lists its members, set [Held].Members in the catalogue. Find gives them
// on the account in both cases.
//
// Errors. Every error gets a [Class]: with [FromHTTP] for a plain HTTP status and
// [FromTransport] for a request that got no answer; with [Fail], [ExistsError],
// [InvalidError] and [ThrottledError] for what the connector understands itself;
// or by returning [ErrNotFound], [ErrConflict] or [ErrUnsupported] as they are.
// [ClassOf] knows the errors of package net. What stays unclassified counts as
// [Unclear], which costs a read before the next attempt. Never put secrets, bodies
// or query strings into an error.
//
// Secrets. CreateRequest.Secrets are for this one call: send them, and forget
// them.
//
// Concurrency. All methods may be called at the same time. Do not hold a lock
// during a request.
//
// # Using targets
//
// [Collect] reads a target to its end; only its [Snapshot] can show that an
// account is not there. [RateLimited], [ReadOnly] and [Observed] wrap a target;
// each passes every method on, so nothing gets around it. Package memtarget has a
// target in memory with failures on demand.
package target

// Package scimtarget makes any service that speaks SCIM 2.0 (RFC 7643, RFC 7644) a
// target: its users are the accounts, and its groups are entitlements of the kind
// "group".
//
//	app, err := scimtarget.New(scimtarget.Config{
//		Name:    "crm",
//		BaseURL: "https://crm.example/scim/v2",
//		Auth:    scimtarget.Bearer(token),
//		Groups:  true,
//	})
//
// New connects to nothing; [Target.Suggest] asks the service what it says about
// itself.
//
// # Profiles
//
// Services deviate from the standard, and not all that they say about themselves is
// true. A [Profile] is what is known of one: plain data that can be copied and
// altered. There are profiles for well-known services, such as [AWSIdentityCenter]
// and [GitHubEnterprise]; the default is [RFC]. Each says where its facts are from;
// what is not known of a service is as in RFC.
//
// # Accounts
//
// The key is kept in externalId, with the slot: "E11", "E11~admin". An account
// without an externalId is not managed. Where a service keeps none, the profile says
// so, and the engine's journal remembers who owns which account.
//
// An account is enabled unless active is false. Disable sets that and keeps
// everything else. Delete is off unless Config.Delete.
//
// # Attributes
//
// An attribute has a flat name; its path says where it is in the user: see
// [Attribute]. [Standard] are those that are there by default. Values are text:
// "true" and "false" for booleans, decimal digits for integers. What would not be
// read back as it was written (a date and time in another zone than UTC, "007" as an
// integer) is refused with the attribute's name before anything is sent.
//
// An update touches what it is asked to and nothing else: other addresses of the same
// person, attributes that nobody mapped and extensions of other clients stay. With a
// service that has no PATCH the user is read, altered and put back with all that it
// had. Two writers can overwrite each other there, unless the service has versions
// ([Profile].Versions).
//
// # Groups
//
// Grant and Revoke change the members of a group by PATCH. Changes to one group
// that are called for at the same time go together, in requests of up to
// GroupProfile.MaxChanges; each call gets the result of its own change, and one
// change that is refused does not fail the others. A change that comes alone waits
// for nobody. Nested groups are passed over.
//
// With [Profile].Bulk creates, updates and new members share bulk requests in the same
// way, where a service has them.
//
// # Errors
//
// Errors carry the classes of package target. They name method, host, path and
// status, and never show what the service said, because services repeat values.
package scimtarget

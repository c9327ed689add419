// Package scimclient speaks SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865) to a service
// provider: requests, pages, filters, errors. It knows no targets and no sources.
//
//	client, err := scimclient.New(scimclient.Config{
//		System: "acme",
//		Base:   "https://app.example/scim/v2",
//		Auth:   scimclient.Bearer(token),
//	})
//	for user, err := range client.List(ctx, "/Users", scimclient.Query{}) { … }
//
// Service providers deviate from the standard in many ways, and it takes what can
// be understood without a guess. What it never does is end a listing early: a
// listing is complete or ends with an error.
package scimclient

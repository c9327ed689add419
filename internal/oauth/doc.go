// Package oauth gets access tokens with the client credentials grant of OAuth 2.0
// (RFC 6749, section 4.4), or another one that is given, for connectors.
//
//	tokens, err := oauth.New(oauth.Config{
//		System: "acme", TokenURL: "https://login.acme.example/token", ID: id, Secret: secret,
//	})
//	client, err := fetch.New(fetch.Config{Authorize: tokens.Authorize, Renew: tokens.Renew, …})
//
// The address of the token endpoint may come from a customer: package fetch checks
// where it leads, and bounds time and size. Errors show neither what was sent nor
// what was answered, except for the error codes that the RFCs list.
package oauth

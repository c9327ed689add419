// Package fetch speaks to HTTP systems: one [Client] for one system with one set
// of credentials.
//
//	client, err := fetch.New(fetch.Config{
//		System:    "acme-hr",
//		Base:      "https://acme.hr.example/api",
//		Authorize: func(_ context.Context, r *http.Request) error { r.SetBasicAuth(key, "x"); return nil },
//	})
//
//	var worker Worker
//	_, err = client.JSON(ctx, fetch.Request{Path: "/v1/workers/{id}", Args: []string{id}}, &worker)
//
// [Client.Read] returns bytes, [Client.JSON] a value, [Elements] the elements of a
// list of any size while it arrives, and [Client.Stream] any other JSON in this
// way. The address of a next page, from the answer or from [NextLink], goes into
// Request.Next.
//
// It promises what the readers of a system of record need:
//
//   - A read that is not whole is an error: one that breaks off, is empty, is
//     HTML, is null.
//   - Reads are repeated after 429 and most 5xx, after lost connections and
//     timeouts, as long and as often as [Config] says, and honour Retry-After. All
//     else is final.
//   - Writes go through [Client.Once], which makes one attempt: repeating them takes
//     more knowledge.
//   - Credentials go to the scheme, host and port of the base address, whatever
//     next pages and redirects say, and occur in no error and no printed value.
//   - A host that a customer names cannot lead into the operator's network: the
//     address is checked after its name is resolved. [CheckSubdomain] is for the
//     part of a host name that a customer names.
//   - Time, memory and the number of attempts are bounded.
//
// Errors are [*Error] and have a [Kind].
package fetch

package scimclient

import "context"

// A Write changes something.
type Write struct {
	Method   string // POST, PUT, PATCH, DELETE
	Endpoint string // "/Users"
	ID       string // "" for POST
	// Body is encoded as JSON once; json.RawMessage and []byte are sent as they are.
	// nil sends none.
	Body any
	// Version is sent as If-Match, unless it is "".
	Version string
	// IdempotencyKey is sent as Idempotency-Key, unless it is "".
	IdempotencyKey string
	// Excluded are attributes that the answer need not have.
	Excluded []string
}

// A Reply is the answer to a write with a status of 2xx.
type Reply struct {
	Status   int
	Resource Resource
	// Whole: the answer had the resource. Without it, Resource has only what the
	// headers say: ID from Location after a POST, Version from ETag.
	Whole bool
}

// Send makes one attempt at a write and never repeats it. A status that is not 2xx
// is an [*Error], and so is an answer that breaks off: its Status is 2xx then.
func (c *Client) Send(_ context.Context, _ Write) (Reply, error) { return Reply{}, errUnbuilt }

// A BulkOperation is one write of a bulk request (RFC 7644, section 3.7).
type BulkOperation struct {
	Method  string
	Path    string // "/Users", "/Users/2819c223"; not escaped
	BulkID  string // required for POST
	Version string
	Data    any
}

// A BulkResult is what became of one operation.
type BulkResult struct {
	BulkID string
	Status int
	// ID is that of the resource, from the location.
	ID      string
	Version string
	// Err is nil for a status of 2xx, and otherwise an [*Error].
	Err error
	// Done is false for operations of which the answer says nothing. Err then says so.
	Done bool
}

// Bulk sends operations in one request and makes one attempt. The results are as
// many as the operations and in their order. A 413 is an [*Error] on which the
// caller splits.
func (c *Client) Bulk(_ context.Context, _ []BulkOperation) ([]BulkResult, error) {
	return nil, errUnbuilt
}

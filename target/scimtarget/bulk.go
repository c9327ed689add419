package scimtarget

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/provision-go/provision/internal/scimclient"
)

// written is the answer to a write.
type written struct {
	scimclient.Reply
	// shared: the write went with others, in a bulk request. Of what it did such an
	// answer need not show more than where it is (RFC 7644, section 3.7).
	shared bool
}

type bulkCall = call[scimclient.Write, written]

// errAlone says that a bulk request was refused as a whole, so that nothing in it was
// done.
var errAlone = errors.New("the service refuses the bulk request")

// submit makes a write. If the profile has bulk requests it goes with others that are
// called for at the same time. Nothing that ends somebody's access waits for others.
func (t *Target) submit(ctx context.Context, w scimclient.Write) (written, error) {
	if t.bulk.shares() {
		if out, err := t.bulk.do(ctx, "", w); !errors.Is(err, errAlone) {
			return out, err
		}
	}
	reply, err := t.client.Send(ctx, w)
	return written{Reply: reply}, err
}

// sendBulk makes writes in one request, and tells each its result.
func (t *Target) sendBulk(ctx context.Context, queue string, batch []*bulkCall) {
	if len(batch) == 1 {
		reply, err := t.client.Send(ctx, batch[0].what)
		batch[0].answer(written{Reply: reply}, err)
		return
	}
	ops := make([]scimclient.BulkOperation, len(batch))
	for i, c := range batch {
		w := &c.what
		ops[i] = scimclient.BulkOperation{
			Method: w.Method, Endpoint: w.Endpoint, ID: w.ID, BulkID: strconv.Itoa(i + 1), Version: w.Version, Data: w.Body,
		}
	}
	results, err := t.client.Bulk(ctx, ops)
	switch {
	case err == nil:
		for i, c := range batch {
			c.answer(written{Reply: results[i].Reply, shared: true}, results[i].Err)
		}
	case status(err) == http.StatusRequestEntityTooLarge:
		t.bulk.tooLarge(len(batch))
		half := len(batch) / 2
		t.sendBulk(ctx, queue, batch[:half])
		t.sendBulk(ctx, queue, batch[half:])
	case wrongs(err) || denies(err):
		if denies(err) {
			t.bulk.atMost(1)
		}
		for _, c := range batch {
			c.answer(written{}, errAlone)
		}
	default:
		for _, c := range batch {
			c.answer(written{}, err)
		}
	}
}

// denies reports whether a service has no bulk requests, whatever it says, or none for
// these credentials.
func denies(err error) bool {
	switch status(err) {
	case http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone, http.StatusNotImplemented:
		return true
	}
	return false
}

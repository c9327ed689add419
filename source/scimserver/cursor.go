package scimserver

import (
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"net/http"

	"github.com/provision-go/provision/internal/scim"
)

// A position is where a list goes on: behind a resource of a kind, or at a place in an
// order. Resources that are created or deleted meanwhile move nothing of the first.
type position struct {
	kind   int
	after  int64
	offset int
}

// cursorAt writes a position down (RFC 9865, section 2). A cursor belongs to its
// filter and order. It holds no secret and grants nothing.
func (q *listRequest) cursorAt(p position) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%d.%d.%x", p.kind, p.after, p.offset, q.sum()))
}

// position reads the cursor of a request.
func (q *listRequest) position() (position, error) {
	var p position
	if q.cursor == nil || *q.cursor == "" {
		return p, nil
	}
	var sum uint64
	text, err := base64.RawURLEncoding.DecodeString(*q.cursor)
	if err == nil {
		_, err = fmt.Sscanf(string(text), "%d.%d.%d.%x", &p.kind, &p.after, &p.offset, &sum)
	}
	if err != nil || p.kind < 0 || p.offset < 0 || p.after < 0 {
		return p, refuse(http.StatusBadRequest, scim.InvalidCursor, "the cursor is none that this service gave")
	}
	if sum != q.sum() {
		return p, refuse(http.StatusBadRequest, scim.InvalidCursor, "the cursor belongs to another filter or order")
	}
	return p, nil
}

// sum differs for different filters and orders.
func (q *listRequest) sum() uint64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%q %q %t", q.filter, q.sortBy, q.descending)
	return h.Sum64()
}

package scimclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
)

// A BulkOperation is one write of a bulk request (RFC 7644, section 3.7).
type BulkOperation struct {
	Method   string
	Endpoint string // "/Users"
	ID       string // "" for POST
	// BulkID names the operation, for others as "bulkId:…" and in the answer. It is
	// required for POST and unique in the request.
	BulkID  string
	Version string
	// Data is as the Body of a [Write].
	Data any
}

// A BulkResult is what became of one operation.
type BulkResult struct {
	// Reply has a Status of 0 if the answer does not say anything about the operation. It
	// is Whole if the answer shows the resource, and otherwise has its ID, after a POST
	// from the location, and perhaps its Version.
	Reply
	// Err is nil for a status of 2xx. Otherwise it is an [*Error], without a Status if
	// nobody knows what became of the operation.
	Err error
}

// errUnanswered is what the error of an operation wraps of which nobody knows what
// became of it.
var errUnanswered = errors.New("the answer does not say what became of the operation")

// Bulk sends operations in one request and makes one attempt, see
// [fetch.Client.Once]. The results are as many as the operations and in their order,
// whatever the order of the answer: results go by bulkId, those without one by their
// location, and without either by their place, if there are as many as there were
// operations. A service provider may stop before the last operation, and the results
// of the others then have no Status.
//
// A status that is not 2xx is an [*Error]. After a 413 the caller splits: nothing was
// carried out (RFC 7644, section 3.7.4).
func (c *Client) Bulk(ctx context.Context, ops []BulkOperation) ([]BulkResult, error) {
	body, err := bulkBody(ops)
	if err != nil {
		return nil, fmt.Errorf("%s: bulk: %w", c.cfg.System, err)
	}
	answer, err := c.fetch.Once(ctx, fetch.Request{
		Method: http.MethodPost, Path: "/Bulk", Body: body, ContentType: "application/scim+json", Header: c.header,
	})
	if err == nil {
		err = answer.Err()
	}
	if err != nil {
		return nil, c.failure(err)
	}
	raw, err := c.decode(answer)
	if err != nil {
		return nil, err
	}
	list, ok := member(raw, "Operations").([]any)
	if !ok || isError(raw) {
		return nil, c.wrong(answer, fetch.BadContent, errors.New("there are no Operations in the answer"))
	}
	return c.results(ops, list), nil
}

// bulkBody writes a bulk request. Data that is JSON already is copied as it is.
func bulkBody(ops []BulkOperation) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[`)
	ids := map[string]bool{}
	for n := range ops {
		op := &ops[n]
		switch {
		case op.Method == http.MethodPost && op.BulkID == "":
			return nil, fmt.Errorf("operation %d: no BulkID", n+1)
		case op.BulkID != "" && ids[op.BulkID]:
			return nil, fmt.Errorf("operation %d: BulkID %s is there already", n+1, op.BulkID)
		case op.Method != http.MethodPost && op.ID == "":
			return nil, fmt.Errorf("operation %d: no ID", n+1)
		}
		ids[op.BulkID] = true
		head, err := encode(struct {
			Method  string `json:"method"`
			Path    string `json:"path"`
			BulkID  string `json:"bulkId,omitempty"`
			Version string `json:"version,omitempty"`
		}{op.Method, op.path(), op.BulkID, op.Version})
		if err != nil {
			return nil, err
		}
		data, err := encode(op.Data)
		if err != nil {
			return nil, fmt.Errorf("operation %d: %w", n+1, err)
		}
		if n > 0 {
			out.WriteByte(',')
		}
		out.Write(head[:len(head)-1])
		if data != nil {
			out.WriteString(`,"data":`)
			out.Write(data)
		}
		out.WriteByte('}')
	}
	out.WriteString("]}")
	return out.Bytes(), nil
}

func (op *BulkOperation) path() string {
	if op.ID == "" {
		return op.Endpoint
	}
	return op.Endpoint + "/" + url.PathEscape(op.ID)
}

// answered is what a bulk answer says about one operation.
type answered struct {
	raw                      scim.Object
	method, bulkID, location string
}

// results puts what was answered in the order of the operations.
func (c *Client) results(ops []BulkOperation, list []any) []BulkResult {
	place := map[string]int{} // of operations by bulkId, and by path if it is not ambiguous
	for n := range ops {
		if ops[n].BulkID != "" {
			place["id "+ops[n].BulkID] = n
		}
		if ops[n].ID == "" {
			continue
		}
		at := "at " + ops[n].Method + " " + ops[n].Endpoint + " " + ops[n].ID
		if _, twice := place[at]; twice {
			place[at] = -1
		} else {
			place[at] = n
		}
	}
	out := make([]BulkResult, len(ops))
	for k, element := range list {
		a := answerOf(element)
		if n := a.place(ops, place, k, len(list)); n >= 0 && out[n].Status == 0 && out[n].Err == nil {
			out[n] = c.result(&ops[n], a)
		}
	}
	for n := range out {
		if out[n].Status == 0 && out[n].Err == nil {
			out[n].Err = c.bulkError(&ops[n], fetch.Other, 0, errUnanswered)
		}
	}
	return out
}

func answerOf(element any) answered {
	o, _ := element.(scim.Object)
	a := answered{raw: o}
	a.method, _ = member(o, "method").(string)
	a.bulkID, _ = member(o, "bulkId").(string)
	a.location, _ = member(o, "location").(string)
	return a
}

// place returns the operation that an answer is about, or -1.
func (a answered) place(ops []BulkOperation, place map[string]int, k, of int) int {
	if n, ok := place["id "+a.bulkID]; ok && a.bulkID != "" {
		return n
	}
	if a.location != "" && a.bulkID == "" {
		for _, endpoint := range endpointsOf(ops) {
			if id := located(a.location, endpoint); id != "" {
				if n, ok := place["at "+strings.ToUpper(a.method)+" "+endpoint+" "+id]; ok && n >= 0 {
					return n
				}
			}
		}
	}
	if a.bulkID == "" && of == len(ops) && (a.method == "" || strings.EqualFold(a.method, ops[k].Method)) {
		return k
	}
	return -1
}

func endpointsOf(ops []BulkOperation) []string {
	var out []string
	for n := range ops {
		out = union(out, []string{ops[n].Endpoint})
	}
	return out
}

// result understands what was answered about an operation.
func (c *Client) result(op *BulkOperation, a answered) BulkResult {
	r := BulkResult{Reply: Reply{Resource: Resource{ID: op.ID}}}
	status, ok := count(statusOf(a.raw))
	if !ok || status < 100 || status > 599 {
		r.Err = c.bulkError(op, fetch.Other, 0, errUnanswered)
		return r
	}
	r.Status = int(status)
	if r.Resource.ID == "" {
		r.Resource.ID = located(a.location, op.Endpoint)
	}
	if status >= 200 && status <= 299 {
		if o, ok := member(a.raw, "response").(scim.Object); ok && !isError(o) {
			if shown := read(c.typeOf(op.Endpoint), o); shown.ID != "" {
				r.Resource, r.Whole = shown, true
			}
		}
	}
	if version, ok := member(a.raw, "version").(string); ok && version != "" {
		r.Resource.Version = version
	}
	if status >= 200 && status <= 299 {
		return r
	}
	body, _ := json.Marshal(member(a.raw, "response"))
	e := c.bulkError(op, fetch.KindOfStatus(r.Status), r.Status, nil)
	e.ScimType, e.said = scimTypeOf(body), beginning(body)
	r.Err = e
	return r
}

// statusOf returns the status of an operation: a member, or the code in one.
func statusOf(o scim.Object) any {
	status := member(o, "status")
	if inner, ok := status.(scim.Object); ok {
		return member(inner, "code")
	}
	return status
}

func (c *Client) bulkError(op *BulkOperation, kind fetch.Kind, status int, err error) *Error {
	return &Error{System: c.cfg.System, Method: op.Method, Host: c.host, Path: c.path + op.path(), Kind: kind, Status: status, Err: err}
}

package scimserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// Operations of a bulk request are carried out one after another; each is a write of
// its own (RFC 7644, section 3.7). One that refers to a bulkId waits for the POST that
// makes it, wherever that stands; those that wait for each other are refused with 409
// (section 3.7.1).

// bulkOperation is one operation, and what became of it.
type bulkOperation struct {
	method, path, bulkID, version string
	data                          scim.Object
	needs                         []string // bulkIds that data and path refer to

	done     bool
	status   int
	location string
	etag     string
	failure  *scim.Error
}

// bulk answers POST /Bulk.
func (x *exchange) bulk() (reply, error) {
	return x.withBody(func(body scim.Object) (reply, error) {
		list, failOnErrors, err := x.bulkRequest(body)
		if err != nil {
			return reply{}, err
		}
		x.carryOut(list, failOnErrors)
		return bulkReply(list)
	})
}

// bulkRequest reads the message.
func (x *exchange) bulkRequest(body scim.Object) (list []*bulkOperation, failOnErrors int, err error) {
	var operations []any
	for name, value := range body {
		switch strings.ToLower(name) {
		case "operations":
			operations, _ = value.([]any)
		case "failonerrors":
			if failOnErrors, err = integer(name, fmt.Sprint(value)); err != nil {
				return nil, 0, err
			}
		}
	}
	switch {
	case len(operations) == 0:
		return nil, 0, refuse(http.StatusBadRequest, scim.InvalidSyntax, "Operations: is an array with at least one operation")
	case len(operations) > x.cfg.Limits.Bulk:
		return nil, 0, refuse(http.StatusRequestEntityTooLarge, "", "Operations: "+strconv.Itoa(x.cfg.Limits.Bulk)+" is the most in one request")
	}
	for n, value := range operations {
		op, err := readOperation(value)
		if err != nil {
			return nil, 0, refuse(http.StatusBadRequest, scim.InvalidSyntax, fmt.Sprintf("Operations[%d]: %s", n, err))
		}
		list = append(list, op)
	}
	return list, failOnErrors, x.checkBulkIDs(list)
}

// checkBulkIDs refuses a bulkId that two operations make. Clients exist that call all
// of theirs the same; where nothing refers to it, only the profile RFC minds.
func (x *exchange) checkBulkIDs(list []*bulkOperation) error {
	needed := map[string]bool{}
	for _, op := range list {
		for _, id := range op.needs {
			needed[id] = true
		}
	}
	made := map[string]bool{}
	for n, op := range list {
		if op.method != http.MethodPost {
			continue
		}
		if made[op.bulkID] && (needed[op.bulkID] || x.client.Profile == RFC) {
			return refuse(http.StatusBadRequest, scim.InvalidValue, fmt.Sprintf("Operations[%d]: its bulkId is that of another operation", n))
		}
		made[op.bulkID] = true
	}
	return nil
}

func readOperation(value any) (*bulkOperation, error) {
	o, ok := value.(scim.Object)
	if !ok {
		return nil, errors.New("is no object")
	}
	op := &bulkOperation{}
	var wrong []error
	for name, value := range o {
		var err error
		switch strings.ToLower(name) {
		case "method":
			op.method, err = text(name, value)
			op.method = strings.ToUpper(op.method)
		case "path":
			op.path, err = text(name, value)
		case "bulkid":
			op.bulkID, err = text(name, value)
		case "version":
			op.version, err = text(name, value)
		case "data":
			var isObject bool
			if op.data, isObject = value.(scim.Object); !isObject && value != nil {
				err = errors.New("data is an object")
			}
		}
		wrong = append(wrong, err)
	}
	switch op.method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		wrong = append(wrong, errors.New("method is POST, PUT, PATCH or DELETE"))
	}
	if op.method == http.MethodPost && op.bulkID == "" {
		wrong = append(wrong, errors.New("a POST has a bulkId"))
	}
	if op.path == "" {
		wrong = append(wrong, errors.New("path is missing"))
	}
	if op.data == nil && op.method != http.MethodDelete {
		wrong = append(wrong, errors.New("data is missing"))
	}
	op.needs = references(op.data, nil)
	if id, ok := strings.CutPrefix(op.path[strings.LastIndex(op.path, "/")+1:], "bulkId:"); ok {
		op.needs = append(op.needs, id)
	}
	return op, errors.Join(wrong...)
}

// references returns the bulkIds that a value refers to.
func references(value any, found []string) []string {
	switch v := value.(type) {
	case string:
		if id, ok := strings.CutPrefix(v, "bulkId:"); ok {
			return append(found, id)
		}
	case scim.Object:
		for _, member := range v {
			found = references(member, found)
		}
	case []any:
		for _, element := range v {
			found = references(element, found)
		}
	}
	return found
}

// carryOut does what can be done, until so many have failed.
func (x *exchange) carryOut(list []*bulkOperation, failOnErrors int) {
	ids := map[string]string{} // of what was made, by bulkId
	pending := map[string]bool{}
	for _, op := range list {
		if op.method == http.MethodPost {
			pending[op.bulkID] = true
		}
	}
	failed := 0
	for progress := true; progress; {
		progress = false
		for _, op := range list {
			if op.done || slices.ContainsFunc(op.needs, func(id string) bool { return pending[id] }) {
				continue
			}
			x.operate(op, ids)
			op.done, progress = true, true
			if op.method == http.MethodPost {
				delete(pending, op.bulkID)
			}
			if op.failure != nil {
				if failed++; failed == failOnErrors {
					return
				}
			}
		}
	}
	for _, op := range list {
		if !op.done {
			op.done = true
			op.fail(&scim.Error{Status: http.StatusConflict, Detail: "operations refer to each other in a circle"})
		}
	}
}

func (op *bulkOperation) fail(err *scim.Error) { op.status, op.failure = err.Status, err }

// operate carries out one operation.
func (x *exchange) operate(op *bulkOperation, ids map[string]string) {
	answer, err := x.operation(op, ids)
	if err != nil {
		told, ok := errors.AsType[*scim.Error](err)
		if !ok {
			x.tell(x.r, err)
			told = &scim.Error{Status: http.StatusInternalServerError, Detail: "the service could not do this"}
		}
		op.fail(told)
		return
	}
	op.status, op.etag = answer.status, answer.etag
	if op.method == http.MethodPost {
		op.location = answer.location
		ids[op.bulkID] = answer.location[strings.LastIndex(answer.location, "/")+1:]
	}
}

func (x *exchange) operation(op *bulkOperation, ids map[string]string) (reply, error) {
	for _, id := range op.needs {
		if ids[id] == "" {
			return reply{}, refuse(http.StatusConflict, "", "it refers to a bulkId that no operation has made")
		}
	}
	data, _ := resolve(op.data, ids).(scim.Object)
	parts := split(op.path)
	for n := range parts {
		if id, ok := strings.CutPrefix(parts[n], "bulkId:"); ok {
			parts[n] = ids[id]
		}
	}
	for _, t := range x.types {
		if len(parts) == 0 || "/"+parts[0] != t.Endpoint {
			continue
		}
		var match []string
		if op.version != "" {
			match = []string{op.version}
		}
		if op.method != http.MethodPost && len(parts) == 2 && parts[1] != "" {
			op.location = x.location(t, url.PathEscape(parts[1])) // also where it fails (section 3.7)
		}
		switch {
		case op.method == http.MethodPost && len(parts) == 1:
			r, err := x.createResource(t, data)
			if err != nil {
				return reply{}, err
			}
			return reply{status: http.StatusCreated, location: x.location(t, r.ID), etag: etag(r, linked{})}, nil
		case len(parts) != 2:
		case op.method == http.MethodPut:
			return x.replace(t, parts[1], match, data)
		case op.method == http.MethodPatch:
			return x.patch(t, parts[1], match, data)
		case op.method == http.MethodDelete:
			return x.remove(t, parts[1], match)
		}
	}
	return reply{}, refuse(http.StatusBadRequest, scim.InvalidValue, "path: names nothing that has this method")
}

// resolve replaces references to bulkIds in a copy of a value.
func resolve(value any, ids map[string]string) any {
	switch v := value.(type) {
	case string:
		if id, ok := strings.CutPrefix(v, "bulkId:"); ok {
			return ids[id]
		}
	case scim.Object:
		if v == nil {
			return nil
		}
		out := make(scim.Object, len(v))
		for name, member := range v {
			out[name] = resolve(member, ids)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for n := range v {
			out[n] = resolve(v[n], ids)
		}
		return out
	}
	return value
}

// bulkResult is one operation in the answer. status is a string there.
type bulkResult struct {
	Method   string      `json:"method"`
	BulkID   string      `json:"bulkId,omitempty"`
	Version  string      `json:"version,omitempty"`
	Location string      `json:"location,omitempty"`
	Status   string      `json:"status"`
	Response *scim.Error `json:"response,omitempty"`
}

func bulkReply(list []*bulkOperation) (reply, error) {
	out := struct {
		Schemas    [1]string    `json:"schemas"`
		Operations []bulkResult `json:"Operations"`
	}{Schemas: [1]string{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}}
	for _, op := range list {
		if op.done {
			out.Operations = append(out.Operations, bulkResult{op.method, op.bulkID, op.etag, op.location, strconv.Itoa(op.status), op.failure})
		}
	}
	body, err := json.Marshal(out)
	return reply{status: http.StatusOK, body: body}, err
}

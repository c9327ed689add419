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

// A Write changes something.
type Write struct {
	Method   string // POST, PUT, PATCH, DELETE
	Endpoint string // "/Users"
	ID       string // "" for POST
	// Body is encoded as JSON; [json.RawMessage] and []byte are sent as they are. nil
	// sends none.
	Body any
	// Version is sent as If-Match, unless it is "".
	Version string
	// IdempotencyKey is sent as Idempotency-Key, unless it is "".
	IdempotencyKey string
	// Attributes and Excluded say what the answer need have, and what it need not
	// (RFC 7644, section 3.9).
	Attributes, Excluded []string
	// Unread says that the resource in the answer is not wanted, however large it is.
	Unread bool
}

// A Reply is the answer to a write with a status of 2xx.
type Reply struct {
	Status int
	// Resource is what the answer shows. What is in Object shares one copy of the answer.
	Resource Resource
	// Whole: the answer had the resource. Without it, Resource has only what the
	// headers say: after a POST the ID from Location, and Version from ETag.
	Whole bool
}

// Send makes one attempt at a write and never repeats it, see [fetch.Client.Once].
// A status that is not 2xx is an [*Error]; so is one of 2xx with an answer that
// breaks off, that is HTML, or that is an error message: its Status is 2xx then, and
// whether the write was carried out has to be looked up. Any other answer of 2xx that
// is no resource, such as none, is a Reply that is not Whole.
func (c *Client) Send(ctx context.Context, w Write) (Reply, error) {
	request, err := c.request(w)
	if err != nil {
		return Reply{}, fmt.Errorf("%s: %s %s: %w", c.cfg.System, w.Method, w.Endpoint, err)
	}
	request.Into = c.takeBuffer()
	defer c.putBuffer(request.Into) // a Reply has nothing of it
	answer, err := c.fetch.Once(ctx, request)
	if err == nil {
		err = answer.Err()
	}
	if err != nil {
		return Reply{}, c.failure(err)
	}
	return c.reply(w, answer)
}

func (c *Client) takeBuffer() *bytes.Buffer {
	if b, ok := c.buffers.Get().(*bytes.Buffer); ok {
		return b
	}
	return &bytes.Buffer{}
}

// putBuffer keeps a buffer for another answer, unless it is a large one.
func (c *Client) putBuffer(b *bytes.Buffer) {
	if b.Cap() <= 64<<10 {
		b.Reset()
		c.buffers.Put(b)
	}
}

func (c *Client) request(w Write) (fetch.Request, error) {
	r := fetch.Request{
		Method: w.Method, Path: w.Endpoint, ContentType: "application/scim+json", Header: c.header,
	}
	if len(w.Attributes)+len(w.Excluded) > 0 {
		r.Query = Query{Attributes: w.Attributes, Excluded: w.Excluded}.parameters()
	}
	if w.ID != "" {
		r.Path, r.Args = r.Path+"/{id}", []string{w.ID}
	} else if w.Method != http.MethodPost {
		return r, errors.New("no ID")
	}
	if w.Version != "" || w.IdempotencyKey != "" {
		r.Header = r.Header.Clone()
	}
	if w.Version != "" {
		r.Header.Set("If-Match", w.Version)
	}
	if w.IdempotencyKey != "" {
		r.Header.Set("Idempotency-Key", w.IdempotencyKey)
	}
	var err error
	r.Body, err = encode(w.Body)
	return r, err
}

// encode returns the JSON of a value. Errors of encoding/json show types, no values.
func encode(v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []byte:
		return v, nil
	case json.RawMessage:
		return v, nil
	case scim.Object:
		out, err := scim.AppendObject(make([]byte, 0, 512), v) // most are smaller
		if err != nil {
			return nil, fmt.Errorf("encode the body: %w", err)
		}
		return out, nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("encode the body: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// reply understands an answer of 2xx.
func (c *Client) reply(w Write, a fetch.Answer) (Reply, error) {
	reply := Reply{Status: a.Status, Resource: Resource{ID: w.ID}}
	if w.Unread && !bytes.Contains(a.Body, []byte(scim.ErrorURN)) {
		reply.Resource.tagged(a.Header)
		return reply, nil
	}
	if raw, err := scim.DecodeShared(a.Body); err == nil {
		if isError(raw) {
			return Reply{}, c.contradicts(a)
		}
		if r := read(c.typeOf(w.Endpoint), raw); r.ID != "" && member(raw, "Resources") == nil {
			r.ID, r.ExternalID, r.Version = strings.Clone(r.ID), strings.Clone(r.ExternalID), strings.Clone(r.Version)
			reply.Resource, reply.Whole = r, true
		}
	}
	if reply.Resource.ID == "" {
		reply.Resource.ID = located(a.Header.Get("Location"), w.Endpoint)
	}
	reply.Resource.tagged(a.Header)
	return reply, nil
}

// located returns the id that a location ends with, if it is one below an endpoint.
func located(location, endpoint string) string {
	u, err := url.Parse(location)
	if err != nil {
		return ""
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	cut := strings.LastIndexByte(path, '/')
	if cut < 0 || !strings.EqualFold("/"+path[:cut][strings.LastIndexByte(path[:cut], '/')+1:], endpoint) {
		return ""
	}
	id, err := url.PathUnescape(path[cut+1:])
	if err != nil {
		return ""
	}
	return id
}

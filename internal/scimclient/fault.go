package scimclient

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/secret"
)

// refusal is what an answer with an error status says. It travels in the chain of a
// [fetch.Error], and shows nothing.
type refusal struct {
	scimType         string
	said             secret.Secret
	retryAfter, date string
}

func (*refusal) Error() string { return "refused" }

// errSuccess is what is wrong with an error message that comes with a status of 2xx.
var errSuccess = errors.New("an error message with a status of success")

// understand keeps of an error answer what can be shown, and hides the rest.
func understand(e *fetch.Error, h http.Header, body []byte) {
	e.Message = ""
	e.Err = &refusal{
		scimType: scimTypeOf(body), said: beginning(body), retryAfter: h.Get("Retry-After"), date: h.Get("Date"),
	}
}

// beginning is as much of an answer as anybody looks for words in.
func beginning(body []byte) secret.Secret {
	const most = 4 << 10
	return secret.New(string(body[:min(len(body), most)]))
}

// scimTypeOf returns the scimType of an error message, as the RFCs spell it.
func scimTypeOf(body []byte) string {
	var message struct {
		ScimType any `json:"scimType"` // encoding/json does not mind the case of names
	}
	if json.Unmarshal(body, &message) != nil {
		return ""
	}
	text, _ := message.ScimType.(string)
	return knownType(text)
}

// knownType returns a scimType as the RFCs spell it, "" if they do not have it:
// anything else may be a value.
func knownType(text string) string {
	for _, known := range []string{
		"invalidFilter", "tooMany", "uniqueness", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue",
		"invalidVers", "sensitive", "invalidCursor", "expiredCursor", "invalidCount",
	} {
		if strings.EqualFold(text, known) {
			return known
		}
	}
	return ""
}

// failure makes an [*Error] of what package fetch returned.
func (c *Client) failure(err error) error {
	f, ok := errors.AsType[*fetch.Error](err)
	if !ok {
		return err
	}
	e := &Error{
		System: f.System, Method: f.Method, Host: c.host, Path: f.Path, Status: f.Status, Kind: f.Kind,
		RetryAfter: f.RetryAfter, Err: f.Err,
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		e.ScimType, e.said, e.retryAfter, e.date = r.scimType, r.said, r.retryAfter, r.date
		if e.Err = nil; e.Status >= 200 && e.Status <= 299 {
			e.Err = errSuccess
		}
	}
	return e
}

// wrong is an answer of 2xx that cannot be used. Its path is that of a request that
// package fetch has sent.
func (c *Client) wrong(a fetch.Answer, kind fetch.Kind, err error) error {
	return c.failure(a.Fail(kind, err))
}

// contradicts makes an [*Error] of an error message with a status of success.
func (c *Client) contradicts(a fetch.Answer) error {
	return c.failure(a.Fail(fetch.BadContent, &refusal{scimType: scimTypeOf(a.Body), said: beginning(a.Body)}))
}

// isError reports whether an object is the error message of RFC 7644, section 3.12.
// Some service providers send it with a status of success.
func isError(raw scim.Object) bool {
	list, _ := member(raw, "schemas").([]any)
	for _, v := range list {
		if urn, ok := v.(string); ok && strings.EqualFold(urn, scim.ErrorURN) {
			return true
		}
	}
	return false
}

// member returns a member of an object, whatever the case of its name.
func member(o scim.Object, name string) any {
	if v, ok := o[name]; ok {
		return v
	}
	for have, v := range o {
		if strings.EqualFold(have, name) {
			return v
		}
	}
	return nil
}

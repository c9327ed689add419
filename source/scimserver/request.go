package scimserver

import (
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// believed is how many bytes are made room for before they have come.
const believed = 1 << 16

// query returns the parameters of the address. What cannot be read is refused, and not
// left out: a list without its filter is one of everybody. A semicolon separates
// nothing.
func (x *exchange) query() (url.Values, error) {
	if x.r.URL.RawQuery == "" {
		return nil, nil
	}
	values, err := url.ParseQuery(strings.ReplaceAll(x.r.URL.RawQuery, ";", "%3B"))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, scim.InvalidSyntax, "the parameters of the address cannot be read; escape what is not a letter or a digit")
	}
	return values, nil
}

// withBody reads the JSON object that a request carries.
func (x *exchange) withBody(do func(scim.Object) (reply, error)) (reply, error) {
	if err := x.json(); err != nil {
		return reply{}, err
	}
	text, err := x.body()
	if err != nil {
		return reply{}, err
	}
	body, err := scim.DecodeShared(text)
	if err != nil {
		return reply{}, err
	}
	return do(body)
}

// json refuses what does not claim to be JSON. Clients that say nothing are believed.
func (x *exchange) json() error {
	stated := x.r.Header.Get("Content-Type")
	if stated == "" || stated == mediaType || stated == "application/json" {
		return nil
	}
	kind, params, err := mime.ParseMediaType(stated)
	charset := strings.ToLower(params["charset"])
	if err == nil && (kind == mediaType || kind == "application/json") && (charset == "" || charset == "utf-8" || charset == "utf8") {
		return nil
	}
	return refuse(http.StatusUnsupportedMediaType, "", "send "+mediaType+" in UTF-8")
}

// body reads what a request carries, as far as the limit.
func (x *exchange) body() ([]byte, error) {
	limit := x.cfg.Limits.Body
	if x.r.ContentLength > limit {
		return nil, x.tooLarge()
	}
	var from io.Reader = http.MaxBytesReader(x.w, x.r.Body, limit)
	switch strings.ToLower(x.r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(from)
		if err != nil {
			return nil, x.unread(err)
		}
		from = unpacked
	default:
		return nil, refuse(http.StatusUnsupportedMediaType, "", "this Content-Encoding is not understood; gzip is")
	}
	// One byte more than is permitted tells a body that is cut from one that fits. What
	// a client says of the size is believed as far as that costs little.
	text, err := readAll(io.LimitReader(from, limit+1), min(max(x.r.ContentLength, 0), believed))
	if err != nil {
		return nil, x.unread(err)
	}
	if int64(len(text)) > limit {
		return nil, x.tooLarge()
	}
	return text, nil
}

// readAll is [io.ReadAll] with room for what is expected.
func readAll(from io.Reader, expected int64) ([]byte, error) {
	text := make([]byte, 0, expected+1) // a byte more, to see the end
	for {
		n, err := from.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		case len(text) == cap(text):
			text = slices.Grow(text, cap(text))
		}
	}
}

func (x *exchange) tooLarge() error {
	return refuse(http.StatusRequestEntityTooLarge, "", "the request is larger than "+strconv.FormatInt(x.cfg.Limits.Body, 10)+" bytes")
}

// unread is what a client is told whose body could not be read.
func (x *exchange) unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return x.tooLarge()
	}
	if timeout, ok := errors.AsType[interface {
		error
		Timeout() bool
	}](err); ok && timeout.Timeout() {
		return refuse(http.StatusRequestTimeout, "", "the body did not come in time")
	}
	return refuse(http.StatusBadRequest, scim.InvalidSyntax, "the body cannot be read")
}

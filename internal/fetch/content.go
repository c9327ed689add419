package fetch

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Format is what an answer is expected to be.
type Format uint8

// The formats.
const (
	// JSON: application/json and types like it. Types that say nothing, such as
	// text/plain, are let pass if the content does not look like something else.
	JSON Format = iota
	// XML: application/xml, text/xml and types like them, in the same way.
	XML
	// Anything is not looked at, but is not empty.
	Anything
)

func (f Format) String() string {
	switch f {
	case JSON:
		return "JSON"
	case XML:
		return "XML"
	case Anything:
		return "anything"
	}
	return "Format(" + strconv.Itoa(int(f)) + ")"
}

func (f Format) accept() string {
	switch f {
	case JSON:
		return "application/json" // one type and no weights: some systems compare the text
	case XML:
		return "application/xml, text/xml"
	case Anything:
	}
	return "*/*"
}

const html = "HTML (a login or maintenance page?)"

// typeOf names what a Content-Type says, "" if it says nothing.
func typeOf(contentType string) string {
	kind := contentType
	if kind != "application/json" && kind != "application/scim+json" { // as most are
		kind, _, _ = mime.ParseMediaType(contentType)
	}
	switch {
	case kind == "text/html", kind == "application/xhtml+xml":
		return html
	case kind == "application/json", kind == "text/json", strings.HasSuffix(kind, "+json"):
		return JSON.String()
	case kind == "application/xml", kind == "text/xml", strings.HasSuffix(kind, "+xml"):
		return XML.String()
	case kind == "", kind == "text/plain", kind == "application/octet-stream", kind == "text/javascript", kind == "application/javascript":
		return ""
	}
	return oneLine(kind)
}

// sniff names what content begins like, "" if it says nothing.
func sniff(head []byte) string {
	head = bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(head) == 0:
		return ""
	case head[0] == '{', head[0] == '[':
		return JSON.String()
	case head[0] != '<':
		return ""
	}
	lower := bytes.ToLower(head[:min(len(head), 64)])
	if bytes.HasPrefix(lower, []byte("<!doctype html")) || bytes.HasPrefix(lower, []byte("<html")) {
		return html
	}
	return XML.String()
}

// checkHeader says whether the answer can be what is wanted.
func (x *exchange) checkHeader() error {
	h := x.response.Header
	if coding := h.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return x.fail(BadContent, "the answer is encoded as %s, which was not asked for", oneLine(coding))
	}
	return x.expect(typeOf(h.Get("Content-Type")))
}

func (x *exchange) expect(got string) error {
	if x.want == Anything || got == "" || got == x.want.String() {
		return nil
	}
	return x.fail(BadContent, "wanted %s, got %s", x.want, got)
}

func mark() []byte { return []byte("\ufeff") }

// readAll returns the whole body, which is not empty.
func (x *exchange) readAll() ([]byte, error) {
	content, err := x.readSome()
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimLeft(content, " \t\r\n")) == 0 {
		return nil, x.fail(BadContent, "the answer is empty")
	}
	return content, x.expect(sniff(content))
}

// readSome returns the whole body, if there is one, without a byte order mark.
func (x *exchange) readSome() ([]byte, error) {
	all := x.into
	if all == nil {
		all = &bytes.Buffer{}
	}
	// What the header promises is not to be believed without limit.
	all.Grow(int(min(max(x.response.ContentLength, 0), x.limit, 4<<20)) + bytes.MinRead)
	if _, err := all.ReadFrom(&capped{x: x, limit: x.limit, until: x.limit}); err != nil {
		return nil, err
	}
	return bytes.TrimPrefix(all.Bytes(), mark()), nil
}

// unmarshal decodes a whole answer.
func (x *exchange) unmarshal(content []byte, into any) error {
	if bytes.Equal(bytes.TrimSpace(content), []byte("null")) {
		return x.fail(BadContent, "the answer is null")
	}
	if err := json.Unmarshal(content, into); err != nil {
		return x.undecodable("", err)
	}
	return nil
}

// undecodable makes an error out of one of encoding/json, which may show a value
// of the answer: those are about people.
func (x *exchange) undecodable(place string, err error) error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e // of reading
	}
	if place != "" {
		place = " at " + place
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		got, _, _ := strings.Cut(mismatch.Value, " ") // "number 12.5" shows it
		if mismatch.Field != "" {
			place += ", field " + oneLine(mismatch.Field)
		}
		return x.fail(BadContent, "the JSON%s does not fit: got %s for %s", place, got, mismatch.Type)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return x.fail(BadContent, "the JSON%s ends early", place)
	}
	return x.fail(BadContent, "the JSON%s cannot be decoded: %w", place, err)
}

// message returns what an answer with an error status says, if it is a short
// text for programmers.
func message(h http.Header, body []byte) string {
	const short = 4 << 10
	body = bytes.TrimPrefix(body, mark())
	kind := typeOf(h.Get("Content-Type"))
	if len(body) > short || kind != "" && kind != JSON.String() || sniff(body) == html || sniff(body) == XML.String() || !utf8.Valid(body) {
		return ""
	}
	return oneLine(string(body))
}

package sourcetest

import (
	"bytes"
	"net/http"
	"strings"
)

const loginPage = "<!doctype html><html><head><title>Log in</title></head><body><p>Please log in.</p></body></html>"

// httpFaults are what may happen to an answer of any system.
func httpFaults() []httpFault {
	return []httpFault{
		{"500 once", false, status(http.StatusInternalServerError)},
		{"500 from then on", true, status(http.StatusInternalServerError)},
		{"503 with Retry-After once", false, status(http.StatusServiceUnavailable, "Retry-After", "2")},
		{"429 with Retry-After once", false, status(http.StatusTooManyRequests, "Retry-After", "2")},
		{"429 from then on", true, status(http.StatusTooManyRequests, "Retry-After", "30")},
		{"token expires once", false, status(http.StatusUnauthorized, "Www-Authenticate", "Bearer")},
		{"401 from then on", true, status(http.StatusUnauthorized, "Www-Authenticate", "Bearer")},
		{"403 from then on", true, status(http.StatusForbidden)},
		{"404 from then on", true, status(http.StatusNotFound)},
		{"redirect to a login", true, status(http.StatusFound, "Location", "https://login.invalid/")},
		{"204", true, status(http.StatusNoContent)},
		{"empty 200", true, body(func([]byte) []byte { return nil })},
		{"blank 200", true, body(func([]byte) []byte { return []byte("\r\n \r\n") })},
		{"HTML with 200", true, html("text/html; charset=utf-8")},
		{"HTML that claims to be data", true, html("")},
		{"null", true, body(func([]byte) []byte { return []byte("null") })},
		{"an empty object", true, body(func([]byte) []byte { return []byte("{}") })},
		{"an empty list in place of an object", true, body(emptyList)},
		{"an error with 200", true, body(func([]byte) []byte {
			return []byte(`{"error":{"code":"internal","message":"try again later"}}`)
		})},
		{"half a body that claims to be whole", true, body(func(b []byte) []byte { return b[:len(b)/2] })},
		{"two answers in one", true, body(func(b []byte) []byte { return append(bytes.Clone(b), b...) })},
		{"connection ends in the body", true, cut},
		{"connection ends in the body once", false, cut},
		{"connection breaks once", false, broken},
		{"connection breaks from then on", true, broken},
	}
}

// repeatFaults put an answer in the place of the one that follows.
func repeatFaults() []httpFault {
	return []httpFault{
		{"the answer before comes again", false, again},
		{"the answer before comes again and again", true, again},
	}
}

// columnFaults are columns that vanish: they have another name then.
func columnFaults(names []string) []httpFault {
	var all []httpFault
	for _, name := range names {
		other := "was-" + name
		if inside, quoted := strings.CutPrefix(name, `"`); quoted {
			other = `"was-` + inside // it stays JSON
		}
		gone := body(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(name), []byte(other)) })
		all = append(all,
			httpFault{"without " + name, false, gone},
			httpFault{"without " + name + " from then on", true, gone},
		)
	}
	return all
}

// status gives another status, the header and nothing else.
func status(code int, header ...string) func(reply, *reply) reply {
	return func(reply, *reply) reply {
		r := reply{status: code, header: http.Header{}}
		for n := 0; n+1 < len(header); n += 2 {
			r.header.Set(header[n], header[n+1])
		}
		return r
	}
}

// body gives another body.
func body(alter func([]byte) []byte) func(reply, *reply) reply {
	return func(r reply, _ *reply) reply {
		r.body = alter(r.body)
		return r
	}
}

// html gives a page for people, with its own content type or that of the reply.
func html(contentType string) func(reply, *reply) reply {
	return func(r reply, _ *reply) reply {
		r.status, r.body = http.StatusOK, []byte(loginPage)
		if contentType != "" {
			r.header = r.header.Clone()
			r.header.Set("Content-Type", contentType)
		}
		return r
	}
}

// emptyList gives a list where an object was. Where a list was it would be one that
// the system may give, and an object is the fault.
func emptyList(b []byte) []byte {
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("[")) {
		return []byte("{}")
	}
	return []byte("[]")
}

func cut(r reply, _ *reply) reply {
	r.cut = true
	return r
}

func broken(r reply, _ *reply) reply {
	r.broken = true
	return r
}

// again gives what was given before, if anything was.
func again(r reply, last *reply) reply {
	if last == nil {
		return r
	}
	return *last
}

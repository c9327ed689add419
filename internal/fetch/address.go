package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// address returns the address of a request.
func (c *Client) address(r Request) (*url.URL, error) {
	path, escaped, err := fill(r.Path, r.Args)
	if err != nil {
		return nil, fmt.Errorf("path %s: %w", oneLine(r.Path), err)
	}
	u := *c.base
	u.Path, u.RawPath = c.base.Path+path, c.base.EscapedPath()+escaped
	u.RawQuery = r.Query.Encode()
	if u.Path == "" {
		u.Path, u.RawPath = "/", ""
	}
	if r.Next == "" {
		return &u, nil
	}
	next, err := u.Parse(r.Next)
	if err != nil {
		// The text of the error would show the address, and what is in its query.
		return nil, errors.New("address of the next page: it is not a URL")
	}
	next.Fragment, next.RawFragment = "", ""
	if err := c.permit(next); err != nil {
		return nil, fmt.Errorf("address of the next page: %w", err)
	}
	return next, nil
}

// fill puts args into the places of a path that look like {id}, escaped, and
// returns the path and its escaped form.
func fill(template string, args []string) (string, string, error) {
	if template != "" && template[0] != '/' {
		return "", "", errors.New("wanted a slash at the beginning")
	}
	if strings.ContainsAny(template, "?#") {
		return "", "", errors.New("a query belongs into Query")
	}
	var path, escaped strings.Builder
	for used := 0; ; used++ {
		before, rest, found := strings.Cut(template, "{")
		path.WriteString(before)
		escaped.WriteString(literal(before))
		if !found {
			if used != len(args) {
				return "", "", fmt.Errorf("%d places and %d args", used, len(args))
			}
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", "", errors.New("a place without its closing brace")
		}
		if used >= len(args) {
			return "", "", fmt.Errorf("no arg for {%s}", name)
		}
		if args[used] == "" {
			return "", "", fmt.Errorf("empty arg for {%s}", name)
		}
		path.WriteString(args[used])
		escaped.WriteString(url.PathEscape(args[used]))
		template = after
	}
	if hasDots(path.String()) {
		return "", "", errors.New("wanted no . or .. in the path")
	}
	return path.String(), escaped.String(), nil
}

// literal escapes what may not stand in a path, and unlike net/url nothing else:
// a key in OData reads ('x').
func literal(path string) string {
	const plain = "-._~!$&'()*+,;=:@/" // RFC 3986, section 3.3
	var out strings.Builder
	for _, b := range []byte(path) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte(plain, b) >= 0 {
			out.WriteByte(b)
		} else {
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}

// permit says whether credentials may be sent to an address that a server named:
// it lies on the scheme, host and port of Base, and below a path.
func (c *Client) permit(u *url.URL) error {
	switch {
	case u.Scheme != c.base.Scheme:
		return fmt.Errorf("scheme %s instead of %s", oneLine(u.Scheme), c.base.Scheme)
	case u.Opaque != "":
		return errors.New("it has no path")
	case u.User != nil:
		return errors.New("it has user information")
	case origin(u) != origin(c.base):
		return fmt.Errorf("host %s instead of %s", oneLine(u.Host), c.base.Host)
	case hasDots(u.Path):
		return errors.New("it has . or .. in the path")
	case !below(u.EscapedPath(), c.cfg.Below):
		return fmt.Errorf("path %s is not below %s", oneLine(u.EscapedPath()), oneLine(c.cfg.Below))
	}
	return nil
}

// origin returns host and port, stated or not. Only the case of ASCII letters is
// the same to it: what else folds together need not be one host.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"https": "443", "http": "80"}[u.Scheme]
	}
	host := []byte(net.JoinHostPort(u.Hostname(), port))
	for i, b := range host {
		if b >= 'A' && b <= 'Z' {
			host[i] = b - 'A' + 'a'
		}
	}
	return string(host)
}

// below reports whether an escaped path is root or lies under it. An escaped
// slash does not part segments, but a letter may be escaped or not.
func below(path, root string) bool {
	segments, wanted := strings.Split(path, "/"), strings.Split(strings.TrimRight(root, "/"), "/")
	if len(segments) < len(wanted) {
		return false
	}
	for i, want := range wanted {
		got, err1 := url.PathUnescape(segments[i])
		want, err2 := url.PathUnescape(want)
		if err1 != nil || err2 != nil || got != want {
			return false
		}
	}
	return true
}

// hasDots reports whether a path that is not escaped has a segment that servers
// may take for the folder itself or the one above it. A backslash counts as a
// slash, and what was escaped again is looked at too, because some servers do so.
func hasDots(path string) bool {
	const layers = 4
	for range layers {
		for segment := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '\\' }) {
			segment, _, _ = strings.Cut(segment, ";") // parameters, as in /..;/
			if segment == "." || segment == ".." {
				return true
			}
		}
		again, err := url.PathUnescape(path)
		if err != nil || again == path {
			return false
		}
		path = again
	}
	return true // nobody honest escapes so often
}

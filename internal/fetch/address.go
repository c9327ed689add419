package fetch

import (
	"errors"
	"fmt"
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
	n := 0
	for n < len(path) && plain(path[n]) {
		n++
	}
	if n == len(path) {
		return path
	}
	var out strings.Builder
	for _, b := range []byte(path) {
		if plain(b) {
			out.WriteByte(b)
		} else {
			fmt.Fprintf(&out, "%%%02X", b)
		}
	}
	return out.String()
}

// plain reports whether a byte may stand in a path as it is (RFC 3986, section 3.3).
func plain(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-._~!$&'()*+,;=:@/", b) >= 0
}

package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

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

// errRedirect is wrapped by what stops a redirect.
var errRedirect = errors.New("redirect is not followed")

// redirect is the [http.Client]'s CheckRedirect. A redirect may lead where the
// address of a next page may, and no further.
func (c *Client) redirect(to *http.Request, via []*http.Request) error {
	const most = 5
	if len(via) > most {
		return fmt.Errorf("%w: it is the sixth", errRedirect)
	}
	if via[0].Method != http.MethodGet {
		return fmt.Errorf("%w: the method is %s", errRedirect, via[0].Method)
	}
	if err := c.permit(to.URL); err != nil {
		return fmt.Errorf("%w: %w", errRedirect, err)
	}
	return nil
}

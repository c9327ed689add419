package workday

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
)

// Connection says where a company's Workday is, and who asks. Both doors have one.
type Connection struct {
	// Host is the host of the company's data centre, such as
	// "wd5-services1.myworkday.com". It is required unless BaseURL is set. It may come
	// from a customer: only hosts below workday.com and myworkday.com are accepted.
	Host string
	// Tenant is the company's name at Workday, such as "acme". It is required.
	Tenant string
	// Auth are the credentials: [Password] or [Token]. It is required.
	Auth Auth
	// BaseURL replaces the address that follows from Host, up to and with "/ccx". It
	// must not come from a customer. Defaults to "https://<Host>/ccx".
	BaseURL string
	// Clock says which day it is, and until when changes are asked for. Defaults to
	// [time.Now].
	Clock func() time.Time
	// Private permits a BaseURL with plain http or in a private network, for tests and
	// gateways of one's own. Defaults to false: such addresses are refused.
	Private bool
	// Transport replaces the HTTP transport, its check of addresses included. Defaults
	// to one that connects to public addresses only.
	Transport http.RoundTripper
}

// filled checks a connection and fills in the defaults.
func (c Connection) filled() (Connection, error) {
	var wrong problems
	switch {
	case c.Host != "" && c.BaseURL != "":
		wrong.add("Host and BaseURL: set one of them")
	case c.BaseURL == "":
		if err := checkHost(c.Host); err != nil {
			wrong.add("Host: %w", err)
		}
		c.BaseURL = "https://" + strings.ToLower(c.Host) + "/ccx"
	}
	if !regexp.MustCompile(`^[A-Za-z0-9_-]{1,100}$`).MatchString(c.Tenant) {
		wrong.add("Tenant: want the name of the tenant: letters, digits, _ and -")
	}
	if err := c.Auth.check(); err != nil {
		wrong.add("Auth: %w", err)
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return c, wrong.err()
}

// checkHost says whether a host is one of Workday's: the endpoints that its
// documentation and public clients name lie below these two domains.
func checkHost(host string) error {
	labels, known := strings.CutSuffix(strings.ToLower(host), ".myworkday.com")
	if !known {
		labels, known = strings.CutSuffix(strings.ToLower(host), ".workday.com")
	}
	if !known {
		return errors.New("want a host below workday.com or myworkday.com, such as wd5-services1.myworkday.com")
	}
	for label := range strings.SplitSeq(labels, ".") {
		if err := fetch.CheckSubdomain(label); err != nil {
			return err
		}
	}
	return nil
}

// client returns the client of a door, with what the two do differently.
func (c Connection) client(cfg fetch.Config) (*fetch.Client, error) {
	cfg.Base, cfg.Renew, cfg.Private, cfg.Transport = c.BaseURL, c.Auth.renew, c.Private, c.Transport
	return fetch.New(cfg)
}

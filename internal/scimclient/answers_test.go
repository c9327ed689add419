package scimclient_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scimclient"
)

// answers gives fixed answers in place of a network.
type answers struct {
	status int // defaults to 200
	header http.Header
	body   string
	then   string // the body after the first one, "" for the same
	asked  *atomic.Int32
	see    func(*http.Request, string)
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	var sent []byte
	if r.Body != nil {
		sent, _ = io.ReadAll(r.Body)
	}
	if a.see != nil {
		a.see(r, string(sent))
	}
	body := a.body
	if a.asked != nil && a.asked.Add(1) > 1 && a.then != "" {
		body = a.then
	}
	h := a.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	status := a.status
	if status == 0 {
		status = 200
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func client(t testing.TB, a answers, cfg scimclient.Config) *scimclient.Client {
	t.Helper()
	if a.asked == nil {
		a.asked = &atomic.Int32{}
	}
	cfg.System, cfg.Base, cfg.Transport, cfg.Users, cfg.Groups = "acme", "https://app.example/scim/v2", a, users(), groups()
	c, err := scimclient.New(cfg)
	require.NoError(t, err)
	return c
}

func list(t testing.TB, a answers, endpoint string) ([]scimclient.Resource, error) {
	t.Helper()
	var all []scimclient.Resource
	for r, err := range client(t, a, scimclient.Config{}).List(t.Context(), endpoint, scimclient.Query{}) {
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

package adp_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
)

const secret = "canary-client-secret"

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func code(value, name string) adptest.Code { return adptest.Code{Value: value, Name: name} }

// job is the usual assignment.
func job(item string) adptest.Assignment {
	return adptest.Assignment{
		ItemID: item, Primary: true, Status: code("A", "Active"), HireDate: "2020-01-06", StartDate: "2023-01-01",
		JobTitle: "Engineer", PositionID: "P-" + item, WorkerType: code("F", "Full Time"),
		Units:    []adptest.Unit{{Type: code("Department", ""), Code: "000300", Name: "Platform"}},
		Location: code("BER", "Berlin"), City: "Berlin", Country: "DE",
	}
}

func person(aoid, number string) adptest.Person {
	return adptest.Person{
		AOID: aoid, WorkerID: number, GivenName: "Ada", FamilyName: "Ng" + number, Status: code("Active", ""),
		OriginalHireDate: "2020-01-06", WorkEmail: adptest.Mail{Address: "n" + number + "@acme.example", Kind: "Work E-mail"},
		PersonalEmail: adptest.Mail{Address: "n" + number + "@home.example", Kind: "Personal E-mail"},
		Assignments:   []adptest.Assignment{job(number)},
	}
}

// staff is a small company: five who work, one on leave and one who has left.
func staff() []adptest.Person {
	var people []adptest.Person
	for _, n := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		people = append(people, person("G3TEST000"+n, n))
	}
	people[1].Assignments[0].ReportsTo = []adptest.Superior{{AOID: "G3TEST0001", WorkerID: "1", Name: "Ng1, Ada"}}
	people[4].Assignments[0].Status = code("L", "Leave")
	people[6].Status, people[6].Termination = code("Terminated", ""), "2026-01-30"
	people[6].Assignments[0].Status, people[6].Assignments[0].Termination = code("T", "Terminated"), "2026-01-30"
	return people
}

func ids() []string {
	return []string{"G3TEST0001", "G3TEST0002", "G3TEST0003", "G3TEST0004", "G3TEST0005", "G3TEST0006", "G3TEST0007"}
}

func authority(t testing.TB) *adptest.Authority {
	t.Helper()
	a, err := adptest.NewAuthority()
	require.NoError(t, err)
	return a
}

// until returns a client's certificate.
func until(t testing.TB, a *adptest.Authority, left time.Duration) tls.Certificate {
	t.Helper()
	certificate, err := a.Client(time.Now().Add(left))
	require.NoError(t, err)
	return certificate
}

// clinic is an ADP over TLS.
type clinic struct {
	*adptest.Server
	authority *adptest.Authority
	url       string
}

func serve(t testing.TB, cfg adptest.Config) *clinic {
	t.Helper()
	cfg.ClientID, cfg.ClientSecret = "client", secret
	if cfg.Clock == nil {
		cfg.Clock = noon
	}
	c := &clinic{Server: adptest.New(cfg), authority: authority(t)}
	server := httptest.NewUnstartedServer(c.Server)
	server.TLS = c.authority.ServerTLS()
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are meant to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	c.url = server.URL
	return c
}

// config is one for pages of three.
func (c *clinic) config(t testing.TB) adp.Config {
	t.Helper()
	return adp.Config{
		BaseURL: c.url, TokenURL: c.url + "/auth/oauth/v2/token", RootCAs: c.authority.Pool(), Private: true, PageSize: 3, Clock: noon,
		Auth: adp.ClientCredentials("client", secret, until(t, c.authority, time.Hour)),
	}
}

func (c *clinic) open(t testing.TB, change func(*adp.Config)) *adp.Source {
	t.Helper()
	cfg := c.config(t)
	if change != nil {
		change(&cfg)
	}
	s, err := adp.New(cfg)
	require.NoError(t, err)
	return s
}

func collect(t testing.TB, s source.Source) source.Snapshot {
	t.Helper()
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	return snapshot
}

// inMemory answers without a network, from a handler that sees a verified certificate.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	received := r.Clone(r.Context())
	received.RequestURI = r.URL.RequestURI()
	if received.Body == nil {
		received.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	adptest.Verified(m.Handler).ServeHTTP(recorder, received)
	response := recorder.Result()
	response.Request = r
	return response, nil
}

// local returns a source that is answered by a transport.
func local(t testing.TB, through http.RoundTripper, change func(*adp.Config)) *adp.Source {
	t.Helper()
	cfg := adp.Config{
		Transport: through, Clock: noon,
		Auth: adp.ClientCredentials("client", secret, until(t, authority(t), time.Hour)),
	}
	if change != nil {
		change(&cfg)
	}
	s, err := adp.New(cfg)
	require.NoError(t, err)
	return s
}

// only has one worker as JSON, and reads it with a source.
func only(t testing.TB, worker string, change func(*adp.Config)) source.Identity {
	t.Helper()
	fake := adptest.New(adptest.Config{ClientID: "client", ClientSecret: secret, Clock: noon})
	fake.PutRaw("G3ONLY", []byte(worker))
	s := local(t, inMemory{fake}, change)
	listed := collect(t, s).Find("G3ONLY")
	require.NotNil(t, listed)
	alone, err := source.Read(t.Context(), s, "G3ONLY")
	require.NoError(t, err)
	assert.Equal(t, *listed, alone, "in the list and alone")
	return alone
}

func replaced(old, by string) adptest.Spoil {
	return adptest.Spoil{Alter: func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(by)) }}
}

// bare is inMemory without a certificate.
type bare struct{ http.Handler }

func (m bare) RoundTrip(r *http.Request) (*http.Response, error) {
	received := r.Clone(r.Context())
	received.RequestURI = r.URL.RequestURI()
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, received)
	response := recorder.Result()
	response.Request = r
	return response, nil
}

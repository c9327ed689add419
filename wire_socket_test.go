package provision_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/faultproxy"
	"github.com/provision-go/provision/target"
)

// socketed is a wireAPI behind a real socket and a proxy that breaks connections.
type socketed struct {
	api   *wireAPI
	app   *wireTarget
	proxy *faultproxy.Proxy
	base  string

	mu   sync.Mutex
	sent []string // what came to the server whole, in order
}

func newSocketed(t *testing.T, fate func(n int) faultproxy.Fate) *socketed {
	t.Helper()
	s := &socketed{api: newWireAPI(seedPlain)}
	s.api.set(weather{})
	s.api.quick = true
	s.api.tokens["app expired"] = -1
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before := s.api.count()
		s.api.ServeHTTP(w, r)
		if s.api.count() > before {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.sent = append(s.sent, r.Method)
		}
	}))
	proxy, err := faultproxy.New(server.Listener.Addr().String(), fate)
	require.NoError(t, err)
	s.proxy, s.base = proxy, "http://"+proxy.Addr()
	client := &http.Client{Transport: &http.Transport{}}
	s.app = &wireTarget{
		base: s.base + "/app", client: client, can: wireCapabilities(false, false, false),
		token: newWireToken(func(context.Context) (string, error) { return "app0", nil }),
	}
	t.Cleanup(func() {
		client.CloseIdleConnections()
		assert.NoError(t, proxy.Close())
		server.Close()
	})
	return s
}

// count is how many calls came whole.
func (w *wireAPI) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls
}

// bytesOfCreate are how many bytes two calls and their answers take on the wire: a
// search, and a create on the same connection.
func bytesOfCreate(t *testing.T) (search, found, create, made int64) {
	t.Helper()
	s := newSocketed(t, nil)
	_, err := s.app.Find(t.Context(), findKey("E1"))
	require.NoError(t, err)
	search, found = s.proxy.Bytes()
	_, err = s.app.Create(t.Context(), createOf("E1"))
	require.NoError(t, err)
	create, made = s.proxy.Bytes()
	require.Equal(t, 1, s.proxy.Connections(), "the connection is used again")
	return search, found, create - search, made - found
}

// A create whose connection is reset at any byte of the request, or of the reply, is
// sent once and no more, also where net/http could think that a connection which it
// has used before was dead already.
func TestWireSocketCreateIsSentOnce(t *testing.T) {
	search, found, create, reply := bytesOfCreate(t)
	for part := range int64(20) {
		for _, kind := range []faultproxy.Kind{faultproxy.Reset, faultproxy.HalfClose} {
			for way, fate := range map[string]faultproxy.Fate{
				"request": {Up: faultproxy.Fault{Kind: kind, After: search + 1 + (create-1)*part/20}},
				"reply":   {Down: faultproxy.Fault{Kind: kind, After: found + 1 + (reply-2)*part/20}},
			} {
				if way == "request" && kind == faultproxy.HalfClose && part%5 != 0 {
					continue // a server takes half a second over each
				}
				s := newSocketed(t, func(n int) faultproxy.Fate {
					if n == 0 {
						return fate
					}
					return faultproxy.Fate{}
				})
				_, err := s.app.Find(t.Context(), findKey("E1"))
				require.NoError(t, err)
				_, err = s.app.Create(t.Context(), createOf("E1"))
				require.Error(t, err, "%s, part %d", way, part)
				if class := target.ClassOf(err); way == "reply" || kind == faultproxy.Reset || class != target.Permanent {
					// A server that is told that no more comes may say that this is no request.
					require.Equal(t, target.Unclear, class, "%s, part %d: %v", way, part, err)
				}
				require.Equal(t, 1, s.proxy.Connections(), "%s, part %d: nothing was sent again", way, part)
				s.api.mu.Lock()
				made := len(s.api.byKey["E1"])
				s.api.mu.Unlock()
				if way == "request" {
					require.Zero(t, made, "part %d", part)
				} else {
					require.Equal(t, 1, made, "part %d", part)
				}
			}
		}
	}
}

// The engine looks twice for an account whose create was cut before it creates it
// again, and takes the one that is there.
func TestWireSocketCreateIsReadBack(t *testing.T) {
	_, _, create, _ := bytesOfCreate(t)
	for way, c := range map[string]struct {
		fault faultproxy.Fate
		sent  []string
	}{
		"request": {faultproxy.Fate{Up: faultproxy.Fault{Kind: faultproxy.Reset, After: create - 10}}, []string{"GET", "GET", "POST"}},
		"reply":   {faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.Reset, After: 10}}, []string{"POST", "GET"}},
	} {
		t.Run(way, func(t *testing.T) {
			var from sync.Map
			s := newSocketed(t, func(n int) faultproxy.Fate {
				if first, ok := from.Load("create"); ok && n == first {
					return c.fault
				}
				return faultproxy.Fate{}
			})
			s.api.hire("E1")
			s.api.people["E1"].Department = ""
			engine := wireEngine(t, s.api, s.base, s.app.client.Transport, provision.Config{
				Journal: &provision.MemoryJournal{}, Retry: provision.Retry{Base: time.Millisecond, Max: time.Millisecond},
			})
			plan, err := engine.Plan(t.Context())
			require.NoError(t, err)
			s.app.client.CloseIdleConnections()
			from.Store("create", s.proxy.Connections())
			s.mu.Lock()
			s.sent = nil
			s.mu.Unlock()
			report, err := engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			require.NoError(t, report.Err())
			assert.Equal(t, provision.Done, report.Results[0].Outcome)
			assert.Equal(t, c.sent, s.sent)
			assert.Len(t, s.api.byKey["E1"], 1)
		})
	}
}

// Calls that arrive in pieces are calls like any other.
func TestWireSocketSliced(t *testing.T) {
	s := newSocketed(t, func(int) faultproxy.Fate {
		return faultproxy.Fate{Up: faultproxy.Fault{Slice: 3}, Down: faultproxy.Fault{Slice: 5}}
	})
	for _, id := range []string{"E1", "E2"} {
		a, err := s.app.Create(t.Context(), createOf(id))
		require.NoError(t, err)
		found, err := s.app.Find(t.Context(), findKey(id))
		require.NoError(t, err)
		require.Equal(t, []target.Account{a}, found)
	}
	all, err := target.Collect(t.Context(), s.app)
	require.NoError(t, err)
	assert.Equal(t, 2, all.Len())
}

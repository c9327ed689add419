package fetch_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/faultproxy"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// wire returns a client of a server behind a proxy that breaks connections.
func wire(t *testing.T, handler http.HandlerFunc, fate func(n int) faultproxy.Fate, alter ...func(*fetch.Config)) (*fetch.Client, *faultproxy.Proxy) {
	t.Helper()
	server := httptest.NewServer(handler)
	proxy, err := faultproxy.New(server.Listener.Addr().String(), fate)
	require.NoError(t, err)
	cfg := fetch.Config{System: "acme-hr", Base: "http://" + proxy.Addr() + "/api", Private: true, Attempts: 1}
	for _, a := range alter {
		a(&cfg)
	}
	client, err := fetch.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		client.Close()
		assert.NoError(t, proxy.Close())
		server.Close()
	})
	return client, proxy
}

func listing(n int) []byte {
	list := make([]worker, n)
	for i := range list {
		list[i] = worker{strconv.Itoa(i), fmt.Sprintf("Somebody %d", i)}
	}
	body, _ := json.Marshal(list) // two strings never fail
	return body
}

// framings are the ways in which HTTP/1 says where a body ends. With the last one
// nothing tells a body that was cut from one that is whole but the JSON in it.
func framings(body []byte) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"length": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
			_, _ = w.Write(body)
		},
		"chunks": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for rest := body; len(rest) > 0; {
				n := min(len(rest), 1000)
				_, _ = w.Write(rest[:n])
				_ = http.NewResponseController(w).Flush()
				rest = rest[n:]
			}
		},
		"gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, packed(string(body)))
		},
		"close": func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = io.WriteString(conn, "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n"+string(body))
				_ = conn.Close()
			}
		},
	}
}

// both reads a list whole and as a stream.
func both(t *testing.T, client *fetch.Client) (list, streamed []worker, whole, stream error) {
	t.Helper()
	_, whole = client.JSON(t.Context(), fetch.Request{}, &list)
	for w, err := range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
		if err != nil {
			return list, streamed, whole, err
		}
		streamed = append(streamed, w)
	}
	return list, streamed, whole, nil
}

// A list that is cut anywhere is an error and never a shorter list.
func TestWireCutListings(t *testing.T) {
	body := listing(1000)
	for framing, handler := range framings(body) {
		_, clean := wire(t, handler, nil)
		plain, err := fetch.New(fetch.Config{System: "acme-hr", Base: "http://" + clean.Addr(), Private: true})
		require.NoError(t, err)
		list, streamed, whole, stream := both(t, plain)
		require.NoError(t, whole)
		require.NoError(t, stream)
		require.Len(t, list, 1000)
		require.Len(t, streamed, 1000)
		plain.Close()
		_, all := clean.Bytes()
		all /= 2 // it was read twice
		for kind, name := range map[faultproxy.Kind]string{faultproxy.Reset: "reset", faultproxy.HalfClose: "half-close"} {
			for part := range int64(21) {
				after := all * part / 20
				if part == 20 {
					after = all - 1
				}
				client, _ := wire(t, handler, func(int) faultproxy.Fate {
					return faultproxy.Fate{Down: faultproxy.Fault{Kind: kind, After: after}}
				})
				_, streamed, whole, stream := both(t, client)
				for how, err := range map[string]error{"whole": whole, "streamed": stream} {
					require.Error(t, err, "%s, %s after %d of %d bytes, %s", framing, name, after, all, how)
					if framing != "close" {
						require.ErrorIs(t, err, source.ErrUnavailable, "%s, %s after %d of %d bytes, %s", framing, name, after, all, how)
					}
				}
				assert.LessOrEqual(t, len(streamed), 1000)
			}
		}
	}
}

// What is repeated is read from its beginning.
func TestWireCutListingIsReadAgain(t *testing.T) {
	body := listing(1000)
	client, proxy := wire(t, framings(body)["length"], func(n int) faultproxy.Fate {
		if n > 0 {
			return faultproxy.Fate{}
		}
		return faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.Reset, After: int64(len(body)) / 20}}
	}, func(c *fetch.Config) { c.Attempts = 2 })
	var list []worker
	_, err := client.JSON(t.Context(), fetch.Request{}, &list)
	require.NoError(t, err)
	require.Len(t, list, 1000)
	assert.Equal(t, 2, proxy.Connections())
}

func TestWireSlicedAnswers(t *testing.T) {
	body := listing(200)
	for framing, handler := range framings(body) {
		for _, size := range []int{1, 7, 1000} {
			client, _ := wire(t, handler, func(int) faultproxy.Fate {
				return faultproxy.Fate{Up: faultproxy.Fault{Slice: size}, Down: faultproxy.Fault{Slice: size}}
			})
			list, streamed, whole, stream := both(t, client)
			require.NoError(t, whole, "%s in slices of %d", framing, size)
			require.NoError(t, stream, "%s in slices of %d", framing, size)
			want := make([]worker, 0, 200)
			require.NoError(t, json.Unmarshal(body, &want))
			assert.Equal(t, want, list, framing)
			assert.Equal(t, want, streamed, framing)
		}
	}
}

// What makes no progress, and what makes too little, ends by its deadline; the
// connection is given up with it.
func TestWireStallsAndTricklesEnd(t *testing.T) {
	body := listing(1000)
	for name, c := range map[string]struct {
		fault faultproxy.Fate
		times fetch.Timeouts
		says  string
	}{
		"no answer": {
			faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.Stall}}, fetch.Timeouts{Answer: 50 * time.Millisecond}, "no answer within 50ms",
		},
		"request is lost": {
			faultproxy.Fate{Up: faultproxy.Fault{Kind: faultproxy.Stall, After: 10}}, fetch.Timeouts{Answer: 50 * time.Millisecond}, "no answer within 50ms",
		},
		"stalls": {
			faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.Stall, After: 5000}}, fetch.Timeouts{Idle: 50 * time.Millisecond}, "no more of the body within 50ms",
		},
		"trickles": {
			faultproxy.Fate{Down: faultproxy.Fault{Slice: 200, Pause: 2 * time.Millisecond}}, fetch.Timeouts{Body: 60 * time.Millisecond}, "the body took too long",
		},
	} {
		t.Run(name, func(t *testing.T) {
			client, _ := wire(t, framings(body)["length"], func(int) faultproxy.Fate { return c.fault }, func(cfg *fetch.Config) { cfg.Timeouts = c.times })
			begin := time.Now()
			_, _, whole, stream := both(t, client)
			require.ErrorIs(t, whole, source.ErrUnavailable)
			require.ErrorIs(t, stream, source.ErrUnavailable)
			assert.ErrorContains(t, whole, c.says)
			assert.ErrorContains(t, stream, c.says)
			assert.Less(t, time.Since(begin), 5*time.Second)
		})
	}
}

// A bomb stops at the limit of what it unpacks to, however small its parts are, and
// the rest of it is never fetched.
func TestWireGzipBomb(t *testing.T) {
	bomb := packed(`["` + strings.Repeat("a", 8<<20) + `"]`)
	client, proxy := wire(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = io.WriteString(w, bomb)
	}, func(int) faultproxy.Fate { return faultproxy.Fate{Down: faultproxy.Fault{Slice: 500}} },
		func(c *fetch.Config) { c.MaxBody, c.MaxStream = 1<<18, 1<<18 })
	_, _, whole, stream := both(t, client)
	require.ErrorIs(t, whole, source.ErrBadContent)
	assert.ErrorContains(t, whole, "larger than 262144 bytes")
	require.ErrorIs(t, stream, source.ErrBadContent)
	assert.ErrorContains(t, stream, "larger than 262144 bytes")
	assert.Equal(t, 2, proxy.Connections(), "not repeated")
}

// A server that ends its half after the request came, and one that ends it before:
// the reply may come all the same, or it does not.
func TestWireHalfClosedRequest(t *testing.T) {
	for after, whole := range map[int64]bool{20: false, 1 << 20: true} {
		client, _ := wire(t, framings(listing(3))["length"], func(int) faultproxy.Fate {
			return faultproxy.Fate{Up: faultproxy.Fault{Kind: faultproxy.HalfClose, After: after}}
		})
		var list []worker
		_, err := client.JSON(t.Context(), fetch.Request{}, &list)
		if whole {
			require.NoError(t, err)
			require.Len(t, list, 3)
			continue
		}
		require.Error(t, err)
		require.Empty(t, list)
	}
	// Nobody listens there any more.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	client, _ := wire(t, framings(nil)["length"], nil, func(c *fetch.Config) { c.Base = "http://" + listener.Addr().String() })
	require.NoError(t, listener.Close())
	_, err = client.Read(t.Context(), fetch.Request{})
	require.ErrorIs(t, err, source.ErrUnavailable)
}

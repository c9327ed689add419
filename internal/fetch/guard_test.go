package fetch_test

import (
	"context"
	"encoding/binary"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
)

func TestCheckAddress(t *testing.T) {
	const (
		public  = iota // always permitted
		private        // permitted with private
		never
	)
	for text, want := range map[string]int{
		"8.8.8.8": public, "100.63.255.255": public, "100.128.0.0": public, "172.15.255.255": public, "172.32.0.0": public,
		"192.0.1.0": public, "198.17.255.255": public, "198.20.0.0": public, "223.255.255.255": public, "1.0.0.0": public,
		"2606:4700::1111": public, "::ffff:8.8.8.8": public, "64:ff9b::808:808": public, "2002:808:808::1": public, "2a00::1": public,

		"127.0.0.1": private, "127.255.255.255": private, "10.0.0.0": private, "10.255.255.255": private, "172.16.0.1": private,
		"172.31.255.255": private, "192.168.0.1": private, "100.64.0.0": private, "100.127.255.255": private,
		"::1": private, "fc00::1": private, "fd12:3456::1": private, "::ffff:127.0.0.1": private, "::ffff:10.1.2.3": private,
		"64:ff9b::7f00:1": private, "64:ff9b::10.0.0.1": private, "2002:7f00:1::": private, "2002:c0a8:101::1": private,

		"169.254.169.254": never, "169.254.0.1": never, "::ffff:169.254.169.254": never, "64:ff9b::a9fe:a9fe": never,
		"2002:a9fe:a9fe::1": never, "fe80::1": never, "fe80::1%eth0": never, "fd00:ec2::254": never, "100.100.100.200": never,
		"0.0.0.0": never, "0.1.2.3": never, "::": never, "::ffff:0.0.0.0": never, "::127.0.0.1": never, "::2": never,
		"224.0.0.1": never, "239.255.255.255": never, "240.0.0.1": never, "255.255.255.255": never, "ff02::1": never, "ff0e::1": never,
		"192.0.0.192": never, "192.0.2.1": never, "198.18.0.1": never, "198.19.255.255": never, "198.51.100.1": never,
		"203.0.113.1": never, "192.88.99.1": never, "2001:db8::1": never, "3fff::1": never, "2001::1": never, "2001:1ff::1": never,
		"64:ff9b:1::7f00:1": never, "100::1": never, "fec0::1": never, "5f00::1": never, "4000::1": never, "::ffff:0:127.0.0.1": never,
	} {
		addr := netip.MustParseAddr(text)
		assert.Equal(t, want > public, fetch.CheckAddress(addr, false) != nil, text)
		assert.Equal(t, want > private, fetch.CheckAddress(addr, true) != nil, "%s, private", text)
	}
	require.Error(t, fetch.CheckAddress(netip.Addr{}, true))
}

// A proxy in the environment would connect past the check of addresses. net/http
// reads the environment once.
func TestMain(m *testing.M) {
	_ = os.Setenv("HTTPS_PROXY", "http://127.0.0.1:1")
	os.Exit(m.Run())
}

// No host that a customer could name leads to a server on this machine.
func TestGuard(t *testing.T) {
	var reached atomic.Int32
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)

	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]", "169.254.169.254"} {
		client, err := fetch.New(fetch.Config{System: "acme-hr", Base: "https://" + host + ":" + port, Attempts: 1})
		require.NoError(t, err)
		_, err = client.Read(t.Context(), fetch.Request{})
		require.Error(t, err, host)
		if host == "169.254.169.254" {
			require.ErrorContains(t, err, "169.254.169.254 may be a metadata service", "not a proxy")
		}
		if !strings.HasPrefix(host, "[::1") { // there may be no IPv6 here
			assert.Equal(t, fetch.Refused, fetch.KindOf(err), "%s: %v", host, err)
		}
		client.Close()
	}
	assert.Zero(t, reached.Load())
}

// A name that resolves to a harmless address first, and to one of the operator's
// then.
func TestRebinding(t *testing.T) {
	var reached atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reached.Add(1)
		_, _ = io.WriteString(w, "{}")
	}))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)

	addresses := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("127.0.0.1")}
	var asked atomic.Int32
	resolver := &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go answerDNS(theirs, func() netip.Addr { return addresses[min(int(asked.Add(1)), len(addresses))-1] })
		return ours, nil
	}}
	for range addresses {
		client, err := fetch.New(fetch.Config{System: "acme-hr", Base: "https://acme.example.:" + port, Resolver: resolver})
		require.NoError(t, err)
		_, err = client.Read(t.Context(), fetch.Request{})
		require.ErrorContains(t, err, "address must not be connected to")
		assert.Equal(t, fetch.Refused, fetch.KindOf(err))
		client.Close()
	}
	assert.EqualValues(t, 2, asked.Load())
	assert.Zero(t, reached.Load())

	// The same way leads there if it is permitted: the test would notice.
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: "http://acme.example.:" + port, Resolver: resolver, Private: true})
	require.NoError(t, err)
	_, err = client.Read(t.Context(), fetch.Request{})
	require.NoError(t, err)
	assert.EqualValues(t, 1, reached.Load())
	client.Close()
}

// answerDNS answers questions as RFC 1035, section 4, has them, each after its
// length: with one address for A and none for other types.
func answerDNS(conn net.Conn, address func() netip.Addr) {
	defer func() { _ = conn.Close() }()
	for {
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return
		}
		question := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		end := 12
		for question[end] != 0 {
			end += int(question[end]) + 1
		}
		end += 5 // the last label, type and class
		reply := append([]byte{question[0], question[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, question[12:end]...)
		if binary.BigEndian.Uint16(question[end-4:]) == 1 {
			reply[7] = 1
			reply = append(reply, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
			reply = append(reply, address().AsSlice()...)
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

func TestCertificates(t *testing.T) {
	sent := 0
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent++
		_, _ = io.WriteString(w, `{"id":"`+r.Proto+`"}`)
	}))
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()

	cfg := fetch.Config{System: "acme-hr", Base: server.URL, Private: true}
	client, err := fetch.New(cfg)
	require.NoError(t, err)
	_, err = client.Read(t.Context(), fetch.Request{})
	require.ErrorContains(t, err, "certificate")
	assert.Equal(t, fetch.Refused, fetch.KindOf(err))
	var e *fetch.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 1, e.Attempts)
	client.Close()
	assert.Zero(t, sent)

	cfg.TLS = server.Client().Transport.(*http.Transport).TLSClientConfig
	client, err = fetch.New(cfg)
	require.NoError(t, err)
	defer client.Close()
	var w worker
	_, err = client.JSON(t.Context(), fetch.Request{}, &w)
	require.NoError(t, err)
	assert.Equal(t, "HTTP/2.0", w.ID)
}

func TestPlainHTTPBehindHTTPS(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: strings.Replace(server.URL, "http:", "https:", 1), Private: true})
	require.NoError(t, err)
	_, err = client.Read(t.Context(), fetch.Request{})
	assert.Equal(t, fetch.Refused, fetch.KindOf(err), "%v", err)
	var e *fetch.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, 1, e.Attempts)
}

func TestCheckSubdomain(t *testing.T) {
	for _, s := range []string{"acme", "Acme-2", "a", "1", "xn--bcher-kva", strings.Repeat("a", 63)} {
		require.NoError(t, fetch.CheckSubdomain(s), s)
	}
	for _, s := range []string{
		"", "-acme", "acme-", "acme.evil", "acme.", ".", "acme/", "acme/../x", "acme:443", "acme@evil", "a b", "acme\n", "acme%2e",
		"acmé", "acme\x00", "acme#", "acme?x=", "a_b", `acme\`, "\u212aacme", "acme\u3002evil", strings.Repeat("a", 64),
	} {
		err := fetch.CheckSubdomain(s)
		require.Error(t, err, s)
		assert.NotContains(t, err.Error(), "\n")
	}
}

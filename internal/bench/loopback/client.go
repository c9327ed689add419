package loopback

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/provision-go/provision/internal/bench/people"
)

// A Client makes requests, with as many connections as requests at once.
type Client struct {
	http *http.Client
	url  string
}

// Client returns a client with connections of its own.
func (s *Server) Client() *Client {
	const connections = 64
	return &Client{url: s.url, http: &http.Client{Transport: &http.Transport{
		MaxIdleConns: connections, MaxIdleConnsPerHost: connections, DisableCompression: true,
	}}}
}

// Close closes the connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

var errStatus = errors.New("unexpected status")

// do makes one request and reads the answer to its end.
func (c *Client) do(ctx context.Context, method, url string, body []byte, want int, answer *bytes.Buffer) error {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	if body != nil {
		req.Header["Content-Type"] = []string{"application/json"}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(answer, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != want {
		return fmt.Errorf("%s: %w %d", method, errStatus, resp.StatusCode)
	}
	return nil
}

// create makes one account and returns its native ID.
func (c *Client) create(ctx context.Context, key string, attributes iter.Seq2[string, []string]) (string, error) {
	body, answer := bodies.get(), bodies.get()
	defer bodies.put(body)
	defer bodies.put(answer)
	body.Write(appendAccount(append(body.AvailableBuffer(), '{'), key, attributes))
	if err := c.do(ctx, http.MethodPost, c.url, body.Bytes(), http.StatusCreated, answer); err != nil {
		return "", err
	}
	return string(field(answer.Bytes(), "id")), nil
}

// CreateAll is the limit: it makes an account for each person, so many at once,
// and does nothing else.
func (c *Client) CreateAll(ctx context.Context, list []people.Plain, atOnce int) error {
	var all sync.WaitGroup
	var next atomic.Int64
	var failed atomic.Pointer[error]
	for range atOnce {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				if _, err := c.create(ctx, list[i].Key, list[i].All()); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// appendAccount appends the fields of an account and the end of the object.
func appendAccount(b []byte, key string, attributes iter.Seq2[string, []string]) []byte {
	b = append(b, `"externalId":`...)
	b = appendText(b, key)
	b = append(b, `,"active":true`...)
	for name, values := range attributes {
		b = appendText(append(b, ','), name)
		b = appendText(append(b, ':'), values[0])
	}
	return append(b, '}')
}

// appendText appends a JSON string.
func appendText(b []byte, s string) []byte {
	b = append(b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c < ' ':
			b = append(b, `\u00`...)
			b = append(b, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			b = append(b, c) // also of valid UTF-8
		}
	}
	return append(b, '"')
}

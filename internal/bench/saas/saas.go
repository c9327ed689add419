// Package saas is a SaaS application that speaks SCIM, on this machine, and a client
// of it written by hand: the limit of what provisioning it can be.
package saas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/source/scimserver"
)

const path = "/scim/v2"

// App is the application, empty at first.
type App struct {
	// URL is that of its SCIM service.
	URL string
	// Gets, Posts and Patches are how many requests of a kind it had.
	Gets, Posts, Patches atomic.Int64

	server  *http.Server
	service http.Handler
}

// Start starts an application.
func Start(ctx context.Context) (*App, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	a := &App{URL: "http://" + listener.Addr().String() + path}
	a.service, err = scimserver.New(scimserver.Config{
		BaseURL:   a.URL,
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	a.server = &http.Server{Handler: a, ReadHeaderTimeout: time.Minute}
	go func() {
		_ = a.server.Serve(listener) // it ends when it is closed
	}()
	return a, nil
}

// Stop ends it.
func (a *App) Stop() error { return a.server.Close() }

// ServeHTTP counts a request and answers it.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		a.Gets.Add(1)
	case http.MethodPost:
		a.Posts.Add(1)
	case http.MethodPatch:
		a.Patches.Add(1)
	}
	a.service.ServeHTTP(w, r)
}

// A User is one to be made, in a group that is named by its number.
type User struct {
	Key, UserName, DisplayName, Given, Family, Email, Title, Department string
	Group                                                               int
}

// A Client is what somebody writes who needs nothing but these requests.
type Client struct {
	base string
	http *http.Client
}

// NewClient returns a client that keeps connections open.
func NewClient(base string, atOnce int) *Client {
	return &Client{base: base, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: atOnce}}}
}

// Close closes idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Fill makes groups and users and puts every user into their group, so many at once.
func (c *Client) Fill(ctx context.Context, users []User, groups, atOnce int) error {
	ids := make([]string, groups)
	teams, inner := errgroup.WithContext(ctx)
	teams.SetLimit(atOnce)
	for n := range groups {
		teams.Go(func() error {
			id, err := c.send(inner, http.MethodPost, "/Groups", http.StatusCreated, group{
				Schemas: []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, DisplayName: GroupName(n),
			})
			ids[n] = id
			return err
		})
	}
	if err := teams.Wait(); err != nil {
		return err
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	failed := make(chan error, atOnce)
	for range atOnce {
		workers.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(users) {
					return
				}
				if err := c.add(ctx, &users[n], ids); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	workers.Wait()
	close(failed)
	return <-failed
}

func (c *Client) add(ctx context.Context, u *User, groups []string) error {
	id, err := c.send(ctx, http.MethodPost, "/Users", http.StatusCreated, user{
		Schemas:    []string{"urn:ietf:params:scim:schemas:core:2.0:User", enterprise},
		ExternalID: u.Key, UserName: u.UserName, DisplayName: u.DisplayName, Active: true, Title: u.Title,
		Name: name{u.Given, u.Family}, Emails: []email{{Value: u.Email, Type: "work"}},
		Enterprise: department{u.Department},
	})
	if err != nil {
		return err
	}
	_, err = c.send(ctx, http.MethodPatch, "/Groups/"+groups[u.Group], http.StatusOK, patch{
		Schemas:    []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"},
		Operations: []operation{{"add", "members", []member{{id}}}},
	})
	return err
}

// GroupName is the name of a group by its number.
func GroupName(n int) string { return fmt.Sprintf("team-%03d", n) }

var errStatus = errors.New("unexpected status")

// send returns the id in the answer.
func (c *Client) send(ctx context.Context, method, at string, want int, content any) (string, error) {
	body, err := json.Marshal(content)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequestWithContext(ctx, method, c.base+at, bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/scim+json")
	r.Header.Set("Accept", "application/scim+json")
	answer, err := c.http.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil {
		return "", err
	}
	if answer.StatusCode != want {
		return "", fmt.Errorf("%w: %s %s: %d", errStatus, method, at, answer.StatusCode)
	}
	var made struct{ ID string }
	err = json.Unmarshal(got, &made)
	return made.ID, err
}

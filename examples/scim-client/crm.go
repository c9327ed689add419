package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"

	"github.com/provision-go/provision/source/scimserver"
)

const token = "secret" // of the CRM's administrator

// crm is a SaaS application with a SCIM endpoint. It stands for one on the Internet;
// what it is made of is no concern of a client.
type crm struct {
	*httptest.Server
	mu     sync.Mutex
	asked  map[string]int // requests by method
	handle http.Handler
}

func newCRM() (*crm, error) {
	c := &crm{asked: map[string]int{}}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(c.count))
	base := "http://" + c.Listener.Addr().String() + "/scim/v2"
	service, err := scimserver.New(scimserver.Config{
		BaseURL: base,
		Authorize: func(r *http.Request) (scimserver.Client, error) {
			if r.Header.Get("Authorization") != "Bearer "+token {
				return scimserver.Client{}, fmt.Errorf("who is asking?")
			}
			return scimserver.Client{Tenant: "acme"}, nil
		},
	})
	if err != nil {
		return nil, err
	}
	c.handle = service
	c.Start()
	return c, nil
}

func (c *crm) count(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.asked[r.Method]++
	c.mu.Unlock()
	c.handle.ServeHTTP(w, r)
}

// requests says how often the CRM was asked since the last time.
func (c *crm) requests() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	reads := c.asked[http.MethodGet]
	writes := -reads
	for _, n := range c.asked {
		writes += n
	}
	clear(c.asked)
	return fmt.Sprintf("%d reads, %d writes", reads, writes)
}

// user is a user as the CRM shows them.
type user struct {
	UserName, DisplayName, Title string
	Active                       bool
	Groups                       []struct{ Display string }
}

// print writes down who has an account in the CRM.
func (c *crm) print(ctx context.Context, out io.Writer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/scim/v2/Users", http.NoBody)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := c.Client().Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var list struct{ Resources []user }
	if err := json.NewDecoder(answer.Body).Decode(&list); err != nil {
		return err
	}
	slices.SortFunc(list.Resources, func(a, b user) int { return cmp.Compare(a.UserName, b.UserName) })
	for _, u := range list.Resources {
		state, groups := "active", ""
		if !u.Active {
			state = "inactive"
		}
		for _, g := range u.Groups {
			groups += " " + g.Display
		}
		say(out, fmt.Sprintf("  %-18s %-9s %s, %s;%s", u.UserName, state, u.DisplayName, u.Title, groups))
	}
	return nil
}

package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/provision-go/provision/source/scimserver"
)

// Base is the address of the service provider.
const Base = "https://app.example/scim/v2"

const path = "/scim/v2/Users"

// NewServer makes a service provider with a store in memory that holds some users, in
// the default configuration, and says what it answers about them.
func NewServer(ctx context.Context, users int) (*scimserver.Server, []*User, error) {
	server, err := scimserver.New(scimserver.Config{
		BaseURL:   Base,
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	if err != nil {
		return nil, nil, err
	}
	held := make([]*User, users)
	for n := range users {
		r := httptest.NewRequestWithContext(ctx, http.MethodPost, path, strings.NewReader(body(n)))
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		if w.Code != http.StatusCreated {
			return nil, nil, fmt.Errorf("%w: %d to user %d", errAnswer, w.Code, n)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &held[n]); err != nil {
			return nil, nil, err
		}
	}
	return server, held, nil
}

// body is what an identity provider sends to create a user.
func body(n int) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],`+
		`"externalId":"00u%07d","userName":"ana.silva%d@acme.example","name":{"formatted":"Ana Silva %d","familyName":"Silva %d","givenName":"Ana"},`+
		`"displayName":"Ana Silva %d","title":"Engineer","active":true,"emails":[{"value":"ana.silva%d@acme.example","type":"work","primary":true}],`+
		`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"%06d","department":"Platform %d","costCenter":"CC-%d"}}`,
		n, n, n, n, n, n, n, n%40, n%7)
}

func byUserName(u *User) string { return `userName eq "` + u.UserName + `"` }

func byExternalID(u *User) string { return `externalId eq "` + u.ExternalID + `"` }

// Gets reads users by their id, in some order that is not that of the store.
func Gets(users []*User, n int) [][]byte {
	return each(users, n, func(_ int, u *User) []byte { return Request(http.MethodGet, path+"/"+u.ID, "") })
}

// Filters looks users up by userName and by externalId, in turns.
func Filters(users []*User, n int) [][]byte {
	return each(users, n, func(i int, u *User) []byte {
		filter := byUserName(u)
		if i%2 == 1 {
			filter = byExternalID(u)
		}
		return Request(http.MethodGet, path+"?filter="+strings.ReplaceAll(url.QueryEscape(filter), "+", "%20"), "")
	})
}

// Posts creates users beyond those that are there.
func Posts(users []*User, n int) [][]byte {
	return each(users, n, func(i int, _ *User) []byte { return Request(http.MethodPost, path, body(len(users)+i)) })
}

// Patches gives users another title than they have.
func Patches(users []*User, n int) [][]byte {
	return each(users, n, func(i int, u *User) []byte {
		return Request(http.MethodPatch, path+"/"+u.ID, fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],`+
			`"Operations":[{"op":"replace","path":"title","value":"Engineer %d"}]}`, i))
	})
}

// Pages reads pages of a hundred, from anywhere.
func Pages(users []*User, n int) [][]byte {
	return each(users[:len(users)-100], n, func(i int, _ *User) []byte {
		return Request(http.MethodGet, fmt.Sprintf("%s?startIndex=%d&count=100", path, i*7919%(len(users)-100)+1), "")
	})
}

func each(users []*User, n int, request func(int, *User) []byte) [][]byte {
	out := make([][]byte, n)
	for i := range n {
		out[i] = request(i, users[i*7919%len(users)])
	}
	return out
}

package scimclient

import (
	"context"
	"net/http"
)

// Auth adds credentials to requests. The zero value adds none.
type Auth struct {
	authorize func(ctx context.Context, r *http.Request) error
	renew     func(ctx context.Context) error
	err       error // of the configuration
}

// Bearer is a token that does not change.
func Bearer(token string) Auth {
	return Auth{authorize: func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}}
}

package greenhouse

import (
	"fmt"
	"net/url"

	"github.com/provision-go/provision/internal/oauth"
)

// newTokens returns where tokens come from. sub is the user on whose behalf the client
// asks.
func newTokens(cfg *Config) (*oauth.Source, error) {
	params := url.Values{}
	if cfg.Auth.user != "" {
		params.Set("sub", cfg.Auth.user)
	}
	tokens, err := oauth.New(oauth.Config{
		System: cfg.Name, TokenURL: cfg.TokenURL, ID: cfg.Auth.id, Secret: cfg.Auth.secret, Params: params,
		Now: cfg.Clock, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("field TokenURL: %w", err)
	}
	return tokens, nil
}

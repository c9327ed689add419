package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/provider"
)

// held is how many users the service provider holds.
const held = 10_000

// scimServer measures the SCIM service provider with 10,000 users in memory: each kind
// of request over HTTP on this machine, against a handler behind the same server that
// decodes the same bodies into structs and encodes the same answers from structs. What
// counts is CPU time, the client's included, which is the same for both.
func scimServer(ctx context.Context, r *results) error {
	for _, kind := range []struct {
		figure   string
		status   int
		n        int
		requests func(users []*provider.User, n int) [][]byte
	}{
		{"scim-get", http.StatusOK, 20_000, provider.Gets},
		{"scim-filter", http.StatusOK, 20_000, provider.Filters},
		{"scim-post", http.StatusCreated, 5_000, provider.Posts},
		{"scim-patch", http.StatusOK, 10_000, provider.Patches},
		{"scim-page100", http.StatusOK, 2_000, provider.Pages},
	} {
		if !r.wants(kind.figure) {
			continue
		}
		s := &scimSide{requests: kind.requests, status: kind.status, n: kind.n}
		times, err := r.rounds(kind.n,
			measure.Side{Name: kind.figure + ": ours", Setup: func() error { return s.prepare(ctx, true) }, Run: s.run},
			measure.Side{Name: kind.figure + ": bare", Setup: func() error { return s.prepare(ctx, false) }, Run: s.run},
		)
		if err := errors.Join(err, s.close()); err != nil {
			return err
		}
		r.set(kind.figure, ratio(times[1].CPU, times[0].CPU))
	}
	return nil
}

// scimSide is a host that was filled anew, so that each round finds the same.
type scimSide struct {
	requests func(users []*provider.User, n int) [][]byte
	status   int
	n        int

	host *provider.Host
	list [][]byte
}

func (s *scimSide) prepare(ctx context.Context, ours bool) error {
	if err := s.close(); err != nil {
		return err
	}
	server, users, err := provider.NewServer(ctx, held)
	if err != nil {
		return err
	}
	s.list = s.requests(users, s.n)
	handler := http.Handler(server)
	if !ours {
		handler = provider.NewBare(users)
	}
	s.host, err = provider.Serve(ctx, handler)
	return err
}

func (s *scimSide) run() error { return s.host.Send(s.list, s.status) }

func (s *scimSide) close() error {
	if s.host == nil {
		return nil
	}
	err := s.host.Close()
	s.host = nil
	return err
}

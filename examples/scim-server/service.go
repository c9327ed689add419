package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

// path is where the product mounts its SCIM service.
const path = "/scim/v2"

// tenants are the customers, and how their identity providers are met.
func tenants() map[string]scimserver.Profile {
	return map[string]scimserver.Profile{"acme": scimserver.Okta, "globex": scimserver.Entra}
}

// service is the product: a SCIM service that is pushed into, and what follows from it.
type service struct {
	db        *sql.DB
	out       *log.Logger
	scim      *scimserver.Server
	queue     *queue
	customers map[string]*customer
	tokens    map[string]string // by tenant; a product keeps their sums only
	base      string            // the address of the SCIM service

	http    http.Server
	workers sync.WaitGroup
}

// startService opens everything in dir, does a full run for each customer, and listens
// on an address of the loopback interface.
func startService(ctx context.Context, out *log.Logger, dir, address string, clock func() time.Time) (s *service, isNew bool, err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, false, err
	}
	s = &service{
		out: out, queue: newQueue(), customers: map[string]*customer{}, tokens: map[string]string{},
		base: "http://" + listener.Addr().String() + path,
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, listener.Close(), s.close())
		}
	}()
	db, store, isNew, err := openProduct(ctx, dir)
	if err != nil {
		return nil, false, err
	}
	s.db = db
	s.scim, err = scimserver.New(scimserver.Config{
		BaseURL: s.base, Store: store, Authorize: s.authorize, Changed: s.queue.add, Now: clock,
		Failed: func(r *http.Request, err error) { out.Printf("%s %s: %v", r.Method, r.URL.Path, err) },
	})
	if err != nil {
		return nil, false, err
	}
	for tenant := range tenants() {
		s.tokens[tenant] = rand.Text()
		s.customers[tenant], err = newCustomer(ctx, db, dir, tenant, s.scim.Source(tenant), clock)
		if err != nil {
			return nil, false, fmt.Errorf("%s: %w", tenant, err)
		}
	}
	if err := s.syncAll(ctx); err != nil {
		return nil, false, err
	}

	s.http = http.Server{Handler: s.scim, ReadHeaderTimeout: 10 * time.Second}
	s.workers.Go(func() { _ = s.http.Serve(listener) }) // it ends with close
	s.workers.Go(func() { s.queue.work(func(c scimserver.Change) { s.follow(ctx, c) }) })
	return s, isNew, nil
}

// authorize tells customers apart by their tokens. Their sums are compared, so how long
// that takes says nothing about a token.
func (s *service) authorize(r *http.Request) (scimserver.Client, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for tenant, profile := range tenants() {
		if sha256.Sum256([]byte(s.tokens[tenant])) == sha256.Sum256([]byte(token)) {
			return scimserver.Client{Tenant: tenant, Profile: profile}, nil
		}
	}
	return scimserver.Client{}, errors.New("no such token")
}

// follow brings the accounts of one person into step. What fails now is done by the
// next full run, or by the next push about this person.
func (s *service) follow(ctx context.Context, c scimserver.Change) {
	report, err := s.customers[c.Tenant].engine.SyncOne(ctx, c.IdentityID)
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		s.out.Printf("%s: %v", c.Tenant, err)
	}
}

// syncAll does what pushes cannot have told: it is run at the start, and every night.
func (s *service) syncAll(ctx context.Context) error {
	for tenant, c := range s.customers {
		report, err := c.engine.Sync(ctx)
		if err == nil {
			err = report.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", tenant, err)
		}
	}
	return nil
}

func (s *service) close() error {
	errs := []error{s.http.Close()}
	s.queue.close()
	s.workers.Wait()
	for _, c := range s.customers {
		if c != nil {
			errs = append(errs, c.close())
		}
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

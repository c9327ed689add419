// Scim-server is a product that identity providers push people into.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"
	"time"
)

func main() {
	out := log.New(os.Stdout, "", 0)
	dir := flag.String("dir", "", "where the database and the journals are kept; a folder that is thrown away by default")
	address := flag.String("address", "127.0.0.1:0", "where to listen")
	serve := flag.Bool("serve", false, "go on serving until an interrupt")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, out, *dir, *address, *serve); err != nil {
		out.Fatal(err)
	}
}

// run keeps everything in dir, or in a folder of its own that it throws away.
func run(ctx context.Context, out *log.Logger, dir, address string, serve bool) (err error) {
	if dir == "" {
		if dir, err = os.MkdirTemp("", "scim-server-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	clock := time.Now
	if !serve { // the story is always the same
		clock = func() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }
	}
	// What is under way is finished after an interrupt.
	s, isNew, err := startService(context.WithoutCancel(ctx), out, dir, address, clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if isNew {
		if err := s.play(ctx); err != nil {
			return err
		}
	}
	out.Println("the product's accounts at the end:")
	lines, err := accounts(ctx, s.db)
	if err != nil {
		return err
	}
	for _, line := range lines {
		out.Println(" ", line)
	}
	if !serve {
		return nil
	}
	return s.wait(ctx)
}

// wait serves until the context ends, with a full run every night.
func (s *service) wait(ctx context.Context) error {
	s.out.Printf("serving on %s", s.base)
	for tenant, token := range s.tokens {
		s.out.Printf("the token of %s: %s", tenant, token)
	}
	night := time.NewTicker(24 * time.Hour)
	defer night.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-night.C:
			if err := s.syncAll(ctx); err != nil {
				s.out.Print(err)
			}
		}
	}
}

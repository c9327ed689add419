package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// engine says how a database server is found, run and talked to.
type engine struct {
	name     string
	programs []string // all are needed
	folders  []string // patterns; where to look when PATH does not have them
	packages string   // what Debian calls them

	// script defines two functions for sh. prepare makes what the server needs
	// below $home; serve becomes the server, with its socket in $home and its log
	// on standard output. stop has the signals that end it at once.
	script string
	stop   string
	ready  string // part of the line of the log that says so

	admin  string // the database that is always there
	create string // statements on a database, with %s for its name
	drop   string
	open   func(home, database string) (*sql.DB, error)
}

// server is a running engine.
type server struct {
	engine
	db    *sql.DB // for the admin database
	made  atomic.Int64
	start sync.Once
	err   error // why it does not run
	process
}

// database returns a fresh one.
func (s *server) database(t testing.TB) *sql.DB {
	t.Helper()
	path, err := s.find()
	if err != nil {
		missing(t, err)
	}
	s.start.Do(func() {
		if s.process, s.err = s.run(path); s.err == nil {
			s.db, s.err = s.open(s.home, s.admin)
		}
	})
	if s.err != nil {
		t.Fatalf("start %s: %v", s.name, s.err)
	}

	name := fmt.Sprintf("test_%d", s.made.Add(1))
	if _, err := s.db.ExecContext(t.Context(), fmt.Sprintf(s.create, name)); err != nil {
		t.Fatalf("create a database: %v", err)
	}
	db, err := s.open(s.home, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
		// The test's own context has ended. A transaction that it left open holds the
		// drop up: that is an error, and nothing to wait for.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
		defer cancel()
		if _, err := s.db.ExecContext(ctx, fmt.Sprintf(s.drop, name)); err != nil {
			t.Errorf("drop the database, which a transaction may still use: %v", err)
		}
	})
	return db
}

// find returns the value of PATH with which all programs are found.
func (e *engine) find() (string, error) {
	folders := filepath.SplitList(os.Getenv("PATH"))
	for _, pattern := range e.folders {
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return "", fmt.Errorf("folders of %s: %w", e.name, err)
		}
		slices.Reverse(matches) // the newest version first
		folders = append(folders, matches...)
	}
	for _, program := range e.programs {
		if !slices.ContainsFunc(folders, func(folder string) bool { return executable(filepath.Join(folder, program)) }) {
			return "", fmt.Errorf("%s is needed, and there is no program %q in PATH or in %s: install the Debian packages %s, or run .ci/need-databases",
				e.name, program, strings.Join(e.folders, ", "), e.packages)
		}
	}
	return strings.Join(folders, string(filepath.ListSeparator)), nil
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// missing ends a test whose engine is not there.
func missing(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%v; with CI=true nothing is skipped", err)
	}
	t.Skip(err)
}

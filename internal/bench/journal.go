package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/loopback"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/target"
)

// slow is a target in memory that takes a millisecond for each call, as a near one does.
type slow struct{ absorbing }

// Create accepts, after a while.
func (s slow) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	time.Sleep(time.Millisecond)
	return s.absorbing.Create(ctx, req)
}

// Update accepts, after a while.
func (s slow) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	time.Sleep(time.Millisecond)
	return s.absorbing.Update(ctx, req)
}

// journalFolder holds the journal of the round under way.
type journalFolder struct {
	path string
	file *provision.FileJournal
}

func (f *journalFolder) renew() (provision.Journal, error) {
	if err := f.remove(); err != nil {
		return nil, err
	}
	var err error
	if f.path, err = os.MkdirTemp("", "bench"); err != nil {
		return nil, err
	}
	f.file, err = provision.OpenFileJournal(filepath.Join(f.path, "journal.jsonl"))
	return f.file, err
}

func (f *journalFolder) remove() error {
	if f.file == nil {
		return nil
	}
	return errors.Join(f.file.Close(), os.RemoveAll(f.path))
}

// journalFile measures what it costs that every intent is on disk before its call and
// every outcome after it: an Apply of 10,000 creates that take a millisecond each, 32 at
// once, with a journal in a file against one in memory. What counts is how long somebody
// waits.
func journalFile(ctx context.Context, r *results) error {
	c := people.Company{Size: 10_000, Seed: seed, Settled: true}
	app := slow{absorbing{(&loopback.Client{}).Target()}} // which it does not ask
	var folder journalFolder
	inFile := &applying{company: c, app: app, journal: folder.renew}
	inMemory := &applying{company: c, app: app}
	times, err := r.rounds(c.Size, inFile.side(ctx, "journal in a file"), inMemory.side(ctx, "journal in memory"))
	if err := errors.Join(err, folder.remove()); err != nil {
		return err
	}
	r.set("journal-file", ratio(times[1].Wall, times[0].Wall))
	return nil
}

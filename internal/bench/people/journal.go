package people

import (
	"context"
	"fmt"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Journal returns the journal of an engine that read the whole company yesterday
// and had nothing to do.
func (c Company) Journal(ctx context.Context) (provision.Journal, error) {
	journal := &provision.MemoryJournal{}
	end, err := c.end()
	if err != nil {
		return nil, err
	}
	err = journal.Append(ctx, c.begin(), end)
	return journal, err
}

// JournalOfCreates returns the journal of an engine that made all accounts
// yesterday, and an hour ago wrote to those of all movers, as happens in a day.
func (c Company) JournalOfCreates(ctx context.Context) (provision.Journal, error) {
	entries := make([]provision.Entry, 0, c.Size+c.Size/10+2)
	entries = append(entries, c.begin())
	for n := range c.Size {
		if c.Kind(n) != Joiner {
			entries = append(entries, happened(n, reconcile.Create, yesterday()))
		}
	}
	end, err := c.end()
	if err != nil {
		return nil, err
	}
	entries = append(entries, end)
	for n := range c.Size {
		if c.Kind(n) == Mover {
			entries = append(entries, happened(n, reconcile.Update, Noon().Add(-time.Hour)))
		}
	}
	journal := &provision.MemoryJournal{}
	err = journal.Append(ctx, entries...)
	return journal, err
}

func happened(number int, action reconcile.Action, at time.Time) provision.Entry {
	return provision.Entry{
		At: at, Kind: provision.Happened, Run: run, Target: App, Change: fmt.Sprintf("%016x%016x", mix(uint64(number)), action),
		Action: action, Outcome: provision.Done, Phase: target.Active,
		Key: target.Key{Identity: ID(number)}, Account: AccountID(number),
	}
}

const run = "r1"

func yesterday() time.Time { return Noon().Add(-24 * time.Hour) }

func (c Company) begin() provision.Entry {
	return provision.Entry{At: yesterday(), Kind: provision.RunBegin, Run: run, Target: App}
}

func (c Company) end() (provision.Entry, error) {
	set, err := Rules()
	if err != nil {
		return provision.Entry{}, err
	}
	return provision.Entry{At: yesterday(), Kind: provision.RunEnd, Run: run, Target: App, End: &provision.RunTotal{
		PlannedAt: yesterday(), Whole: true, People: c.Size, Managed: c.Size, Proved: true, Rules: set.Hash(),
	}}, nil
}

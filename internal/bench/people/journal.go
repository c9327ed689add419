package people

import (
	"context"
	"time"

	"github.com/provision-go/provision"
)

// Journal returns the journal of an engine that read the whole company yesterday
// and had nothing to do.
func (c Company) Journal(ctx context.Context) (provision.Journal, error) {
	yesterday := Noon().Add(-24 * time.Hour)
	journal := &provision.MemoryJournal{}
	err := journal.Append(ctx,
		provision.Entry{At: yesterday, Kind: provision.RunBegin, Run: "r1", Target: App},
		provision.Entry{At: yesterday, Kind: provision.RunEnd, Run: "r1", Target: App, End: &provision.RunTotal{
			PlannedAt: yesterday, Whole: true, People: c.Size, Managed: c.Size, Proved: true,
		}},
	)
	return journal, err
}

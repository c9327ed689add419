package source

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Memory remembers people from one read to the next, so that they keep their ID,
// and with it their accounts, when another system comes to know them.
// provision.Desk is one: it keeps what it remembers in the journal. Implementations
// are safe for concurrent use.
type Memory interface {
	// Known returns what is remembered. The caller does not change it.
	Known(ctx context.Context) (Known, error)
	// Link remembers, for good, to whom rows belong. A later link of the same row
	// replaces an earlier one.
	Link(ctx context.Context, links map[AlternateID]string) error
}

// Known is what a [Memory] remembers.
type Known struct {
	// IDs are those of people who had an account at any time.
	IDs map[string]bool
	// Links has the ID of the person to whom a row belongs. The type of the key is the
	// name of the source, the value the ID of the row there.
	Links map[AlternateID]string
}

// keeper gives people the IDs under which a memory knows them.
type keeper struct {
	name   string // of the source that is made
	memory Memory // nil: none
	known  Known
	links  map[AlternateID]string // to be remembered
}

func recall(ctx context.Context, name string, memory Memory) (*keeper, error) {
	k := &keeper{name: name, memory: memory, links: map[AlternateID]string{}}
	if memory == nil {
		return k, nil
	}
	known, err := memory.Known(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: who is known: %w", name, err)
	}
	k.known = known
	return k, nil
}

// ids returns the IDs under which whoever has these rows is known: by links, else as
// their rows are called.
func (k *keeper) ids(rows ...AlternateID) []string {
	linked, known := map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		if id := k.known.Links[row]; id != "" {
			linked[id] = true
		}
		if k.known.IDs[row.Value] {
			known[row.Value] = true
		}
	}
	if len(linked) > 0 {
		known = linked
	}
	return slices.Sorted(maps.Keys(known))
}

// several says that somebody has these known IDs.
func several(ids []string) string {
	return "one person, and accounts of " + strings.Join(ids, " and of ")
}

// note has the rows of somebody linked to their ID, if there are several of them.
func (k *keeper) note(id string, rows ...AlternateID) {
	for _, row := range rows {
		if len(rows) > 1 && k.known.Links[row] != id {
			k.links[row] = id
		}
	}
}

// remember links what was noted.
func (k *keeper) remember(ctx context.Context) error {
	if k.memory == nil || len(k.links) == 0 {
		return nil
	}
	if err := k.memory.Link(ctx, k.links); err != nil {
		return fmt.Errorf("%s: remember who is who: %w", k.name, err)
	}
	return nil
}

package hiring

import (
	"context"
	"fmt"
)

// Aliases are the IDs under which candidates are known whose records were merged into
// others: the pipeline goes on calling them what it called them.
type Aliases struct {
	known   map[string]string // by the present id
	present map[string]string // by the known one
}

// AliasesFrom asks a function of the configuration, which may be nil. Two records that
// are to be called the same are an error, and so is an empty id.
func AliasesFrom(ctx context.Context, get func(context.Context) (map[string]string, error)) (Aliases, error) {
	a := Aliases{}
	if get == nil {
		return a, nil
	}
	known, err := get(ctx)
	if err != nil {
		return a, fmt.Errorf("field Aliases: %w", err)
	}
	a.known, a.present = map[string]string{}, map[string]string{}
	for present, id := range known {
		if present == "" || id == "" {
			return a, fmt.Errorf("field Aliases: an id is empty: %q, %q", present, id)
		}
		if other, twice := a.present[id]; twice {
			return a, fmt.Errorf("field Aliases: %q and %q are both to be called %q", min(other, present), max(other, present), id)
		}
		a.known[present], a.present[id] = id, present
	}
	return a, nil
}

// Known returns the ID of a record.
func (a Aliases) Known(id string) string {
	if known, ok := a.known[id]; ok {
		return known
	}
	return id
}

// Present returns the record with an ID.
func (a Aliases) Present(id string) string {
	if present, ok := a.present[id]; ok {
		return present
	}
	return id
}

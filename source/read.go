package source

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/excerpt"
)

// ErrContested says that the source gave the person more than once with
// different content. The person is present, but nothing may be decided.
var ErrContested = errors.New("identity is contested")

// Read returns one person as the source knows them now, cleaned as [Collect]
// does it, except that a manager without an ID is not looked up. The error
// starts with "read <name>" and wraps [ErrNotFound] if the source knows nobody by
// that ID: a hint, not proof.
//
// A source that is [ListOnly] is listed to its end. Stopping at the person would
// be quicker, but only the end shows whether they come again with different
// content, and then Read returns an error wrapping [ErrContested], as Collect
// would withhold them.
func Read(ctx context.Context, s Source, id string) (Identity, error) {
	if s == nil {
		return Identity{}, errors.New("read: no source")
	}
	name := s.Name()
	if fault := checkID(id); fault != "" {
		return Identity{}, fmt.Errorf("read %s: the ID %q cannot be used: %s", name, excerpt.Of(id), fault)
	}
	found, err := s.Identity(ctx, id)
	if errors.Is(err, ErrListOnly) {
		found, err = scan(ctx, s, id)
		if err != nil {
			return Identity{}, fmt.Errorf("read %s %q: %w", name, id, err)
		}
		return found, nil
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return Identity{}, fmt.Errorf("read %s %q: %w", name, id, err)
	}
	if found.ID != id {
		return Identity{}, fmt.Errorf("read %s %q: the source answered with %q", name, id, excerpt.Of(found.ID))
	}
	newTidier(name).tidy(&found)
	return found, nil
}

// Clean returns the identity as [Collect] and [Read] would: values trimmed and
// checked, Location.Zone loaded, dates that stand for none dropped, and findings
// for what cannot be used. It is for identities that come from elsewhere, such as
// those that a test of rules writes down: without it, Location.TimeZone alone has
// no effect.
//
// An ID that Collect would refuse stays, with a [CodeNoID] finding; a manager
// without an ID is not looked up, for that takes the whole population. Findings
// without a person get the ID, as long as they name no source; Source stays
// empty. What i shares with others is not changed. Cleaning twice gives the same
// as cleaning once.
func Clean(i Identity) Identity {
	t := newTidier("")
	t.tidy(&i)
	if fault := checkID(i.ID); fault != "" && !noticed(i.Findings, CodeNoID) {
		t.find(&i, CodeNoID, "id", fmt.Sprintf("the ID %q cannot be used: %s", excerpt.Of(i.ID), fault))
	}
	return i
}

func noticed(findings []Finding, code string) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Code == code })
}

// scan looks for a person in the list.
func scan(ctx context.Context, s Source, id string) (Identity, error) {
	var first *Identity
	tidier := newTidier(s.Name())
	for identity, err := range s.Identities(ctx) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return Identity{}, err
		}
		if identity.ID != id {
			continue
		}
		tidier.tidy(&identity)
		if first == nil {
			first = &identity
		} else if !equal(first, &identity) {
			return Identity{}, ErrContested
		}
	}
	if err := ctx.Err(); err != nil {
		return Identity{}, err
	}
	if first == nil {
		return Identity{}, ErrNotFound
	}
	return *first, nil
}

package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// PeopleConfig says how a source whose rows are employments becomes one of people.
type PeopleConfig struct {
	// Source is read. Its name stays.
	Source Source
	// Match lists the ways by which rows are those of one person, any of which is
	// enough: usually [ByAlternateID], with an ID that the system gives to people, such
	// as Workday's universal ID. [ByID] is none of them, and without any there is
	// nothing to do: an error.
	Match []MatchBy
	// Memory lets people keep their ID when their first row is gone, or when another way
	// joins what were two. Defaults to none: the ID is that of the row that started
	// first.
	Memory Memory
}

// People makes one identity of all rows of a person: of two jobs, of a contractor who
// was hired, of somebody who left and came back under another number.
//
// One employment counts, and its row gives status, dates, job and custom fields: one
// in which the person works, before one of which nothing is known, before one that has
// not begun, before one that has ended. Of several alike it is the one that lasts
// longest, and then the one that started last. So who left one of two jobs works, and who left both has left. A name, an
// address or a user name that this row lacks comes from another one. Groups are those
// of all employments that have not ended. All are listed in Identity.Employments, and
// the IDs of the other rows are alternate IDs with the name of the source as their type.
//
// People are never joined by name. Two people who share what Match looks at, such as
// an address, become one.
//
// A person to whom two known IDs of the [Memory] belong has two accounts: nothing is
// decided for them, see [Merge]. A list is whole or an error, and only lists show
// who belongs together: the source has no single reads and no changes.
func People(cfg PeopleConfig) (Source, error) {
	var errs []error
	if cfg.Source == nil {
		return nil, errors.New("people: no source")
	}
	if len(cfg.Match) == 0 {
		errs = append(errs, errors.New("no way of matching"))
	}
	for _, by := range cfg.Match {
		if by <= ByID || by > ByWorkEmail {
			errs = append(errs, fmt.Errorf("there is no way of matching %d", by))
		}
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("people of %s: %w", cfg.Source.Name(), errors.Join(errs...))
	}
	cfg.Match = slices.Clone(cfg.Match)
	return &people{cfg: cfg}, nil
}

type people struct {
	ListOnly
	cfg PeopleConfig
}

// Name is that of the source.
func (p *people) Name() string { return p.cfg.Source.Name() }

// Identities reads the source to its end and then yields its people, sorted by ID.
func (p *people) Identities(ctx context.Context) iter.Seq2[Identity, error] {
	return func(yield func(Identity, error) bool) {
		all, err := p.read(ctx)
		if err != nil {
			yield(Identity{}, err)
			return
		}
		for _, i := range all {
			if !yield(i, nil) {
				return
			}
		}
	}
}

func (p *people) read(ctx context.Context) ([]Identity, error) {
	memory, err := recall(ctx, p.Name(), p.cfg.Memory)
	if err != nil {
		return nil, err
	}
	s, err := Collect(ctx, p.cfg.Source)
	if err != nil {
		return nil, err
	}
	w := &workforce{source: p.Name(), memory: memory, ids: map[string]string{}}
	w.group(s, p.cfg.Match)
	w.identify()
	if err := memory.remember(ctx); err != nil {
		return nil, err
	}
	all := w.identities(s)
	lost, rest := lostRows(s)
	all = append(all, lost...)
	for _, f := range rest {
		if f.Identity == "" && len(all) > 0 {
			all[0].Findings = append(all[0].Findings, f)
		}
	}
	return all, nil
}

package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// A Part is a source in a [Union].
type Part struct {
	Source Source
	// Prefix begins the IDs of its people, and of their managers, in the union, such as
	// "crm:". One part may have none; no prefix may begin another one.
	Prefix string
}

// Union makes one source of several with different people in them: staff, and
// contacts of customers. Each part alone says who exists among its own; nobody is in
// two of them. For several systems that know the same people there is [Merge].
//
// A list is whole only if all of its parts were read to their end. Names must be
// unique, and an error names the part.
func Union(name string, parts ...Part) (Source, error) {
	var errs []error
	if name == "" {
		errs = append(errs, errors.New("no name"))
	}
	if len(parts) == 0 {
		errs = append(errs, errors.New("no parts"))
	}
	seen := map[string]bool{}
	for n, p := range parts {
		if p.Source == nil {
			return nil, fmt.Errorf("union: %w", errors.Join(append(errs, fmt.Errorf("part %d has no source", n))...))
		}
		if seen[p.Source.Name()] {
			errs = append(errs, fmt.Errorf("two parts are called %q", p.Source.Name()))
		}
		seen[p.Source.Name()] = true
		for _, other := range parts[:n] {
			if p.Prefix == other.Prefix || p.Prefix != "" && other.Prefix != "" &&
				(strings.HasPrefix(p.Prefix, other.Prefix) || strings.HasPrefix(other.Prefix, p.Prefix)) {
				errs = append(errs, fmt.Errorf("one cannot tell the prefixes %q and %q apart", other.Prefix, p.Prefix))
			}
		}
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("union: %w", errors.Join(errs...))
	}
	parts = slices.Clone(parts)
	// Whoever asks for one person finds the part with a prefix before that without.
	slices.SortStableFunc(parts, func(a, b Part) int { return len(b.Prefix) - len(a.Prefix) })
	return &union{name: name, parts: parts}, nil
}

type union struct {
	name  string
	parts []Part
}

func (u *union) Name() string { return u.name }

func (u *union) Identities(ctx context.Context) iter.Seq2[Identity, error] {
	return func(yield func(Identity, error) bool) {
		for _, p := range u.parts {
			for i, err := range p.Source.Identities(ctx) {
				if err != nil {
					yield(Identity{}, fmt.Errorf("%s: %w", p.Source.Name(), err))
					return
				}
				if !yield(u.named(p, i), nil) {
					return
				}
			}
		}
	}
}

func (u *union) Identity(ctx context.Context, id string) (Identity, error) {
	p, own := u.part(id)
	if p.Source == nil {
		return Identity{}, fmt.Errorf("%w: no part has such IDs", ErrNotFound)
	}
	i, err := p.Source.Identity(ctx, own)
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", p.Source.Name(), err)
	}
	return u.named(p, i), nil
}

// part returns the part to which an ID belongs, and the ID there.
func (u *union) part(id string) (Part, string) {
	for _, p := range u.parts {
		if own, ok := strings.CutPrefix(id, p.Prefix); ok && own != "" {
			return p, own
		}
	}
	return Part{}, ""
}

// named puts the prefix before the IDs of an identity. A person whose own ID begins
// like the prefix of another part could be mistaken for one of its people, and
// becomes a row of nobody.
func (u *union) named(p Part, i Identity) Identity {
	if i.ID != "" {
		i.Findings = slices.Clone(i.Findings)
		for n := range i.Findings {
			f := &i.Findings[n]
			if f.Source == "" {
				f.Source = p.Source.Name()
			}
			if f.Identity == i.ID {
				f.Identity = p.Prefix + i.ID
			}
		}
	}
	if p.Prefix == "" && i.ID != "" {
		for _, other := range u.parts {
			if other.Prefix != "" && strings.HasPrefix(i.ID, other.Prefix) {
				return Identity{Findings: []Finding{{
					Source: p.Source.Name(), Field: "id", Code: CodeNoID,
					Message: fmt.Sprintf("an ID of %s begins with %q, as those of %s do", p.Source.Name(), other.Prefix, other.Source.Name()),
				}}}
			}
		}
	}
	if i.ID != "" {
		i.ID = p.Prefix + i.ID
	}
	i.Manager.ID = prefixed(p.Prefix, i.Manager.ID)
	if p.Prefix != "" && len(i.Employments) > 0 {
		i.Employments = slices.Clone(i.Employments)
		for n := range i.Employments {
			i.Employments[n].Manager.ID = prefixed(p.Prefix, i.Employments[n].Manager.ID)
		}
	}
	return i
}

func prefixed(prefix, id string) string {
	if id == "" {
		return ""
	}
	return prefix + id
}

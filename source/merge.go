package source

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
)

// MatchBy says by what rows of different sources are taken for one person.
// People are never matched by name.
type MatchBy uint8

// The ways of matching.
const (
	ByID             MatchBy = iota + 1 // equal IDs: the sources share them
	ByAlternateID                       // an alternate ID of equal type and value
	ByEmployeeNumber                    // equal employee numbers
	ByWorkEmail                         // equal addresses, without regard to ASCII case; others never match
)

// A MergeConfig says how several systems of record become one source.
type MergeConfig struct {
	// Name of the merged source. Must not be empty.
	Name string
	// Sources with different names, at least one. Their order is the precedence of
	// fields that Precedence does not name.
	Sources []Source
	// Authoritative names the sources that say who exists, the most trusted first.
	// The first one that knows a person gives their ID, status, dates and
	// employments: list the HRIS before the ATS, and the ATS speaks only until the
	// HRIS knows the person. That somebody has left it cannot say alone: see
	// [Merge]. The others only add fields; somebody whom only they
	// know is a finding and no identity. Defaults to the first source.
	Authoritative []string
	// Departures names authoritative sources whose word that somebody has left counts
	// also where more trusted ones do not list the person: an agency speaks for its
	// contractors, whom the HRIS never knew. Defaults to none: see [Merge].
	Departures []string
	// Match lists the ways of matching; the first that finds somebody decides.
	// Defaults to ByID.
	Match []MatchBy
	// Precedence names, per field, the sources to take it from, the first that
	// has it first; sources that are not named are not asked. Parts follow the
	// whole: "department" also decides department_code. Status and dates cannot be
	// named: they follow Authoritative.
	Precedence map[string][]string
	// Memory lets people keep their ID when a more trusted source comes to know them:
	// see [Merge]. It is not asked where people are matched by ID alone. Defaults to none.
	Memory Memory
}

// Merged is a source made of others. It is safe for concurrent use if they are.
// Create one with [Merge].
type Merged struct {
	cfg        MergeConfig
	authority  map[string]int // rank by name of source
	precedence []choice
	bound      map[string]bool // names of fields that follow authority
}

var _ Source = (*Merged)(nil)

// A choice is a field with its parts and the sources to take it from.
type choice struct {
	parts []FieldSpec // the whole first
	from  []int       // indices of sources, the most trusted first
}

// Merge makes one source of several. The error joins everything that is wrong
// with the configuration.
//
// A read of the merged source is complete only if every source was read to its
// end: the error of one is the error of the merge. Two rows of one source that
// match one person, and one row that matches two people, are a conflict: all of
// them stay present with nothing but their ID, so that nothing is decided for
// them, and a [CodeConflict] finding says why.
//
// An ended status proves a departure only if no more trusted authority is silent
// about the person: a short list of the HRIS must not make an old system's word
// count. Somebody whom a less trusted one calls terminated and whom a more trusted
// one does not list has the status [Unknown], no dates and no employments, and a
// CodeConflict finding names the sources, in lists and read alone. So people whom
// only one system knows for good, such as contractors, need a source that is named in
// Departures, or their departures wait for somebody to look.
//
// Findings of the sources stay with the person. Where a source is not the one
// that a person's status and dates come from, the field of a finding about them
// is written "source.field": a date that could not be read there damages nothing.
//
// References to managers are translated to the IDs of the merged people; one to
// somebody who is not among them loses its ID.
//
// The ID of somebody new is the one that the most trusted source gives. When a more
// trusted source comes to know them, as an HRIS does with whom an ATS hired, they
// keep the ID under which they had accounts, if there is a Memory: it links the
// rows of a person, and links come before all ways of matching, also when an
// address changes later, or the row of the ATS is gone. Somebody to whom two known
// IDs belong is a conflict, until a link says which one is theirs: accounts of the
// other are then those of nobody. Without a Memory the ID changes to what the more
// trusted source gives. Other IDs than the merged one are alternate IDs, with the
// name of the source as their type.
func Merge(cfg MergeConfig) (*Merged, error) {
	m := &Merged{cfg: cfg, authority: map[string]int{}, bound: map[string]bool{}}
	m.cfg.Sources, m.cfg.Match = slices.Clone(cfg.Sources), slices.Clone(cfg.Match)
	m.cfg.Departures = slices.Clone(cfg.Departures)
	if len(cfg.Match) == 0 {
		m.cfg.Match = []MatchBy{ByID}
	}
	if slices.Equal(m.cfg.Match, []MatchBy{ByID}) {
		m.cfg.Memory = nil // nobody's ID ever changes
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	return m, nil
}

func (m *Merged) check() error {
	var errs []error
	if m.cfg.Name == "" {
		errs = append(errs, errors.New("no name"))
	}
	if len(m.cfg.Sources) == 0 {
		errs = append(errs, errors.New("no sources"))
	}
	place := map[string]int{}
	for n, s := range m.cfg.Sources {
		if s == nil {
			return errors.Join(append(errs, fmt.Errorf("source %d is nil", n))...)
		}
		if _, twice := place[s.Name()]; twice || s.Name() == "" {
			errs = append(errs, fmt.Errorf("source %d is called %q: want different names", n, s.Name()))
		}
		place[s.Name()] = n
	}
	authoritative := m.cfg.Authoritative
	if len(authoritative) == 0 && len(m.cfg.Sources) > 0 {
		authoritative = []string{m.cfg.Sources[0].Name()}
	}
	for rank, name := range authoritative {
		if _, ok := place[name]; !ok {
			errs = append(errs, fmt.Errorf("authoritative: there is no source %q", name))
		}
		m.authority[name] = rank
	}
	for _, name := range m.cfg.Departures {
		if _, ok := m.authority[name]; !ok {
			errs = append(errs, fmt.Errorf("departures: %q is not authoritative", name))
		}
	}
	for _, by := range m.cfg.Match {
		if by < ByID || by > ByWorkEmail {
			errs = append(errs, fmt.Errorf("there is no way of matching %d", by))
		}
	}
	errs = append(errs, m.choices(place)...)
	return errors.Join(errs...)
}

// choices lays out which field comes from where.
func (m *Merged) choices(place map[string]int) []error {
	var errs []error
	all := make([]int, len(m.cfg.Sources))
	for n := range all {
		all[n] = n
	}
	fields := Fields()
	for _, whole := range fields {
		m.bound[whole.Name] = bound(whole)
		if whole.Whole != "" || whole.ReadOnly || bound(whole) {
			continue
		}
		c := choice{parts: []FieldSpec{whole}, from: all}
		for _, f := range fields {
			if f.Whole == whole.Name && !f.ReadOnly {
				c.parts = append(c.parts, f)
			}
		}
		if names, ok := m.cfg.Precedence[whole.Name]; ok {
			c.from = nil
			for _, name := range names {
				n, ok := place[name]
				if !ok {
					errs = append(errs, fmt.Errorf("precedence of %s: there is no source %q", whole.Name, name))
				}
				c.from = append(c.from, n)
			}
		}
		m.precedence = append(m.precedence, c)
	}
	for _, name := range slices.Sorted(maps.Keys(m.cfg.Precedence)) {
		f, ok := Field(name)
		switch {
		case !ok || f.ReadOnly || len(name) > len(customPrefix) && name[:len(customPrefix)] == customPrefix:
			errs = append(errs, fmt.Errorf("precedence: there is no field %q", name))
		case f.Whole != "":
			errs = append(errs, fmt.Errorf("precedence: %s follows %s; name that", name, f.Whole))
		case bound(f):
			errs = append(errs, fmt.Errorf("precedence: %s follows the authoritative source", name))
		}
	}
	return errs
}

// bound reports whether a field belongs to the statement that somebody is
// employed. Taken from different sources, such fields would say what nobody
// said: active with the end date of another system.
func bound(f FieldSpec) bool {
	return f.Type == FieldStatus || f.Type == FieldDate || f.Type == FieldInstant ||
		f.Name == "id" || f.Name == "alternate_ids"
}

// Name returns the name from the configuration.
func (m *Merged) Name() string { return m.cfg.Name }

// Identities reads every source to its end and then yields the merged people,
// sorted by ID.
func (m *Merged) Identities(ctx context.Context) iter.Seq2[Identity, error] {
	return func(yield func(Identity, error) bool) {
		j, err := m.join(ctx)
		if err != nil {
			yield(Identity{}, err)
			return
		}
		for _, p := range j.people {
			identity, _ := m.merge(p, j.ids)
			if p == j.people[0] {
				identity.Findings = append(identity.Findings, j.findings...)
			}
			if !yield(identity, nil) {
				return
			}
		}
		for _, lost := range j.lost {
			if !yield(lost, nil) {
				return
			}
		}
	}
}

// Identity reads one person from every source, if people are matched by ID
// alone. Otherwise it returns [ErrListOnly]: only the lists show who belongs
// together.
func (m *Merged) Identity(ctx context.Context, id string) (Identity, error) {
	if !slices.Equal(m.cfg.Match, []MatchBy{ByID}) {
		return Identity{}, ErrListOnly
	}
	p := &person{id: id, rows: make([]*Identity, len(m.cfg.Sources))}
	known := false
	for n, s := range m.cfg.Sources {
		_, authoritative := m.authority[s.Name()]
		i, err := Read(ctx, s, id)
		switch {
		case errors.Is(err, ErrNotFound):
			continue
		case errors.Is(err, ErrContested):
			p.conflict = fmt.Sprintf("%s gives %q more than once with different content", s.Name(), id)
		case err != nil:
			return Identity{}, err
		default:
			p.rows[n] = &i
		}
		known = known || authoritative
	}
	if !known {
		return Identity{}, ErrNotFound
	}
	identity, _ := m.merge(p, nil)
	return identity, nil
}

// An Origin is a value that a source has for a field of a merged identity.
type Origin struct {
	Field, Source, Value string
	Chosen               bool // the merged identity has this value
}

// Provenance returns, sorted by field and precedence, what every source says
// about a person and which of it was chosen. It reads like [Read] does.
func (m *Merged) Provenance(ctx context.Context, id string) ([]Origin, error) {
	j, err := m.join(ctx)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", m.cfg.Name, err)
	}
	for _, p := range j.people {
		if p.id == id {
			_, origins := m.merge(p, j.ids)
			return origins, nil
		}
	}
	return nil, fmt.Errorf("read %s %q: %w", m.cfg.Name, id, ErrNotFound)
}

package provisiontest

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// stormRecord is the system of record: what is true of people, what was true of
// them in the step before, and what is wrong with it now.
type stormRecord struct {
	w     *stormWorld
	truth []*source.Identity
	gone  map[string]bool // whom the export does not list, for no reason
	old   map[string]source.Identity
	fault sourceFault
}

// A sourceFault spoils what the source says in one step.
type sourceFault struct {
	after    int
	err      error
	cut      bool
	empty    bool
	shrinks  bool
	twice    string // an ID
	contest  string
	lost     bool
	vanish   string // a field
	readErr  error
	stale    bool
	notFound bool
}

func (r *stormRecord) find(id string) *source.Identity {
	for _, p := range r.truth {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// remember keeps what was true, for answers that come late.
func (r *stormRecord) remember() {
	for _, p := range r.truth {
		r.old[p.ID] = *p
	}
}

// spoil is what a field says that has vanished from the export.
func (r *stormRecord) spoil(p source.Identity) source.Identity {
	switch r.fault.vanish {
	case "department":
		p.Department = source.Ref{}
	case "title":
		p.JobTitle = ""
	case "status":
		p.Status = source.Unknown
	}
	return p
}

// rows is what a list would yield, and whether it ends without an error.
func (r *stormRecord) rows() []source.Identity {
	f := &r.fault
	if f.empty {
		return nil
	}
	out := make([]source.Identity, 0, len(r.truth)+2)
	for i, p := range r.truth {
		if r.gone[p.ID] || f.shrinks && (i+f.after)%2 == 0 {
			continue
		}
		row := r.spoil(*p)
		out = append(out, row)
		switch {
		case f.twice == p.ID:
			out = append(out, row)
		case f.contest == p.ID:
			row.DisplayName, row.Status = "Somebody else", source.Terminated
			out = append(out, row)
		}
	}
	if f.lost {
		out = append(out, source.Identity{Status: source.Active, DisplayName: "Nobody"})
	}
	if f.cut {
		out = out[:min(f.after, len(out))]
	}
	if f.after%2 == 1 {
		slices.Reverse(out)
	}
	return out
}

// stormSource is the system of record as one process sees it.
type stormSource struct {
	*stormRecord
	p *stormProcess
}

var _ source.Source = (*stormSource)(nil)

func (s *stormSource) Name() string { return "hr" }

// wait waits for the turn of whoever reads. A source around this one may hold a lock while
// it reads, and nobody is let go while somebody waits for a lock.
func (s *stormSource) wait(what string) {
	if s.w.config.Source == nil {
		s.w.town.order.wait(s.w.tenant + " " + what)
	}
}

func (s *stormSource) Identities(_ context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		s.wait("source")
		if s.p.dead.Load() {
			yield(source.Identity{}, errDead)
			return
		}
		at := s.w.now()
		rows := s.rows()
		for n := range rows {
			if s.fault.err != nil && n >= s.fault.after%len(rows) {
				yield(source.Identity{}, s.fault.err)
				return
			}
			if !yield(rows[n], nil) {
				return
			}
		}
		if s.fault.err != nil {
			yield(source.Identity{}, s.fault.err)
			return
		}
		defer s.w.gate.lock()()
		s.w.oracle.listed(at, rows)
	}
}

func (s *stormSource) Identity(_ context.Context, id string) (source.Identity, error) {
	s.wait("source " + id)
	if s.p.dead.Load() {
		return source.Identity{}, errDead
	}
	p := s.find(id)
	switch f := &s.fault; {
	case f.readErr != nil:
		return source.Identity{}, f.readErr
	case p == nil || s.gone[id] || f.notFound:
		return source.Identity{}, fmt.Errorf("%w: %q", source.ErrNotFound, id)
	}
	row := s.spoil(*p)
	if old, ok := s.old[id]; ok && s.fault.stale {
		row = old
	}
	defer s.w.gate.lock()()
	s.w.oracle.read(s.w.now(), row)
	return row, nil
}

func keyOf(id string) target.Key { return target.Key{Identity: id} }

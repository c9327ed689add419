package provision

import (
	"cmp"
	"context"
	"slices"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

var _ source.Memory = (*Desk)(nil)

// Known returns the IDs of everybody who has an account that this journal knows of,
// or had one, and to whom rows of sources were linked. With it a Desk is the memory of
// [source.Merge].
func (d *Desk) Known(ctx context.Context) (source.Known, error) {
	st, err := d.read(ctx)
	if err != nil {
		return source.Known{}, err
	}
	defer d.keep(st)
	ids := map[string]bool{}
	for _, t := range st.targets {
		for key := range t.accounts {
			ids[key.Identity] = true
		}
	}
	for id := range st.closed {
		ids[id] = true
	}
	links := make(map[source.AlternateID]string, len(st.links))
	for row, id := range st.links {
		links[source.AlternateID{Type: row.Source, Value: row.ID}] = id
	}
	return source.Known{IDs: ids, Links: links}, nil
}

// Link remembers to whom rows of sources belong, for [source.Merge]. People do it, too:
// to say which of two known IDs is somebody's, link all rows of that person to it. A row
// that is linked to "" is linked to nobody any more.
func (d *Desk) Link(ctx context.Context, links map[source.AlternateID]string) error {
	entries := make([]Entry, 0, len(links))
	for row, id := range links {
		entries = append(entries, Entry{
			At: d.Clock(), Kind: Linked, Key: target.Key{Identity: id}, Row: &SourceRow{Source: row.Type, ID: row.Value},
		})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return compareRows(*a.Row, *b.Row) })
	return d.append(ctx, entries...)
}

func compareRows(a, b SourceRow) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.ID, b.ID))
}

// link folds a link.
func (s *state) link(e *Entry) {
	switch {
	case e.Row == nil:
	case e.Key.Identity == "":
		delete(s.links, *e.Row)
	default:
		s.links[*e.Row] = e.Key.Identity
	}
}

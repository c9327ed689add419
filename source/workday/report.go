package workday

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A Report reads people from a report of a company's own that is enabled as a web
// service (RaaS). It is safe for concurrent use. It has everybody in one answer and
// nobody alone: [source.Read] looks through the list.
type Report struct {
	source.ListOnly
	cfg     ReportConfig
	client  *fetch.Client
	words   meanings
	columns []reportColumn
	byName  map[string][]int // places of columns by their name in the report
	zone    *time.Location
}

var _ source.Source = (*Report)(nil)

// A reportColumn is a column of a report.
type reportColumn struct {
	name, field string
	spec        source.FieldSpec // zero for what is no field by itself
	shared      bool             // many people have the same value
}

// NewReport checks the configuration; it asks Workday nothing. The error joins
// everything that is wrong and names the fields.
func NewReport(cfg ReportConfig) (*Report, error) {
	cfg, err := cfg.filled()
	columns, wrong := reportColumns(cfg.Columns)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("workday: %w", err)
	}
	p := &Report{cfg: cfg, words: newMeanings(cfg.Vocabulary), columns: columns, byName: map[string][]int{}}
	for n := range columns {
		p.byName[columns[n].name] = append(p.byName[columns[n].name], n)
	}
	if p.zone, err = time.LoadLocation(cfg.Zone); err != nil {
		return nil, fmt.Errorf("workday: Zone: %w", err)
	}
	p.client, err = cfg.Connection.client(fetch.Config{
		System: cfg.Name, Authorize: cfg.Connection.Auth.basic, Timeouts: fetch.Timeouts{Answer: cfg.Patience},
	})
	if err != nil {
		return nil, fmt.Errorf("workday: %w", err)
	}
	return p, nil
}

// Name returns the name from the configuration.
func (p *Report) Name() string { return p.cfg.Name }

// String returns the name. It keeps a printed Report from showing what it is
// configured with.
func (p *Report) String() string { return "workday.Report(" + p.cfg.Name + ")" }

// GoString returns what String returns.
func (p *Report) GoString() string { return p.String() }

// Identities yields everybody in the report, while it arrives.
//
// The list is an error if the answer breaks off, if it has nobody, or if a required
// column occurs in no row. That the report itself leaves people out, by a filter of
// its author or because the user may not see them, cannot be known.
func (p *Report) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		r := p.read()
		last, held := source.Identity{}, false // one is held back: it takes what shows only at the end
		err := r.rows(ctx, func(i source.Identity) bool {
			if held && !yield(last, nil) {
				return false
			}
			last, held = i, true
			return true
		})
		switch {
		case errors.Is(err, errLeft):
			return
		case err == nil:
			err = r.complete()
		}
		if err != nil {
			if !held || yield(last, nil) { // whoever comes is followed by the error
				yield(source.Identity{}, fmt.Errorf("read report: %w", err))
			}
			return
		}
		last.Findings = slices.Concat(last.Findings, r.findings())
		yield(last, nil)
	}
}

// rows hands out people as they arrive.
func (r *reportReading) rows(ctx context.Context, each func(source.Identity) bool) error {
	left, listed := false, false
	request := fetch.Request{
		Path: "/service/customreport2/{tenant}/{owner}/{report}",
		Args: []string{r.cfg.Connection.Tenant, r.cfg.Owner, r.cfg.Report}, Query: r.cfg.query(),
	}
	err := r.client.Stream(ctx, request, func(d *fetch.Decoder) error {
		return d.Object(func(name string) error {
			if name != "Report_Entry" {
				return nil
			}
			listed = true
			var raw json.RawMessage
			return d.Array(func() error {
				if err := d.Value(&raw); err != nil {
					return err
				}
				i, err := r.row(raw)
				if err != nil {
					return fmt.Errorf("row %d: %w", r.count, err)
				}
				if left = !each(i); left {
					return fetch.ErrStop
				}
				return nil
			})
		})
	})
	switch {
	case left:
		return errLeft
	case err != nil:
		return err
	case !listed:
		return fmt.Errorf("%w: there is no Report_Entry in it", source.ErrBadContent)
	}
	return nil
}

// complete looks, after the last row, for what makes a report unfit to act on.
func (r *reportReading) complete() error {
	if r.count == 0 {
		return fmt.Errorf("%w: the report has nobody; look at what the integration user may see", source.ErrIncomplete)
	}
	var gone []string
	for n := range r.columns {
		if c := &r.columns[n]; !r.seen[n] && slices.Contains(r.cfg.Required, c.field) {
			gone = append(gone, c.name)
		}
	}
	if gone != nil {
		return fmt.Errorf("%w: no row has the column %s: it was renamed, removed or misspelt, or the integration user may not see it",
			source.ErrIncomplete, strings.Join(gone, ", "))
	}
	return nil
}

// findings returns what concerns nobody in particular: columns that no row has.
func (r *reportReading) findings() []source.Finding {
	var found []source.Finding
	for n := range r.columns {
		if c := &r.columns[n]; !r.seen[n] {
			found = append(found, source.Finding{
				Source: r.cfg.Name, Code: source.CodeUnmapped, Field: c.field,
				Message: "no row has the column " + c.name + ": it is empty for everybody, or there is no such column",
			})
		}
	}
	return found
}

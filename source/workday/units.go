package workday

import (
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
)

// units fills in what the worker belongs to.
func (s *Source) units(fill *filler, w *worker) {
	for _, o := range w.organizations {
		field := s.cfg.Units[strings.ToUpper(o.kind)]
		if field == "" || o == (organization{kind: o.kind}) {
			continue
		}
		if strings.HasPrefix(field, "custom.") {
			if o.name == "" {
				o.name = o.id
			}
			fill.add(field, o.name)
			continue
		}
		ref, made := setters.Ref(fill.identity, field), source.Ref{ID: o.id, Code: o.code, Name: o.name}
		switch {
		case ref.IsZero():
			*ref = made
		case *ref != made:
			fill.identity.Findings = append(fill.identity.Findings, source.Finding{
				Code: source.CodeConflict, Field: field,
				Message: fmt.Sprintf("they belong to several organisations of the type %s; the first counts", excerpt.Of(o.kind)),
			})
		}
	}
}

// custom fills in what Config.Fields asks for.
func (s *Source) custom(fill *filler, w *worker) {
	if len(s.columns) == 0 {
		return
	}
	values := w.custom
	if main := mainJob(w.jobs); main >= 0 {
		values = slices.Concat(values, w.jobs[main].custom)
	}
	for n := range s.columns {
		var texts []string
		for _, v := range values {
			if v.column == n {
				texts = append(texts, v.text)
			}
		}
		fill.set(&s.columns[n].field, s.columns[n].path, "", texts)
	}
}

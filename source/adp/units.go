package adp

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/setters"
)

// checkUnits refuses fields that no organisational unit can fill.
func checkUnits(own map[string]string) error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, kind := range slices.Sorted(maps.Keys(own)) {
		field := own[kind]
		spec, known := source.Field(field)
		custom := known && spec.Type == source.FieldList && strings.HasPrefix(field, "custom.")
		if field != "" && !custom && setters.Ref(&source.Identity{}, field) == nil {
			wrong("Units: %q of %q: want department, team, division, business_unit, legal_entity, cost_center or custom.…", field, kind)
		}
		if vocabulary.Fold(kind) == "" {
			wrong("Units: %q is no type", kind)
		}
	}
	return errors.Join(errs...)
}

func unitsOf(own map[string]string) map[string]string {
	return vocabulary.With(usualUnits(), own, vocabulary.Fold)
}

func mailKindsOf(own map[string]bool) map[string]bool {
	return vocabulary.With(usualMailKinds(), own, vocabulary.Fold)
}

// belongs fills in an organisational unit. Of several units of one type the first
// counts.
func (r *reading) belongs(i *source.Identity, u *unit) {
	field := r.unitField(&u.kind)
	if field == "" || u.name == (code{}) {
		return
	}
	if name, custom := strings.CutPrefix(field, "custom."); custom {
		if i.Custom == nil {
			i.Custom = map[string][]string{}
		}
		if text := u.name.name(); !slices.Contains(i.Custom[name], text) {
			i.Custom[name] = append(i.Custom[name], text)
			slices.Sort(i.Custom[name])
		}
		return
	}
	if ref := setters.Ref(i, field); ref.IsZero() {
		*ref = source.Ref{Code: u.name.value, Name: u.name.name()}
	}
}

// unitField returns which field a type of units fills: by its code, else by its names.
func (r *reading) unitField(kind *code) string {
	for _, word := range [...]string{kind.value, kind.short, kind.long} {
		if field, known := r.units[vocabulary.Fold(word)]; known {
			return field
		}
	}
	return ""
}

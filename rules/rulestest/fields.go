package rulestest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

const customPrefix = "custom."

// fields is what the rules look at, by the name of the field.
type fields map[string]rules.FieldUse

func fieldsOf(set *rules.Set) fields {
	out := fields{}
	for _, use := range set.Uses() {
		out[use.Name] = use
	}
	return out
}

// meant gives the names that people use for a field, beside its own.
func meant(name string) string {
	switch name {
	case "end_date", "end":
		return "last_day"
	case "start":
		return "start_date"
	default:
		return name
	}
}

// find finds a field by its name. A custom field that no rule looks at is more
// likely misspelt than meant.
func (f fields) find(name string) (source.FieldSpec, error) {
	name = meant(name)
	if !strings.HasPrefix(name, customPrefix) {
		if spec, ok := source.Field(name); ok {
			if spec.ReadOnly {
				return source.FieldSpec{}, fmt.Errorf("%s follows from other fields and cannot be stated", name)
			}
			return spec, nil
		}
		name = customPrefix + name
	}
	if spec, ok := source.Field(name); ok {
		if _, used := f[name]; used {
			return spec, nil
		}
	}
	var custom []string
	for _, used := range slices.Sorted(maps.Keys(f)) {
		if strings.HasPrefix(used, customPrefix) {
			custom = append(custom, used)
		}
	}
	return source.FieldSpec{}, fmt.Errorf("%q is no field of an identity, and the rules look at no such custom field, only at %s",
		strings.TrimPrefix(name, customPrefix), some(custom))
}

// looked finds a field that the rules may miss, by its name with or without
// "custom.".
func (f fields) looked(name string) (string, error) {
	for _, full := range []string{name, customPrefix + name} {
		if _, ok := f[full]; ok {
			return full, nil
		}
	}
	if spec, ok := source.Field(name); ok && spec.Type == source.FieldDate && !strings.HasPrefix(name, customPrefix) {
		return name, nil // a life cycle names the dates behind start and end
	}
	return "", fmt.Errorf("the rules look at no field %q, only at %s", name, some(slices.Sorted(maps.Keys(f))))
}

// state writes down what is stated of a person.
func (f fields) state(i *source.Identity, s stated) error {
	spec, err := f.find(s.field)
	if err != nil {
		return err
	}
	if s.missing {
		blank(i, spec)
		if s.unread {
			i.Findings = append(i.Findings, source.Finding{
				Field: spec.Name, Code: source.CodeBadValue, Message: spec.Name + " was not understood",
			})
		}
		return nil
	}
	if use := f[spec.Name]; strings.HasPrefix(spec.Name, customPrefix) {
		if err := custom(use, s.values); err != nil {
			return err
		}
	} else if spec.Type != source.FieldList && len(s.values) == 0 {
		return fmt.Errorf("%s has no value: leave it out if it is missing", spec.Name)
	}
	if slices.Contains(s.values, "") {
		return fmt.Errorf("%s is the empty text, which is no value: leave it out if it is missing", spec.Name)
	}
	if len(s.values) == 0 {
		empty(i, spec)
		return nil
	}
	for _, text := range s.values {
		if err := spec.Check(text); err != nil {
			return fmt.Errorf("%s %q: %w", spec.Name, text, err)
		}
	}
	return spec.Set(i, s.values...)
}

// custom checks the values of a custom field: others would count as missing.
func custom(use rules.FieldUse, values []string) error {
	if use.Type != "list" && len(values) != 1 {
		return fmt.Errorf("%s holds one %s, not %d values", use.Name, use.Type, len(values))
	}
	for _, text := range values {
		if use.Vocabulary != nil && use.Type != "truth value" && !slices.Contains(use.Vocabulary, text) {
			return fmt.Errorf("%s has no value %q, only %s", use.Name, text, some(use.Vocabulary))
		}
		var err error
		switch use.Type {
		case "date":
			_, err = source.ParseDate(text)
		case "number":
			if _, err = strconv.Atoi(text); err != nil {
				err = fmt.Errorf("%q is no whole number", text)
			}
		case "truth value":
			if text != "true" && text != "false" {
				err = fmt.Errorf("%q is neither true nor false", text)
			}
		default:
		}
		if err != nil {
			return fmt.Errorf("%s: %w", use.Name, err)
		}
	}
	return nil
}

// blank makes a field missing.
func blank(i *source.Identity, spec source.FieldSpec) {
	_ = spec.Set(i) // fails for read-only fields alone, which find refuses
}

// empty makes a list known to be empty.
func empty(i *source.Identity, spec source.FieldSpec) {
	switch spec.Name {
	case "groups":
		i.Groups = []source.Group{}
	case "alternate_ids":
		i.AlternateIDs = []source.AlternateID{}
	default:
		custom := maps.Clone(i.Custom)
		if custom == nil {
			custom = map[string][]string{}
		}
		custom[strings.TrimPrefix(spec.Name, customPrefix)] = []string{}
		i.Custom = custom
	}
}

// cleaned makes an identity fit for rules as a source would. What that takes for
// missing is an error: the case would be about somebody else than it says.
func cleaned(i source.Identity) (source.Identity, error) {
	known := len(i.Findings)
	i = source.Clean(i)
	for _, f := range i.Findings[min(known, len(i.Findings)):] {
		spec, ok := source.Field(f.Field)
		if !ok || spec.Missing(&i) {
			return i, errors.New(f.Message)
		}
	}
	return i, nil
}

// zoneOf loads a time zone; only package source does so.
func zoneOf(name string) (*time.Location, error) {
	i := source.Clean(source.Identity{ID: "zone", Location: source.Location{TimeZone: name}})
	if i.Location.Zone == nil {
		return nil, fmt.Errorf("there is no time zone %q: want an IANA name such as Europe/Berlin", name)
	}
	return i.Location.Zone, nil
}

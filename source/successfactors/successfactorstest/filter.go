package successfactorstest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A filter says whether an entity is meant.
type filter func(entity) bool

// parser reads the part of $filter that is used here: and, or, parentheses, eq, ge, le
// and the operator "in" of SuccessFactors.
type parser struct {
	rest   string
	schema map[string]kind
	ids    []string // of people, if the filter names some
}

var errFilter = errors.New("the filter is not understood")

// parseFilter returns a filter, and the ids of the people whom it names, nil if it may
// mean others.
func parseFilter(text string, schema map[string]kind) (filter, []string, error) {
	p := &parser{rest: text, schema: schema}
	f, err := p.any()
	if strings.Contains(text, " or ") {
		p.ids = nil
	}
	if err == nil && strings.TrimSpace(p.rest) != "" {
		err = fmt.Errorf("%w behind %d bytes", errFilter, len(text)-len(p.rest))
	}
	return f, p.ids, err
}

func (p *parser) word(word string) bool {
	rest, found := strings.CutPrefix(strings.TrimLeft(p.rest, " "), word)
	if found {
		p.rest = rest
	}
	return found
}

func (p *parser) any() (filter, error) {
	first, err := p.all()
	for err == nil && p.word("or ") {
		var second filter
		second, err = p.all()
		one := first
		first = func(e entity) bool { return one(e) || second(e) }
	}
	return first, err
}

func (p *parser) all() (filter, error) {
	first, err := p.one()
	for err == nil && p.word("and ") {
		var second filter
		second, err = p.one()
		one := first
		first = func(e entity) bool { return one(e) && second(e) }
	}
	return first, err
}

func (p *parser) one() (filter, error) {
	if p.word("(") {
		f, err := p.any()
		if err == nil && !p.word(")") {
			err = errFilter
		}
		return f, err
	}
	path, operator, ok := p.comparison()
	if !ok {
		return nil, errFilter
	}
	parts := strings.Split(path, "/")
	if nav, ok := (&Server{schema: p.schema}).walk(path); !ok || nav {
		return nil, fmt.Errorf("there is no property %s", path)
	}
	var texts []string
	for {
		text, instant, ok := p.literal()
		switch {
		case !ok:
			return nil, errFilter
		case instant != nil && (operator == "ge" || operator == "le"):
			return func(e entity) bool {
				return anyAt(e, parts, func(v any) bool {
					at, ok := v.(time.Time)
					if d, isDay := v.(day); isDay {
						parsed, err := time.Parse(time.DateOnly, string(d))
						at, ok = parsed, err == nil
					}
					return ok && (operator == "ge" && !at.Before(*instant) || operator == "le" && !at.After(*instant))
				})
			}, nil
		case instant != nil || operator == "ge" || operator == "le":
			return nil, errFilter
		}
		if texts = append(texts, text); operator == "eq" || !p.word(",") {
			break
		}
	}
	if path == "personIdExternal" {
		p.ids = slices.Sorted(slices.Values(texts))
	}
	return func(e entity) bool {
		return anyAt(e, parts, func(v any) bool {
			text, ok := v.(string)
			return ok && slices.Contains(texts, text)
		})
	}, nil
}

func (p *parser) comparison() (path, operator string, ok bool) {
	fields := strings.SplitN(strings.TrimLeft(p.rest, " "), " ", 3)
	if len(fields) != 3 || !slices.Contains([]string{"eq", "ge", "le", "in"}, fields[1]) {
		return "", "", false
	}
	p.rest = fields[2]
	return fields[0], fields[1], true
}

// literal reads a text in quotes, which are doubled inside, or an instant.
func (p *parser) literal() (string, *time.Time, bool) {
	offset := p.word("datetimeoffset")
	if !p.word("'") {
		return "", nil, false
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(p.rest, "'")
		if !found {
			return "", nil, false
		}
		out.WriteString(before)
		if p.rest = rest; !strings.HasPrefix(rest, "'") {
			break
		}
		out.WriteByte('\'')
		p.rest = rest[1:]
	}
	if !offset {
		return out.String(), nil, true
	}
	at, err := time.Parse(time.RFC3339, out.String())
	return "", &at, err == nil
}

// anyAt reports whether any of the values behind a path is meant.
func anyAt(e entity, path []string, meant func(any) bool) bool {
	switch v := e[path[0]].(type) {
	case entity:
		return len(path) > 1 && anyAt(v, path[1:], meant)
	case []entity:
		return len(path) > 1 && slices.ContainsFunc(v, func(e entity) bool { return anyAt(e, path[1:], meant) })
	default:
		return len(path) == 1 && meant(v)
	}
}

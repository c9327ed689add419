package sqltarget

import (
	"slices"
	"strconv"
	"strings"
)

// index is a unique index.
type index struct {
	name    string
	partial bool
	keys    []indexKey
}

// indexKey is one column of an index; the column is "" if it is an expression
// other than lower(column).
type indexKey struct {
	column string
	noCase bool
}

// covers reports whether the index makes values of a column unique within the
// rows that where selects.
func (x index) covers(c *column, noCase bool, where []fixed) bool {
	return x.about(c, where) && !x.partial && (x.folds(c) || !noCase)
}

// about reports whether the column is the only one of the index beside those of
// where.
func (x index) about(c *column, where []fixed) bool {
	for _, key := range x.keys {
		// Where a column is NULL, an index takes no two rows for equal.
		fixes := func(f fixed) bool { return f.column == key.column && f.value != nil }
		if key.column != c.name && !slices.ContainsFunc(where, fixes) {
			return false
		}
	}
	return x.has(c.name)
}

// has reports whether the column belongs to the index.
func (x index) has(column string) bool {
	return slices.ContainsFunc(x.keys, func(k indexKey) bool { return k.column == column })
}

// folds reports whether the index compares the column without case.
func (x index) folds(c *column) bool {
	return slices.ContainsFunc(x.keys, func(k indexKey) bool { return k.column == c.name && k.noCase })
}

// addKey adds a column to the last index.
func (t *table) addKey(column, expression, collation string) {
	key := indexKey{column: column, noCase: strings.HasSuffix(collation, "ci")}
	if expression != "" {
		key.column = loweredColumn(expression, t.columnNames())
		key.noCase = key.column != ""
	}
	if c := t.column(key.column); c != nil {
		if column != "" && key.noCase {
			c.noCase = true
		}
		key.noCase = key.noCase || c.noCase
	}
	last := &t.unique[len(t.unique)-1]
	last.keys = append(last.keys, key)
}

// loweredColumn returns the column of an index on lower(column), and "" for any
// other expression. It knows the ways in which databases write it down: with
// quotes, parentheses and casts. SQLite gives the place of the expression and the
// whole CREATE INDEX.
func loweredColumn(expression string, columns []string) string {
	equal := func(a, b string) bool { return a == b }
	if place, statement, ok := strings.Cut(expression, " CREATE "); ok {
		expression = listItem(statement, place)
		equal = strings.EqualFold
	}
	e := strings.TrimSpace(expression)
	if !strings.HasPrefix(strings.ToLower(e), "lower(") || !strings.HasSuffix(e, ")") {
		return ""
	}
	e = strings.TrimSpace(e[len("lower(") : len(e)-1])
	if name, cast, ok := strings.Cut(e, "::"); ok && !strings.ContainsFunc(cast, notInType) {
		e = strings.TrimSpace(name)
	}
	if strings.HasPrefix(e, "(") && strings.HasSuffix(e, ")") {
		e = e[1 : len(e)-1]
	}
	for _, c := range columns {
		if equal(e, c) || equal(e, `"`+strings.ReplaceAll(c, `"`, `""`)+`"`) || equal(e, "`"+c+"`") || equal(e, "["+c+"]") {
			return c
		}
	}
	return ""
}

// notInType reports whether a character is none of the name of a type.
func notInType(c rune) bool {
	return c != ' ' && c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
}

// listItem returns one item of the list in the outermost parentheses of a CREATE
// INDEX, the first being "0".
func listItem(statement, place string) string {
	depth, item, start := 0, 0, 0
	quote := rune(0)
	for i, c := range statement {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '(':
			if depth++; depth == 1 {
				start = i + 1
			}
		case c == ')', c == ',' && depth == 1:
			if depth == 1 && strconv.Itoa(item) == place {
				return statement[start:i]
			}
			if c == ')' {
				depth--
				continue
			}
			item, start = item+1, i+1
		}
	}
	return ""
}

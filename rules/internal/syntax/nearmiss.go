package syntax

import (
	"strings"

	"github.com/provision-go/provision/internal/words"
)

// operatorFor guesses the operator that a misplaced token was meant to be, or the
// one that is missing before it.
func (p *parser) operatorFor(t token) string {
	switch {
	case t.kind == tokIdent:
		if t.text == "is" && strings.HasPrefix(strings.TrimSpace(p.text[t.end:]), "not ") {
			return "!="
		}
		return nearest(t.text)
	case t.kind == tokOpenList && p.prev.kind == tokIdent:
		return "in"
	default:
		return ""
	}
}

// nearest returns the operator that a word was probably meant to be, or "".
func nearest(word string) string {
	switch word {
	case "adn", "ad", "nad", "nd", "plus", "und", "et":
		return "and"
	case "ro", "oder", "ou":
		return "or"
	case "is", "eq", "equal", "equals", "Is", "IS":
		return "=="
	case "ne", "neq", "isnt", "isNot", "is-not", "is_not", "unequal":
		return "!="
	case "lt", "before", "below", "under":
		return "<"
	case "gt", "after", "above", "over":
		return ">"
	case "le", "lte":
		return "<="
	case "ge", "gte":
		return ">="
	case "isin", "isIn", "is_in", "oneOf", "one_of", "within", "among":
		return "in"
	case "notin", "notIn", "not_in", "not-in", "nin":
		return "not in"
	case "like", "matches", "match", "has", "have", "include", "includes", "containing":
		return "contains"
	case "starts", "begins", "beginsWith", "beginswith", "begins_with", "begins-with", "hasPrefix", "prefix":
		return "startsWith"
	case "ends", "finishesWith", "hasSuffix", "suffix":
		return "endsWith"
	}
	if len(word) > 2*len("startsWith") {
		return ""
	}
	return words.Nearest(word, []string{"contains", "startsWith", "endsWith"})
}

package rules

import (
	"fmt"
	"strings"
)

// A Problem is one thing that is wrong with a Spec. The error of [Build] joins
// all of them; its Unwrap() []error gives them one by one.
type Problem struct { //nolint:errname // a part of an error, which reads well by this name
	// Rule is the ID of the rule, or the target or field that the problem is
	// about; "" for the set as a whole.
	Rule    string
	Message string
	// Hint is a likely correction, such as the name that was meant; may be "".
	Hint string
}

// Error returns the problem as one line.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString("rules: ")
	if p.Rule != "" {
		b.WriteString(p.Rule)
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (did you mean %q?)", p.Hint)
	}
	return b.String()
}

// nearest returns the candidate that a misspelt word most likely means, or "".
// Ties go to the first candidate in order.
func nearest(word string, candidates []string) string {
	best, limit := "", 1+len(word)/4
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c), limit); d <= limit && c != word {
			best, limit = c, d-1
		}
	}
	return best
}

// distance is the number of letters to insert, drop, replace or swap with their
// neighbour, or more than limit.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	prev2, prev, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], prev2[j-2]+1)
			}
		}
		prev2, prev, row = prev, row, prev2
	}
	return prev[len(b)]
}

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

package scim

import "strings"

// Fold returns what strings of an attribute compare by.
func Fold(a *Attribute, s string) string {
	if a.CaseExact {
		return s
	}
	return strings.ToLower(s)
}

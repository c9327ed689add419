package rules_test

import "github.com/provision-go/provision/source"

// somebody works, and nothing else is known of them.
func somebody() *source.Identity { return &source.Identity{ID: "E1", Status: source.Active} }

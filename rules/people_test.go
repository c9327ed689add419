package rules_test

import "github.com/provision-go/provision/source"

// person is somebody who works, of whom nothing else is known.
func person(id string) *source.Identity { return &source.Identity{ID: id, Status: source.Active} }

// Package storetest checks that a [knit.Store] keeps its contract. A store's test is
//
//	func TestConformance(t *testing.T) {
//		db := openDatabase(t)
//		storetest.Run(t, func(t *testing.T) knit.Store { return newStore(db) })
//	}
//
// Each check uses integrations of its own with names that no other check and no other
// run has, so all may share one database, which may hold other things. Nothing is
// cleaned up. The names of the subtests are stable: "Drop/ended".
//
// It needs nothing but the standard library. Run it with the race detector.
package storetest

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/provision-go/provision/source/knit"
)

// Run runs all checks as subtests, and asks for a store for each.
func Run(t *testing.T, newStore func(t *testing.T) knit.Store) {
	t.Helper()
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) { c.do(begin(t, newStore(t))) })
	}
}

// tb is the part of testing.TB that the checks use; the suite's own tests put a
// recorder in its place.
type tb interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// check is one rule of the contract.
type check struct {
	name string
	do   func(*run)
}

func begin(t tb, s knit.Store) *run {
	name := "storetest-" + rand.Text()
	return &run{tb: t, s: s, ctx: t.Context(), name: name + "/a", other: name + "/b"}
}

func checks() []check {
	return []check{
		{"State/new", stateNew},
		{"State/readback", stateReadback},
		{"Commit/conflict", commitConflict},
		{"Commit/copies", commitCopies},
		{"Records/readback", recordsReadback},
		{"Records/replace", recordsReplace},
		{"Records/text", recordsText},
		{"Records/large", recordsLarge},
		{"List/order", listOrder},
		{"List/pages", listPages},
		{"Drop/before", dropBefore},
		{"Drop/ended", dropEnded},
		{"Drop/put", dropPut},
		{"Purge/before", purgeBefore},
		{"Marks/readback", marksReadback},
		{"Marks/twice", marksTwice},
		{"Forget/before", forgetBefore},
		{"Integration/apart", integrationApart},
		{"Integration/any", integrationAny},
		{"Cancel/all", cancelAll},
		{"Concurrency/versions", concurrentVersions},
		{"Concurrency/whole", concurrentWhole},
	}
}

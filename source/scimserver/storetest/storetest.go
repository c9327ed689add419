// Package storetest checks that a [scimserver.Store] keeps its contract. A store's
// test is
//
//	func TestConformance(t *testing.T) {
//		db := openDatabase(t)
//		storetest.Run(t, func(t *testing.T) scimserver.Store { return newStore(db) })
//	}
//
// Each check uses tenants of its own with names that no other check and no other
// run has, so all may share one database, which may hold other things. Nothing is
// cleaned up. The names of the subtests are stable: "Unique/swap".
//
// It needs nothing but the standard library. Run it with the race detector.
package storetest

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/provision-go/provision/source/scimserver"
)

// Run runs all checks as subtests, and asks for a store for each.
func Run(t *testing.T, newStore func(t *testing.T) scimserver.Store) {
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

func begin(t tb, s scimserver.Store) *run {
	name := "storetest-" + rand.Text()
	return &run{tb: t, s: s, ctx: t.Context(), tenant: name + "/a", other: name + "/b"}
}

func checks() []check {
	return []check{
		{"Get/readback", getReadback},
		{"Get/notfound", getNotFound},
		{"Put/version", putVersion},
		{"Put/conflict", putConflict},
		{"Put/twice", putTwice},
		{"Put/deleted", putDeleted},
		{"Put/sequence", putSequence},
		{"Commit/empty", commitEmpty},
		{"Commit/whole", commitWhole},
		{"Tenant/apart", tenantApart},
		{"Tenant/any", tenantAny},
		{"Unique/taken", uniqueTaken},
		{"Unique/scope", uniqueScope},
		{"Unique/freed", uniqueFreed},
		{"Unique/swap", uniqueSwap},
		{"List/order", listOrder},
		{"List/pages", listPages},
		{"List/terms", listTerms},
		{"List/altered", listAltered},
		{"List/ids", listIDs},
		{"List/member", listMember},
		{"List/all", listAll},
		{"List/deleted", listDeleted},
		{"Join/readback", joinReadback},
		{"Join/repeat", joinRepeat},
		{"Join/type", joinType},
		{"Join/nobody", joinNobody},
		{"Join/nowhere", joinNowhere},
		{"Join/new", joinNew},
		{"Leave/repeat", leaveRepeat},
		{"Leave/join", leaveJoin},
		{"Gone/user", goneUser},
		{"Gone/group", goneGroup},
		{"Gone/join", goneJoin},
		{"Purge/before", purgeBefore},
		{"Purge/traces", purgeTraces},
		{"Cancel/all", cancelAll},
		{"Text/values", textValues},
		{"Text/long", textLong},
		{"Text/display", textDisplay},
		{"Large/body", largeBody},
		{"Large/group", largeGroup},
		{"Concurrency/versions", concurrentVersions},
		{"Concurrency/members", concurrentMembers},
		{"Concurrency/unique", concurrentUnique},
		{"Concurrency/leavers", concurrentLeavers},
		{"Concurrency/create", concurrentCreate},
		{"Concurrency/pages", concurrentPages},
		{"Concurrency/whole", concurrentWhole},
	}
}

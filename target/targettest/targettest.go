// Package targettest checks that an implementation of [target.Target] keeps the
// contract. A connector's test is
//
//	func TestConformance(t *testing.T) {
//		targettest.Run(t, func(t *testing.T) targettest.Harness {
//			return targettest.Harness{
//				Target: newTarget(t),
//				New: func(n int) target.CreateRequest {
//					name := fmt.Sprintf("person%d", n)
//					return target.CreateRequest{
//						Key:        target.Key{Identity: name},
//						State:      target.Enabled,
//						Attributes: target.Attrs(map[string]string{"userName": name, "title": "Engineer"}),
//					}
//				},
//			}
//		})
//	}
//
// The names of the subtests are stable: "Create/exists", "Grant/repeat". A check
// that needs a capability which the target does not claim is skipped and says
// which; that unclaimed capabilities are refused is checked by
// "Capabilities/claims".
package targettest

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/provision-go/provision/target"
)

// A Harness gives the suite a target and what is valid there. Only Target and
// New are needed.
type Harness struct {
	// Target is the target under test. Several harnesses of one run may share the
	// system behind it, and it may hold other accounts.
	Target target.Target
	// New returns the n-th valid account to create, enabled and with a key: the
	// same for the same n, and for another n with another key and other values of
	// unique attributes. n grows through the run and never repeats. With a system
	// that outlives the run, put something of the run into the values.
	New func(n int) target.CreateRequest
	// Change returns attributes that can be written to any account, differing
	// from those of New and with n. Defaults to one attribute of New that is not
	// unique, with its value altered.
	Change func(n int) target.Attributes
	// Clear names an attribute of New that can be emptied. Defaults to the first
	// one of Change.
	Clear string
	// Entitlement returns the n-th entitlement that exists and can be granted,
	// zero if there are no more. Two are enough. Defaults to the first ones of the
	// catalogue.
	Entitlement func(n int) target.Entitlement
	// NewEntitlement returns one that does not exist yet, for kinds that can be
	// created. Defaults to "provision-test-" and n.
	NewEntitlement func(kind string, n int) target.Entitlement
	// Missing is a well-formed native id that no account has. Defaults to the id
	// of an account that was deleted, on targets that can delete.
	Missing string
	// FieldUnknown: the system does not say which attribute clashes.
	FieldUnknown bool
	// Broken returns a target of the same kind whose system fails at every call.
	// Without it the checks of failing reads are skipped.
	Broken func() target.Target
	// Sessions returns the number of open sessions of an account, after opening
	// one if open is true. Without it EndSessions is only called.
	Sessions func(id string, open bool) int
}

// Run runs all checks as subtests. It asks for a new harness for each.
func Run(t *testing.T, newHarness func(t *testing.T) Harness) {
	var n atomic.Int64
	for _, c := range checks() {
		t.Run(c.name, func(t *testing.T) {
			c.do(begin(t, newHarness(t), &n))
		})
	}
}

// tb is the part of testing.TB that the checks use; the suite's own tests put a
// recorder in its place.
type tb interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// check is one rule of the contract.
type check struct {
	name string
	do   func(*run)
}

func checks() []check {
	return []check{
		{"Capabilities/sound", capabilitiesSound},
		{"Capabilities/claims", capabilitiesClaims},
		{"Accounts/complete", accountsComplete},
		{"Accounts/break", accountsBreak},
		{"Accounts/cancel", accountsCancel},
		{"Accounts/collect", accountsCollect},
		{"Find/id", findID},
		{"Find/key", findKey},
		{"Find/attribute", findAttribute},
		{"Find/none", findNone},
		{"Create/readback", createReadback},
		{"Create/exists", createExists},
		{"Create/repeat", createRepeat},
		{"Create/disabled", createDisabled},
		{"Update/absolute", updateAbsolute},
		{"Update/clear", updateClear},
		{"Update/repeat", updateRepeat},
		{"Update/exists", updateExists},
		{"Update/conflict", updateConflict},
		{"Update/notfound", updateNotFound},
		{"SetKey/readback", setKey},
		{"Disable/repeat", disableRepeat},
		{"Enable/repeat", enableRepeat},
		{"Disable/conflict", disableConflict},
		{"Disable/notfound", disableNotFound},
		{"Delete/gone", deleteGone},
		{"Grant/repeat", grantRepeat},
		{"Grant/notfound", grantNotFound},
		{"Revoke/repeat", revokeRepeat},
		{"Entitlements/catalogue", catalogue},
		{"Entitlements/cancel", catalogueCancel},
		{"Entitlements/ensure", ensure},
		{"EndSessions/repeat", endSessions},
		{"Handover/repeat", handover},
		{"References/native", references},
		{"Errors/permanent", errorsPermanent},
		{"Errors/broken", errorsBroken},
		{"Concurrency/create", concurrencyCreate},
		{"Concurrency/update", concurrencyUpdate},
	}
}

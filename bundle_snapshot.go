package provision

import (
	"context"
	"iter"
	"slices"

	"github.com/provision-go/provision/target"
)

// storedTarget lists what a snapshot held.
type storedTarget struct {
	target.Target // nil: nothing else is asked of it
	input         *targetInput
}

func (s storedTarget) Name() string { return s.input.Target }

// Capabilities are those of the target, but for references: the accounts have them as
// keys already.
func (s storedTarget) Capabilities() target.Capabilities {
	can := s.input.Capabilities
	can.Attributes = slices.Clone(can.Attributes)
	for i := range can.Attributes {
		can.Attributes[i].Ref = false
	}
	if len(s.input.Catalogue) > 0 {
		can.Entitlements = append(slices.Clone(can.Entitlements), target.EntitlementSpec{List: true})
	}
	return can
}

func (s storedTarget) Accounts(context.Context) iter.Seq2[target.Account, error] {
	return yieldAll(s.input.Accounts)
}

func (s storedTarget) Entitlements(context.Context) iter.Seq2[target.Held, error] {
	return yieldAll(s.input.Catalogue)
}

func yieldAll[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for i := range list {
			if !yield(list[i], nil) {
				return
			}
		}
	}
}

// snapshot makes the snapshot of a target again.
func (t *targetInput) snapshot() (target.Snapshot, error) {
	return target.Collect(context.Background(), storedTarget{input: t})
}

package provision

import (
	"errors"

	"github.com/provision-go/provision/reconcile"
)

// shown is a result as it may be written down: as it is, or with hashes in the place of
// what Config.Masking hides.
func (r *Report) shown(x *Result) *Result {
	masks := r.masks[x.Target]
	if masks.ID == "" {
		return x
	}
	out := *x
	out.Reasons = masks.Hold(reconcile.Hold{Change: x.Change, Reasons: x.Reasons}).Reasons
	out.Change = masks.Change(x.Change)
	if x.Err != nil {
		out.Err = errors.New(maskedError(x.Err))
	}
	return &out
}

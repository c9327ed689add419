package provision

import (
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// unlisted reports whether a create is for somebody who has or may have an account, as
// far as the journal knows, though the target did not list it. A list that says that it
// is whole and is not must not give anybody a second account. Once the create is on its
// way the journal knows of it, too, which says nothing new.
func (x *execution) unlisted(a *attempt) bool {
	return !a.intent && x.heardOf != nil && x.heardOf(a.change.Key)
}

// besides reports whether another run has been about to make the account of a create since
// the plan was made, on a target that cannot be asked for it by its key.
func (x *execution) besides(a *attempt) bool {
	return a.change.Action == reconcile.Create && !a.intent && a.seen.IsZero() && x.wasTouched(a.change.Key) && !x.looksFor(a.change.Key)
}

// heardOf reports whether the journal knows of an account of a key, or of a create that
// may have made one.
func (e *Engine) heardOf(name string, key target.Key) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	t := e.state.of(name)
	_, known := t.ids[key]
	return known || t.accounts[key].Doubted
}

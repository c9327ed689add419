package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// because returns the words of the rules behind a change.
func because(set *rules.Set, identity *source.Identity, at time.Time, c *reconcile.Change) []string {
	person := rules.Person{Identity: identity}
	var out []string
	say := func(subject string) {
		for _, words := range set.Because(person, at, c.Target, c.Key.Slot, subject) {
			if !slices.Contains(out, words) {
				out = append(out, words)
			}
		}
	}
	switch c.Action {
	case reconcile.Grant, reconcile.Revoke, reconcile.CreateEntitlement:
		say(c.Entitlement.String())
		if len(out) == 0 && (c.Reason == reconcile.Leaver || c.Reason == reconcile.OutOfScope) {
			say(rules.SubjectAccount) // it goes with the account, not with a rule of its own
		}
	case reconcile.Update:
		for i := range c.Fields {
			say(rules.SubjectAttribute(c.Fields[i].Name))
		}
	default:
		say(rules.SubjectAccount)
	}
	return out
}

package reconcile

import "time"

// Undone says who took a change back that had been done.
type Undone struct {
	Actor string    `json:"actor,omitempty"` // "": nobody said
	At    time.Time `json:"at"`
}

func (u Undone) text() string {
	text := "undone"
	if u.Actor != "" {
		text += " by " + clean(u.Actor)
	}
	return text + " on " + u.At.UTC().Format(time.DateOnly)
}

// takenBack holds what somebody took back, so that the next plan does not simply do
// it again, and names what a plan that takes back must not be followed by.
func (p *planner) takenBack() {
	if len(p.in.History.Undone) == 0 && p.undoing == nil {
		return
	}
	for _, n := range p.nodes {
		if n.Undoes != "" {
			again := n.again()
			n.Redo = again.identify(p.in.Masks.under(p.in.Rules))
			continue
		}
		if u, ok := p.in.History.Undone[n.ID]; ok && !n.Urgent {
			n.hold(NeedsApproval, u.text(), false)
		}
	}
}

// again is the change that an ordinary plan would make to bring about what this one
// takes back.
func (n *node) again() Change {
	c := Change{Target: n.Target, Key: n.Key, Account: n.Account, From: n.To, To: n.From, Entitlement: n.Entitlement}
	switch n.Action {
	case Disable:
		c.Action = Enable
	case Enable:
		c.Action, c.Phase = Disable, n.undone
	case Grant:
		c.Action, c.Phase = Revoke, n.undone
	case Revoke:
		c.Action = Grant
	default:
		c.Action = Update
		c.Fields = make([]FieldChange, len(n.Fields))
		for i, f := range n.Fields {
			f.Before, f.After = f.After, f.Before
			c.Fields[i] = f
		}
	}
	return c
}

// undoMessage says in words what an undo cannot do.
func (k noteKey) undoMessage(t *tally) string {
	n := people(t.count)
	switch {
	case k.code == CodeAlreadyUndone:
		return "undone already for " + n + names(t)
	case k.code == CodeIrreversible && k.field != "":
		return k.field + " of " + n + " cannot be restored: the journal keeps only a hash of what it was before; set it by hand" + names(t)
	case k.code == CodeNotRemembered && k.field == "":
		return "what was written for " + n + " is not in the journal; set it by hand" + names(t)
	case k.code == CodeNotRemembered:
		return k.field + " of " + n + " cannot be restored: nobody kept what it was before; set it by hand" + names(t)
	}
	text := ""
	switch k.action {
	case Delete:
		text = t.accounts("gone for good; create it again, or restore it in the target", "gone for good; create them again, or restore them in the target")
	case EndSessions:
		text = "sessions of " + n + " were ended; they have to sign in again"
	case Handover:
		text = "what " + n + " owned was handed over; whoever has it now has to give it back"
	case CreateEntitlement:
		text = "entitlements that were made stay; remove them in the target if nobody needs them"
		return text
	default:
		text = t.accounts("taken over and keeps our key; clear it in the target to let go of it",
			"taken over and keep our key; clear it in the target to let go of them")
	}
	return text + names(t)
}

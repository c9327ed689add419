package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// A Deed is one change that a run made, or may have made, as the journal tells.
type Deed struct {
	Change      string             `json:"change"` // its ID
	Action      Action             `json:"action"`
	Key         target.Key         `json:"key,omitzero"`
	Account     string             `json:"account,omitempty"` // native id; "" if nobody learned it
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
	Phase       target.Phase       `json:"phase,omitzero"`
	// Fields are what an update or an adoption wrote. One without values before and
	// after is known by name only.
	Fields []FieldChange `json:"fields,omitempty"`
	// Later says who did something about the same thing since, in words that follow
	// "changed since by"; "" if the journal knows of nobody. LaterFields says so of
	// single fields.
	Later       string            `json:"later,omitempty"`
	LaterFields map[string]string `json:"laterFields,omitempty"`
	// Undone says that this was taken back already: nothing is left to do. UndoneFields
	// says so of single fields.
	Undone       bool            `json:"undone,omitempty"`
	UndoneFields map[string]bool `json:"undoneFields,omitempty"`
}

// Undoing is a run that is to be taken back.
type Undoing struct {
	Run   string `json:"run"`             // its id
	Words string `json:"words,omitempty"` // what it is called in Change.Because
	Deeds []Deed `json:"deeds"`           // in any order
}

// Undo plans to take back what a run did, on one target. It depends on what Compute
// depends on, and makes a plan like any other, with IDs, holds, guards, modes and
// protection; only what is wanted comes from the run. Scope must be Whole: it has
// the accounts as they are now, and what the rules want of the people concerned; the
// evidence of the source is not needed.
//
//	done                undone by      only if
//	create, enable      disable        it is enabled
//	disable             enable         it is disabled
//	grant               revoke         it is held
//	revoke              grant          it is not held
//	update              update         each field as the run left it, and what it was before is known
//	adopt               update         likewise; the key stays
//	delete, end-sessions, handover, create-entitlement: not at all
//
// What cannot be taken back, and what somebody changed since, is in a finding. Nobody is
// given anything who has left, whom the source does not list or for whom the rules
// cannot decide: that is held for an approval. What is as it was before needs no
// change, so an undo can be planned and applied again and again.
//
// The error is that of Compute.
func Undo(in Input, what Undoing) (*Plan, error) {
	in.Because = nil
	p, err := newPlanner(&in)
	if err != nil {
		return nil, err
	}
	if err := p.sortWants(); err != nil {
		return nil, err
	}
	p.undoing = &what
	p.notes = nil // about the rules as a whole
	p.doubts = p.clock()
	p.plan.Undo, p.plan.Whole, p.plan.People, p.plan.Proved, p.plan.Filled = what.Run, false, 0, false, nil
	deeds := pointers(what.Deeds)
	slices.SortFunc(deeds, compareDeeds)
	for _, d := range deeds {
		for i := range d.Fields {
			p.restorable(d.Fields[i].Name)
		}
	}
	for len(deeds) > 0 {
		n := 1
		for n < len(deeds) && deeds[n].Key == deeds[0].Key {
			n++
		}
		p.takeBack(deeds[:n])
		deeds = deeds[n:]
	}
	p.contest()
	p.refer()
	p.approvalRules()
	p.complete()
	p.keep(&what)
	return p.plan, nil
}

func compareDeeds(a, b *Deed) int {
	return cmp.Or(
		a.Key.Compare(b.Key), cmp.Compare(a.Action, b.Action), cmp.Compare(a.Account, b.Account),
		a.Entitlement.Compare(b.Entitlement), compareFields(a.Fields, b.Fields), cmp.Compare(a.Change, b.Change),
	)
}

// restorable has an attribute take part in what is asked of writes, also if no rule owns
// it any more.
func (p *planner) restorable(name string) {
	if spec, ok := p.in.Capabilities.Attribute(name); ok && !spec.ReadOnly && !spec.WriteOnly {
		p.attributes[name] = attribute{spec, target.Always}
	} else {
		delete(p.attributes, name)
	}
}

// takeBack plans what undoes the deeds of one key, sorted.
func (p *planner) takeBack(deeds []*Deed) {
	w := work{want: p.wanted(deeds[0].Key), situation: Confirmed, reason: TakenBack}
	if w.want == nil {
		w.want = &target.Desired{Key: deeds[0].Key}
	}
	bar := p.barred(deeds[0].Key)
	from := len(p.nodes)
	var disable *node
	// An account is closed before anything is taken from it.
	slices.SortStableFunc(deeds, func(a, b *Deed) int { return compareBool(opens(b), opens(a)) })
	for _, d := range deeds {
		if d.Undone {
			p.count(noteKey{code: CodeAlreadyUndone}, w.want)
			continue
		}
		switch d.Action {
		case Delete, EndSessions, Handover, CreateEntitlement:
			p.count(noteKey{code: CodeIrreversible, action: d.Action}, w.want)
			continue
		case Adopt:
			p.count(noteKey{code: CodeIrreversible, action: d.Action}, w.want)
			if len(d.Fields) == 0 {
				continue
			}
		default:
		}
		own := w
		if !p.standsFor(&own, d) {
			continue
		}
		switch n := p.inverse(own, d); {
		case n == nil:
		case n.Action == Disable:
			disable = n
		case n.Action == Revoke:
			n.need(disable, "")
		case bar != "" && n.Action != Update:
			_, terminated := p.in.History.Terminated[d.Key.Identity]
			if terminated {
				n.hold(InConflict, bar, false) // no approval brings them back
			} else {
				n.hold(NeedsApproval, bar, false)
			}
		}
	}
	w.have = p.accountOf(deeds)
	if w.have != nil {
		p.separate(w, from)
	}
}

func opens(d *Deed) bool { return d.Action == Create || d.Action == Enable }

// barred says why nobody gives anything back to a person without asking; "" if there
// is no reason.
func (p *planner) barred(key target.Key) string {
	d := p.wanted(key)
	_, terminated := p.in.History.Terminated[key.Identity]
	switch {
	case terminated:
		return "undo: somebody ended their access at once; reinstate them first"
	case d == nil:
		return "undo: the source does not list them"
	case d.Phase == target.Left || d.State == target.Deleted:
		return "undo: they have left"
	case d.State == target.Undecided:
		return "undo: the rules cannot decide whether they have an account"
	}
	return ""
}

// accountOf returns the account that some deed is about, if it is still there.
func (p *planner) accountOf(deeds []*Deed) *target.Account {
	for _, d := range deeds {
		if a := p.account(d.Key, d.Account); a != nil {
			return a
		}
	}
	return nil
}

// standsFor fills in the account that a deed is about, and what becomes of it. It
// reports false, with a finding if somebody has to know, where nothing may be done.
func (p *planner) standsFor(w *work, d *Deed) bool {
	at, n := p.position(d.Key)
	switch {
	case d.Account != "":
		w.have = p.account(d.Key, d.Account)
	case n == 1:
		w.have = &p.managed[at]
	}
	want := *w.want
	want.Phase = target.PhaseUnknown // what is remembered: nobody else left it so
	if d.Action == Disable && want.State == target.Enabled {
		want.Phase = w.want.Phase
	}
	w.want = &want
	if d.Later != "" {
		if !p.asBefore(w.have, d) {
			p.since(*w, d, "", d.Later)
		}
		return false
	}
	if w.have == nil {
		if d.Action != Create && d.Action != Grant && d.Action != Enable {
			p.since(*w, d, "", "somebody else, who removed the account")
		}
		return false
	}
	return true
}

// asBefore reports whether an account is as it was before a deed.
func (p *planner) asBefore(a *target.Account, d *Deed) bool {
	switch d.Action {
	case Create, Enable:
		return a == nil || a.State != target.Enabled
	case Disable:
		return a != nil && a.State == target.Enabled
	case Grant:
		return a == nil || !slices.Contains(a.Entitlements, d.Entitlement)
	case Revoke:
		return a != nil && slices.Contains(a.Entitlements, d.Entitlement)
	default:
		return false
	}
}

// since reports that something is not as the run left it.
func (p *planner) since(w work, d *Deed, field, by string) {
	what := d.Action.String()
	switch {
	case field != "":
		what += " of " + field
	case d.Entitlement.Kind != "":
		what += " of " + clean(d.Entitlement.String())
	}
	p.note(Finding{
		Code: CodeChangedSince, Key: d.Key, Account: d.Account, Label: p.name(w.want, w.have), Field: field,
		Message: "the " + what + " is not undone: changed since by " + clean(by),
	})
}

// inverse plans the change that takes a deed back; nil if there is nothing to do.
func (p *planner) inverse(w work, d *Deed) *node {
	if p.asBefore(w.have, d) {
		return nil
	}
	var n *node
	switch d.Action {
	case Create, Enable:
		n = p.change(&w, Change{Action: Disable, From: target.Enabled, To: target.Disabled})
	case Disable:
		n = p.change(&w, Change{Action: Enable, From: target.Disabled, To: target.Enabled})
	case Grant:
		n = p.revokeAgain(w, d.Entitlement)
	case Revoke:
		n = p.grant(w, d.Entitlement)
	default:
		n = p.restore(w, d)
	}
	if n != nil {
		n.Undoes, n.undone = d.Change, d.Phase
		if p.undoing.Words != "" {
			n.Because = []string{p.undoing.Words}
		}
	}
	return n
}

func (p *planner) revokeAgain(w work, e target.Entitlement) *node {
	id, named := p.catalogued(e)
	if named > 1 {
		p.count(noteKey{code: CodeDuplicateEntitlement, action: Revoke, entitlement: e}, w.want)
		return nil
	}
	return p.change(&w, Change{Action: Revoke, Entitlement: e, EntitlementID: id})
}

// restore writes the fields of a deed as they were before it.
func (p *planner) restore(w work, d *Deed) *node {
	var fields []FieldChange
	if len(d.Fields) == 0 {
		p.count(noteKey{code: CodeNotRemembered}, w.want)
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		at, usable := p.attributes[f.Name]
		now := w.have.Attributes.Values(f.Name)
		switch by := d.LaterFields[f.Name]; {
		case d.UndoneFields[f.Name]:
			p.count(noteKey{code: CodeAlreadyUndone}, w.want)
		case len(f.Before)+len(f.After) == 0 || !usable:
			p.count(noteKey{code: CodeNotRemembered, field: f.Name}, w.want)
		case p.in.Masks.equal(at, f, now, f.Before):
		case by != "":
			p.since(w, d, f.Name, by)
		case !p.in.Masks.equal(at, f, now, f.After):
			p.since(w, d, f.Name, "somebody else")
		case p.in.Masks.lost(f):
			p.count(noteKey{code: CodeIrreversible, field: f.Name}, w.want)
		default:
			fields = append(fields, at.field(now, slices.Clone(f.Before)))
		}
	}
	if len(fields) == 0 {
		return nil
	}
	slices.SortFunc(fields, func(a, b FieldChange) int { return cmp.Compare(a.Name, b.Name) })
	return p.change(&w, Change{Action: Update, Fields: fields})
}

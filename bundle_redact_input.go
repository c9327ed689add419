package provision

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// target redacts the inputs of a target, decisions of people aside. Set is nil if the
// rules cannot be built: then there are no names to choose from.
func (r *redaction) target(in *targetInput, set *rules.Set, people map[string]*source.Identity) targetInput {
	can := in.Capabilities
	out := targetInput{
		Target: in.Target, At: in.At, Capabilities: can, Owned: in.Owned, Policy: in.Policy, Whole: in.Whole,
		Evidence: in.Evidence, Catalogue: slices.Clone(in.Catalogue), Looked: in.Looked,
	}
	out.Owned.Protect = r.identities(in.Owned.Protect)
	out.Policy.Protect = r.identities(in.Policy.Protect)
	out.Policy.Absence.Sentinels = r.identities(in.Policy.Absence.Sentinels)
	out.Filled = in.Filled
	for i := range out.Catalogue {
		out.Catalogue[i].ID = r.text(out.Catalogue[i].ID)
	}
	r.names(in, &out, set, people)
	for i := range in.Desired {
		out.Desired = append(out.Desired, r.desired(can, in.Desired[i]))
	}
	for i := range in.Accounts {
		a := in.Accounts[i]
		a.ID, a.Key, a.Version, a.Attributes = r.account(a.ID), r.idOf(a.Key), r.text(a.Version), r.attributes(can, a.Attributes)
		out.Accounts = append(out.Accounts, a)
	}
	if in.References != nil {
		out.References = map[target.Key]bool{}
		for k, is := range in.References {
			out.References[r.idOf(k)] = is
		}
	}
	r.history(in, &out)
	if in.Undo != nil {
		out.Undo = r.undo(in)
	}
	return out
}

func (r *redaction) desired(can target.Capabilities, d target.Desired) target.Desired {
	d.Key, d.Label, d.Handover = r.idOf(d.Key), r.text(d.Label), r.idOf(d.Handover)
	d.Attributes = r.attributes(can, d.Attributes)
	if d.Extra != nil {
		extra := *d.Extra
		extra.Notes = slices.Clone(extra.Notes)
		d.Extra = &extra
	}
	return d
}

// names redacts the candidates for names, which it asks the rules for, and those that
// are taken or reserved.
func (r *redaction) names(in, out *targetInput, set *rules.Set, people map[string]*source.Identity) {
	for i := range in.Desired {
		key := in.Desired[i].Key
		person := people[key.Identity]
		if set == nil || person == nil {
			continue
		}
		for _, u := range in.Owned.Unique {
			if u.Slot != key.Slot {
				continue
			}
			list := set.Candidates(rules.Person{Identity: person}, in.At, in.Target, key.Slot, u.Attribute)
			if len(list) == 0 {
				continue
			}
			for _, v := range list {
				for _, known := range []string{v, target.Fold(v)} {
					sum := sha256.Sum256([]byte(known))
					r.sealed["sha256:"+hex.EncodeToString(sum[:])] = v
				}
				if spec, ok := in.Capabilities.Attribute(u.Attribute); ok {
					masks := in.masks()
					r.sealed[masks.Name(reconcile.NameOf(spec, v)).Value] = v
				}
			}
			out.Candidates = append(out.Candidates, candidateJSON{Key: r.idOf(key), Attribute: u.Attribute, Values: r.texts(list)})
		}
	}
	for _, n := range in.Taken {
		out.Taken = append(out.Taken, takenJSON{Name: r.name(in.Capabilities, n.Name), Taken: n.Taken})
	}
	slices.SortFunc(out.Taken, func(a, b takenJSON) int { return compareName(a.Name, b.Name) })
}

// name redacts a name. Of a sensitive one only a hash is known, unless somebody may
// get it.
func (r *redaction) name(can target.Capabilities, n reconcile.Name) reconcile.Name {
	spec, _ := can.Attribute(n.Attribute)
	spec.Name = n.Attribute
	if v, ok := r.sealed[n.Value]; ok && (spec.Sensitive || strings.HasPrefix(n.Value, hashedLabel)) {
		return reconcile.NameOf(spec, r.text(v))
	}
	return reconcile.NameOf(spec, r.text(n.Value))
}

func (r *redaction) history(in, out *targetInput) {
	h := &out.History
	was := &in.History.History
	h.Runs, h.People, h.Managed, h.Recent, h.Position = was.Runs, was.People, was.Managed, was.Recent, was.Position
	h.Losses, h.Members, h.Rules, h.Filled = was.Losses, was.Members, was.Rules, was.Filled
	h.Last, h.LastAlone, h.ReadFrom = was.Last, was.LastAlone, was.ReadFrom
	for _, v := range was.Alarms {
		v.Missing = r.identities(v.Missing)
		h.Alarms = append(h.Alarms, v)
	}
	if was.Accounts != nil {
		h.Accounts = map[target.Key]reconcile.Past{}
		for k, past := range was.Accounts {
			h.Accounts[r.idOf(k)] = past
		}
	}
	if was.Retained != nil {
		h.Retained = map[target.Key]time.Time{}
		for k, since := range was.Retained {
			h.Retained[r.idOf(k)] = since
		}
	}
	if was.Protected != nil {
		h.Protected = map[target.Key][]string{}
		for k, rules := range was.Protected {
			h.Protected[r.idOf(k)] = rules
		}
	}
	for id, t := range was.Terminated {
		if h.Terminated == nil {
			h.Terminated = map[string]reconcile.Termination{}
		}
		h.Terminated[r.identity(id)] = reconcile.Termination{At: t.At, Actor: r.text(t.Actor)}
	}
	r.notKept(in, out)
	for id, at := range was.Left {
		if h.Left == nil {
			h.Left = map[string]time.Time{}
		}
		h.Left[r.identity(id)] = at
	}
	for _, o := range was.Owed {
		o.Key, o.Account, o.To = r.idOf(o.Key), r.account(o.Account), r.idOf(o.To)
		h.Owed = append(h.Owed, o)
	}
	for k := range was.Waiting {
		if h.Waiting == nil {
			h.Waiting = map[target.Key]bool{}
		}
		h.Waiting[r.idOf(k)] = true
	}
	for _, l := range in.History.Losing {
		l.Key = r.idOf(l.Key)
		h.Losing = append(h.Losing, l)
	}
	for _, n := range in.History.Reserved {
		n.Name, n.Key = r.name(in.Capabilities, n.Name), r.idOf(n.Key)
		h.Reserved = append(h.Reserved, n)
	}
	slices.SortFunc(h.Losing, func(a, b losingJSON) int { return strings.Compare(a.Key.String(), b.Key.String()) })
	slices.SortFunc(h.Reserved, func(a, b reservedJSON) int { return compareName(a.Name, b.Name) })
}

func (r *redaction) undo(in *targetInput) *reconcile.Undoing {
	what := in.Undo
	out := &reconcile.Undoing{Run: what.Run}
	for _, d := range what.Deeds {
		d.Fields = in.unmask(&d)
		d.Change, d.Key, d.Account, d.Fields = r.text(d.Change), r.idOf(d.Key), r.account(d.Account), r.fields(d.Fields)
		if d.Later != "" {
			d.Later = "a later run"
		}
		later := map[string]string{}
		for field := range d.LaterFields {
			later[field] = "a later run"
		}
		d.LaterFields = later
		out.Deeds = append(out.Deeds, d)
	}
	return out
}

func (r *redaction) identities(list []string) []string {
	out := make([]string, len(list))
	for i := range list {
		out[i] = r.identity(list[i])
	}
	return out
}

// notKept has the imprints of what would be written again, and is not, be those of the
// hashes.
func (r *redaction) notKept(in, out *targetInput) {
	if len(in.History.NotKept) == 0 {
		return
	}
	out.History.NotKept = map[string]bool{}
	masks, none := in.masks(), reconcile.Masks{}
	wanted := make(map[target.Key]*target.Desired, len(in.Desired))
	for i := range in.Desired {
		wanted[in.Desired[i].Key] = &in.Desired[i]
	}
	for i := range in.Accounts {
		a := &in.Accounts[i]
		d := wanted[a.Key]
		if d == nil {
			continue
		}
		names := append(d.Attributes.Names(), d.Clear...)
		for _, name := range names {
			spec, _ := in.Capabilities.Attribute(name)
			was := reconcile.FieldChange{Name: name, Before: a.Attributes.Values(name), After: d.Attributes.Values(name)}
			c := reconcile.Change{Target: in.Target, Key: a.Key, Account: a.ID}
			if !in.History.NotKept[masks.Imprint(&c, &was)] {
				continue
			}
			now := reconcile.FieldChange{Name: name, Before: r.sorted(spec.Ref, was.Before), After: r.sorted(spec.Ref, was.After)}
			c.Key, c.Account = r.idOf(a.Key), r.account(a.ID)
			out.History.NotKept[none.Imprint(&c, &now)] = true
		}
	}
}

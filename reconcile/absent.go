package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// supply gives an account to everybody who is to have one and has none: one that
// is there without a key, if the policy says by what to recognise it, or a new
// one.
func (p *planner) supply() {
	found := p.correlate()
	absent := p.absent
	ends := cuts(len(absent), func(i int) string { return absent[i].Key.Identity })
	p.divide(len(ends)-1, func(part *planner, i int) {
		part.provide(absent[ends[i]:ends[i+1]], found)
	})
}

// provide gives an account to some people.
func (p *planner) provide(absent []*target.Desired, found map[target.Key]match) {
	for _, d := range absent {
		past, known := p.in.History.Accounts[d.Key]
		w := work{want: d, past: past, known: known}
		switch hit := found[d.Key]; {
		case hit.reason != "":
			w.situation = Ambiguous
			if n := p.create(&w); n != nil {
				n.hold(InConflict, hit.reason, false)
			}
		case hit.account != nil && d.State == target.Disabled && hit.account.State == target.Enabled:
			// In use before it begins: taking it over would close it.
			p.count(noteKey{code: CodeTooEarly}, d)
		case hit.account != nil:
			p.adopt(w, hit.account)
		case known && past.Doubted:
			p.retry(w)
		case known && !past.HasLeft():
			p.recreate(w)
		default:
			w.situation, w.reason = Absent, firstReason(past)
			p.create(&w)
		}
	}
}

func firstReason(past Past) Reason {
	if past.HasLeft() {
		return Rehire
	}
	return Joiner
}

// retry settles an account that an earlier create may have made. Where keys are
// stored on the accounts, it would have been listed.
func (p *planner) retry(w work) {
	w.situation, w.reason = Absent, firstReason(w.past)
	n := p.create(&w)
	if n != nil && !p.in.Capabilities.Keys {
		n.hold(InConflict, "an earlier create may have made this account, and the target cannot tell", true)
	}
}

// recreate settles an account that we know of and that somebody else removed.
func (p *planner) recreate(w work) {
	w.situation, w.reason = Vanished, Drift
	if p.in.Policy.Vanished == LetIt {
		p.count(noteKey{code: CodeVanished}, w.want)
		return
	}
	n := p.create(&w)
	if n != nil && p.in.Policy.Vanished != DoIt {
		n.hold(InConflict, "the account was there and somebody else removed it", true)
	}
}

// create plans a new account and its grants.
func (p *planner) create(w *work) *node {
	d := w.want
	if d.State == target.Disabled && !p.in.Capabilities.CreateDisabled {
		p.count(noteKey{code: CodeNotYet}, d)
		return nil
	}
	n := p.change(w, Change{
		Action: Create, To: d.State, Fields: p.initial(d), Secrets: sortedCopy(d.Secrets),
	})
	if n == nil {
		return nil
	}
	if !p.in.Scope.complete {
		n.hold(NeedsProof, "the target was not read to its end, so the account may exist", false)
	}
	p.makers[d.Key] = n
	grants := *w
	grants.adopt = n
	p.entitleNew(grants)
	return n
}

// adopt plans to take over an account that is there: key and attributes in one
// write, the rest after it.
func (p *planner) adopt(w work, a *target.Account) {
	w.have, w.situation, w.reason = a, Found, Adoption
	n := p.change(&w, Change{
		Action: Adopt, Fields: p.differing(w.want, a), From: a.State, To: a.State, Names: p.recognised(w.want, a),
	})
	if n == nil {
		return
	}
	p.makers[w.want.Key] = n
	w.adopt = n
	p.confirm(w)
}

// match is what an absent account was recognised as: one account, or the reason
// why it is not clear which.
type match struct {
	account *target.Account
	reason  string
}

// correlate looks for the absent among the accounts without a key. Values
// compare by ASCII case folding, and only if they are ASCII: letters that merely
// look alike must not hand one person's account to another.
func (p *planner) correlate() map[target.Key]match {
	if len(p.in.Policy.Adopt) == 0 || len(p.absent)+len(p.departed) == 0 || len(p.unmanaged) == 0 {
		return nil
	}
	index := p.indexUnmanaged()
	found := map[target.Key]match{}
	owners := map[*target.Account][]*target.Desired{}
	claimed := map[folded]bool{}
	for _, d := range p.absent {
		hits := p.hits(index, d)
		p.claim(index, d, claimed)
		for _, a := range hits {
			owners[a] = append(owners[a], d)
		}
		if len(hits) > 1 {
			text := "accounts " + ids(hits) + " match"
			found[d.Key] = match{reason: text}
			p.note(Finding{
				Code: CodeAmbiguous, Key: d.Key, Label: p.name(d, nil), Count: len(hits),
				Message: "ambiguous: " + text + " and carry no key",
			})
		} else if len(hits) == 1 {
			found[d.Key] = match{account: hits[0]}
		}
	}
	for i := range p.unmanaged {
		a := &p.unmanaged[i]
		people := owners[a]
		if len(people) < 2 {
			continue
		}
		for _, d := range people {
			if found[d.Key].account != nil { // one of several is no better for being contested
				found[d.Key] = match{reason: "account " + quote(a.ID) + " matches " + keys(people)}
			}
		}
		p.note(Finding{
			Code: CodeAmbiguous, Account: a.ID, Label: p.label(a), Count: len(people),
			Message: "ambiguous: " + keys(people) + " match this account",
		})
	}
	for _, d := range p.departed {
		for _, a := range p.hits(index, d) {
			taken := slices.ContainsFunc(owners[a], func(o *target.Desired) bool { return found[o.Key].account == a })
			if a.State == target.Enabled && !taken {
				p.note(Finding{
					Code: CodeLeftOpen, Key: d.Key, Account: a.ID, Label: p.name(d, a),
					Message: "has left; account " + quote(a.ID) + " looks like theirs, is enabled and not managed",
				})
			}
		}
	}
	return found
}

type folded struct{ attribute, value string }

func (p *planner) indexUnmanaged() map[folded][]*target.Account {
	index := make(map[folded][]*target.Account, len(p.unmanaged))
	for i := range p.unmanaged {
		a := &p.unmanaged[i]
		for _, name := range p.in.Policy.Adopt {
			for _, v := range a.Attributes.Values(name) {
				k := folded{name, target.Fold(v)}
				if list := index[k]; ascii(v) && (len(list) == 0 || list[len(list)-1] != a) {
					index[k] = append(list, a)
				}
			}
		}
	}
	return index
}

// hits returns the accounts that match by the first attribute that matches any,
// sorted by native id.
func (p *planner) hits(index map[folded][]*target.Account, d *target.Desired) []*target.Account {
	for _, name := range p.in.Policy.Adopt {
		var out []*target.Account
		for _, v := range d.Attributes.Values(name) {
			// Each list is sorted, and usually there is one.
			if list := index[folded{name, target.Fold(v)}]; out == nil {
				out = list
			} else if len(list) > 0 {
				out = slices.Concat(out, list)
				slices.SortFunc(out, func(a, b *target.Account) int { return cmp.Compare(a.ID, b.ID) })
				out = slices.Compact(out)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// claim notes that somebody may own the accounts that match. Many people may match
// the same ones: what was noted is not noted again.
func (p *planner) claim(index map[folded][]*target.Account, d *target.Desired, noted map[folded]bool) {
	for _, name := range p.in.Policy.Adopt {
		matched := false
		for _, v := range d.Attributes.Values(name) {
			k := folded{name, target.Fold(v)}
			matched = matched || len(index[k]) > 0
			if noted[k] {
				continue
			}
			noted[k] = true
			for _, a := range index[k] {
				p.claimed[a.ID] = true
			}
		}
		if matched {
			return
		}
	}
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

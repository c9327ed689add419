package provision

import (
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// CodeNotRead is the code of the finding that the source could not be read for
// somebody who was terminated at once.
const CodeNotRead = "not-read"

// CodeOtherID is the code of the finding that somebody was terminated at once by another
// ID than the one that was given.
const CodeOtherID = "other-id"

// Whoever was terminated at once has left, whatever the source says, until somebody
// reinstates them.

// terminatedAs returns an identity as every plan sees it of somebody who was
// terminated. Time of retention counts from the termination, or from a later last
// day that the source states, or first day of somebody who had not begun.
func terminatedAs(i source.Identity, t reconcile.Termination) source.Identity {
	i.Status = source.Terminated
	if i.TerminatedAt.Before(t.At) {
		i.TerminatedAt = t.At
	}
	if start := i.Start(); !start.IsZero() && i.TerminatedAt.Before(start.In(zoneOf(&i))) {
		i.TerminatedAt = start.In(zoneOf(&i)) // else it would be of an employment before
	}
	return i
}

// termination returns what is in force about somebody.
func (e *Engine) termination(id string) (reconcile.Termination, bool) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	t, ok := e.state.terminated[id]
	return t, ok
}

// asDecided returns somebody as the rules see them.
func (e *Engine) asDecided(i source.Identity) source.Identity {
	if t, ok := e.termination(i.ID); ok {
		return terminatedAs(i, t)
	}
	return i
}

// population is everybody whom a plan is for: those whom the source lists, and those
// who were terminated at once, also if it does not list them or lists them twice.
type population struct {
	people    []*source.Identity // sorted by ID
	contested []string
	// unlisted are those of people about whom nothing but the termination is known.
	unlisted map[string]bool
}

// lists reports whether the source lists somebody.
func (p *population) lists(identityID string) bool {
	if p.unlisted[identityID] {
		return false
	}
	_, listed := p.search(identityID)
	return listed || slices.Contains(p.contested, identityID)
}

func (e *Engine) populationOf(snap source.Snapshot) population {
	p := population{
		people:    slices.AppendSeq(make([]*source.Identity, 0, snap.Len()), snap.All()),
		contested: snap.Contested(),
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	for id, t := range e.state.terminated {
		identity := source.Identity{ID: id}
		at, listed := p.search(id)
		if listed {
			identity = *p.people[at]
		}
		identity = terminatedAs(identity, t)
		if listed {
			p.people[at] = &identity
			continue
		}
		if p.unlisted == nil {
			p.unlisted = map[string]bool{}
			p.contested = slices.Clone(p.contested)
		}
		p.unlisted[id] = true
		p.people = slices.Insert(p.people, at, &identity)
		p.contested = slices.DeleteFunc(p.contested, func(c string) bool { return c == id })
	}
	return p
}

// correct applies protectedAsRead to what is desired of everybody.
func (p *population) correct(e *Engine, name string, desired []target.Desired) {
	if p.unlisted != nil {
		e.protectedAsRead(name, desired, func(id string) bool { return p.unlisted[id] })
	}
}

func (p *population) search(id string) (at int, found bool) {
	return slices.BinarySearchFunc(p.people, id, func(i *source.Identity, id string) int {
		return strings.Compare(i.ID, id)
	})
}

func (p *population) find(id string) *source.Identity {
	if at, found := p.search(id); found {
		return p.people[at]
	}
	return nil
}

// protectedAsRead corrects what the rules say of people about whom nothing but their
// termination is known: a condition that asks for more protects whom it protected
// when they were last read. The IDs that the rules name are protected in any
// case.
func (e *Engine) protectedAsRead(name string, desired []target.Desired, unlisted func(id string) bool) {
	for i := range desired {
		d := &desired[i]
		if !d.Protected || !unlisted(d.Key.Identity) || e.wasProtected(name, d.Key) {
			continue
		}
		d.Protected = false
		if d.Extra != nil {
			extra := *d.Extra
			extra.ProtectedBy = nil
			d.Extra = &extra
		}
	}
}

// wasProtected reports whether the rules protected an account when its person was
// last read.
func (e *Engine) wasProtected(name string, key target.Key) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.protected[accountName{name, key}] || slices.ContainsFunc(e.state.of(name).protected[key].rules,
		func(id string) bool { return e.protecting[id] })
}

// onlyTerminated reports whether nothing is known of somebody but their termination.
func (e *Engine) onlyTerminated(i *source.Identity) bool {
	_, ended := e.termination(i.ID)
	return ended && reflect.DeepEqual(*i, source.Identity{ID: i.ID, Status: i.Status, TerminatedAt: i.TerminatedAt})
}

// unreadFinding says that somebody who was terminated is planned for without the
// source.
func (e *Engine) unreadFinding(id string, err error) Finding {
	code := CodeNotRead
	if errors.Is(err, source.ErrNotFound) {
		code = CodeNotInSource
	}
	return Finding{
		Origin: fromSource + e.config.Source.Name(), Code: code, Identity: id,
		Message: "the source says nothing about this person now; they were terminated, and are planned for as that",
	}
}

// owedLate are handovers of people who were terminated while nobody knew who is to
// take what they own: the disable could not wait for that. Whoever was reinstated since,
// and has left all the same, still owns it. The caller holds e.mu.
func (e *Engine) owedLate(name string, scope []target.Desired, h *reconcile.History) {
	if len(h.Terminated)+len(e.state.returned) == 0 {
		return
	}
	can := e.byName[name].Capabilities()
	for i := range scope {
		d := &scope[i]
		if d.Phase != target.Left || d.Handover.IsZero() || !can.Handover {
			continue
		}
		since, reinstated := e.state.reinstatedFrom(name, d.Key)
		t, terminated := h.Terminated[d.Key.Identity]
		if terminated {
			since = t.At
		}
		if !terminated && !reinstated || h.Accounts[d.Key].Phase != target.Left || e.state.handedOver(name, d.Key) {
			continue
		}
		account := e.state.of(name).ids[d.Key]
		if account == "" || e.state.of(name).owes(d.Key, account, reconcile.Handover) {
			continue
		}
		h.Owed = append(h.Owed, reconcile.Obligation{
			Key: d.Key, Account: account, Action: reconcile.Handover, To: d.Handover, Since: since,
		})
	}
}

// everLeft adds to those who have left whoever is back elsewhere, or was reinstated, while
// their account here counts as a leaver's still. The caller holds e.mu.
func (e *Engine) everLeft(name string, h *reconcile.History) {
	shared := true
	for id, list := range e.state.closed {
		_, known := h.Left[id]
		if known || !slices.ContainsFunc(list, func(c closing) bool { return c.target == name && !c.deleted }) {
			continue
		}
		if shared {
			h.Left, shared = maps.Clone(h.Left), false
		}
		h.Left[id] = time.Time{}
	}
}

// terminationWords are the words behind a change to somebody who was terminated at
// once; nil for anybody else.
func terminationWords(terminated map[string]reconcile.Termination, c *reconcile.Change) []string {
	t, ok := terminated[c.Key.Identity]
	if !ok || c.Phase != target.Left {
		return nil
	}
	return []string{terminationText(t)}
}

func terminationText(t reconcile.Termination) string {
	return "terminated at " + t.At.UTC().Format(time.RFC3339) + " by " + printable(t.Actor) + ": " + printable(t.Reason)
}

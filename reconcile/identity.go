package reconcile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/provision-go/provision/internal/order"
	"github.com/provision-go/provision/target"
)

// idBytes is how much of a hash names a change or a plan: 128 bit.
const idBytes = 16

// digest gathers an unambiguous text: every part has its length in front.
type digest struct{ buf []byte }

func newDigest(what string) *digest {
	d := &digest{buf: make([]byte, 0, 1024)}
	d.begin(what)
	return d
}

func (d *digest) begin(what string) {
	d.buf = d.buf[:0]
	d.text(what)
}

func (d *digest) number(n int) {
	d.buf = binary.AppendUvarint(d.buf, uint64(n))
}

func (d *digest) text(s string) {
	d.number(len(s))
	d.buf = append(d.buf, s...)
}

func (d *digest) list(values []string) {
	d.number(len(values))
	for _, v := range values {
		d.text(v)
	}
}

func (d *digest) sum() string {
	sum := sha256.Sum256(d.buf)
	return hex.EncodeToString(sum[:idBytes])
}

// identify returns the ID of a change: what would be done, to what, under which
// rules. Words for people are no part of it, nor is the account's version, so an
// approval survives an unrelated change of the account. A grant is the person's,
// whichever account they have by then: its approval may come before the account.
// A removal from somebody who has left is another change than the same removal
// from somebody employed: what was denied for the one must not keep the account
// of the other open.
func (c *Change) identify(rules string) string {
	return c.identifyWith(newDigest(""), rules)
}

// identifyWith is identify with a digest that is used again and again.
func (c *Change) identifyWith(d *digest, rules string) string {
	d.begin("provision change 1")
	d.text(rules)
	d.text(c.Target)
	d.text(c.Action.String())
	d.text(c.Key.Identity)
	d.text(c.Key.Slot)
	if c.Action != Grant {
		d.text(c.Account)
	}
	d.text(c.From.String())
	d.text(c.To.String())
	d.number(len(c.Fields))
	for _, f := range c.Fields {
		d.text(f.Name)
		d.list(f.Before)
		d.list(f.After)
	}
	d.list(c.Secrets)
	d.text(c.Entitlement.Kind)
	d.text(c.Entitlement.Name)
	d.text(c.HandoverTo.Identity)
	d.text(c.HandoverTo.Slot)
	if c.Action.Removes() && c.Phase == target.Left {
		d.text("left")
	}
	if c.Undoes != "" {
		d.text("undo")
		d.text(c.Undoes)
	}
	return d.sum()
}

// guarded names what the guards hold, and what a whole plan doubts; "" if that is
// nothing.
func (p *Plan) guarded(matters []*matter, verdicts []Verdict) string {
	var ids []string
	for _, m := range matters {
		if len(m.guards) > 0 {
			ids = append(ids, m.c.ID)
		}
	}
	for i := range verdicts {
		if alarm := verdicts[i].Alarm(); p.Whole && alarm != "" {
			ids = append(ids, alarm)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return p.name("provision guarded 1", ids)
}

const planName = "provision plan 1"

// fingerprint names what a plan would do, held or not.
func (p *Plan) fingerprint() string {
	ids := make([]string, 0, len(p.Changes)+len(p.Holds))
	for i := range p.Changes {
		ids = append(ids, p.Changes[i].ID)
	}
	for i := range p.Holds {
		ids = append(ids, p.Holds[i].Change.ID)
	}
	return p.name(planName, ids)
}

// name is the hash of some changes of the plan, in any order, each counted once.
func (p *Plan) name(what string, ids []string) string {
	positions := order.By(len(ids), func(i int) string { return ids[i] }, func(int, int) int { return 0 })
	sorted := ids
	if positions != nil {
		sorted = make([]string, len(ids))
		for i, at := range positions {
			sorted[i] = ids[at]
		}
	}
	d := &digest{buf: make([]byte, 0, 1024+len(ids)*(2*idBytes+1))}
	d.begin(what)
	d.text(p.Target)
	d.text(p.Rules)
	d.list(slices.Compact(sorted))
	return d.sum()
}

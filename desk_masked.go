package provision

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/target"
)

// hashedLabel begins a label that stands as a keyed hash.
const hashedLabel = "hmac:"

// own reports whether a decision is about whoever makes it. Where the journal has a hash
// instead of the label, only the key tells whose it is; without it the identity of
// whoever decides must be known.
func (d *Desk) own(st *state, by *Decision, p *Pending) (bool, error) {
	label := p.Hold.Change.Label
	hidden := strings.HasPrefix(label, hashedLabel) || label == unreadableLabel
	switch {
	case st.own(by, p):
		return true, nil
	case p.MaskedBy == "" || !hidden:
		return false, nil
	}
	masks := masksWith(d.MaskKey, nil)
	if masks.ID == p.MaskedBy && label != unreadableLabel {
		for _, who := range []string{by.Identity, by.Actor} {
			if strings.TrimSpace(who) != "" && masks.Label(target.Fold(who)) == label {
				return true, nil
			}
		}
		return false, nil
	}
	if strings.TrimSpace(by.Identity) == "" {
		return false, fmt.Errorf("%w: nobody can tell whether %q decides about themselves; set Desk.MaskKey, or Decision.Identity", ErrMaskKey, by.Actor)
	}
	return false, nil
}

// unreadableLabel stands for a label of which there is no hash: that of a plan that was
// read from a file.
const unreadableLabel = "(masked)"

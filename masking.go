package provision

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/reconcile"
)

// ErrMaskKey says that a journal or a plan was made with another Config.MaskKey, or with
// Config.Masking where there is none now or the other way round. Names that are kept for
// somebody would not be recognised, so nothing is planned or applied: use the key that the
// journal was written with, or begin a new journal. Of a [Desk], it says that the key is
// needed.
var ErrMaskKey = errors.New("made with another mask key")

// Masking has an engine write values of attributes down as keyed hashes: in the journal
// (held changes, names, and what runs overwrite), in [Plan.Redacted] and in
// [Report.WriteJSONLines], with labels of people and the texts of errors of targets, which
// may quote values, left out or hashed like them. Config.MaskKey is the key: it must be set,
// have 16 bytes at least and stay the same as long as the journal. Whoever loses it, or
// deletes it to make what was written about people unreadable, begins a new journal.
//
// Who approves a change sees in [Desk.Pending] what kind of change it is and which fields it
// is about; [Engine.Plan] has the values, under the same Change.ID.
//
// To begin with it, or to alter the key of a new journal, counts as a change of rules: IDs of
// changes are others, so decisions have to be made again, and removals are held as in a first
// run. A journal that was written with masks is never written without: ErrMaskKey. What stood
// in it before stays until it is compacted and its archives are deleted; names that were
// given before stay as long as they are kept.
type Masking struct {
	// Plain are the attributes whose values stay readable: "title" on every target,
	// "app/title" on one. Those that a target calls Sensitive never are. Defaults to none.
	Plain []string
}

// minMaskKey is how long a key is that cannot be guessed.
const minMaskKey = 16

var errMaskKeyShort = errors.New("Masking needs a MaskKey of 16 bytes at least, kept for as long as the journal")

// check says what is wrong with the masks of a Config.
func (m *Masking) check(key []byte, targets []string) error {
	if m == nil {
		return nil
	}
	if len(key) < minMaskKey {
		return errMaskKeyShort
	}
	for _, plain := range m.Plain {
		if name, _, of := strings.Cut(plain, "/"); of && !slices.Contains(targets, name) {
			return fmt.Errorf("Masking.Plain %q: %w: %q is not in Targets", plain, ErrUnknownTarget, name)
		}
	}
	return nil
}

// masks are those for a target.
func (m *Masking) masks(key []byte, name string) reconcile.Masks {
	if m == nil {
		return reconcile.Masks{}
	}
	var plain []string
	for _, p := range m.Plain {
		of, attribute, single := strings.Cut(p, "/")
		switch {
		case !single:
			plain = append(plain, p)
		case of == name:
			plain = append(plain, attribute)
		}
	}
	return masksWith(key, plain)
}

// masksWith makes masks with a key of their own, so that nothing that explanations show
// can be compared with what a journal has.
func masksWith(key []byte, plain []string) reconcile.Masks {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("provision journal masks 1"))
	return reconcile.NewMasks(h.Sum(nil), plain...)
}

// sameMasks refuses a journal that was written with other masks. The caller holds e.mu.
func (e *Engine) sameMasks() error {
	return e.state.sameMasks(e.maskedBy())
}

// maskedBy names the key of the masks; "" if there are none.
func (e *Engine) maskedBy() string {
	m := e.masks[e.config.Targets[0].Name()]
	return m.ID
}

// rulesUnder names rules for the guards: with other masks they are other rules, because
// nothing that is known by the ID of a change is known any more.
func rulesUnder(rules, maskedBy string) string {
	if maskedBy == "" || rules == "" {
		return rules
	}
	return rules + " masked by " + maskedBy
}

// rulesWithout is the inverse: of rules that were masked otherwise nothing is known.
func rulesWithout(rules, maskedBy string) string {
	if maskedBy == "" || rules == "" {
		return rules
	}
	own, ok := strings.CutSuffix(rules, " masked by "+maskedBy)
	if !ok {
		return unknownRules
	}
	return own
}

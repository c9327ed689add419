package target

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Collect reads a target to its end: first the catalogue, if some kind of
// entitlement can be listed, then the accounts. Any error makes it return the
// zero Snapshot and "read NAME: …"; so does a ctx that is done, even if the
// target ended its sequence without saying so. There is no partial snapshot.
//
// It sorts; drops an account that comes twice (a page that drifted), with a
// finding if the two differ, in which case the first is kept; puts the members
// of catalogue entries into their accounts; sorts entitlements and drops
// repeats; and turns references into the text of keys. Two accounts with one key
// both stay: which of them is right is not for a reader to say.
//
// An account without a native id, or neither enabled nor disabled, is a mistake
// of the connector and an error.
func Collect(ctx context.Context, t Target) (Snapshot, error) {
	c := collector{Snapshot: Snapshot{target: t.Name(), capabilities: t.Capabilities().clone()}}
	if err := c.read(ctx, t); err != nil {
		return Snapshot{}, fmt.Errorf("read %s: %w", c.target, err)
	}
	c.join()
	c.translate()
	c.sort()
	c.members = c.countMembers()
	c.complete = true
	return c.Snapshot, nil
}

var (
	errNoID     = errors.New("account without a native id")
	errBadState = errors.New("is neither enabled nor disabled")
)

// collector is a snapshot in the making.
type collector struct {
	Snapshot
	index map[string]int32 // native id → position in accounts
	seen  map[Entitlement]Entitlement
	lists map[string][]Entitlement // what several accounts hold alike, by its text
	text  []byte
}

func (c *collector) read(ctx context.Context, t Target) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.index = map[string]int32{}
	c.seen = map[Entitlement]Entitlement{}
	c.lists = map[string][]Entitlement{}
	// The catalogue comes first: an account that is made in between is then
	// missing from a group, not a member that nobody knows.
	if slices.ContainsFunc(c.capabilities.Entitlements, func(e EntitlementSpec) bool { return e.List }) {
		for held, err := range t.Entitlements(ctx) {
			if err != nil {
				return err
			}
			c.addHeld(held)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		c.closeCatalogue()
	}
	for a, err := range t.Accounts(ctx) {
		if err != nil {
			return err
		}
		if err := c.addAccount(a); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (c *collector) addAccount(a Account) error {
	if a.ID == "" {
		return errNoID
	}
	if a.State != Enabled && a.State != Disabled {
		return fmt.Errorf("account %q %w", a.ID, errBadState)
	}
	if !a.Key.IsZero() && !a.Key.valid() {
		c.note(CodeBadKey, a, "", "the stored key cannot be read; the account counts as not managed")
		a.Key = Key{}
	}
	a.Entitlements = c.intern(a)
	if i, ok := c.index[a.ID]; ok {
		if !same(c.accounts[i], a) {
			c.note(CodeDuplicateAccount, a, "", "listed twice with different contents; the first is used")
		}
		return nil
	}
	c.index[a.ID] = int32(len(c.accounts))
	c.accounts = append(c.accounts, a)
	return nil
}

// manyLists is how many different lists of entitlements are shared at most.
const manyLists = 1 << 16

// intern sorts an account's entitlements, drops repeats and shares their strings,
// and the whole list if another account holds the same. The slice that the
// connector gave is left alone.
func (c *collector) intern(a Account) []Entitlement {
	if len(a.Entitlements) == 0 {
		return nil
	}
	c.text = c.text[:0]
	for i := range a.Entitlements {
		c.text = appendPacked(appendPacked(c.text, a.Entitlements[i].Kind), a.Entitlements[i].Name)
	}
	if list, ok := c.lists[string(c.text)]; ok {
		return list
	}
	findings := len(c.findings)
	list := c.internEach(a)
	if findings == len(c.findings) && len(c.lists) < manyLists {
		c.lists[string(c.text)] = list
	}
	return list
}

func (c *collector) internEach(a Account) []Entitlement {
	list := make([]Entitlement, 0, len(a.Entitlements))
	for _, e := range a.Entitlements {
		if !e.valid() {
			c.note(CodeBadEntitlement, a, "", fmt.Sprintf("holds %q of kind %q, which cannot be written", e.Name, e.Kind))
			continue
		}
		list = append(list, c.shared(e))
	}
	slices.SortFunc(list, Entitlement.Compare)
	return slices.Compact(list)
}

func (c *collector) shared(e Entitlement) Entitlement {
	if known, ok := c.seen[e]; ok {
		return known
	}
	// A connector's strings may be parts of a whole page.
	e = Entitlement{Kind: strings.Clone(e.Kind), Name: strings.Clone(e.Name)}
	c.seen[e] = e
	return e
}

func (c *collector) note(code string, a Account, field, message string) {
	c.findings = append(c.findings, Finding{
		Target: c.target, Account: a.ID, Key: a.Key, Field: field, Code: code, Message: message,
	})
}

// translate turns the references of all accounts into text.
func (c *collector) translate() {
	refs := c.capabilities.References()
	if len(refs) == 0 {
		return
	}
	key := func(id string) (Key, bool) {
		i, ok := c.index[id]
		if !ok {
			return Key{}, false
		}
		return c.accounts[i].Key, true
	}
	for i := range c.accounts {
		a := &c.accounts[i]
		for at := range refs {
			var unknown []string
			a.Attributes, unknown = KeyReferences(a.Attributes, refs[at:at+1], key)
			for _, id := range unknown {
				c.note(CodeBadReference, *a, refs[at], fmt.Sprintf("refers to %q, which is no account here", id))
			}
		}
	}
}

// same reports whether two readings of one account have the same content.
func same(a, b Account) bool {
	return a.Key == b.Key && a.State == b.State && a.Attributes == b.Attributes && a.Version == b.Version &&
		slices.Equal(a.Entitlements, b.Entitlements)
}

package rules

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/target"
)

// A checker finds what is wrong with a rule set. It collects every problem instead
// of stopping at the first.
type checker struct {
	problems Problems
	files    map[string]*document.File
	pos      map[string]Pos // of rules, by ID

	broken map[string]bool // rules whose files have problems
	muted  bool            // the rule is one of these
	unread bool            // a layer could not be read at all

	rule string // what is being checked
	at   Pos    // and where it stands

	fields    map[string]*fieldRef
	names     []string // of fields, sorted, for suggestions
	slots     int      // of the memo that are taken
	functions []function
	calls     map[string]*Func
	tables    map[string]*table
	accounts  []account
	counter   bool // a counter may stand here
	zones     map[string]*time.Location
	tenant    *time.Location
}

// maxDays bounds every number of days: a hundred years.
const maxDays = 36525

// enter turns to a rule.
func (c *checker) enter(id string) { c.rule, c.at, c.muted = id, c.pos[id], c.broken[id] }

// fail reports a problem with the rule, unless its file was found wrong there: what
// is missing then has been said.
func (c *checker) fail(hint, format string, args ...any) {
	if c.muted {
		return
	}
	c.failAt(c.at, hint, format, args...)
}

// failNode reports a problem with a part of an expression.
func (c *checker) failNode(n *node, hint, format string, args ...any) {
	if n.at.IsZero() {
		c.fail(hint, format, args...)
		return
	}
	c.failAt(n.at, hint, format, args...)
}

func (c *checker) failAt(at Pos, hint, format string, args ...any) {
	p := &Problem{Pos: at, Rule: c.rule, Message: fmt.Sprintf(format, args...), Hint: hint}
	c.problems = append(c.problems, p.withExcerpt(c.files[at.File]))
}

// withExcerpt fills in the line of the file.
func (p *Problem) withExcerpt(f *document.File) *Problem {
	if f != nil && !p.Pos.IsZero() {
		p.Excerpt, p.Caret = f.Excerpt(p.Pos.Line, p.Pos.Column)
	}
	return p
}

// placeName is how a target with a slot is written: "app", "app~admin".
func placeName(name, slot string) string {
	if slot == "" {
		return name
	}
	return name + "~" + slot
}

func validSlot(slot string) bool {
	for _, r := range slot {
		if !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-') {
			return false
		}
	}
	return true
}

// clean reports whether a name can be quoted in a line of text.
func clean(name string) bool {
	return name == strings.TrimSpace(name) && strings.ToValidUTF8(name, "") == name &&
		!strings.ContainsFunc(name, unicode.IsControl)
}

// places returns the names of all accounts.
func (c *checker) places() []string {
	out := make([]string, len(c.accounts))
	for i := range c.accounts {
		out[i] = placeName(c.accounts[i].target, c.accounts[i].slot)
	}
	return out
}

// days checks a number of days.
func (c *checker) days(name string, days int) {
	if days < 0 || days > maxDays {
		c.fail("", "%s: %d days: want 0 to %d", name, days, maxDays)
	}
}

// entitlement reads "target/kind:name" or "target~slot/kind:name" and finds its
// account; nil if there is none, which is then reported.
func (c *checker) entitlement(text string) (*account, target.Entitlement) {
	at, rest, ok := strings.Cut(text, "/")
	name, slot, slotted := strings.Cut(at, "~")
	e, err := target.ParseEntitlement(rest)
	if !ok || err != nil || rest == "" || name == "" || slotted && slot == "" || !validSlot(slot) || !clean(text) {
		c.fail("", `%q: want "target/kind:name" or "target~slot/kind:name"`, text)
		return nil, target.Entitlement{}
	}
	for i := range c.accounts {
		if a := &c.accounts[i]; a.target == name && a.slot == slot {
			return a, e
		}
	}
	c.noPlace(text, at)
	return nil, target.Entitlement{}
}

package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A checker finds what is wrong with a rule set. It collects every problem instead
// of stopping at the first.
type checker struct {
	problems Problems
	files    map[string]*document.File
	pos      map[string]Pos             // of rules, by ID
	bodies   map[string]*document.Value // what stands behind them, by ID
	layer    map[string]int             // which layer they are from, by ID
	gone     map[string]Pos             // tables that a layer switched off, and where
	last     Pos                        // of several layers, where the last one is

	broken   map[string]bool // rules whose files have problems
	muted    bool            // the rule is one of these
	tooLarge bool            // there are more rules than a set may have
	twice    map[string]bool // rules that are there twice, which was said
	lacks    map[string]bool // sections that could not be read as a whole

	rule string // what is being checked
	id   string // its ID
	at   Pos    // and where it stands, or the part that is looked at

	fields    map[string]*fieldRef
	specs     []source.FieldSpec // of identities, sorted by name
	slab      []node             // for what lowering makes
	slots     int                // of the memo that are taken
	functions []function
	calls     map[string]*Func
	tables    map[string]*table
	numbered  int // of the tables that grants give from
	accounts  []account
	named     []string // targets of which it is said who has an account there
	counter   bool     // a counter may stand here
	zones     map[string]*time.Location
	tenant    *time.Location
}

// maxDays bounds every number of days: a hundred years.
const maxDays = 36525

// enter turns to a rule.
func (c *checker) enter(id string) {
	c.rule, c.id, c.at, c.muted = id, id, c.pos[id], c.broken[id]
}

// point turns to a part of the rule, by keys and by numbers from 0: to as much of
// it as its file has. Without a path that is the rule.
func (c *checker) point(path ...string) { c.at = c.place(path...) }

func (c *checker) place(path ...string) Pos {
	return placeOf(c.pos[c.id], c.bodies[c.id], path)
}

// placeOf is where a part of a rule stands that stands at a place itself.
func placeOf(at Pos, v *document.Value, path []string) Pos {
	for _, step := range path {
		if v = partOf(v, step); v == nil {
			break
		}
		at.Line, at.Column = v.Line, v.Column
	}
	return at
}

func partOf(v *document.Value, step string) *document.Value {
	switch {
	case v == nil:
		return nil
	case v.Kind == document.Mapping:
		return behind(v, step)
	case v.Kind == document.Sequence:
		if n, ok := parseInt(step); ok && n >= 0 && n < len(v.Items) {
			return v.Items[n]
		}
		return nil
	case step == "0": // one text stands for a list of one
		return v
	}
	return nil
}

// wording picks what to say to somebody who writes Go or a file.
func (c *checker) wording(program, file string) string {
	if c.at.IsZero() {
		return program
	}
	return file
}

// fail reports something that is missing or out of place in the rule, unless its
// file was found wrong there: then the reason has been said.
func (c *checker) fail(hint, format string, args ...any) {
	if !c.muted {
		c.say(hint, format, args...)
	}
}

// say reports a problem with what the rule has.
func (c *checker) say(hint, format string, args ...any) { c.failAt(c.at, hint, format, args...) }

// failNode reports a problem with a part of an expression.
func (c *checker) failNode(n *node, hint, format string, args ...any) {
	if n.at.isZero() {
		c.fail(hint, format, args...)
		return
	}
	c.failSpot(n.at, hint, format, args...)
}

func (c *checker) failSpot(at spot, hint, format string, args ...any) {
	if len(c.problems) < enoughProblems {
		c.failAt(at.find(), hint, format, args...)
	}
}

func (c *checker) failAt(at Pos, hint, format string, args ...any) {
	if len(c.problems) >= enoughProblems {
		return
	}
	p := &Problem{Pos: at, Rule: c.rule, Message: oneLine(fmt.Sprintf(format, args...)), Hint: oneLine(hint)}
	c.problems = append(c.problems, p)
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

// days checks a number of days, which stands at a path in files.
func (c *checker) days(name string, days int, path ...string) {
	if days < 0 || days > maxDays {
		c.point(path...)
		c.fail("", "%s: %d days: want 0 to %d", c.wording(name, strings.Join(path, ".")), days, maxDays)
		c.point()
	}
}

// wrongName says what is wrong with a name.
func wrongName(name string) string {
	switch {
	case name == "":
		return "it is empty"
	case name != strings.TrimSpace(name):
		return "remove the blank at its beginning or end"
	default:
		return "remove the character in it that cannot be seen"
	}
}

// entitlement reads "target/kind:name" or "target~slot/kind:name" and finds its
// account; nil if there is none, which is then reported.
func (c *checker) entitlement(text string) (*account, target.Entitlement) {
	at, rest, ok := strings.Cut(text, "/")
	name, slot, slotted := strings.Cut(at, "~")
	e, err := target.ParseEntitlement(rest)
	if !ok || err != nil || rest == "" || name == "" || slotted && slot == "" || !validSlot(slot) || !clean(text) || !clean(e.Name) || !clean(e.Kind) {
		if text != "" || !c.muted {
			c.noEntitlement(text)
		}
		return nil, target.Entitlement{}
	}
	for i := range c.accounts {
		if a := &c.accounts[i]; a.target == name && a.slot == slot {
			return a, e
		}
	}
	c.noPlace(c.wording(quoted(text)+": ", ""), at)
	return nil, target.Entitlement{}
}

// noEntitlement says what to write instead.
func (c *checker) noEntitlement(text string) {
	const form = `want "target/kind:name" or "target~slot/kind:name"`
	places := c.places()
	first, rest, slash := strings.Cut(text, "/")
	kind, name, colon := strings.Cut(text, ":")
	switch {
	case c.at.IsZero() || !clean(text):
		c.say("", "%q: %s", text, form)
	case slash && first != "" && rest != "" && !strings.Contains(rest, ":") && !strings.Contains(first, ":"):
		c.say("", `%q lacks the kind of what is given, as in "%s/group:%s": %s`, text, first, rest, form)
	case !slash && slices.Contains(places, kind) && strings.Contains(name, ":"):
		c.say(kind+"/"+name, "%q: a slash stands between the target and the kind", text)
	case !slash && colon && kind != "" && name != "" && len(places) > 0:
		c.say("", `%q lacks the target, as in "%s/%s": %s`, text, places[0], text, form)
	default:
		c.say("", "%q is no entitlement: %s", text, form)
	}
}

// fewProblems is up to how many problems have hints. To find them takes a
// comparison with every name; whoever wrote more mistakes than that will read these
// first.
const fewProblems = 50

// nearest is what a misspelt word most likely means, or "".
func (c *checker) nearest(word string, list []string) string {
	if len(c.problems) > fewProblems {
		return ""
	}
	return words.Nearest(word, list)
}

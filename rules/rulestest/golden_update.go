package rulestest

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/provision-go/provision/rules/internal/document"
)

// An edit replaces a part of a text.
type edit struct {
	from, to int
	text     string
}

// update writes what the rules say over what a file states and does not hold.
func update(t testing.TB, set *Set, name string, data []byte, file *caseFile) {
	t.Helper()
	text := strings.TrimPrefix(string(data), byteOrderMark)
	var edits []edit
	for i := range file.cases {
		c := &file.cases[i]
		now := set.decide(c.who)
		if len(c.stated) == 0 {
			edits = append(edits, addition(text, c.at, &now))
		}
		for n := range c.stated {
			e := &c.stated[n]
			if got := e.got(&now); !e.holds(got) {
				edits = append(edits, e.edit(text, got))
			}
		}
	}
	if len(edits) == 0 {
		return
	}
	out := apply(text, edits)
	if strings.HasPrefix(string(data), byteOrderMark) {
		out = byteOrderMark + out
	}
	if _, problems := readCases(set.shared, name, []byte(out)); len(problems) > 0 {
		t.Errorf("%s cannot be updated in place; rewrite what it states by hand. It would be wrong here:\n%s", name, strings.Join(problems, "\n"))
		return
	}
	if err := os.WriteFile(name, []byte(out), 0o600); err != nil { //nolint:gosec // it is the file that was read
		t.Fatalf("update golden cases: %v", err)
	}
	t.Logf("%s: %d expectations written anew; read them", name, len(edits))
}

const byteOrderMark = "\ufeff"

// apply applies edits, which do not overlap.
func apply(text string, edits []edit) string {
	slices.SortFunc(edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(text[at:e.from] + e.text)
		at = e.to
	}
	return b.String() + text[at:]
}

// edit replaces what an expectation states. What stays keeps its order, and a list
// with dashes keeps them.
func (e *expectation) edit(text string, got []string) edit {
	var values []string
	for _, v := range e.want {
		if slices.Contains(got, v) && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	for _, v := range got {
		if !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	from, to := extent(text, e.at)
	if e.at.Kind == document.Sequence && len(values) > 0 && !isFlow(text, from) {
		dash := lineBreak(text) + strings.Repeat(" ", e.at.Column-1) + "- "
		for i, v := range values {
			values[i] = scalar(v)
		}
		return edit{from, to, "- " + strings.Join(values, dash)}
	}
	return edit{from, to, flow(values, e.asText)}
}

// addition adds to a case that states nothing what the rules say about access.
func addition(text string, at *document.Value, d *decided) edit {
	end := endOfPairs(text, at)
	var lines []string
	for _, key := range roleKeys() {
		e := expectation{key: key}
		if got := e.got(d); key == "want" || len(got) > 0 {
			lines = append(lines, key+": "+flow(got, false))
		}
	}
	from, _ := extent(text, at)
	if isFlow(text, from) {
		return edit{end, end, ", " + strings.Join(lines, ", ")}
	}
	if n := strings.IndexByte(text[end:], '\n'); n >= 0 { // after a comment on the line
		end += n
		if text[end-1] == '\r' {
			end--
		}
	} else {
		end = len(text)
	}
	line := lineBreak(text) + strings.Repeat(" ", at.Column-1)
	return edit{end, end, line + strings.Join(lines, line)}
}

func lineBreak(text string) string {
	if strings.Contains(text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

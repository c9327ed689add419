package rules

import (
	"strings"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/rules/internal/syntax"
)

// text reads a text, "" if the key is not there.
func (o *object) text(name string) string {
	v := o.get(name)
	if v == nil {
		return ""
	}
	return o.r.text(v, name)
}

func (r *fileReader) text(v *document.Value, name string) string {
	switch {
	case parted(v):
		p := &v.Pairs[0]
		joined := p.Key.Text + ":" + p.Value.Text
		r.fail(v, "", "%s has to be a text, and a blank after a colon makes it something else: write %s", name, joined)
	case v.Kind == document.Null:
		r.fail(v, "", "nothing stands behind %s: write a text, or remove the line", name)
	case v.Kind != document.Scalar:
		r.fail(v, "", "%s has to be one text, and this is %s", name, kindOf(v))
	case v.Text == "":
		r.fail(v, "", "%s is empty: write a text", name)
	default:
		return v.Text
	}
	return ""
}

// parted reports whether a blank behind its colon has made two of an entitlement.
func parted(v *document.Value) bool {
	return v.Kind == document.Mapping && len(v.Pairs) == 1 && v.Pairs[0].Value.Kind == document.Scalar &&
		strings.Contains(v.Pairs[0].Key.Text, "/")
}

// texts reads a list of texts; one text is a list of one.
func (o *object) texts(name string) []string {
	v := o.get(name)
	if v == nil {
		return nil
	}
	return o.r.texts(v, name)
}

func (r *fileReader) texts(v *document.Value, name string) []string {
	switch {
	case parted(v), v.Kind == document.Scalar:
		return []string{r.text(v, name)}
	case v.Kind == document.Null:
		r.fail(v, "", "nothing stands behind %s: write a text, or a list such as [a, b]", name)
		return nil
	case v.Kind == document.Mapping:
		r.fail(v, "", "%s has to be a list such as [a, b], and this is %s", name, kindOf(v))
		return nil
	case len(v.Items) == 0:
		r.fail(v, "", "%s is an empty list: write at least one entry, or remove the line", name)
	}
	out := make([]string, 0, len(v.Items))
	for _, item := range v.Items {
		out = append(out, r.text(item, name))
	}
	return out
}

// cond reads a condition, the zero Cond if the key is not there.
func (o *object) cond(name string) Cond {
	v := o.get(name)
	if v == nil {
		return Cond{}
	}
	return o.r.cond(v, name)
}

func (r *fileReader) cond(v *document.Value, name string) Cond {
	return Cond{r.raw(v, name, "a condition", `department == "Sales"`)}
}

// value reads a value, nil if the key is not there.
func (o *object) value(name string) Value {
	v := o.get(name)
	if v == nil {
		return nil
	}
	return o.r.value(v, name)
}

func (r *fileReader) value(v *document.Value, name string) Value {
	return expr{r.raw(v, name, "a value", "job_title")}
}

// raw reads an expression. Which fields there are is not known yet.
func (r *fileReader) raw(v *document.Value, name, what, such string) *node {
	at := r.pos(v)
	switch {
	case r.cut[v]:
		return &node{op: opBad, at: spotAt(at)}
	case v.Kind == document.Null:
		r.fail(v, "", "nothing stands behind %s: write %s such as %s", name, what, such)
		return &node{op: opBad, at: spotAt(at)}
	case v.Kind != document.Scalar:
		r.fail(v, "", "%s has to be %s in one line, such as %s, and this is %s", name, what, such, kindOf(v))
		return &node{op: opBad, at: spotAt(at)}
	}
	tree, problems := syntax.Parse(v.Text)
	if len(problems) > 0 && r.comment(v) {
		return &node{op: opBad, at: spotAt(at)}
	}
	for _, p := range problems {
		if r.full() {
			break
		}
		line, column := v.At(p.Pos)
		message, hint := p.Message, p.Hint
		if what == "a value" {
			message, hint = ofValue(v.Text[:p.Pos], message, hint)
		}
		r.failAt(Pos{r.name, line, column}, hint, "%s", message)
	}
	if tree == nil {
		return &node{op: opBad, at: spotAt(at)}
	}
	return &node{op: opRaw, at: spotAt(at), raw: &rawExpr{v.Text, tree, r.name, v}}
}

// ofValue says of a value what the syntax says of conditions: outside of brackets
// texts are put together there.
func ofValue(before, message, hint string) (valueMessage, valueHint string) {
	const wanted = `"and", "or" or an operator`
	switch {
	case strings.Count(before, "(") > strings.Count(before, ")"):
	case strings.Contains(message, wanted):
		return strings.Replace(message, wanted, `"+"`, 1), ""
	case hint == "and" && strings.HasPrefix(message, `"&"`):
		return `"&" is not an operator; write "+" to put texts together`, "+"
	}
	return message, hint
}

// comment reports an expression within whose quotes a comment begins, as in
// department == "R #1": what a person sees as one text ends there for YAML.
func (r *fileReader) comment(v *document.Value) bool {
	line, column := v.At(len(v.Text))
	all, caret := r.file.Excerpt(line, column)
	runes := []rune(all)
	rest := string(runes[min(caret, len(runes)):])
	if v.Quoted || strings.Count(v.Text, `"`)%2 == 0 || strings.Count(rest, `"`)%2 == 0 || !strings.HasPrefix(strings.TrimLeft(rest, " \t"), "#") {
		return false
	}
	blanks := len(rest) - len(strings.TrimLeft(rest, " \t"))
	r.failAt(Pos{r.name, line, column + blanks}, "",
		`a comment begins at " #", also within double quotes: put the whole of it in single quotes: '%s'`, strings.TrimSpace(v.Text+rest))
	return true
}

// flag reads true or false.
func (o *object) flag(name string) bool {
	v := o.get(name)
	if v == nil {
		return false
	}
	if v.Kind != document.Scalar || v.Text != "true" && v.Text != "false" {
		hint := ""
		switch strings.ToLower(v.Text) {
		case "yes", "on", "y", "1", "true":
			hint = "true"
		case "no", "off", "n", "0", "false":
			hint = "false"
		}
		o.r.fail(v, hint, "%s has to be true or false%s", name, insteadOf(v))
		return false
	}
	return v.Text == "true"
}

// insteadOf says what stands somewhere else than it should.
func insteadOf(v *document.Value) string {
	if v.Kind != document.Scalar {
		return ", and this is " + kindOf(v)
	}
	return ", not " + quoted(v.Text)
}

// word reads one of the words of the key and returns its number, 0 if the key is
// not there.
func (o *object) word(name string) int {
	v := o.get(name)
	if v == nil {
		return 0
	}
	return o.r.word(v, name, o.table.find(name).words)
}

func (r *fileReader) word(v *document.Value, name string, list []string) int {
	hint := ""
	if v.Kind == document.Scalar {
		for i, w := range list {
			if v.Text == w {
				return i
			}
		}
		hint = words.Nearest(v.Text, list)
	}
	r.fail(v, hint, "%s has to be %s%s", name, anyOf(list), insteadOf(v))
	return 0
}

// whole reads a whole number.
func (o *object) whole(name string) int {
	v := o.get(name)
	if v == nil {
		return 0
	}
	n, ok := parseInt(v.Text)
	if v.Kind != document.Scalar || !ok {
		o.r.fail(v, "", "%s has to be a whole number%s", name, insteadOf(v))
	}
	return n
}

// days reads a number of days such as 14d or 2w.
func (o *object) days(name string) int {
	v := o.get(name)
	if v == nil {
		return 0
	}
	n, ok := parseDays(v.Text)
	switch {
	case v.Kind != document.Scalar || !ok:
		hint := ""
		if n, number := parseInt(v.Text); number && n >= 0 {
			hint = v.Text + "d"
		}
		o.r.fail(v, hint, "%s has to be a number of days or weeks, such as 14d or 2w%s", name, insteadOf(v))
	case n > maxDays:
		o.r.fail(v, "", "%s: %s", name, tooLong(v.Text))
	}
	return n
}

func tooLong(days string) string {
	if _, number := parseInt(days); number {
		days += " days"
	}
	return days + " is more than a hundred years"
}

func parseDays(text string) (int, bool) {
	number, unit := strings.TrimSuffix(text, "w"), 7
	if number == text {
		number, unit = strings.TrimSuffix(text, "d"), 1
	}
	n, ok := parseInt(number)
	return n * unit, ok && number != text && n >= 0 && n <= 1<<20
}

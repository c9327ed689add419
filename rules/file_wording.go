package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/rules/internal/document"
)

// kindOf says what stands somewhere.
func kindOf(v *document.Value) string {
	switch v.Kind {
	case document.Mapping:
		return "several keys with values"
	case document.Sequence:
		return "a list"
	case document.Null:
		return "empty"
	default:
		return "a text"
	}
}

// quoted shows a value for a message.
func quoted(text string) string { return `"` + excerpt.Of(text) + `"` }

// anyOf writes words as "a, b or c".
func anyOf(list []string) string { return enumerate(list, " or ") }

// allOf writes words as "a, b and c".
func allOf(list []string) string { return enumerate(list, " and ") }

func enumerate(list []string, last string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + last + list[len(list)-1]
}

// shortForms are what may stand in place of the keys of an object.
func shortForm(table string) string {
	switch table {
	case "scope":
		return `kind == "employee"`
	case "account":
		return everyone
	case "field":
		return "text"
	case "approval":
		return "manager"
	case "rehire":
		return "hold"
	}
	return ""
}

// noObject reports something else where keys should be.
func (r *fileReader) noObject(v *document.Value, table string) {
	t := r.tables[table]
	names := t.names()
	usage := strings.Join(names[:min(3, len(names))], ": …, ") + ": …"
	if short := shortForm(table); short != "" {
		usage = short + ", or " + usage
	}
	if text := noBlank(v); text != "" {
		r.fail(v, "", "a blank is missing after the colon: write %s", text)
		return
	}
	r.fail(v, "", "%s is expected here, and this is %s: write %s", t.what, kindOf(v), usage)
}

// noBlank returns a text that was meant to be a key and its value, as these should
// have been written; "" for other texts.
func noBlank(v *document.Value) string {
	name, value, ok := strings.Cut(v.Text, ":")
	if v.Kind != document.Scalar || v.Quoted || !ok || name == "" || value == "" || strings.ContainsAny(name, " /\"'(") {
		return ""
	}
	return name + ": " + value
}

// noList reports something else where a list of rules should be.
func (r *fileReader) noList(v *document.Value, name, table string) {
	t := r.tables[table]
	switch {
	case v.Kind == document.Null:
		r.fail(v, "", "nothing stands behind %s: write its entries below, each with a dash, or remove the line", name)
	case v.Kind != document.Mapping:
		r.fail(v, "", "%s is a list, each entry with a dash before it, and this is %s", name, kindOf(v))
	case len(v.Pairs) > 0 && t.find(v.Pairs[0].Key.Text) != nil:
		r.fail(v, "", `%s is a list, each entry with a dash before it: write "- %s: …"`, name, v.Pairs[0].Key.Text)
	case len(v.Pairs) > 0:
		first := t.keys[slices.IndexFunc(t.keys, func(k key) bool { return k.needed })].name
		r.fail(v, "", `%s is a list, each entry with a dash before it: write "- %s: %s"`, name, first, excerpt.Of(v.Pairs[0].Key.Text))
	default:
		r.fail(v, "", "%s is a list, each entry with a dash before it, and this is {}", name)
	}
}

// noNames reports something else where names with a colon should be.
func (r *fileReader) noNames(v *document.Value, name string) {
	such := map[string]string{
		"fields": "level: int", "account": "app: everyone", "lifecycle": "app: {create: start - 14d}",
		"attributes": "app: [{set: title, to: job_title}]", "tables": "offices: {in: …, rows: …}",
	}[name]
	switch text := noBlank(v); {
	case text != "":
		r.fail(v, "", "a blank is missing after the colon: write %s", text)
	case v.Kind == document.Null:
		r.fail(v, "", "nothing stands behind %s: write lines such as %s below, or remove the line", name, such)
	case v.Kind == document.Sequence:
		r.fail(v, "", "%s has names with a colon, such as %s, and no dashes before them", name, such)
	default:
		r.fail(v, "", "%s has names with a colon, such as %s, and this is %s", name, such, kindOf(v))
	}
}

// meantBy returns keys that people mean by a word that is none.
func meantBy(word string) []string {
	switch word {
	case "if", "where", "condition", "conditions", "match":
		return []string{"when"}
	case "then", "grant", "grants", "entitlements", "roles", "role", "group", "groups":
		return []string{"give", "take", "roles"}
	case "deny", "remove", "revoke", "give":
		return []string{"take", "to"}
	case "to":
		return []string{"give"}
	case "value", "from":
		return []string{"to"}
	case "attribute", "field":
		return []string{"set"}
	case "name", "rule":
		return []string{"id"}
	case "description", "comment":
		return []string{"note"}
	case "reason":
		return []string{"why"}
	case "user", "users", "people", "person", "whom":
		return []string{"who"}
	case "count", "number":
		return []string{"seats"}
	case "limit":
		return []string{"seats", "max"}
	case "priority", "order":
		return []string{"rank"}
	case "target", "targets":
		return []string{"for"}
	case "approver":
		return []string{"by"}
	case "default":
		return []string{"else"}
	}
	return nil
}

package rules

// shape is what may stand behind a key of a rule file.
type shape uint8

const (
	aName      shape = iota + 1 // a text
	someNames                   // a list of texts, or one
	aCond                       // a condition
	anExpr                      // a value
	aDay                        // a day as 2006-01-02
	days                        // a number of days, such as 14d or 2w
	aWhole                      // a whole number
	aFlag                       // true or false
	aWord                       // one of a list of words
	anObject                    // a mapping with keys of its own
	objects                     // a list of these
	named                       // a mapping from names to such objects
	namedLists                  // a mapping from names to lists of such objects
	rows                        // the rows of a table
	someWords                   // a list of words, or one
	shorthand                   // an object, or a text that stands for its first key
	sections                    // a mapping of sections, or a list of grants
)

// A key of a mapping in a rule file. The tables of keys are what files are read by
// and what their JSON Schema is made from.
type key struct {
	name   string
	shape  shape
	of     string   // which table the objects have
	words  []string // aWord
	needed bool
	doc    string
}

// A keyTable is what one kind of mapping may hold.
type keyTable struct {
	what string // with an article, for messages
	keys []key
}

// find returns the key with a name, or nil.
func (t *keyTable) find(name string) *key {
	for i := range t.keys {
		if t.keys[i].name == name {
			return &t.keys[i]
		}
	}
	return nil
}

func (t *keyTable) names() []string { return namesOf(t.keys) }

func namesOf(keys []key) []string {
	names := make([]string, len(keys))
	for i := range keys {
		names[i] = keys[i].name
	}
	return names
}

// fileVersion is the version of the format.
const fileVersion = "v1"

// keyTables returns the tables by name. "file" is the whole file.
func keyTables() map[string]*keyTable {
	note := key{name: "note", shape: aName, doc: "A remark for people."}
	final := key{name: "final", shape: aFlag, doc: "Later layers may neither replace the rule nor switch it off."}
	id := key{name: "id", shape: aName, needed: true, doc: "The name of the rule, unique in the set; plans and explanations quote it."}
	when := key{name: "when", shape: aCond, doc: "For whom it holds; everybody if it is left out."}
	needsWhen := key{name: "when", shape: aCond, needed: true, doc: `For whom it holds, such as department == "Sales"; "everyone" is everybody.`}
	body := sectionKeys()
	return map[string]*keyTable{
		"file": {"a rule file", append([]key{
			{name: "rules", shape: aWord, words: []string{fileVersion}, needed: true, doc: "The version of the format."},
			{name: "name", shape: aName, doc: "The name of the rule set."},
			note,
			{name: "replace", shape: sections, of: "sections", doc: "Rules that take the place of rules of earlier layers with the same ids; a list is a list of grants."},
			{name: "off", shape: someNames, doc: "Ids of rules of earlier layers that do not apply."},
			{name: "later", shape: anObject, of: "later", doc: "What later layers may hold; anything if it is left out."},
		}, body...)},
		"sections": {"replace", body},
		"later": {"later", []key{
			{name: "may", shape: someWords, words: namesOf(body), doc: "The sections that they may hold, replace and switch off; none is no section."},
			{name: "give", shape: someNames, doc: "What they may give: entitlements, with * at the end for all that begin alike, such as app/role:*; none is nothing."},
		}},
		"field": {"a field", []key{
			{name: "type", shape: aWord, words: []string{"text", "list", "date", "int", "bool"}, doc: "What the field holds; text if it is left out."},
			{name: "values", shape: someNames, doc: "All values that there are; anything else is an error in a rule, and missing in a person."},
			{name: "pii", shape: aFlag, doc: "The value names or reaches a person; explanations mask it."},
			note,
		}},
		"scope": {"scope", []key{
			{name: "when", shape: aCond, needed: true, doc: "Who is handled at all."},
			{name: "on_leave_scope", shape: aWord, words: []string{"hold", "disable"}, doc: "What happens to an account of somebody who leaves the scope: a person is asked, or it is disabled. Defaults to hold."},
			note, final,
		}},
		"account": {"an account", []key{
			{name: "when", shape: aCond, needed: true, doc: "Who has an account on the target. Leavers lose it whatever stands here."},
			{name: "label", shape: anExpr, doc: "What people recognise in a plan. Defaults to the work e-mail, the user name or the display name."},
			note, final,
		}},
		"lifecycle": {"a life cycle", []key{
			{name: "id", shape: aName, doc: "Defaults to lifecycle and the target."},
			{name: "create", shape: aName, doc: "When the account is prepared: start, or start - 14d. Defaults to when it is enabled."},
			{name: "enable", shape: aName, doc: "When it is enabled: start, or start - 1d. Defaults to start."},
			{name: "leave", shape: aName, doc: "What a leave of absence does: keep, disable, or disable after 5d since FIELD. Defaults to keep."},
			{name: "disable", shape: aWord, words: []string{"end", "end_date"}, doc: "After which day it is disabled: the last day, always."},
			{name: "delete", shape: aName, doc: "When it is deleted: never, or end + 90d. Defaults to never."},
			{name: "clock", shape: aName, doc: "Whose midnight counts: person, tenant, UTC or a time zone that the program knows. Defaults to person."},
			{name: "end_sessions", shape: aFlag, doc: "End the sessions of an account that is disabled."},
			{name: "handover", shape: aWord, words: []string{"none", "manager"}, doc: "Who gets what a leaver owns. Defaults to none."},
			{name: "rehire", shape: shorthand, of: "rehire", doc: "What happens to the account of somebody who left and comes back."},
			{name: "expire", shape: anObject, of: "expire", doc: "The end of access of some people, such as contractors, on a day of its own."},
			note, final,
		}},
		"rehire": {"rehire", []key{
			{name: "do", shape: aWord, words: []string{"reuse", "hold"}, doc: "Open the account again, or ask first. Defaults to reuse."},
			{name: "within", shape: days, doc: "For how long after it was closed it is opened without asking. Defaults to always."},
		}},
		"expire": {"expire", []key{
			{name: "when", shape: aCond, needed: true, doc: "Whose access ends."},
			{name: "last_day", shape: anExpr, needed: true, doc: "The last day of access, such as end or start + 180d."},
			{name: "if_missing", shape: aWord, words: []string{"report", "hold"}, doc: "What happens to somebody without that day. Defaults to report."},
		}},
		"attribute": {"an attribute", []key{
			{name: "id", shape: aName, doc: "Defaults to the target and the attribute."},
			{name: "set", shape: aName, needed: true, doc: "The attribute of the target."},
			{name: "to", shape: anExpr, doc: "Its value, such as job_title or lower(work_email)."},
			{name: "apply", shape: aWord, words: []string{"always", "create", "if_empty"}, doc: "When it is written: whenever it differs, only when the account is made, or only while it is empty. Defaults to always."},
			{name: "if_missing", shape: aWord, words: []string{"keep", "clear", "block"}, doc: "What happens while the value is missing: nothing, the attribute is emptied, or the account waits. Defaults to keep."},
			when,
			{name: "pick", shape: objects, of: "value choice", doc: "One of several values instead of to: that of the highest rank."},
			{name: "unique", shape: anObject, of: "unique", doc: "A value that nobody else has, chosen once."},
			{name: "secret", shape: aFlag, doc: "The program supplies the value when the account is made."},
			note, final,
		}},
		"value choice": {"a choice", []key{
			{name: "to", shape: anExpr, needed: true, doc: "The value."},
			needsWhen,
			{name: "rank", shape: aWhole, needed: true, doc: "The highest rank wins."},
		}},
		"unique": {"unique", []key{
			{name: "try", shape: someNames, needed: true, doc: "Values in the order in which they are tried; n stands for 2, 3, 4 …"},
			{name: "max", shape: aWhole, doc: "How many numbers n is tried with. Defaults to 50."},
			{name: "never_reuse_for", shape: days, doc: "For how long after an account is deleted its value is given to nobody else."},
		}},
		"grant": {"a grant", []key{
			id, needsWhen,
			{name: "give", shape: someNames, doc: "What it gives, as target/kind:name."},
			{name: "give_from", shape: aName, doc: "A table that says what it gives."},
			{name: "approval", shape: shorthand, of: "approval", doc: "Who has to approve it."},
			{name: "grace", shape: days, doc: "For how long it is kept after the rule stops giving it."},
			{name: "except", shape: objects, of: "exception", doc: "People to whom it gives nothing for a time."},
			note, final,
		}},
		"approval": {"an approval", []key{
			{name: "by", shape: aName, needed: true, doc: "Who approves, such as manager."},
			{name: "when", shape: aCond, doc: "For whom it is needed; everybody if it is left out."},
			{name: "expires", shape: days, doc: "For how long an approval is good. Defaults to for ever."},
			{name: "keep_if_denied", shape: aFlag, doc: "Who has it keeps it although it was denied."},
		}},
		"exception": {"an exception", []key{
			{name: "who", shape: aName, needed: true, doc: "The id of one person."},
			{name: "until", shape: aDay, needed: true, doc: "The last day on which it is in force."},
			{name: "why", shape: aName, needed: true, doc: "The reason, for whoever reads it next year."},
		}},
		"table": {"a table", []key{
			{name: "in", shape: someNames, needed: true, doc: "The fields that the rows are compared with."},
			{name: "first", shape: aFlag, doc: "Only the first row that applies counts. Otherwise all that do."},
			{name: "rows", shape: rows, needed: true, doc: `Each row has a cell for each field (a value, a list of values, or any) and, last, what it gives.`},
			{name: "else", shape: someNames, doc: "What is given if no row applies; none is nothing."},
			note, final,
		}},
		"pick": {"a pick", []key{
			id,
			{name: "choices", shape: objects, of: "choice", needed: true, doc: "The possibilities."},
			note, final,
		}},
		"choice": {"a choice", []key{
			{name: "give", shape: aName, needed: true, doc: "The entitlement, as target/kind:name."},
			needsWhen,
			{name: "rank", shape: aWhole, needed: true, doc: "The highest rank wins."},
		}},
		"never": {"a denial", []key{
			id, needsWhen,
			{name: "take", shape: someNames, needed: true, doc: "What they never have, whatever gives it."},
			note, final,
		}},
		"never_together": {"a separation of duties", []key{
			id,
			{name: "roles", shape: someNames, needed: true, doc: "Entitlements of which nobody shall have two."},
			{name: "do", shape: aWord, words: []string{"hold", "approve", "report"}, doc: "What comes of it. Defaults to hold: nothing is granted, nothing taken."},
			{name: "by", shape: aName, doc: "Who approves, with do: approve."},
			note, final,
		}},
		"require": {"a requirement", []key{
			id,
			{name: "for", shape: someNames, doc: "The targets; all if it is left out."},
			when,
			{name: "must", shape: aCond, needed: true, doc: "What has to hold before anything is sent."},
			{name: "else", shape: aWord, words: []string{"hold", "report"}, doc: "What happens otherwise. Defaults to hold."},
			note, final,
		}},
		"budget": {"a budget", []key{
			id,
			{name: "roles", shape: someNames, needed: true, doc: "The entitlements that share the seats."},
			{name: "seats", shape: aWhole, needed: true, doc: "How many accounts may hold one of them."},
			note, final,
		}},
		"protect": {"a protection", []key{
			id,
			{name: "who", shape: someNames, doc: "Ids of people whose accounts are never disabled, deleted or deprived of anything."},
			{name: "when", shape: aCond, doc: "And everybody for whom this is yes or undecided."},
			note, final,
		}},
	}
}

// sectionKeys are the keys that hold rules.
func sectionKeys() []key {
	return []key{
		{name: "fields", shape: named, of: "field", doc: "Fields of the source that are not built in: their names, and text, list, date, int or bool."},
		{name: "scope", shape: shorthand, of: "scope", doc: "Who is handled at all."},
		{name: "account", shape: named, of: "account", doc: "Who has an account, by target, or target~slot for a second account."},
		{name: "lifecycle", shape: named, of: "lifecycle", doc: "When accounts are made, enabled, disabled and deleted, by target."},
		{name: "attributes", shape: namedLists, of: "attribute", doc: "What accounts hold, by target."},
		{name: "tables", shape: named, of: "table", doc: "Tables that grants give from, and that lookup reads."},
		{name: "grants", shape: objects, of: "grant", doc: "Who gets which entitlements."},
		{name: "pick", shape: objects, of: "pick", doc: "Of several entitlements one, by rank."},
		{name: "never", shape: objects, of: "never", doc: "Who never has which entitlements."},
		{name: "never_together", shape: objects, of: "never_together", doc: "Entitlements of which nobody shall have two."},
		{name: "require", shape: objects, of: "require", doc: "What has to hold before anything is sent."},
		{name: "budget", shape: objects, of: "budget", doc: "How many accounts may hold an entitlement."},
		{name: "protect", shape: objects, of: "protect", doc: "Accounts that are never disabled, deleted or deprived of anything."},
	}
}

package source

import (
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/excerpt"
)

// lists cleans the lists. One value that cannot be trusted makes the whole list
// missing: a shorter list would say that somebody left a group.
func (t *tidier) lists(i *Identity) {
	if len(i.Groups) > 0 {
		groups, ok := slices.Clone(i.Groups), true
		for n := range groups {
			g := &groups[n]
			ok = t.all(i, "groups", &g.ID, &g.Name, &g.Type) && ok
		}
		if i.Groups = groups; !ok {
			i.Groups = nil
		}
	}
	if len(i.AlternateIDs) > 0 {
		ids, ok := slices.Clone(i.AlternateIDs), true
		for n := range ids {
			ok = t.all(i, "alternate_ids", &ids[n].Type, &ids[n].Value) && ok
		}
		if i.AlternateIDs = ids; !ok {
			i.AlternateIDs = nil
		}
	}
	if len(i.Custom) > 0 {
		t.custom(i)
	}
}

func (t *tidier) all(i *Identity, field string, values ...*string) bool {
	ok := true
	for _, v := range values {
		if *v == "" {
			continue
		}
		*v = t.intern(t.text(i, field, *v))
		ok = ok && *v != ""
	}
	return ok
}

func (t *tidier) custom(i *Identity) {
	custom := make(map[string][]string, len(i.Custom))
	names := make([]string, 0, len(i.Custom))
	for name := range i.Custom {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		field := customPrefix + name
		if fault := checkRunes(name); fault != "" || name == "" || len(name) > maxText {
			t.find(i, CodeBadValue, "", fmt.Sprintf("custom field %q is ignored: its name cannot be used", excerpt.Of(name)))
			continue
		}
		values, ok := make([]string, 0, len(i.Custom[name])), true
		for _, v := range i.Custom[name] {
			clean, fault := cleanText(v)
			if fault != "" {
				t.bad(i, field, v, fault)
				ok = false
			}
			if clean != "" {
				values = append(values, t.intern(clean))
			}
		}
		// A list that is there and empty says that there is nothing; a list of
		// blanks says nothing.
		empty := i.Custom[name] != nil && len(i.Custom[name]) == 0
		if ok && (empty || len(values) > 0) {
			custom[t.intern(name)] = values
		}
	}
	i.Custom = custom
}

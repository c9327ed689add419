//go:build !race

package interop_test

import (
	"fmt"
	"math/rand/v2"

	"github.com/provision-go/provision/internal/scim"
)

// writer makes resources and operations of a PATCH that are right by their schemas:
// scim-patch knows none, so it could not tell.
type writer struct {
	*rand.Rand
	user, group *scim.ResourceType
}

func newWriter(seed uint64) writer {
	return writer{Rand: rand.New(rand.NewPCG(seed, 0)), user: scim.UserType(), group: scim.GroupType()}
}

func pick[T any](w writer, from ...T) T { return from[w.IntN(len(from))] }

// some keeps each member of an object by a chance of two in three, and the first
// always.
func (w writer) some(names []string, value func(name string) any) scim.Object {
	o := scim.Object{}
	for n, name := range names {
		if n == 0 || w.IntN(3) > 0 {
			o[name] = value(name)
		}
	}
	return o
}

func (w writer) text() string { return pick(w, "a", "b", "ab", "ba") }

// valued is an element of emails, phoneNumbers or members.
func (w writer) valued(name string) scim.Object {
	if name == "members" {
		return w.some([]string{"value", "display"}, func(string) any { return w.text() })
	}
	return w.some([]string{"value", "type", "primary"}, func(name string) any {
		switch name {
		case "type":
			return pick(w, "work", "home")
		case "primary":
			return w.IntN(2) == 0
		}
		return w.text()
	})
}

func (w writer) several(name string) []any {
	list := []any{}
	for range 1 + w.IntN(3) {
		list = append(list, any(w.valued(name)))
	}
	return list
}

// value is one for an attribute.
func (w writer) value(name string) any {
	switch name {
	case "active":
		return w.IntN(2) == 0
	case "name":
		return w.some([]string{pick(w, "givenName", "familyName"), "formatted"}, func(string) any { return w.text() })
	case "emails", "phoneNumbers", "members":
		return w.several(name)
	case "manager":
		return scim.Object{"value": w.text()}
	case scim.EnterpriseURN:
		return w.some([]string{"department", "employeeNumber", "manager"}, w.value)
	}
	return w.text()
}

// userAttributes and groupAttributes are what clients may write of what is made here.
func userAttributes() []string {
	return []string{"userName", "externalId", "title", "nickName", "active", "name", "emails", "phoneNumbers", scim.EnterpriseURN}
}

func groupAttributes() []string { return []string{"displayName", "externalId", "members"} }

// resource makes one that [scim.Accept] has nothing to say about.
func (w writer) resource(group bool) scim.Object {
	kind, names := w.user, userAttributes()
	if group {
		kind, names = w.group, groupAttributes()
	}
	raw := w.some(names, w.value)
	o, err := scim.Accept(kind, raw, scim.Lenient())
	if err != nil {
		panic(err)
	}
	o["id"] = "1"
	return o
}

// operation makes one with a path or without.
func (w writer) operation(group bool) scim.Object {
	op := scim.Object{"op": pick(w, "add", "replace", "remove", "Add", "Replace", "Remove")}
	names := userAttributes()
	if group {
		names = groupAttributes()
	}
	remove := op["op"] == "remove" || op["op"] == "Remove"
	if !remove && w.IntN(4) == 0 {
		op["value"] = w.some([]string{pick(w, names...), pick(w, names...)}, w.value)
		return op
	}
	path, value := w.place(pick(w, names...), group)
	op["path"] = path
	if !remove {
		op["value"] = value
	}
	return op
}

// place makes a path, and a value for what is there.
func (w writer) place(name string, group bool) (string, any) {
	core := scim.UserURN
	if group {
		core = scim.GroupURN
	}
	prefix := pick(w, "", "", core+":")
	switch name {
	case "name":
		if w.IntN(2) == 0 {
			return prefix + "name." + pick(w, "givenName", "familyName"), w.text()
		}
	case scim.EnterpriseURN:
		switch sub := pick(w, "department", "employeeNumber", "manager", "manager.value", ""); sub {
		case "":
		case "manager":
			return name + ":manager", w.value("manager")
		default:
			return name + ":" + sub, w.text()
		}
		return name, w.value(name)
	case "emails", "phoneNumbers", "members":
		return w.placeInSeveral(prefix, name)
	}
	return prefix + name, w.value(name)
}

func (w writer) placeInSeveral(prefix, name string) (string, any) {
	filter := fmt.Sprintf(`value eq %q`, w.text())
	sub := "display"
	if name != "members" {
		filter = pick(w, filter, fmt.Sprintf(`type eq %q`, pick(w, "work", "home")), "primary eq true",
			fmt.Sprintf(`type eq "work" and value eq %q`, w.text()), fmt.Sprintf(`not (type eq %q)`, pick(w, "work", "home")))
		sub = pick(w, "display", "value")
	}
	switch w.IntN(4) {
	case 0:
		return prefix + name + "[" + filter + "]", w.valued(name)
	case 1:
		return prefix + name + "[" + filter + "]." + sub, w.text()
	case 2:
		return prefix + name + "." + sub, w.text()
	}
	return prefix + name, w.value(name)
}

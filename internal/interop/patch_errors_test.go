//go:build !race

package interop_test

import (
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// deviationsOfErrors are operations that one of the two refuses.
func deviationsOfErrors() []deviation {
	return []deviation{
		{
			name: "a required attribute that is removed", section: "RFC 7644, section 3.5.2.2: removing what is required is an error", ours: scim.Mutability,
			applies: func(s *step) bool { return s.kind == "remove" && (s.attr == "userName" || s.attr == "displayName") },
			before:  `{"userName":"a"}`, op: `{"op":"remove","path":"userName"}`, says: `{}`,
		},
		{
			name: "an immutable sub-attribute", section: "RFC 7644, section 3.5.2: what is immutable and has a value does not change", ours: scim.Mutability,
			applies: func(s *step) bool {
				return s.attr == "members" && s.elements("members") != nil && (s.filter != "" || s.sub != "")
			},
			group: true, before: `{"displayName":"a","members":[{"value":"b"}]}`, op: `{"op":"replace","path":"members[value eq \"b\"]","value":{"value":"c"}}`,
			says: `{"displayName":"a","members":[{"value":"c"}]}`,
		},
		{
			name: "several primaries at once", section: "RFC 7643, section 2.4: true is there once at most", ours: scim.InvalidValue,
			applies: func(s *step) bool {
				if s.filter != "" {
					o, _ := s.op["value"].(scim.Object)
					return o["primary"] == true && primaries(s.theirs.resource[s.attr]) > 1
				}
				return primaries(s.value("emails")) > 1 || primaries(s.value("phoneNumbers")) > 1
			},
			before: `{"userName":"a"}`, op: `{"op":"add","path":"emails","value":[{"value":"b","primary":true},{"value":"c","primary":true}]}`,
			says: `{"userName":"a","emails":[{"value":"b","primary":true},{"value":"c","primary":true}]}`,
		},
		{
			name: "sub-attributes where nothing can be replaced", section: "RFC 7644, section 3.12: no value that could be operated on; scim-patch makes an object of the array", ours: scim.NoTarget,
			applies: func(s *step) bool {
				return s.kind == "replace" && several(s.attr) && s.filter == "" && s.sub != "" && s.before[s.attr] == nil
			},
			before: `{"userName":"a"}`, op: `{"op":"replace","path":"emails.value","value":"b"}`, says: `{"userName":"a","emails":{"value":"b"}}`,
		},
		{
			name: "an element that is added and no equality says which", section: "RFC 7644, section 3.12: a filter that yields no match is noTarget", ours: scim.NoTarget,
			applies: func(s *step) bool {
				return s.kind == "add" && s.sub == "" && s.elements(s.attr) != nil && strings.HasPrefix(s.filter, "not")
			},
			before: `{"userName":"a","emails":[{"value":"b","type":"work"}]}`, op: `{"op":"add","path":"emails[not (type eq \"work\")]","value":{"value":"c"}}`,
			says: `{"userName":"a","emails":[{"value":"b","type":"work"}]}`,
		},
		{
			name: "an element of two equalities that is added", section: "none: scim-patch adds an element for a filter with one equality only", theirs: scim.NoTarget,
			applies: func(s *step) bool { return s.kind == "add" && s.sub != "" && strings.Contains(s.filter, " and ") },
			before:  `{"userName":"a"}`, op: `{"op":"add","path":"emails[type eq \"work\" and value eq \"b\"].display","value":"c"}`, says: "!noTarget",
		},
		{
			name: "a filter where there is no element", section: "none: scim-patch refuses to look for elements of what has none", theirs: scim.InvalidSyntax,
			applies: func(s *step) bool { return s.filter != "" && s.elements(s.attr) == nil },
			before:  `{"userName":"a"}`, op: `{"op":"remove","path":"emails[type eq \"work\"]"}`, says: "!invalidSyntax",
		},
		{
			name: "a sub-attribute of elements that are not there", section: "none: scim-patch finds it an error to remove a part of what is not there", theirs: scim.InvalidSyntax,
			applies: func(s *step) bool { return s.kind == "remove" && s.filter != "" && s.sub != "" },
			before:  `{"userName":"a","emails":[{"value":"b","type":"work"}]}`, op: `{"op":"remove","path":"emails[type eq \"home\"].value"}`, says: "!invalidSyntax",
		},
	}
}

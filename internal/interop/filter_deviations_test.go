//go:build !race

package interop_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
)

// filterDeviation is a class of filters and resources about which somebody else is of
// another opinion than this project.
type filterDeviation struct {
	who, name, section string
	applies            func(f *scim.Filter, o scim.Object) bool
	// An example: what they say, a bool or the text of an error. Ours is another.
	filter, resource string
	says             any
}

func filterDeviations() []filterDeviation {
	return []filterDeviation{
		{
			who: "scim2-parse-filter", name: "ne and null where there is not one value",
			section: "RFC 7644, section 3.4.2.2: ne is true of what is not equal; RFC 7643, section 2.5: null is not assigned",
			applies: func(f *scim.Filter, o scim.Object) bool {
				return anywhere(f, o, func(f *scim.Filter, values int) bool {
					return values != 1 && (f.Op == scim.NotEqual || f.Op == scim.Equal && f.Value == nil)
				})
			},
			filter: `title ne "a"`, resource: `{"userName":"a"}`, says: false,
		},
		{
			who: "scim2-parse-filter", name: "brackets that hold on several elements together",
			section: "RFC 7644, section 3.4.2.2: the filter in brackets holds on one and the same value",
			applies: func(f *scim.Filter, o scim.Object) bool {
				list, _ := o["emails"].([]any)
				return len(list) > 1 && within(f, func(f *scim.Filter) bool {
					return f.Op == scim.Has && within(f.Terms[0], func(f *scim.Filter) bool { return f.Op == scim.And || f.Op == scim.Not })
				})
			},
			filter: `emails[type eq "work" and value eq "b"]`, resource: `{"userName":"a","emails":[{"value":"a","type":"work"},{"value":"b","type":"home"}]}`, says: true,
		},
		{
			who: "SCIMMY", name: "attributes of an extension",
			section: "RFC 7644, section 3.10: an attribute is named by the URN of its schema; SCIMMY splits it at the dot of 2.0",
			applies: func(f *scim.Filter, _ scim.Object) bool {
				return within(f, func(f *scim.Filter) bool { return f.Attr.Extension })
			},
			filter: `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "a"`, resource: `{"userName":"a",` + enterprise + `:{"department":"a"}}`, says: false,
		},
		{
			who: "SCIMMY", name: "ne and null of elements", section: "none says: this project takes ne for the contrary of eq, and null for no value at all",
			applies: func(f *scim.Filter, _ scim.Object) bool {
				return within(f, func(f *scim.Filter) bool {
					return f.Attr.Schema != nil && f.Attr.Attribute.MultiValued && (f.Op == scim.NotEqual || f.Op == scim.Equal && f.Value == nil)
				})
			},
			filter: `emails.type ne "work"`, resource: `{"userName":"a","emails":[{"value":"a","type":"work"},{"value":"b","type":"home"}]}`, says: true,
		},
		{
			who: "SCIMMY", name: "two conditions on elements of one attribute", section: "RFC 7644, section 3.4.2.2: without brackets each may hold on another value",
			applies: func(f *scim.Filter, o scim.Object) bool {
				list, _ := o["emails"].([]any)
				return len(list) > 1 && within(f, func(f *scim.Filter) bool {
					of := func(f *scim.Filter) bool { return f.Attr.Schema != nil && f.Attr.Attribute.MultiValued }
					return f.Op == scim.And && len(slices.DeleteFunc(slices.Clone(f.Terms), func(f *scim.Filter) bool { return !within(f, of) })) > 1
				})
			},
			filter: `emails.type eq "work" and emails.value eq "b"`, resource: `{"userName":"a","emails":[{"value":"a","type":"work"},{"value":"b","type":"home"}]}`, says: false,
		},
		{
			who: "SCIMMY", name: "sub-attributes of what is not there", section: "RFC 7644, section 3.4.2.2: a filter on an attribute without a value is no error",
			applies: func(f *scim.Filter, o scim.Object) bool {
				return within(f, func(f *scim.Filter) bool {
					a := f.Attr.Attribute
					return f.Attr.Schema != nil && a.Type == scim.Complex && o[a.Name] == nil
				})
			},
			filter: `name.familyName pr`, resource: `{"userName":"a"}`, says: "Cannot convert undefined or null to object",
		},
		{
			who: "SCIMMY", name: "parentheses around more than one comparison of a single value", section: "RFC 7644, section 3.4.2.2: parentheses group, and may be nested",
			applies: func(f *scim.Filter, _ scim.Object) bool {
				return within(f, func(f *scim.Filter) bool {
					switch f.Op {
					case scim.And:
						return slices.ContainsFunc(f.Terms, func(f *scim.Filter) bool {
							return f.Op == scim.Or || f.Op == scim.Has && within(f.Terms[0], func(f *scim.Filter) bool { return f.Op == scim.Or })
						})
					case scim.Not:
						attr := f.Terms[0].Attr
						return attr.Attribute == nil || attr.Attribute.MultiValued
					}
					return false
				})
			},
			filter: `not (userName eq "a" and title eq "c")`, resource: `{"userName":"a","title":"a"}`, says: false,
		},
	}
}

// within says whether a filter or one of its parts is something.
func within(f *scim.Filter, is func(*scim.Filter) bool) bool {
	return is(f) || slices.ContainsFunc(f.Terms, func(f *scim.Filter) bool { return within(f, is) })
}

// anywhere is the same of comparisons, with the number of values that are compared:
// inside brackets those of one element, any of them.
func anywhere(f *scim.Filter, o scim.Object, is func(f *scim.Filter, values int) bool) bool {
	switch {
	case f.Op == scim.Has:
		for v := range f.Attr.Values(o) {
			e, _ := v.(scim.Object)
			if anywhere(f.Terms[0], e, is) {
				return true
			}
		}
		return false
	case len(f.Terms) > 0:
		return slices.ContainsFunc(f.Terms, func(f *scim.Filter) bool { return anywhere(f, o, is) })
	case f.Attr.Schema == nil: // of an element
		if o[f.Attr.Attribute.Name] == nil {
			return is(f, 0)
		}
		return is(f, 1)
	}
	values := 0
	for range f.Attr.Values(o) {
		values++
	}
	return is(f, values)
}

// excused names the deviation that explains a difference, "" if none does.
func excused(who string, f *scim.Filter, o scim.Object) string {
	for _, d := range filterDeviations() {
		if d.who == who && d.applies(f, o) {
			return who + ": " + d.name
		}
	}
	return ""
}

// TestFilterDeviations: the others say what is said about them. A case that fails is no
// deviation any more, and to be taken out.
func TestFilterDeviations(t *testing.T) {
	ask := node(t, "oracle.mjs")
	for _, d := range filterDeviations() {
		t.Run(d.who+": "+d.name, func(t *testing.T) {
			f, err := scim.ParseFilter(d.filter, scim.UserType(), scim.Limits{})
			require.NoError(t, err)
			o, err := scim.Decode([]byte(d.resource))
			require.NoError(t, err)
			said := matched(ask, f.String(), []any{o})[d.who][0]
			assert.Equal(t, d.says, said)
			assert.NotEqual(t, scim.Matches(f, o), said)
			assert.Equal(t, d.who+": "+d.name, excused(d.who, f, o))
		})
	}
}

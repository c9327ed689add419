package scim_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/scim"
)

func TestEqualities(t *testing.T) {
	for text, want := range map[string][]string{
		`userName eq "a"`:                                              {"userName a"},
		`userName ne "a"`:                                              nil,
		`userName eq null`:                                             nil,
		`not (userName eq "a")`:                                        nil,
		`userName eq "a" or externalId eq "b"`:                         nil,
		`userName eq "a" and externalId eq "b" and title pr`:           {"userName a", "externalId b"},
		`id eq "g" and members eq "u"`:                                 {"id g", "members.value u"},
		`emails[type eq "work"].value eq "a"`:                          {"emails.type work", "emails.value a"},
		`emails[(type eq "work" or primary eq true) and value eq "a"]`: {"emails.value a"},
		`tags[value eq "a"] and active eq true`:                        {"tags a", "active true"},
		enterprise + `:manager eq "m" and (title eq "x" and (age eq 4 or age eq 5))`: {enterprise + ":manager.value m", "title x"},
	} {
		var got []string
		for attr, v := range filter(t, text).Equalities() {
			got = append(got, fmt.Sprint(attr, " ", v))
		}
		assert.Equal(t, want, got, text)
		for range filter(t, text).Equalities() {
			break
		}
	}
}

func TestValues(t *testing.T) {
	for text, want := range map[string][]any{
		"userName": {"Ana.Jäger@acme.example"}, "emails.value": {"ana@acme.example", "ana@home.example"}, "tags": {"Red", "green"},
		enterprise + ":manager.value": {"Boss"}, "title": nil, "emails.display": nil, "urn:example:acme_corp:scim:2.0:displayName": nil,
	} {
		var got []any
		for v := range path(t, text).Values(ana()) {
			got = append(got, v)
		}
		assert.Equal(t, want, got, text)
	}
	assert.Empty(t, scim.Attr{}.String())
}

package successfactors_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

// Nothing of anybody is left in the people of the next page, today's or of a day to
// come.
func TestPagesKeepNothing(t *testing.T) {
	cfg := company()
	first, second := employed("u1", "2027-01-15", "A"), employed("u2", "2027-01-15", "A")
	first.Jobs[0].Title, second.Jobs[0].Title = "First", "Second"
	onboarding := successfactorstest.Employment{UserID: "u3", UserStatus: "e", Class: "GA"}
	bare := successfactorstest.Employment{UserID: "u4a", UserStatus: "-"}
	over := successfactorstest.Employment{UserID: "u4b", UserStatus: "f", Start: "2001-01-01", End: "2002-01-01"}
	people := []successfactorstest.Person{
		worker("1", "One", "A", first), worker("2", "Two", "B", second), worker("3", "Three", "C", onboarding), worker("4", "", "", bare, over),
		worker("5", "Five", "E", employed("boss-1", "2001-01-01", "A")),
	}
	people[0].From, people[1].From, people[3].Emails, people[3].UUID = "2027-01-15", "2027-01-15", nil, ""
	people[3].DisplayName, cfg.People = "", people
	_, address := serve(t, cfg)
	small := collect(t, open(t, address, func(c *successfactors.Config) { c.PageSize = 1 }))
	large := collect(t, open(t, address, func(c *successfactors.Config) { c.PageSize = 1000 }))
	assert.Equal(t, sourcetest.Describe(large), sourcetest.Describe(small))
	for id, title := range map[string]string{"1": "First", "2": "Second", "3": "", "4": "", "5": "Engineer"} {
		assert.Equal(t, title, small.Find(id).JobTitle, id)
	}
	assert.Equal(t, []string{"One", "Two"}, []string{small.Find("1").Name.Given, small.Find("2").Name.Given})
	assert.Equal(t, source.PreHire, small.Find("3").Status)
	assert.Equal(t, source.Unknown, small.Find("4").Status, "a user who is gone says nothing of onboarding")
	assert.Empty(t, small.Find("4").WorkEmail)
}

// Who works at home and abroad has the job at home, whichever began last.
func TestStandardAssignmentCounts(t *testing.T) {
	for _, start := range []string{"2011-01-01", "2025-01-01"} {
		home, abroad := employed("home", "2020-01-01", "A"), employed("abroad", start, "A")
		abroad.Class, home.Jobs[0].Title, abroad.Jobs[0].Title = "GA", "Home", "Abroad"
		cfg := company()
		cfg.People = append(cfg.People[:1:1], worker("1", "A", "B", abroad, home))
		_, address := serve(t, cfg)
		assert.Equal(t, "Home", one(t, open(t, address, nil), "1").JobTitle)
	}
}

func TestNobodyIsListed(t *testing.T) {
	cfg := company()
	cfg.People = nil
	_, address := serve(t, cfg)
	_, err := source.Collect(t.Context(), open(t, address, nil))
	require.ErrorIs(t, err, source.ErrIncomplete)
	require.ErrorContains(t, err, "look at the permissions of the API user")
	require.ErrorContains(t, err, "nobody is listed")
}

// A page that comes in the place of the last one is noticed, whatever is behind it.
func TestAPageInThePlaceOfAnother(t *testing.T) {
	fake, address := serve(t, company())
	var first []byte
	fake.Break(successfactorstest.Fault{Spoil: successfactorstest.Spoil{Alter: func(body []byte) []byte {
		if first == nil {
			first = body
			return body
		}
		return bytes.Replace(first, []byte(`"__next"`), []byte(`"next"`), 1)
	}}})
	_, err := source.Collect(t.Context(), open(t, address, nil))
	require.ErrorIs(t, err, source.ErrIncomplete)
	require.ErrorContains(t, err, "came twice")
}

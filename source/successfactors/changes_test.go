package successfactors_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

// follow reads changes: who they are about, and where the next ones begin.
func follow(t *testing.T, s *successfactors.Source, since source.Cursor) (map[string]source.Identity, source.Cursor) {
	t.Helper()
	people := map[string]source.Identity{}
	var next source.Cursor
	for delta, err := range s.Changes(t.Context(), since) {
		require.NoError(t, err)
		if delta.Cursor != "" {
			next = delta.Cursor
		}
		if delta.Identity.ID != "" {
			people[delta.Identity.ID] = delta.Identity
		}
	}
	require.NotEmpty(t, next)
	return people, next
}

// Whatever is changed of somebody, below the person too, tells; and nothing else does.
func TestChanges(t *testing.T) {
	changes := map[string]func(*successfactorstest.Person){
		"a name":       func(p *successfactorstest.Person) { p.LastName = "Ng-Smith" },
		"an address":   func(p *successfactorstest.Person) { p.Emails[1].Address = "ada@acme.example" },
		"the last day": func(p *successfactorstest.Person) { p.Employments[0].End = "2026-12-31" },
		"a job":        func(p *successfactorstest.Person) { p.Employments[0].Jobs[0].Title = "Lead" },
		"a user name":  func(p *successfactorstest.Person) { p.Employments[0].Username = "ang2" },
		"a new job from January": func(p *successfactorstest.Person) {
			p.Employments[0].Jobs[0].End = "2026-12-31"
			p.Employments[0].Jobs = append(p.Employments[0].Jobs, engineer("2027-01-01", "A"))
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			now := noon()
			cfg := company()
			cfg.Clock = func() time.Time { return now }
			fake, address := serve(t, cfg)
			s := open(t, address, func(c *successfactors.Config) { c.Clock = cfg.Clock })
			all, cursor := follow(t, s, "")
			assert.Len(t, all, len(everybody()))
			now = now.Add(48 * time.Hour)
			quiet, cursor := follow(t, s, cursor)
			assert.Len(t, quiet, len(everybody()), "they came at noon, and nobody knows how late that shows")
			quiet, cursor = follow(t, s, cursor)
			assert.Empty(t, quiet)
			now = now.Add(time.Hour)
			ada := company().People[1]
			change(&ada)
			fake.Put(ada)
			changed, cursor := follow(t, s, cursor)
			require.Len(t, changed, 1)
			assert.Equal(t, one(t, s, "103"), tidied(t, changed["103"]), "with the manager")
			now = now.Add(time.Hour)
			_, cursor = follow(t, s, cursor)
			quiet, _ = follow(t, s, cursor)
			delete(quiet, "103") // who has a job to come is told again and again, see SAP note 2920680
			assert.Empty(t, quiet)
		})
	}
}

// tidied is what Collect makes of an identity.
func tidied(t *testing.T, i source.Identity) source.Identity {
	t.Helper()
	if i.Location.TimeZone != "" {
		zone, err := time.LoadLocation(i.Location.TimeZone)
		require.NoError(t, err)
		i.Location.Zone = zone
	}
	return i
}

// What was entered long ago and comes into force now tells as well.
func TestChangesThatComeIntoForce(t *testing.T) {
	now := noon()
	cfg := company()
	cfg.Clock = func() time.Time { return now }
	fake, address := serve(t, cfg)
	s := open(t, address, func(c *successfactors.Config) { c.Clock = cfg.Clock })
	leaver := company().People[1]
	leaver.Employments[0].End, leaver.Employments[0].Jobs[0].End = "2026-12-10", "2026-12-10"
	leaver.Employments[0].Jobs = append(leaver.Employments[0].Jobs, engineer("2026-12-11", "T"))
	fake.Put(leaver)
	now = now.AddDate(0, 0, 9) // 8 December
	_, cursor := follow(t, s, "")
	now = now.AddDate(0, 0, 1)
	people, cursor := follow(t, s, cursor)
	assert.Equal(t, source.Active, people["103"].Status)
	now = now.AddDate(0, 0, 2) // 11 December
	people, _ = follow(t, s, cursor)
	require.Contains(t, people, "103")
	assert.Equal(t, source.Terminated, people["103"].Status)
}

func TestCursors(t *testing.T) {
	fake, address := serve(t, company())
	s := open(t, address, nil)
	read := func(since source.Cursor) error {
		for _, err := range s.Changes(t.Context(), since) {
			if err != nil {
				return err
			}
		}
		return nil
	}
	for _, since := range []source.Cursor{"x", "2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"} {
		require.ErrorIs(t, read(since), source.ErrCursorExpired, since)
	}
	good := source.Cursor("2026-11-28T00:00:00Z")
	require.NoError(t, read(good))
	fake.Break(successfactorstest.Fault{Spoil: successfactorstest.Spoil{Status: http.StatusBadRequest}})
	require.ErrorIs(t, read(good), source.ErrCursorExpired, "a filter that is not taken leads to a full read")
	fake.Break(successfactorstest.Fault{Spoil: successfactorstest.Spoil{Status: http.StatusForbidden}})
	err := read(good)
	require.ErrorIs(t, err, source.ErrForbidden)
	require.NotErrorIs(t, err, source.ErrCursorExpired)
}

// A server whose clock is plainly wrong moves no cursor.
func TestAClockThatIsWrong(t *testing.T) {
	_, address := serve(t, company())
	s := open(t, address, func(c *successfactors.Config) {
		patient := saml()
		patient.Lifetime = time.Hour
		c.Auth = successfactors.SAMLBearer(patient)
		c.Clock = func() time.Time { return noon().Add(-10 * time.Minute) }
	})
	_, next := follow(t, s, "2026-11-29T10:00:00Z")
	assert.Equal(t, source.Cursor("2026-11-29T10:00:00Z"), next)
}

// What the filter of changes is, as it is sent.
func TestFilterOfChanges(t *testing.T) {
	fake, address := serve(t, company())
	_, _ = follow(t, open(t, address, nil), "2026-11-29T10:00:00Z")
	u, err := url.Parse(strings.TrimPrefix(fake.Requests()[1], "GET "))
	require.NoError(t, err)
	assert.Equal(t, "(lastModifiedDateTime ge datetimeoffset'2026-11-29T09:59:00Z'"+
		" or personalInfoNav/lastModifiedDateTime ge datetimeoffset'2026-11-29T09:59:00Z'"+
		" or emailNav/lastModifiedDateTime ge datetimeoffset'2026-11-29T09:59:00Z'"+
		" or employmentNav/lastModifiedDateTime ge datetimeoffset'2026-11-29T09:59:00Z'"+
		" or employmentNav/userNav/lastModifiedDateTime ge datetimeoffset'2026-11-29T09:59:00Z'"+
		" or employmentNav/jobInfoNav/lastModifiedDateTime ge datetimeoffset'2026-11-29T09:59:00Z'"+
		" or (personalInfoNav/startDate ge datetimeoffset'2026-11-28T00:00:00Z' and personalInfoNav/startDate le datetimeoffset'2026-11-30T02:00:00Z')"+
		" or (employmentNav/startDate ge datetimeoffset'2026-11-28T00:00:00Z' and employmentNav/startDate le datetimeoffset'2026-11-30T02:00:00Z')"+
		" or (employmentNav/jobInfoNav/startDate ge datetimeoffset'2026-11-28T00:00:00Z'"+
		" and employmentNav/jobInfoNav/startDate le datetimeoffset'2026-11-30T02:00:00Z'))"+
		" and employmentNav/userNav/status in 't','f','e'", u.Query().Get("$filter"))
}

// Ids with quotes in them stay ids.
func TestOneByOne(t *testing.T) {
	cfg := company()
	cfg.People = append(cfg.People, worker("O'Neil or '1' eq '1", "Pat", "Quote", employed("u'1", "2020-01-01", "A")))
	_, address := serve(t, cfg)
	s := open(t, address, nil)
	assert.Equal(t, "Pat", one(t, s, "O'Neil or '1' eq '1").Name.Given)
	for _, id := range []string{"' or personIdExternal ne '", "999", " 103", "", "\x00"} {
		_, err := s.Identity(t.Context(), id)
		require.ErrorIs(t, err, source.ErrNotFound, "%q", id)
	}
}

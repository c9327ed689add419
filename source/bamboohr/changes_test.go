package bamboohr_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

// feed is a BambooHR with a clock to turn, and a source that reads it.
type feed struct {
	*bambootest.Server
	source.DeltaSource
	now time.Time
}

func newFeed(t *testing.T, strategy bamboohr.Strategy, change func(*bamboohr.Config)) *feed {
	t.Helper()
	f := &feed{now: noon()}
	clock := func() time.Time { return f.now }
	fake, url := newFake(t, bambootest.Config{People: staff(), Clock: clock})
	f.Server = fake
	f.DeltaSource = newSource(t, url, func(c *bamboohr.Config) {
		c.Strategy, c.Clock = strategy, clock
		if change != nil {
			change(c)
		}
	})
	return f
}

// since returns the people who changed since a cursor, as "id status", and the next
// cursor.
func (f *feed) since(t *testing.T, cursor source.Cursor) ([]string, source.Cursor) {
	t.Helper()
	deltas, err := changes(t, f, cursor)
	require.NoError(t, err)
	var people []string
	for _, d := range deltas[:len(deltas)-1] {
		assert.Empty(t, d.Cursor, "a cursor before everything behind it was yielded")
		people = append(people, d.Identity.ID+" "+d.Identity.Status.String())
	}
	last := deltas[len(deltas)-1]
	assert.Empty(t, last.Identity.ID)
	require.NotEmpty(t, last.Cursor)
	return people, last.Cursor
}

func TestChanges(t *testing.T) {
	for name, strategy := range strategies() {
		t.Run(name, func(t *testing.T) {
			f := newFeed(t, strategy, nil)
			people, cursor := f.since(t, "")
			assert.Len(t, people, len(staff()))

			f.now = f.now.Add(time.Hour)
			people, cursor = f.since(t, cursor)
			assert.Len(t, people, len(staff()), "who changed just before the first cursor comes again")

			f.now = f.now.Add(time.Hour)
			people, cursor = f.since(t, cursor)
			assert.Empty(t, people, "the feed was quiet, and nobody comes for ever")

			f.now = f.now.Add(time.Hour)
			leaver := staff()[0]
			leaver.Status, leaver.EmploymentStatus, leaver.TerminationDate = "Inactive", "Terminated", "2026-03-01"
			f.Put(leaver)
			f.now = f.now.Add(time.Minute)
			f.Put(bambootest.Person{ID: "2000", FirstName: "Di", HireDate: "2026-03-02"})
			f.now = f.now.Add(time.Minute)
			f.Delete("43")
			f.now = f.now.Add(time.Minute)
			people, cursor = f.since(t, cursor)
			assert.Equal(t, []string{"7 terminated", "2000 active", "43 deleted"}, people)

			// The last second comes again, and no more.
			people, next := f.since(t, cursor)
			assert.Equal(t, []string{"43 deleted"}, people)
			assert.Equal(t, cursor, next)

			// Somebody who changed and cannot be seen is nobody's end.
			f.now = f.now.Add(time.Hour)
			changed := staff()[1]
			changed.JobTitle = "Principal"
			f.Put(changed)
			f.Hide(changed.ID)
			f.now = f.now.Add(time.Second)
			people, _ = f.since(t, cursor)
			assert.Equal(t, []string{"43 deleted"}, people)
		})
	}
}

// Somebody who changes in the very second of a cursor, after it was given out, is not
// missed.
func TestChangesInOneSecond(t *testing.T) {
	f := newFeed(t, bamboohr.Employees, nil)
	f.now = f.now.Add(time.Hour)
	f.Put(staff()[0])
	_, cursor := f.since(t, source.Cursor(noon().Format(time.RFC3339)))
	f.Put(staff()[1]) // no time has passed
	f.now = f.now.Add(time.Minute)
	people, _ := f.since(t, cursor)
	assert.Equal(t, []string{"7 active", "42 active"}, people)
}

// A deletion that BambooHR reports although the person is still there is none.
func TestDeletedAndStillThere(t *testing.T) {
	f := newFeed(t, bamboohr.Employees, nil)
	f.now = f.now.Add(time.Hour)
	f.Put(staff()[0])
	f.Break(bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{Alter: replace(`Updated`, `Deleted`)}})
	people, _ := f.since(t, source.Cursor(f.now.Format(time.RFC3339)))
	assert.Equal(t, []string{"7 active"}, people)
}

func TestCursors(t *testing.T) {
	tests := map[string]source.Cursor{
		"malformed":       "yesterday",
		"a page's cursor": "Mjo0Mw",
		"half a time":     "2026-03-02T12:00",
		"the future":      "2026-03-02T14:00:00Z",
		"too old":         "2026-01-02T12:00:00Z",
		"before all time": "0000-00-00T00:00:00Z",
		"an injection":    "2026-03-02T12:00:00Z&type=deleted",
	}
	for name, cursor := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFeed(t, bamboohr.Employees, nil)
			_, err := changes(t, f, cursor)
			require.ErrorIs(t, err, source.ErrCursorExpired)
			assert.Empty(t, f.Requests(), "BambooHR was asked")
		})
	}
	t.Run("refused", func(t *testing.T) {
		f := newFeed(t, bamboohr.Employees, nil)
		f.Break(bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{Status: 400}})
		_, err := changes(t, f, "2026-03-02T11:00:00Z")
		require.ErrorIs(t, err, source.ErrCursorExpired)
	})
	t.Run("too many changes", func(t *testing.T) {
		f := newFeed(t, bamboohr.Employees, func(c *bamboohr.Config) { c.MostChanges = 4 })
		_, err := changes(t, f, "2026-03-02T11:00:00Z")
		require.ErrorIs(t, err, source.ErrCursorExpired)
		assert.Len(t, f.Requests(), 1, "people were read")
	})
	t.Run("with another zone", func(t *testing.T) {
		f := newFeed(t, bamboohr.Employees, nil)
		people, _ := f.since(t, "2026-03-02T06:00:00-05:00")
		assert.Len(t, people, len(staff()))
	})
}

// A feed that is not what it should be is an error, and moves no cursor.
func TestBadFeeds(t *testing.T) {
	const one = `{"latest":"2026-03-02T12:00:00+00:00","employees":{"42":{"id":"42","action":"Updated","lastChanged":"2026-03-02T11:59:00+00:00"}}}`
	tests := map[string]string{
		"no changes in it":     `{}`,
		"null":                 strings.Replace(one, `{"42":{"id":"42","action":"Updated","lastChanged":"2026-03-02T11:59:00+00:00"}}`, "null", 1),
		"a list of changes":    `{"employees":[{"id":"42"}]}`,
		"another id":           strings.Replace(one, `"id":"42"`, `"id":"43"`, 1),
		"no id":                strings.ReplaceAll(one, `"42"`, `"x"`),
		"a path":               strings.ReplaceAll(one, `"42"`, `"../7"`),
		"another action":       strings.Replace(one, "Updated", "Merged", 1),
		"no action":            strings.Replace(one, `"action":"Updated",`, "", 1),
		"no time":              strings.Replace(one, "11:59:00", "soon", 1),
		"a latest without day": strings.Replace(one, `"2026-03-02T12:00:00+00:00"`, `"now"`, 1),
		"half":                 one[:len(one)/2],
		"two":                  one + one,
	}
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFeed(t, bamboohr.Employees, nil)
			f.Break(bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{
				Status: 200, Body: body, Header: map[string]string{"Content-Type": "application/json"},
			}})
			deltas, err := changes(t, f, "2026-03-02T11:00:00Z")
			require.ErrorIs(t, err, source.ErrBadContent)
			assert.Empty(t, deltas)
		})
	}
	t.Run("none", func(t *testing.T) {
		f := newFeed(t, bamboohr.Employees, nil)
		f.Break(bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{
			Status: 200, Body: `{"latest":null,"employees":[]}`, Header: map[string]string{"Content-Type": "application/json"},
		}})
		people, cursor := f.since(t, "2026-03-02T11:00:00Z")
		assert.Empty(t, people)
		next, err := time.Parse(time.RFC3339, string(cursor))
		require.NoError(t, err)
		assert.WithinRange(t, next, f.now.Add(-2*time.Minute), f.now.Add(-time.Minute), "a while before the server was asked")
	})
	// A clock that is plainly wrong must not skip changes.
	for _, date := range []string{"Fri, 01 Mar 2030 12:00:00 GMT", "Sun, 01 Mar 2020 12:00:00 GMT", "soon"} {
		t.Run("a server of "+date, func(t *testing.T) {
			f := newFeed(t, bamboohr.Employees, nil)
			f.now = f.now.Add(time.Hour)
			f.Put(staff()[0])
			f.Break(bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{Header: map[string]string{"Date": date}}})
			people, cursor := f.since(t, "2026-03-02T12:30:00Z")
			assert.Equal(t, []string{"7 active"}, people)
			assert.Equal(t, source.Cursor("2026-03-02T13:00:00Z"), cursor)
		})
	}
}

// Many changes are read in few requests where the endpoint can.
func TestChangesInBatches(t *testing.T) {
	f := newFeed(t, bamboohr.Employees, func(c *bamboohr.Config) { c.PageSize = 250 })
	f.now = f.now.Add(time.Hour)
	for n := range 250 {
		f.Put(bambootest.Person{ID: fmt.Sprint(5000 + n)})
	}
	people, _ := f.since(t, source.Cursor(f.now.Format(time.RFC3339)))
	assert.Len(t, people, 250)
	assert.Len(t, f.Requests(), 1+3)
}

func FuzzFeed(f *testing.F) {
	f.Add(`{"latest":"2026-03-02T12:00:00+00:00","employees":{"42":{"id":"42","action":"Updated","lastChanged":"2026-03-02T11:59:00+00:00"}}}`)
	f.Add(`{"latest":null,"employees":[]}`)
	f.Fuzz(func(t *testing.T, body string) {
		s := newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) { c.Transport = answers(body) })
		for d, err := range s.Changes(t.Context(), "2026-03-02T11:00:00Z") {
			if err == nil && d.Identity.ID == "" && d.Cursor == "" {
				t.Fatal("a change of nothing")
			}
		}
	})
}

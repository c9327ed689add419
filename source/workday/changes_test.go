package workday_test

import (
	"errors"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

// follow reads changes and returns who came, sorted, and the next cursor.
func follow(t *testing.T, s *workday.Source, since source.Cursor) (map[string]source.Identity, source.Cursor) {
	t.Helper()
	people := map[string]source.Identity{}
	var last source.Cursor
	for d, err := range s.Changes(t.Context(), since) {
		require.NoError(t, err)
		if d.Identity.ID != "" {
			assert.NotContains(t, people, d.Identity.ID, "whoever changed comes once")
			people[d.Identity.ID] = d.Identity
		}
		last = d.Cursor
	}
	require.NotEmpty(t, last)
	return people, last
}

func keys(people map[string]source.Identity) []string {
	var all []string
	for id := range people {
		all = append(all, id)
	}
	slices.Sort(all)
	return all
}

func TestChanges(t *testing.T) {
	c := &clock{now: noon()}
	fake, url := newFake(t, workdaytest.Config{Workers: staff(), Clock: c.Now})
	s := newSource(t, url, func(cfg *workday.Config) { cfg.Connection.Clock, cfg.PageSize = c.Now, 1 })
	all, cursor := follow(t, s, "")
	assert.Len(t, all, len(staff()))

	// Nothing happened; what took effect within a day comes again.
	c.forward(10 * time.Minute)
	none, cursor := follow(t, s, cursor)
	assert.Empty(t, none)

	// An entry, and several of one person.
	c.forward(10 * time.Minute)
	changed := staff()[1]
	changed.LastName = "Ngozi"
	fake.Put(changed)
	changed.LastName = "Okonkwo"
	fake.Put(changed)
	c.forward(10 * time.Minute)
	some, cursor := follow(t, s, cursor)
	assert.Equal(t, []string{ada}, keys(some))
	assert.Equal(t, "Okonkwo", some[ada].Name.Family)

	// A hire for later, which is read as of its day.
	hired := staff()[3]
	hired.WID, hired.HireDate = "newcomer1", "2026-05-04"
	fake.Put(hired)
	c.forward(10 * time.Minute)
	some, cursor = follow(t, s, cursor)
	assert.Equal(t, []string{"newcomer1"}, keys(some))
	assert.Equal(t, source.PreHire, some["newcomer1"].Status)
	assert.Equal(t, "Platform", some["newcomer1"].Department.Name)

	// A termination for later: seen when it is entered, and again when it takes effect.
	leaving := staff()[4]
	leaving.TerminationDate = "2026-03-05"
	fake.Put(leaving)
	c.forward(10 * time.Minute)
	some, cursor = follow(t, s, cursor)
	assert.Equal(t, source.Active, some[emile].Status)
	for range 4 {
		c.forward(24 * time.Hour)
		some, cursor = follow(t, s, cursor)
	}
	assert.Equal(t, []string{emile}, keys(some))
	assert.Equal(t, source.Terminated, some[emile].Status)

	// The day of a hire arrives.
	c.forward(26 * 24 * time.Hour)
	some, cursor = follow(t, s, cursor)
	assert.Contains(t, keys(some), cy)
	assert.Equal(t, source.Active, some[cy].Status)

	// A hire that is taken back.
	hired.Rescinded = true
	fake.Put(hired)
	c.forward(10 * time.Minute)
	some, _ = follow(t, s, cursor)
	assert.Equal(t, source.Terminated, some["newcomer1"].Status)
}

// What is entered while changes are read comes with the next ones.
func TestChangesMeanwhile(t *testing.T) {
	c := &clock{now: noon()}
	fake, url := newFake(t, workdaytest.Config{Workers: staff(), Clock: c.Now})
	s := newSource(t, url, func(cfg *workday.Config) { cfg.Connection.Clock, cfg.PageSize = c.Now, 1 })
	var cursor source.Cursor
	for d, err := range s.Changes(t.Context(), "") {
		require.NoError(t, err)
		if d.Identity.ID == mara {
			changed := staff()[0]
			changed.LastName = "Other"
			fake.Put(changed)
		}
		c.forward(time.Second)
		cursor = d.Cursor
	}
	c.forward(time.Hour)
	some, _ := follow(t, s, cursor)
	assert.Equal(t, []string{mara}, keys(some))
}

func TestChangesWindows(t *testing.T) {
	fake, url := newFake(t, workdaytest.Config{Workers: staff()})
	s := newSource(t, url, nil)
	_, next := follow(t, s, "2026-03-01T10:00:00Z")
	assert.Equal(t, source.Cursor("2026-03-02T19:59:00Z"), next)
	window := regexp.MustCompile(`<w:Transaction_Date_Range_Data>(.*)</w:Transaction_Date_Range_Data>`)
	var asked []string
	for _, r := range fake.Requests() {
		asked = append(asked, window.FindStringSubmatch(r.Body)[1])
		assert.Contains(t, r.Body, "<w:Exclude_Inactive_Workers>false")
	}
	assert.Equal(t, []string{
		"<w:Updated_From>2026-03-01T09:59:59.000Z</w:Updated_From><w:Updated_Through>2026-03-02T19:59:00.000Z</w:Updated_Through>",
		"<w:Effective_From>2026-02-28T09:59:59.000Z</w:Effective_From><w:Effective_Through>2026-03-02T19:59:00.000Z</w:Effective_Through>",
	}, asked)
}

func TestCursors(t *testing.T) {
	_, url := newFake(t, workdaytest.Config{Workers: staff()})
	s := newSource(t, url, func(c *workday.Config) { c.OldestCursor = 7 * 24 * time.Hour })
	for name, cursor := range map[string]source.Cursor{
		"not ours": "17", "old": "2026-02-23T19:59:59Z", "from the future": "2026-03-02T21:00:01Z",
	} {
		t.Run(name, func(t *testing.T) {
			var last error
			for _, err := range s.Changes(t.Context(), cursor) {
				last = err
			}
			require.ErrorIs(t, last, source.ErrCursorExpired)
		})
	}
	_, _ = follow(t, s, "2026-02-23T20:00:01Z")
	_, _ = follow(t, s, "2026-03-02T20:30:00Z") // a clock that was set back
}

// A page of changes that is lost is an error, and so is a window that fails.
func TestChangesBroken(t *testing.T) {
	for name, fault := range map[string]workdaytest.Fault{
		"lost page":    {Log: true, Spoil: workdaytest.Spoil{Alter: replace(`<wd:Total_Pages>2`, `<wd:Total_Pages>1`)}},
		"second page":  {Log: true, Page: 2, Spoil: workdaytest.Spoil{Status: 404}},
		"not a window": {Log: true, Spoil: workdaytest.SOAPFault("Client.validationError", "the window is too long")},
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{now: noon()}
			fake, url := newFake(t, workdaytest.Config{Workers: staff(), Clock: c.Now})
			s := newSource(t, url, func(cfg *workday.Config) { cfg.Connection.Clock, cfg.PageSize = c.Now, 1 })
			_, cursor := follow(t, s, "")
			fake.Put(staff()[0], staff()[1])
			c.forward(time.Hour)
			fake.Break(fault)
			var last error
			for d, err := range s.Changes(t.Context(), cursor) {
				last = err
				assert.Empty(t, d.Cursor)
			}
			require.Error(t, last)
			require.False(t, errors.Is(last, source.ErrCursorExpired))
		})
	}
}

// Hires to come are looked for as far ahead as one wants.
func TestHiresToCome(t *testing.T) {
	for name, test := range map[string]struct {
		days  int
		lists bool
		want  bool
	}{
		"usual": {0, false, true}, "too short": {20, false, false}, "just enough": {30, false, true}, "not at all": {-1, false, false},
		"not at all, but listed": {-1, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, url := newFake(t, workdaytest.Config{Workers: staff(), ListsHires: test.lists})
			s := newSource(t, url, func(c *workday.Config) { c.PreHireDays = test.days })
			snapshot, err := source.Collect(t.Context(), s)
			require.NoError(t, err)
			found := snapshot.Find(cy)
			require.Equal(t, test.want, found != nil)
			one, err := s.Identity(t.Context(), cy)
			if !test.want {
				require.ErrorIs(t, err, source.ErrNotFound)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "Platform", one.Department.Name)
			assert.Equal(t, "Platform", found.Department.Name)
		})
	}
}

// The day is that of the configured zone.
func TestZone(t *testing.T) {
	c := &clock{now: time.Date(2026, time.March, 31, 14, 0, 0, 0, time.UTC)} // the 1st of April in Sydney
	_, url := newFake(t, workdaytest.Config{Workers: staff(), Clock: c.Now})
	for zone, want := range map[string]source.Status{"": source.PreHire, "Australia/Sydney": source.Active} {
		s := newSource(t, url, func(cfg *workday.Config) { cfg.Zone, cfg.Connection.Clock = zone, c.Now })
		i, err := s.Identity(t.Context(), cy)
		require.NoError(t, err)
		assert.Equal(t, want, i.Status, zone)
	}
}

// Somebody who becomes an employee is another worker; package source makes one person
// of both.
func TestConversion(t *testing.T) {
	people := staff()
	was := people[4]
	was.ContingentID, was.TerminationDate = "20500", "2026-02-15"
	is := people[1]
	is.WID, is.EmployeeID, is.HireDate, is.OriginalHireDate = "converted1", "20500", "2026-02-16", ""
	_, url := newFake(t, workdaytest.Config{Workers: append(people[:4], was, is)})
	s, err := source.People(source.PeopleConfig{Source: newSource(t, url, nil), Match: []source.MatchBy{source.ByEmployeeNumber}})
	require.NoError(t, err)
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	assert.Equal(t, 5, snapshot.Len())
	person := snapshot.Find(emile)
	require.NotNil(t, person, "the ID that was known first")
	assert.Equal(t, source.Active, person.Status)
	assert.Equal(t, source.KindEmployee, person.Kind)
}

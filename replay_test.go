package provision_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// A career is what really happened to one employee. The test computes from it
// what the target must hold, without the library.
type career struct {
	id         string
	hired      time.Time
	left       time.Time // last day; zero = still there
	back       time.Time // rehired; zero = never
	department []spell   // "" = the file says nothing
	title      []spell
}

type spell struct {
	from  time.Time
	value string
}

func at(spells []spell, day time.Time) string {
	value := ""
	for _, s := range spells {
		if !s.from.After(day) {
			value = s.value
		}
	}
	return value
}

// history invents a company: it grows, many have no department for years, people
// move, are promoted, leave, and some come back.
func history(r *rand.Rand, people, months int, begin time.Time) []career {
	departments := []string{"Engineering", "Sales", "Finance", "Support", "Legal", "People", "Product", "Field"}
	days := months * 30
	out := make([]career, people)
	for i := range out {
		c := &out[i]
		c.id = fmt.Sprintf("E%05d", i)
		c.hired = begin.AddDate(0, 0, r.IntN(days))
		if i%5 == 0 {
			c.hired = begin.AddDate(-1, 0, 0) // there from the beginning
		}
		day := c.hired
		if r.IntN(3) == 0 {
			c.department = append(c.department, spell{c.hired, ""})
			day = day.AddDate(0, r.IntN(36), 0)
		}
		for n := r.IntN(4) + 1; n > 0; n-- {
			c.department = append(c.department, spell{day, departments[r.IntN(len(departments))]})
			day = day.AddDate(0, r.IntN(40)+1, 0)
		}
		if r.IntN(10) == 0 { // the file loses it again
			c.department = append(c.department, spell{day, ""})
		}
		for n, day := 0, c.hired; n < 4; n++ {
			c.title = append(c.title, spell{day, fmt.Sprintf("Grade %d", n+r.IntN(2))})
			day = day.AddDate(0, 6+r.IntN(40), 0)
		}
		if r.IntN(3) == 0 {
			c.left = c.hired.AddDate(0, 1+r.IntN(80), 0)
			if r.IntN(4) == 0 {
				c.back = c.left.AddDate(0, 1+r.IntN(20), 0)
			}
		}
	}
	return out
}

// export writes what the HR system says on a day.
func export(w io.Writer, careers []career, today time.Time) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"Employee ID", "Display Name", "Work Email", "Department", "Job Title", "Status", "Hire Date", "Original Hire Date", "Last Day of Work"})
	iso := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.DateOnly)
	}
	for i := range careers {
		c := &careers[i]
		if c.hired.After(today.AddDate(0, 0, 21)) {
			continue // not signed yet
		}
		status, hire, last := "Active", c.hired, c.left
		switch {
		case !c.back.IsZero() && !c.back.After(today):
			hire, last = c.back, time.Time{}
		case !c.left.IsZero() && c.left.Before(today):
			status = "Terminated"
		case c.hired.After(today):
			status = "Pre-hire"
		}
		_ = out.Write([]string{
			c.id, "Person " + c.id, strings.ToLower(c.id) + "@acme.example", at(c.department, today), at(c.title, today),
			status, iso(hire), iso(c.hired), iso(last),
		})
	}
	out.Flush()
	return out.Error()
}

// held is what a person's account must look like.
type held struct {
	state             target.State
	title, department string
	group             string
}

// expected carries what the target must hold from one day to the next.
func expected(before map[string]held, careers []career, today time.Time) map[string]held {
	out := make(map[string]held, len(careers))
	for i := range careers {
		c := &careers[i]
		h, has := before[c.id]
		employed := !c.hired.After(today) && (c.left.IsZero() || !c.left.Before(today)) ||
			!c.back.IsZero() && !c.back.After(today)
		switch {
		case employed:
			h.state = target.Enabled
		case c.hired.After(today):
			if c.hired.After(today.AddDate(0, 0, 14)) {
				continue
			}
			h.state = target.Disabled
		case !has:
			continue // gone before we came
		default:
			h.state, h.group = target.Disabled, ""
		}
		if title := at(c.title, today); title != "" {
			h.title = title
		}
		if department := at(c.department, today); department != "" {
			h.department = department
			if employed || h.state == target.Disabled && c.hired.After(today) {
				h.group = department
			}
		}
		out[c.id] = h
	}
	return out
}

// TestReplayOfYears replays a company's history month by month through files,
// rules and a target. PROVISION_STORM=1 takes 10,000 people and 15 years.
func TestReplayOfYears(t *testing.T) {
	people, months := 600, 48
	if os.Getenv("PROVISION_STORM") != "" {
		people, months = 10_000, 180
	}
	seed := uint64(20260301)
	t.Logf("seed %d", seed)
	begin := time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)
	careers := history(rand.New(rand.NewPCG(seed, 1)), people, months, begin)

	var today time.Time
	hr, err := csvsource.New(csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) {
		var file strings.Builder
		err := export(&file, careers, today)
		return io.NopCloser(strings.NewReader(file.String())), err
	}})
	require.NoError(t, err)
	app := memtarget.New("app", nil)
	spec := rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{PreHire: 14},
		Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
			{Set: "title", To: rules.JobTitle},
			{Set: "department", To: rules.Department},
		},
	}}}
	for _, d := range []string{"Engineering", "Sales", "Finance", "Support", "Legal", "People", "Product", "Field"} {
		spec.Grants = append(spec.Grants, rules.Grant{ID: d, When: rules.Department.Is(d), Give: []string{"app/group:" + d}})
		app.AddEntitlements(group(d))
	}
	engine, err := provision.New(provision.Config{
		Source: hr, Targets: []target.Target{app}, Rules: build(t, spec),
		Policy: reconcile.Policy{Gap: 32 * 24 * time.Hour}, // a run every month
		Clock:  func() time.Time { return today.Add(6 * time.Hour) },
	})
	require.NoError(t, err)

	var want map[string]held
	for month := range months {
		today = begin.AddDate(0, month, 0)
		report, err := engine.Sync(t.Context())
		require.NoError(t, err)
		require.NoError(t, report.Err())
		require.Zero(t, report.Counts()[provision.Held], "%s: an ordinary month needs nobody's consent\n%s", today, report)
		want = expected(want, careers, today)
		have := map[string]held{}
		for _, a := range app.All() {
			h := held{state: a.State, title: a.Attributes.Get("title"), department: a.Attributes.Get("department")}
			require.LessOrEqual(t, len(a.Entitlements), 1, "%s %s", today, a.Key)
			if len(a.Entitlements) == 1 {
				h.group = a.Entitlements[0].Name
			}
			have[a.Key.Identity] = h
		}
		if len(want) != len(have) {
			t.Fatalf("%s: %d accounts, want %d", today.Format(time.DateOnly), len(have), len(want))
		}
		for _, id := range slices.Sorted(maps.Keys(want)) {
			if want[id] != have[id] {
				t.Fatalf("%s: %s is %+v, want %+v", today.Format(time.DateOnly), id, have[id], want[id])
			}
		}
	}
	t.Logf("%d people, %d months, %d accounts", people, months, len(app.All()))
}

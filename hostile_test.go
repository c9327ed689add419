package provision_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
)

// A hostile case is a way in which an export of a healthy company breaks.
type hostile struct {
	name   string
	change func(*brokenExport)
	config func(*csvsource.Config)
	// taken is what the good rows of the broken export justify: the only things
	// that may be missing after it was read every day for a week.
	taken []string
	// lasting says that the good export does not bring everything back.
	lasting bool
}

// TestHostileExports synchronises a company with a good export and then with a
// broken one, every day for a week. What was planned first, and what the company
// looks like in the end, is in testdata/hostile.txtar. Then the good export
// comes back.
func TestHostileExports(t *testing.T) {
	const file = "testdata/hostile.txtar"
	archive, err := txtar.ParseFile(file)
	require.NoError(t, err)
	golden := map[string]string{}
	for _, f := range archive.Files {
		golden[f.Name] = string(f.Data)
	}
	archive.Files = nil
	seen := map[string]bool{}
	for _, c := range hostileExports() {
		require.False(t, seen[c.name], "two cases are called %s", c.name)
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			got := c.run(t)
			archive.Files = append(archive.Files, txtar.File{Name: c.name, Data: []byte(got)})
			if !*updateReport {
				assert.Equal(t, golden[c.name], got)
			}
		})
	}
	if *updateReport {
		require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o600))
	}
}

func (c *hostile) run(t *testing.T) string {
	t.Helper()
	w, current := hostileCompany(t, c.config)
	for range 2 {
		w.sync()
		w.now = w.now.Add(24 * time.Hour)
	}
	before := w.app.All()

	broken := goodExport()
	c.change(broken)
	*current = broken.bytes()
	var text bytes.Buffer
	if plan, err := w.engine.Plan(t.Context()); err != nil {
		fmt.Fprintf(&text, "error: %s\n", err)
	} else {
		assert.Empty(t, removalsNot(plan, c.taken), "removals at once")
		require.NoError(t, plan.Format(&text, &provision.FormatOptions{Limit: 2}))
	}
	for range 7 {
		_, _ = w.engine.Sync(t.Context()) // what it comes to is seen below
		w.now = w.now.Add(24 * time.Hour)
	}
	taken, given := compareAccounts(before, w.app.All())
	assert.ElementsMatch(t, c.taken, taken, "what is gone after a week")
	told(&text, "after a week", taken, given)

	*current = goodExport().bytes()
	for range 2 {
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		w.now = w.now.Add(24 * time.Hour)
	}
	taken, given = compareAccounts(before, w.app.All())
	told(&text, "afterwards", taken, given)
	if !c.lasting {
		assert.Empty(t, taken, "the good export brings everything back")
	}
	return brief(text.String())
}

// told writes what happened to the company.
func told(text *bytes.Buffer, when string, taken, given []string) {
	slices.Sort(given)
	for _, change := range slices.Concat(slices.Sorted(slices.Values(taken)), given) {
		fmt.Fprintf(text, "%s: %s\n", when, change)
	}
}

// brief leaves out lines that say the same of more people, and what is a hash.
func brief(text string) string {
	numbers := regexp.MustCompile(`(\d+|"[^"]*"|[A-Z][a-z]+ Roe)`)
	hash := regexp.MustCompile(`release [0-9a-f]{32}`)
	var b strings.Builder
	alike := map[string]int{}
	for line := range strings.Lines(hash.ReplaceAllString(text, "release …")) {
		kind := numbers.ReplaceAllString(line, "#")
		alike[kind]++
		if alike[kind] > 3 && !strings.HasPrefix(line, "⏸") && !strings.HasPrefix(line, "    ") {
			if alike[kind] == 4 {
				b.WriteString("…\n")
			}
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// removalsNot lists what a plan would take at once, except what may be taken.
func removalsNot(p *provision.Plan, taken []string) []string {
	return slices.DeleteFunc(removals(p), func(removal string) bool {
		_, key, _ := strings.Cut(removal, " ")
		return slices.ContainsFunc(taken, func(s string) bool { return strings.HasPrefix(s, key+" ") })
	})
}

// compareAccounts says what accounts lost and what they got.
func compareAccounts(before, after []target.Account) (taken, given []string) {
	now := map[string]target.Account{}
	for _, a := range after {
		now[a.ID] = a
	}
	for _, was := range before {
		is, there := now[was.ID]
		delete(now, was.ID)
		key := was.Key.String()
		switch {
		case !there:
			taken = append(taken, key+" deleted")
			continue
		case is.Key != was.Key:
			taken = append(taken, key+" belongs to "+is.Key.String())
		case is.State < was.State:
			taken = append(taken, key+" "+is.State.String())
		case is.State > was.State:
			given = append(given, key+" "+is.State.String())
		}
		for _, e := range was.Entitlements {
			if !slices.Contains(is.Entitlements, e) {
				taken = append(taken, key+" lost "+e.String())
			}
		}
		for _, e := range is.Entitlements {
			if !slices.Contains(was.Entitlements, e) {
				given = append(given, key+" got "+e.String())
			}
		}
		for name, values := range was.Attributes.All() {
			switch value := is.Attributes.Values(name); {
			case len(value) == 0:
				taken = append(taken, key+" lost "+name)
			case !slices.Equal(values, value):
				given = append(given, fmt.Sprintf("%s %s %q", key, name, value[0]))
			}
		}
		for name := range is.Attributes.All() {
			if !was.Attributes.Has(name) {
				given = append(given, key+" got "+name)
			}
		}
	}
	for _, a := range after {
		if _, added := now[a.ID]; added {
			given = append(given, fmt.Sprintf("%s created, %s", a.Key, a.State))
		}
	}
	return taken, given
}

// hostileCompany is a company whose HR system is an export in memory.
func hostileCompany(t *testing.T, change func(*csvsource.Config)) (w *world, current *[]byte) {
	t.Helper()
	good := goodExport().bytes()
	current = &good
	cfg := csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(*current)), nil
	}}
	if change != nil {
		change(&cfg)
	}
	hr, err := csvsource.New(cfg)
	require.NoError(t, err)
	w = newWorld(t, func(config *provision.Config) {
		config.Source, config.Concurrency = hr, 1
		config.Rules = build(t, hostileRules())
	})
	w.app.AddEntitlements(group("engineering"), group("sales"), group("finance"), group("berlin"),
		target.Entitlement{Kind: "role", Name: "lead"})
	return w, current
}

func hostileRules() rules.Spec {
	return rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone,
			Lifecycle: rules.Lifecycle{PreHire: 14, DeleteAfter: 30, EndSessions: true},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.Lower(rules.WorkEmail), Apply: target.CreateOnly},
				{Set: "email", To: rules.WorkEmail},
				{Set: "displayName", To: rules.FormattedName},
				{Set: "title", To: rules.JobTitle},
				{Set: "manager", To: rules.Manager},
			},
		}},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}},
			{ID: "finance", When: rules.Department.Is("Finance"), Give: []string{"app/group:finance"}},
			{ID: "berlin", When: rules.Location.Is("Berlin"), Give: []string{"app/group:berlin"}},
			{ID: "lead", When: rules.JobTitle.Is("Lead"), Give: []string{"app/role:lead"}},
		},
	}
}

// A brokenExport is a file of people that can be broken.
type brokenExport struct {
	heading []string
	rows    [][]string
	edit    []func([]byte) []byte // what happens to the bytes
}

// goodExport is a company of thirty: three departments with a lead each, below
// one manager. 004208 works until June, 004212 is on leave, 004216 begins in
// September, 004220 left last year, 004226 leaves on the first evening.
func goodExport() *brokenExport {
	names := strings.Fields("Ana Bo Cy Dee Eli Fay Gus Hal Ivy Jan Kim Lou Max Nia Oli Pia Quy Ron Sue Tom Uma Val Wim Xia Yan Zoe Abe Bea Cal Dot")
	e := &brokenExport{heading: strings.Split("Employee ID,Full Name,Email,Title,Department,Manager ID,Status,Hire Date,Last Day,Location", ",")}
	for n, name := range names {
		department := n % 3
		title, boss := "Clerk", fmt.Sprintf("0042%02d", department+1)
		if n < 3 {
			title, boss = "Lead", "004201"
		}
		if n == 0 {
			boss = ""
		}
		e.rows = append(e.rows, []string{
			fmt.Sprintf("0042%02d", n+1), name + " Roe", strings.ToLower(name) + "@acme.example", title,
			[]string{"Engineering", "Sales", "Finance"}[department], boss, "Active", "2020-01-31", "", []string{"Berlin", "Paris"}[n%2],
		})
	}
	e.set("004208", "Last Day", "2026-06-30")
	e.set("004212", "Status", "On leave")
	e.set("004216", "Status", "Pre-hire")
	e.set("004216", "Hire Date", "2026-09-01")
	e.set("004220", "Status", "Terminated")
	e.set("004226", "Last Day", "2026-03-01")
	e.set("004220", "Last Day", "2025-11-30")
	return e
}

func (e *brokenExport) column(heading string) int { return slices.Index(e.heading, heading) }

func (e *brokenExport) row(id string) int {
	return slices.IndexFunc(e.rows, func(row []string) bool { return row[0] == id })
}

// set writes a cell.
func (e *brokenExport) set(id, heading, cell string) { e.rows[e.row(id)][e.column(heading)] = cell }

// each rewrites a column.
func (e *brokenExport) each(heading string, to func(string) string) {
	for _, row := range e.rows {
		row[e.column(heading)] = to(row[e.column(heading)])
	}
}

// keep drops the rows for which want is false.
func (e *brokenExport) keep(want func(row []string) bool) {
	e.rows = slices.DeleteFunc(e.rows, func(row []string) bool { return !want(row) })
}

// raw replaces the line of a person.
func (e *brokenExport) raw(id, line string) { e.rows[e.row(id)] = []string{line} }

// after does something to the bytes of the file.
func (e *brokenExport) after(edit func([]byte) []byte) { e.edit = append(e.edit, edit) }

// replace does something to the text of the file.
func (e *brokenExport) replace(old, text string) {
	e.after(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(text)) })
}

func (e *brokenExport) bytes() []byte {
	var b bytes.Buffer
	for _, row := range slices.Concat([][]string{e.heading}, e.rows) {
		b.WriteString(strings.Join(row, ",") + "\n")
	}
	out := b.Bytes()
	for _, edit := range e.edit {
		out = edit(out)
	}
	return out
}

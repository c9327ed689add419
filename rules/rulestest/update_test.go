package rulestest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/rulestest"
)

// Only what does not hold is written anew; every comment and all of the layout stays.
func TestUpdate(t *testing.T) {
	const before = `# These are ours.
as_of: 2026-11-19   # a Thursday
people:
  kim: {id: p-3, status: active, employment_type: contractor, department: Platform, end_date: 2026-11-20, site: MUC-1}
  ana: {id: p-1, status: active, employment_type: full_time, department: Engineering, level: 3, site: "BER-1"}
  nodep: {status: active, employment_type: full_time, job_title: 'Don''t: ask', site: MUC-1}
cases:
  - {person: kim,   want: [], next: never}   # until tomorrow
  - {person: ana, want: [ app/group:chat ,  # everybody
       app/badge:berlin,  # [Berlin] {only}
       ], ask: []}
  - person: nodep
    has: [app/group:developer]
    want:   # nothing
      []
    undecided:
      - app/role:entry
      - app/group:chat   # wrong
    account: {app: none, "app~admin": 'none'}
    attributes: {app: {title: x, groups: [a]}}
    next: "2026-11-19T00:00:00Z"
    missing: department
  - {person: ana}
  - person: nodep # nothing stated yet

  # The end.
`
	const after = `# These are ours.
as_of: 2026-11-19   # a Thursday
people:
  kim: {id: p-3, status: active, employment_type: contractor, department: Platform, end_date: 2026-11-20, site: MUC-1}
  ana: {id: p-1, status: active, employment_type: full_time, department: Engineering, level: 3, site: "BER-1"}
  nodep: {status: active, employment_type: full_time, job_title: 'Don''t: ask', site: MUC-1}
cases:
  - {person: kim,   want: [app/group:developer], next: 2026-11-21}   # until tomorrow
  - {person: ana, want: [app/group:chat, app/badge:berlin, app/group:developer], ask: []}
  - person: nodep
    has: [app/group:developer]
    want:   # nothing
      [app/group:chat]
    undecided:
      - app/role:entry
      - app/group:developer
      - app/role:approval   # wrong
    account: {app: enabled, "app~admin": undecided}
    attributes: {app: {title: 'Don''t: ask', groups: []}}
    next: never
    missing: [department, custom.level, groups]
  - {person: ana, want: [app/badge:berlin, app/group:chat, app/group:developer]}
  - person: nodep # nothing stated yet
    want: [app/group:chat]
    undecided: [app/group:developer, app/role:approval, app/role:entry]

  # The end.
`
	for name, change := range map[string]func(string) string{
		"plain":                 func(s string) string { return s },
		"line ends of Windows":  func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"byte order mark":       func(s string) string { return "\ufeff" + s },
		"no line break at last": func(s string) string { return strings.TrimSuffix(s, "\n\n  # The end.\n") },
	} {
		t.Run(name, func(t *testing.T) {
			file := write(t, change(before))
			updating(t, func() { rulestest.Golden(t, load(t), file) })
			got, err := os.ReadFile(file)
			require.NoError(t, err)
			if diff := cmp.Diff(change(after), string(got)); diff != "" {
				t.Fatal(diff)
			}
			rulestest.Golden(t, load(t), file) // it holds now
			updating(t, func() { rulestest.Golden(t, load(t), file) })
			again, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, string(got), string(again))
		})
	}
}

func TestUpdateLeavesBrokenFilesAlone(t *testing.T) {
	const text = "cases:\n  - {person: x}\n"
	file := write(t, text)
	f := &fake{}
	updating(t, func() { f = try(func(t testing.TB) { rulestest.Golden(t, load(t), file) }) })
	assert.NotEmpty(t, f.errors)
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, text, string(got))
}

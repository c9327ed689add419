package successfactors_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

// alone reads somebody with one employment.
func alone(t *testing.T, e successfactorstest.Employment, change func(*successfactors.Config)) source.Identity {
	t.Helper()
	cfg := company()
	cfg.People = []successfactorstest.Person{worker("1", "A", "B", e), worker("100", "Hal", "Head", employed("boss-1", "2001-01-01", "A"))}
	cfg.People[1].Employments[0].Jobs[0].Manager = ""
	_, address := serve(t, cfg)
	return one(t, open(t, address, change), "1")
}

func TestStatuses(t *testing.T) {
	type work = successfactorstest.Employment
	for name, tt := range map[string]struct {
		code, start, end, user string
		want                   source.Status
		finding                string
	}{
		"active":                           {code: "A", want: source.Active},
		"in small letters":                 {code: "a", want: source.Active},
		"unpaid leave":                     {code: "U", want: source.OnLeave},
		"paid leave":                       {code: "P", want: source.OnLeave},
		"furlough":                         {code: "F", want: source.OnLeave},
		"suspended":                        {code: "S", want: source.Suspended},
		"dormant":                          {code: "D", want: source.Suspended},
		"terminated":                       {code: "T", end: "2026-10-31", user: "f", want: source.Terminated},
		"terminated without a day":         {code: "T", want: source.Terminated},
		"retired":                          {code: "R", end: "2026-10-31", want: source.Retired},
		"discarded":                        {code: "O", end: "2026-10-31", want: source.Terminated},
		"discarded before it began":        {code: "O", start: "2027-01-01", want: source.Terminated},
		"a word of one's own":              {code: "Z9", want: source.Unknown, finding: `"Z9" is no known employee status`},
		"a longer word":                    {code: "Active", want: source.Unknown, finding: "no known employee status"},
		"none":                             {code: "", want: source.Unknown, finding: "no known employee status"},
		"first day today":                  {code: "A", start: "2026-11-29", want: source.Active},
		"first day tomorrow":               {code: "A", start: "2026-11-30", want: source.PreHire},
		"first day tomorrow, inactive yet": {code: "A", start: "2026-11-30", user: "f", want: source.PreHire},
		"on leave from the first day":      {code: "P", start: "2026-12-30", want: source.PreHire},
		"last day today":                   {code: "A", end: "2026-11-29", want: source.Active},
		"last day today, by its status":    {code: "T", end: "2026-11-29", want: source.Active},
		"last day tomorrow, by its status": {code: "T", end: "2026-11-30", want: source.Active},
		"last day to come":                 {code: "A", end: "2027-03-31", want: source.Active},
		"last day to come, and terminated": {code: "T", end: "2027-03-31", want: source.Unknown, finding: "is to come"},
		"last day yesterday, active yet":   {code: "A", end: "2026-11-28", want: source.Active},
		"last day over, active yet":        {code: "A", end: "2026-11-27", want: source.Unknown, finding: "is over"},
		"on leave, last day over":          {code: "U", end: "2026-11-01", want: source.Unknown, finding: "is over"},
	} {
		t.Run(name, func(t *testing.T) {
			start := tt.start
			if start == "" {
				start = "2020-01-01"
			}
			e := employed("u1", start, tt.code)
			e.End, e.UserStatus = tt.end, tt.user
			got := alone(t, e, nil)
			assert.Equal(t, tt.want, got.Status)
			if tt.finding == "" {
				assert.Empty(t, got.Findings)
				return
			}
			require.Len(t, got.Findings, 1)
			assert.Equal(t, "status", got.Findings[0].Field)
			assert.Equal(t, source.CodeBadValue, got.Findings[0].Code)
			assert.Contains(t, got.Findings[0].Message, tt.finding)
		})
	}
	for name, tt := range map[string]struct {
		work
		want source.Status
	}{
		"no job, starts later":     {work{UserID: "u", Start: "2027-01-01"}, source.PreHire},
		"no job, left":             {work{UserID: "u", Start: "2010-01-01", End: "2012-01-01"}, source.Terminated},
		"no job, in onboarding":    {work{UserID: "u", UserStatus: "e"}, source.PreHire},
		"no job, an inactive user": {work{UserID: "u", Start: "2010-01-01", UserStatus: "f"}, source.Unknown},
		"no job, last day today":   {work{UserID: "u", Start: "2010-01-01", End: "2026-11-29"}, source.Unknown},
		"no job, nothing":          {work{UserID: "u"}, source.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			got := alone(t, tt.work, nil)
			assert.Equal(t, tt.want, got.Status)
			assert.Equal(t, tt.want == source.Unknown, len(got.Findings) == 1, got.Findings)
			assert.True(t, strings.HasPrefix(got.StatusRaw, "no job"), got.StatusRaw)
		})
	}
}

// A company says itself what its codes mean, by code or, where it has none, by the
// number of the option.
func TestStatusesOfACompany(t *testing.T) {
	own := func(c *successfactors.Config) {
		c.Status = map[string]source.Status{"Z9": source.OnLeave, "D": source.Active, "3631": source.Active}
		c.EmploymentType = map[string]source.EmploymentType{"EC-4": source.Intern}
	}
	assert.Equal(t, source.OnLeave, alone(t, employed("u", "2020-01-01", "z9"), own).Status)
	assert.Equal(t, source.Active, alone(t, employed("u", "2020-01-01", "D"), own).Status)
	assert.Equal(t, source.Terminated, alone(t, employed("u", "2020-01-01", "T"), own).Status, "as usual")
	byNumber := alone(t, employed("u", "2020-01-01", ""), own)
	assert.Equal(t, source.Active, byNumber.Status)
	assert.Equal(t, "3631", byNumber.StatusRaw)
	e := employed("u", "2020-01-01", "A")
	e.Jobs[0].Class = "ec4"
	assert.Equal(t, source.Intern, alone(t, e, own).EmploymentType)
	e.Jobs[0].Class = "EC-5"
	unknown := alone(t, e, own)
	assert.Equal(t, source.EmploymentUnknown, unknown.EmploymentType)
	assert.Equal(t, "EC-5", unknown.EmploymentTypeRaw)
	require.Len(t, unknown.Findings, 1)
	assert.Equal(t, "employment_type", unknown.Findings[0].Field)
}

// A date that is stated and not understood is missing, with a finding for its field.
func TestDatesThatAreNotUnderstood(t *testing.T) {
	for field, change := range map[string]func(*successfactorstest.Employment){
		"hire_date":          func(e *successfactorstest.Employment) { e.Start = "/Date(1709553600000)/" },
		"termination_date":   func(e *successfactorstest.Employment) { e.End = "31.12." },
		"original_hire_date": func(e *successfactorstest.Employment) { e.Original = "soon" },
	} {
		e := employed("u", "2020-01-01", "A")
		change(&e)
		got := alone(t, e, nil)
		require.Len(t, got.Findings, 1, field)
		assert.Equal(t, field, got.Findings[0].Field)
		spec, _ := source.Field(field)
		assert.True(t, spec.Missing(&got), field)
	}
}

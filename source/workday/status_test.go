package workday_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
)

// collectOne reads a worker with these elements in Employment_Data. It is the 2nd of
// March.
func collectOne(t *testing.T, employment string, change func(*workday.Config)) (*source.Identity, []source.Finding) {
	t.Helper()
	s := newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) {
		c.Connection.Transport = answers("text/xml", workers(
			worker("a1", "<Employment_Data>"+employment+"</Employment_Data>"),
			worker("b2", "<Employment_Data><Worker_Status_Data><Active>1</Active></Worker_Status_Data></Employment_Data>"),
		))
		if change != nil {
			change(c)
		}
	})
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	var found []source.Finding
	for _, f := range snapshot.Findings() {
		if f.Identity == "a1" {
			found = append(found, f)
		}
	}
	return snapshot.Find("a1"), found
}

func TestStatus(t *testing.T) {
	const leave, noLeave = `<Leave_Status_Data><On_Leave>1</On_Leave></Leave_Status_Data>`, `<Leave_Status_Data><On_Leave>0</On_Leave></Leave_Status_Data>`
	tests := map[string]struct {
		stated string
		want   source.Status
		raw    string
		faulty bool
	}{
		"active":                      {`<Active>1</Active><Terminated>0</Terminated>`, source.Active, "Active", false},
		"true":                        {`<Active>true</Active>`, source.Active, "Active", false},
		"terminated":                  {`<Active>0</Active><Terminated>1</Terminated>`, source.Terminated, "Terminated", false},
		"terminated and nothing else": {`<Terminated>1</Terminated>`, source.Terminated, "Terminated", false},
		"terminated, and still active to the end": {`<Active>1</Active><Terminated>1</Terminated><Termination_Date>2026-03-02</Termination_Date>`, source.Active, "Active", false},
		"terminated long ago, and active":         {`<Active>1</Active><Terminated>1</Terminated><Termination_Date>2026-02-01</Termination_Date>`, source.Unknown, "Terminated", true},
		"terminated, and active, no date":         {`<Active>1</Active><Terminated>1</Terminated>`, source.Unknown, "Terminated", true},
		"terminated comes before retired":         {`<Active>0</Active><Retired>1</Retired><Terminated>1</Terminated>`, source.Terminated, "Terminated", false},
		"retired":                                 {`<Active>0</Active><Retired>1</Retired><Terminated>0</Terminated>`, source.Retired, "Retired", false},
		"on leave":                                {`<Active>1</Active>` + leave, source.OnLeave, "On_Leave", false},
		"on a leave that makes inactive":          {`<Active>0</Active><Hire_Date>2020-01-01</Hire_Date>` + leave, source.OnLeave, "On_Leave", false},
		"one leave of two is over":                {`<Active>1</Active>` + leave + noLeave, source.OnLeave, "On_Leave", false},
		"back from leave":                         {`<Active>1</Active>` + noLeave, source.Active, "Active", false},
		"terminated while on leave":               {`<Active>0</Active><Terminated>1</Terminated>` + leave, source.Terminated, "Terminated", false},
		"hired for later":                         {`<Active>0</Active><Hire_Date>2026-04-01</Hire_Date>`, source.PreHire, "Inactive", false},
		"hired for today":                         {`<Active>0</Active><Hire_Date>2026-03-02-08:00</Hire_Date>`, source.PreHire, "Inactive", false},
		"hired for yesterday":                     {`<Active>0</Active><Hire_Date>2026-03-01</Hire_Date>`, source.PreHire, "Inactive", false},
		"hired for the day before yesterday":      {`<Active>0</Active><Hire_Date>2026-02-28</Hire_Date>`, source.Unknown, "Inactive", true},
		"the first day of work is later":          {`<Active>0</Active><Hire_Date>2026-01-01</Hire_Date><First_Day_of_Work>2026-05-01</First_Day_of_Work>`, source.PreHire, "Inactive", false},
		"active as of the day of the hire":        {`<Active>1</Active><Hire_Date>2026-04-01</Hire_Date>`, source.PreHire, "Active", false},
		"the hire was rescinded":                  {`<Active>0</Active><Hire_Date>2026-04-01</Hire_Date><Hire_Rescinded>1</Hire_Rescinded>`, source.Terminated, "Hire_Rescinded", false},
		"the hire was rescinded, and active":      {`<Active>1</Active><Hire_Date>2026-02-01</Hire_Date><Hire_Rescinded>1</Hire_Rescinded>`, source.Unknown, "Hire_Rescinded", true},
		"hired again, for later": {
			`<Active>0</Active><Terminated>1</Terminated><Termination_Date>2025-01-31</Termination_Date><Hire_Date>2026-04-01</Hire_Date>` +
				`<Original_Hire_Date>2020-01-01</Original_Hire_Date>`,
			source.PreHire, "Terminated", false,
		},
		"a contract is over":           {`<Active>0</Active><Hire_Date>2020-01-01</Hire_Date><End_Employment_Date>2026-02-01</End_Employment_Date>`, source.Terminated, "Inactive", false},
		"a contract ends later":        {`<Active>0</Active><Hire_Date>2020-01-01</Hire_Date><End_Employment_Date>2026-06-01</End_Employment_Date>`, source.Unknown, "Inactive", true},
		"inactive, and nothing else":   {`<Active>0</Active>`, source.Unknown, "Inactive", true},
		"nothing":                      {``, source.Unknown, "", true},
		"not terminated, nothing else": {`<Terminated>0</Terminated>`, source.Unknown, "", true},
		"a word":                       {`<Active>perhaps</Active>`, source.Unknown, "", true},
		"a word for the termination":   {`<Active>1</Active><Terminated>perhaps</Terminated>`, source.Unknown, "", true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i, found := collectOne(t, "<Worker_Status_Data>"+test.stated+"</Worker_Status_Data>", nil)
			assert.Equal(t, test.want, i.Status)
			assert.Equal(t, test.raw, i.StatusRaw)
			found = slices.DeleteFunc(found, func(f source.Finding) bool { return f.Field != "status" })
			if !test.faulty {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Equal(t, "status", found[0].Field)
			assert.Equal(t, source.CodeBadValue, found[0].Code)
		})
	}
}

// Who has left has left, also if nobody says when; but that is worth a look.
func TestLeaverWithoutADay(t *testing.T) {
	i, found := collectOne(t, `<Worker_Status_Data><Active>0</Active><Terminated>1</Terminated></Worker_Status_Data>`, nil)
	assert.Equal(t, source.Terminated, i.Status)
	require.Len(t, found, 1)
	assert.Equal(t, "termination_date", found[0].Field)
}

func TestStatusOfTheCompany(t *testing.T) {
	i, found := collectOne(t, `<Worker_Status_Data><Active>0</Active><Hire_Date>2020-01-01</Hire_Date></Worker_Status_Data>`, func(c *workday.Config) {
		c.Status = map[string]source.Status{"INACTIVE": source.Suspended}
	})
	assert.Empty(t, found)
	assert.Equal(t, source.Suspended, i.Status)
}

func TestDates(t *testing.T) {
	tests := map[string]struct{ written, want string }{
		"plain":               {"2024-03-04", "2024-03-04"},
		"in California":       {"2024-03-04-08:00", "2024-03-04"},
		"in Sydney":           {"2024-03-04+11:00", "2024-03-04"},
		"in UTC":              {"2024-03-04Z", "2024-03-04"},
		"with a time":         {"2024-03-04T00:00:00.000-08:00", "2024-03-04"},
		"with a late time":    {"2024-03-04T23:59:59-08:00", "2024-03-04"},
		"none":                {"", ""},
		"no day":              {"2024-02-30", "?"},
		"another form":        {"03/04/2024", "?"},
		"something behind it": {"2024-03-04 or so", "?"},
		"too short":           {"2024-03", "?"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i, found := collectOne(t, `<Worker_Status_Data><Active>1</Active><Hire_Date>`+test.written+`</Hire_Date></Worker_Status_Data>`, nil)
			if test.want == "?" {
				require.Len(t, found, 1)
				assert.Equal(t, "hire_date", found[0].Field)
				assert.True(t, i.HireDate.IsZero())
				return
			}
			assert.Empty(t, found)
			assert.Equal(t, test.want, i.HireDate.String())
		})
	}
}

func TestEmploymentType(t *testing.T) {
	position := func(worker, hours string) string {
		return `<Worker_Job_Data Primary_Job="1"><Position_Data><Worker_Type_Reference><ID type="Employee_Type_ID">` + worker +
			`</ID></Worker_Type_Reference><Position_Time_Type_Reference><ID type="Position_Time_Type_ID">` + hours +
			`</ID></Position_Time_Type_Reference></Position_Data></Worker_Job_Data><Worker_Status_Data><Active>1</Active></Worker_Status_Data>`
	}
	tests := map[string]struct {
		worker, hours string
		want          source.EmploymentType
		faulty        bool
	}{
		"regular, full time": {"Regular", "Full_time", source.FullTime, false},
		"regular, part time": {"Regular", "Part_time", source.PartTime, false},
		"regular":            {"Regular", "", source.EmploymentUnknown, false},
		"intern, full time":  {"Intern_Fixed_Term", "Full_time", source.Intern, false},
		"fixed term":         {"Fixed_Term", "Full_time", source.Temporary, false},
		"of one's own":       {"Werkstudent", "", source.WorkingStudent, false},
		"unknown, full time": {"Tarifbeschäftigt", "Full_time", source.FullTime, false},
		"unknown":            {"Tarifbeschäftigt", "", source.EmploymentUnknown, true},
		"nothing":            {"", "", source.EmploymentUnknown, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			i, found := collectOne(t, position(test.worker, test.hours), func(c *workday.Config) {
				c.EmploymentType = map[string]source.EmploymentType{"werkstudent": source.WorkingStudent}
			})
			assert.Equal(t, test.want, i.EmploymentType)
			assert.Equal(t, test.faulty, len(found) == 1, "%v", found)
		})
	}
}

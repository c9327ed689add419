package adp_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
)

// stated returns a worker with a status, first day and last day.
func stated(code, name, hired, left string) string {
	return fmt.Sprintf(`{"associateOID":"G3ONLY","workerStatus":{"statusCode":{"codeValue":%s,"shortName":%s}},
		"workerDates":{"originalHireDate":%s,"terminationDate":%s}}`, text(code), text(name), text(hired), text(left))
}

func text(s string) string {
	if s == "" {
		return "null"
	}
	return fmt.Sprintf("%q", s)
}

// What the words of each product mean, for somebody hired long ago who has a last day
// only where their word says that they left.
func TestStatusWords(t *testing.T) {
	all := map[adp.Product]map[string]source.Status{
		adp.AnyProduct: {
			"Active": source.Active, "ACTIVE": source.Active, "Current": source.Active, "Rehire": source.Active, "A": source.Active,
			"Activo": source.Active, "on leave": source.OnLeave, "Leave": source.OnLeave, "Hiring": source.PreHire, "FUTSTART": source.PreHire,
			"PENDING": source.PreHire, "Terminated": source.Terminated, "Leaver": source.Terminated, "Inactive": source.Unknown,
			"T": source.Unknown, "L": source.Unknown, "2": source.Unknown, "Retired": source.Retired, "Deceased": source.Deceased, "Paused": source.Unknown,
		},
		adp.WorkforceNow: {
			"A": source.Active, "T": source.Terminated, "L": source.OnLeave, "Inactive": source.Unknown,
			"Current": source.Unknown, "Leaver": source.Unknown,
		},
		adp.Workforce: {"Active": source.Active, "Inactive": source.Terminated, "Hiring": source.PreHire, "Leaver": source.Unknown},
		adp.IHCM: {
			"Current": source.Active, "Leaver": source.Terminated, "Rehire": source.Active, "FUTSTART": source.PreHire, "Active": source.Unknown,
		},
		adp.Decidium:   {"ACTIVE": source.Active, "INACTIVE": source.Terminated, "PENDING": source.PreHire, "T": source.Unknown},
		adp.Link:       {"active": source.Active, "inactive": source.Terminated, "Leaver": source.Unknown},
		adp.ExpertBR:   {"active": source.Active, "on leave": source.OnLeave, "inactive": source.Unknown},
		adp.ExpertLAHC: {"A": source.Active, "Activo": source.Active, "I": source.Unknown},
		adp.PayrollADP: {"2": source.Unknown, "3": source.Unknown, "9": source.Unknown, "Inactive": source.Unknown, "Active": source.Unknown},
	}
	for product, words := range all {
		for word, want := range words {
			for _, worker := range []string{stated(word, "", "2015-01-05", ""), stated("", word, "2015-01-05", "")} {
				i := only(t, worker, func(c *adp.Config) { c.Product = product })
				// Workforce Now says nothing without an assignment, see TestLeave.
				if product == adp.WorkforceNow && want == source.Active {
					want = source.Unknown
				}
				assert.Equal(t, want, i.Status, "%d %s", product, word)
				assert.Equal(t, word, i.StatusRaw)
				if want == source.Unknown {
					require.NotEmpty(t, i.Findings, "%d %s", product, word)
					assert.Equal(t, "status", i.Findings[0].Field)
				}
			}
		}
	}
}

func TestStatusOverride(t *testing.T) {
	own := func(c *adp.Config) {
		c.Product = adp.PayrollADP
		c.Status = map[string]source.Status{"2": source.Active, "9": source.Terminated, "long-sick": source.OnLeave, "Inactive": source.Suspended}
	}
	for word, want := range map[string]source.Status{
		"2": source.Active, "9": source.Terminated, "Long Sick": source.OnLeave, "INACTIVE": source.Suspended, "3": source.Unknown,
	} {
		assert.Equal(t, want, only(t, stated(word, "", "2015-01-05", ""), own).Status, word)
	}
	// Numbers may be written as such.
	assert.Equal(t, source.Active, only(t, `{"associateOID":"G3ONLY","workerStatus":{"statusCode":{"codeValue":2}}}`, own).Status)
}

// A word that says too little, with the days beside it. It is noon of 2 March 2026.
func TestStatusByDates(t *testing.T) {
	tests := []struct {
		word, hired, left string
		want              source.Status
	}{
		{"Inactive", "2015-01-05", "2026-01-31", source.Terminated},
		{"Inactive", "2015-01-05", "2026-02-28", source.Terminated},
		{"Inactive", "2015-01-05", "2026-03-02", source.Active}, // the last day
		{"Inactive", "2015-01-05", "2026-06-30", source.Unknown},
		{"Inactive", "2026-04-01", "", source.PreHire},
		{"Inactive", "2026-03-01", "", source.PreHire}, // ADP may be late
		{"Inactive", "2026-02-01", "", source.Unknown},
		{"Inactive", "", "", source.Unknown},
		{"Terminated", "2015-01-05", "", source.Terminated},
		{"Terminated", "2015-01-05", "2026-03-01", source.Active},
		{"Terminated", "2015-01-05", "2026-02-28", source.Terminated},
		{"Terminated", "2015-01-05", "2026-03-03", source.Active},
		{"Terminated", "2015-01-05", "2026-09-30", source.Terminated}, // its word counts
		{"Retired", "2015-01-05", "2026-03-02", source.Retired},
		{"Current", "2015-01-05", "2026-09-30", source.Active},
	}
	for _, tt := range tests {
		i := only(t, stated(tt.word, "", tt.hired, tt.left), nil)
		assert.Equal(t, tt.want, i.Status, tt)
		if !i.TerminationDate.IsZero() {
			assert.Equal(t, tt.left, i.TerminationDate.String(), tt)
		}
	}
}

// A code and its name that say different things say nothing.
func TestStatusContradictsItself(t *testing.T) {
	i := only(t, stated("A", "Terminated", "2015-01-05", ""), nil)
	assert.Equal(t, source.Unknown, i.Status)
	assert.Contains(t, i.Findings[0].Message, "contradicts itself")
	assert.Equal(t, source.Active, only(t, stated("X9", "Active", "2015-01-05", ""), nil).Status, "an unknown code with a known name")
}

// jobs returns a worker with a status and assignments.
func jobs(status, assignments string) string {
	return fmt.Sprintf(`{"associateOID":"G3ONLY",%s"workerDates":{"originalHireDate":"2015-01-05"},"workAssignments":%s}`, status, assignments)
}

func worker(word string) string {
	return fmt.Sprintf(`"workerStatus":{"statusCode":{"codeValue":%q}},`, word)
}

func TestLeave(t *testing.T) {
	one := func(word string) string {
		return fmt.Sprintf(`[{"primaryIndicator":true,"assignmentStatus":{"statusCode":{"codeValue":%q}}}]`, word)
	}
	now := func(c *adp.Config) { c.Product = adp.WorkforceNow }
	tests := []struct {
		worker string
		change func(*adp.Config)
		want   source.Status
	}{
		{jobs(worker("Active"), one("A")), now, source.Active},
		{jobs(worker("Active"), one("L")), now, source.OnLeave},
		{jobs(worker("Inactive"), one("L")), now, source.OnLeave},
		{jobs(worker("Active"), one("T")), now, source.Unknown}, // nobody who is active has only ended
		{jobs(worker("Active"), one("")), now, source.Unknown},
		{jobs(worker("Active"), `[]`), now, source.Unknown},
		{jobs(worker("Active"), one("")), nil, source.Active},
		{jobs(worker("Active"), `null`), nil, source.Active},
		{jobs(worker("Active"), one("Leave")), nil, source.OnLeave},
		{jobs(worker("Terminated"), one("A")), now, source.Terminated},
		// Without a word about the worker the assignment speaks, but not of an end without a day.
		{jobs("", one("A")), now, source.Active},
		{jobs("", one("L")), now, source.OnLeave},
		{jobs("", one("T")), now, source.Unknown},
		{jobs("", `[{"assignmentStatus":{"statusCode":{"codeValue":"T"}},"terminationDate":"2026-01-30"}]`), now, source.Terminated},
		{jobs("", one("Z")), now, source.Unknown},
		{jobs("", `[]`), now, source.Unknown},
		{jobs("", `[{}]`), nil, source.Unknown},
	}
	for _, tt := range tests {
		i := only(t, tt.worker, tt.change)
		assert.Equal(t, tt.want, i.Status, tt.worker)
		if tt.want == source.Unknown {
			assert.Equal(t, "status", i.Findings[0].Field, tt.worker)
		}
	}
}

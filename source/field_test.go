package source_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

// sample returns a value that the field can hold.
func sample(f source.FieldSpec) string {
	switch f.Type {
	case source.FieldDate:
		return "2026-03-01"
	case source.FieldInstant:
		return "2026-03-01T10:00:00Z"
	case source.FieldStatus, source.FieldEmploymentType, source.FieldKind:
		return f.Words[0]
	default:
		if f.Name == "alternate_ids" {
			return "ats=17"
		}
		return "value of " + f.Name
	}
}

// Every field can be set, is read back, and touches no other field.
func TestFieldsRoundTrip(t *testing.T) {
	custom, ok := source.Field("custom.badge")
	require.True(t, ok)
	fields := append(source.Fields(), custom)
	assert.True(t, slices.IsSortedFunc(fields[:len(fields)-1], func(a, b source.FieldSpec) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	}))
	derived := map[string]string{"start_date": "start", "hire_date": "start", "last_day": "end", "termination_date": "end"}
	for _, f := range fields {
		t.Run(f.Name, func(t *testing.T) {
			again, ok := source.Field(f.Name)
			require.True(t, ok)
			assert.Equal(t, f.Name, again.Name)
			assert.NotContains(t, f.Type.String(), "(")
			var i source.Identity
			assert.True(t, f.Missing(&i))
			assert.Empty(t, f.Text(&i))
			assert.Nil(t, f.Values(&i))
			if f.ReadOnly {
				assert.Error(t, f.Set(&i, "x"))
				return
			}
			require.NoError(t, f.Set(&i, sample(f), ""))
			assert.False(t, f.Missing(&i))
			assert.Equal(t, sample(f), f.Text(&i))
			assert.Equal(t, []string{sample(f)}, f.Values(&i))
			assert.Equal(t, f.Type == source.FieldDate, !f.Date(&i).IsZero())
			assert.Equal(t, f.Type == source.FieldInstant, !f.Instant(&i).IsZero())
			for _, other := range fields {
				if other.Name != f.Name && other.Name != derived[f.Name] {
					assert.True(t, other.Missing(&i), "%s is set too", other.Name)
				}
			}
			if f.Type != source.FieldList {
				assert.Error(t, f.Set(&i, "a", "b"))
				assert.Equal(t, sample(f), f.Text(&i), "a failure changes nothing")
			}
			if f.Type != source.FieldText && f.Type != source.FieldList || f.Name == "alternate_ids" {
				assert.Error(t, f.Set(&i, "nonsense"))
				assert.Equal(t, sample(f), f.Text(&i), "a failure changes nothing")
			}
			require.NoError(t, f.Set(&i))
			assert.True(t, f.Missing(&i))
		})
	}
}

func TestFieldUnknown(t *testing.T) {
	for _, name := range []string{"", "nope", "custom.", "Department"} {
		f, ok := source.Field(name)
		assert.False(t, ok, name)
		var i source.Identity
		assert.True(t, f.Missing(&i))
		assert.Empty(t, f.Text(&i))
		assert.Error(t, f.Set(&i, "x"))
	}
	var none source.FieldSpec
	none.Type = source.FieldList
	assert.Nil(t, none.Values(&source.Identity{}))
	assert.Equal(t, "field type(99)", source.FieldType(99).String())
	none.Type = 99
	assert.Empty(t, none.Text(&source.Identity{Status: source.Active}))
}

func TestFieldSetSharesNothing(t *testing.T) {
	f, _ := source.Field("custom.badge")
	a := source.Identity{Custom: map[string][]string{"badge": {"1"}, "other": {"x"}}}
	b := a
	require.NoError(t, f.Set(&b, "2"))
	assert.Equal(t, []string{"1"}, a.Custom["badge"])
	assert.Equal(t, []string{"2"}, b.Custom["badge"])
	assert.Equal(t, []string{"x"}, b.Custom["other"])
}

func TestFieldGroups(t *testing.T) {
	i := source.Identity{Groups: []source.Group{{ID: "g1", Name: "Finance"}, {ID: "g2"}, {Type: "team"}}}
	names, _ := source.Field("groups")
	ids, _ := source.Field("group_ids")
	assert.Equal(t, []string{"Finance", "g2"}, names.Values(&i))
	assert.Equal(t, "Finance, g2", names.Text(&i))
	assert.Equal(t, []string{"g1", "g2"}, ids.Values(&i))
}

func TestFieldStartAndEnd(t *testing.T) {
	i := source.Identity{HireDate: source.Day(2026, 1, 1), StartDate: source.Day(2026, 2, 1), LastDay: source.Day(2026, 1, 15)}
	start, _ := source.Field("start")
	end, _ := source.Field("end")
	assert.Equal(t, "2026-02-01", start.Text(&i))
	assert.True(t, end.Missing(&i), "a day before the start belongs to an earlier employment")
}

func TestWords(t *testing.T) {
	status, _ := source.Field("status")
	assert.Equal(t, []string{
		"candidate", "prehire", "active", "on_leave", "suspended", "terminated", "retired", "deceased", "deleted",
	}, status.Words)
	for n, word := range append([]string{"unknown"}, status.Words...) {
		s, err := source.ParseStatus(word)
		require.NoError(t, err)
		assert.Equal(t, source.Status(n), s)
		assert.Equal(t, word, s.String())
		assert.Equal(t, n >= int(source.Terminated), s.Ended())
	}
	for _, bad := range []string{"", "Active", "onleave", "status(99)"} {
		_, err := source.ParseStatus(bad)
		assert.Error(t, err)
		_, err = source.ParseEmploymentType(bad)
		assert.Error(t, err)
		_, err = source.ParseKind(bad)
		assert.Error(t, err)
	}
	assert.Equal(t, "status(99)", source.Status(99).String())
	assert.Equal(t, "working_student", source.WorkingStudent.String())
	assert.Equal(t, "directory_user", source.KindDirectoryUser.String())
	_, err := source.Status(99).MarshalText()
	assert.Error(t, err)

	var s source.Status
	var e source.EmploymentType
	var k source.Kind
	for v, text := range map[interface{ UnmarshalText([]byte) error }]string{&s: "active", &e: "full_time", &k: "employee"} {
		require.NoError(t, v.UnmarshalText([]byte(text)))
		back, err := v.(interface{ MarshalText() ([]byte, error) }).MarshalText()
		require.NoError(t, err)
		assert.Equal(t, text, string(back))
		require.Error(t, v.UnmarshalText([]byte("x")))
		require.NoError(t, v.UnmarshalText(nil))
	}
	assert.Zero(t, s)
	assert.Zero(t, e)
	assert.Zero(t, k)
}

func TestStartEnd(t *testing.T) {
	i := source.Identity{HireDate: source.Day(2020, time.May, 1), TerminationDate: source.Day(2026, 1, 31)}
	assert.Equal(t, "2020-05-01", i.Start().String())
	assert.Equal(t, "2026-01-31", i.End().String())
	assert.True(t, source.Ref{}.IsZero())
	assert.False(t, source.Named("x").IsZero())
}

// Check says beforehand what Clean does.
func TestFieldCheck(t *testing.T) {
	for _, f := range source.Fields() {
		if f.Type != source.FieldText || f.Name == "id" || f.Name == "country" || f.Name == "time_zone" {
			continue
		}
		for text, want := range map[string]bool{
			"a@b.example": true, "": true, "a\x00@b": false, "a\u202e@b": false, "\xff@b": false,
			strings.Repeat("x", 1024): !strings.HasSuffix(f.Name, "email"),
			strings.Repeat("x", 1025): false, "Ana": !strings.HasSuffix(f.Name, "email"),
		} {
			err := f.Check("\t" + text + " ")
			assert.Equal(t, want, err == nil, "%s %.20q: %v", f.Name, text, err)
			i := source.Identity{ID: "E1"}
			require.NoError(t, f.Set(&i, text))
			i = source.Clean(i)
			assert.Equal(t, strings.TrimSpace(text) != "" && want, !f.Missing(&i), "%s %.20q", f.Name, text)
		}
	}
	id, _ := source.Field("id")
	require.NoError(t, id.Check(" E1 "))
	require.Error(t, id.Check(" "))
	require.Error(t, id.Check(strings.Repeat("9", 257)))
	hired, _ := source.Field("hire_date")
	require.NoError(t, hired.Check("\x00"), "dates are checked when they are set")
}

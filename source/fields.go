package source

import (
	"errors"
	"maps"
	"strings"
	"time"
)

const customPrefix = "custom."

// fieldTable lists every field once. Reading a source, merging sources, rule
// files and file mappings all stand on it. It is built on every call so that
// nobody can change it for others; callers in a hot path keep the result.
func fieldTable() []FieldSpec {
	const some = 64 // that is enough, and the table does not grow
	fields := append(make([]FieldSpec, 0, some), []FieldSpec{
		text("id", func(i *Identity) *string { return &i.ID }),
		{Name: "kind", Type: FieldKind, Words: kindWords()[1:]},
		{Name: "status", Type: FieldStatus, Words: statusWords()[1:]},
		{Name: "employment_type", Type: FieldEmploymentType, Words: employmentWords()[1:]},
		{Name: "alternate_ids", Type: FieldList, PII: true, list: alternateIDs, setList: setAlternateIDs},

		personal("employee_number", func(i *Identity) *string { return &i.EmployeeNumber }),
		personal("formatted_name", func(i *Identity) *string { return &i.Name.Formatted }),
		personal("given_name", func(i *Identity) *string { return &i.Name.Given }),
		personal("middle_name", func(i *Identity) *string { return &i.Name.Middle }),
		personal("family_name", func(i *Identity) *string { return &i.Name.Family }),
		personal("name_prefix", func(i *Identity) *string { return &i.Name.Prefix }),
		personal("name_suffix", func(i *Identity) *string { return &i.Name.Suffix }),
		personal("preferred_name", func(i *Identity) *string { return &i.Name.Preferred }),
		personal("display_name", func(i *Identity) *string { return &i.DisplayName }),
		personal("username", func(i *Identity) *string { return &i.Username }),
		email("work_email", func(i *Identity) *string { return &i.WorkEmail }),
		email("personal_email", func(i *Identity) *string { return &i.PersonalEmail }),

		common("job_title", func(i *Identity) *string { return &i.JobTitle }),
		common("location", func(i *Identity) *string { return &i.Location.Name }),
		part("location", common("location_id", func(i *Identity) *string { return &i.Location.ID })),
		part("location", common("location_code", func(i *Identity) *string { return &i.Location.Code })),
		part("location", common("city", func(i *Identity) *string { return &i.Location.City })),
		part("location", common("region", func(i *Identity) *string { return &i.Location.Region })),
		part("location", common("country", func(i *Identity) *string { return &i.Location.Country })),
		part("location", common("time_zone", func(i *Identity) *string { return &i.Location.TimeZone })),

		common("manager", func(i *Identity) *string { return &i.Manager.ID }),
		part("manager", personal("manager_employee_number", func(i *Identity) *string { return &i.Manager.EmployeeNumber })),
		part("manager", email("manager_email", func(i *Identity) *string { return &i.Manager.Email })),
		part("manager", personal("manager_name", func(i *Identity) *string { return &i.Manager.Name })),

		{Name: "groups", Type: FieldList, list: groupNames, setList: setGroupNames},
		{Name: "group_ids", Type: FieldList, Whole: "groups", list: groupIDs, ReadOnly: true},

		date("hire_date", func(i *Identity) *Date { return &i.HireDate }),
		date("original_hire_date", func(i *Identity) *Date { return &i.OriginalHireDate }),
		date("start_date", func(i *Identity) *Date { return &i.StartDate }),
		date("termination_date", func(i *Identity) *Date { return &i.TerminationDate }),
		date("last_day", func(i *Identity) *Date { return &i.LastDay }),
		// What the dates above come to: the days that rules should ask for.
		{Name: "start", Type: FieldDate, ReadOnly: true, derive: (*Identity).Start},
		{Name: "end", Type: FieldDate, ReadOnly: true, derive: (*Identity).End},
		instant("terminated_at", func(i *Identity) *time.Time { return &i.TerminatedAt }),
		instant("updated_at", func(i *Identity) *time.Time { return &i.UpdatedAt }),
	}...)
	fields = append(fields, ref("department", func(i *Identity) *Ref { return &i.Department })...)
	fields = append(fields, ref("team", func(i *Identity) *Ref { return &i.Team })...)
	fields = append(fields, ref("division", func(i *Identity) *Ref { return &i.Division })...)
	fields = append(fields, ref("business_unit", func(i *Identity) *Ref { return &i.BusinessUnit })...)
	fields = append(fields, ref("legal_entity", func(i *Identity) *Ref { return &i.LegalEntity })...)
	return append(fields, ref("cost_center", func(i *Identity) *Ref { return &i.CostCenter })...)
}

func text(name string, at func(*Identity) *string) FieldSpec {
	return FieldSpec{Name: name, Type: FieldText, text: at}
}

func personal(name string, at func(*Identity) *string) FieldSpec {
	return FieldSpec{Name: name, Type: FieldText, PII: true, text: at}
}

func common(name string, at func(*Identity) *string) FieldSpec {
	return FieldSpec{Name: name, Type: FieldText, common: true, text: at}
}

func email(name string, at func(*Identity) *string) FieldSpec {
	return FieldSpec{Name: name, Type: FieldText, PII: true, email: true, text: at}
}

func date(name string, at func(*Identity) *Date) FieldSpec {
	return FieldSpec{Name: name, Type: FieldDate, date: at}
}

func instant(name string, at func(*Identity) *time.Time) FieldSpec {
	return FieldSpec{Name: name, Type: FieldInstant, instant: at}
}

func part(whole string, f FieldSpec) FieldSpec {
	f.Whole = whole
	return f
}

func ref(name string, at func(*Identity) *Ref) []FieldSpec {
	return []FieldSpec{
		common(name, func(i *Identity) *string { return &at(i).Name }),
		part(name, common(name+"_id", func(i *Identity) *string { return &at(i).ID })),
		part(name, common(name+"_code", func(i *Identity) *string { return &at(i).Code })),
	}
}

func customField(key string) FieldSpec {
	return FieldSpec{
		Name: customPrefix + key, Type: FieldList, PII: true,
		list: func(i *Identity) []string { return i.Custom[key] },
		setList: func(i *Identity, values []string) error {
			// The map may be shared with copies of the identity.
			custom := make(map[string][]string, len(i.Custom)+1)
			maps.Copy(custom, i.Custom)
			delete(custom, key)
			if len(values) > 0 {
				custom[key] = values
			}
			i.Custom = custom
			return nil
		},
	}
}

// groupNames returns the names of the groups; a group without one is listed by
// its ID, so that no group is silently left out of a condition.
func groupNames(i *Identity) []string {
	if len(i.Groups) == 0 {
		return nil
	}
	names := make([]string, 0, len(i.Groups))
	for _, g := range i.Groups {
		if g.Name != "" {
			names = append(names, g.Name)
		} else if g.ID != "" {
			names = append(names, g.ID)
		}
	}
	return names
}

func setGroupNames(i *Identity, names []string) error {
	i.Groups = nil
	for _, name := range names {
		i.Groups = append(i.Groups, Group{Name: name})
	}
	return nil
}

func groupIDs(i *Identity) []string {
	var ids []string
	for _, g := range i.Groups {
		if g.ID != "" {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// alternateIDs writes each alternate ID as "type=value".
func alternateIDs(i *Identity) []string {
	var ids []string
	for _, a := range i.AlternateIDs {
		if a.Value != "" {
			ids = append(ids, a.Type+"="+a.Value)
		}
	}
	return ids
}

func setAlternateIDs(i *Identity, values []string) error {
	var ids []AlternateID
	for _, v := range values {
		kind, id, ok := strings.Cut(v, "=")
		if !ok || kind == "" || id == "" {
			return errors.New("want type=value")
		}
		ids = append(ids, AlternateID{kind, id})
	}
	i.AlternateIDs = ids
	return nil
}

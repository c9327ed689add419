package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// Every mapping function as a value. What each does in detail is tested where it is
// written.
func TestMappingFunctions(t *testing.T) {
	i := somebody()
	i.Name = source.Name{Given: "Ána", Family: "o'neil-SMITH"}
	i.WorkEmail, i.Location.Country, i.PersonalEmail = "Ana@Acme.Example", "DE", "030 123456"
	i.JobTitle, i.EmployeeNumber, i.StartDate = "  a;b; ;c ", "N-7", source.Day(2026, 1, 4)
	i.LegalEntity.Name = "DEU"
	i.DisplayName = "A\u0301"
	missing := rules.Team
	is := func(yes string) rules.Cond { return rules.EmployeeNumber.Is(yes) }
	x, y := rules.Text("x"), rules.Text("y")
	for _, c := range []struct {
		name  string
		value rules.Value
		want  []string
	}{
		{"ascii", rules.ASCII(rules.GivenName), []string{"Ana"}},
		{"slug", rules.Slug(rules.FamilyName), []string{"oneil-smith"}},
		{"title", rules.Title(rules.FamilyName), []string{"O'Neil-Smith"}},
		{"lower", rules.Lower(rules.WorkEmail), []string{"ana@acme.example"}},
		{"upper", rules.Upper(rules.GivenName), []string{"ÁNA"}},
		{"trim", rules.Trim(rules.JobTitle), []string{"a;b; ;c"}},
		{"left", rules.Left(rules.GivenName, 2), []string{"Án"}},
		{"right", rules.Right(rules.GivenName, 2), []string{"na"}},
		{"mid", rules.Mid(rules.GivenName, 2, 1), []string{"n"}},
		{"mid beyond", rules.Mid(rules.GivenName, 9, 1), nil},
		{"pad", rules.Pad(rules.Digits(rules.EmployeeNumber), 4, "0"), []string{"0007"}},
		{"digits", rules.Digits(rules.GivenName), nil},
		{"replace", rules.Replace(rules.EmployeeNumber, "-", ""), []string{"N7"}},
		{"replace all", rules.Replace(rules.EmployeeNumber, "N-7", ""), nil},
		{"split", rules.Split(rules.JobTitle, ";"), []string{"a", "b", "c"}},
		{"item", rules.Item(rules.Split(rules.JobTitle, ";"), 2), []string{"b"}},
		{"last item", rules.Item(rules.Split(rules.JobTitle, ";"), -1), []string{"c"}},
		{"no item", rules.Item(rules.Split(rules.JobTitle, ";"), 4), nil},
		{"join a list", rules.Join("+", rules.Split(rules.JobTitle, ";"), rules.ID), []string{"a+b+c+E1"}},
		{"nfc", rules.NFC(rules.DisplayName), []string{"Á"}},
		{"e164", rules.E164(rules.PersonalEmail, rules.Country), []string{"+4930123456"}},
		{"e164 without a country", rules.E164(rules.PersonalEmail, missing), nil},
		{"country3", rules.Country3(rules.Country), []string{"DEU"}},
		{"country2", rules.Country2(rules.LegalEntity), []string{"DE"}},
		{"only_domain", rules.OnlyDomain(rules.WorkEmail), []string{"acme.example"}},
		{"local_part", rules.LocalPart(rules.WorkEmail), []string{"Ana"}},
		{"hash_hex", rules.HashHex(rules.ID, 8), []string{"22249aa6"}},
		{"format_date", rules.FormatDate(rules.StartDate, "DD.MM.YYYY"), []string{"04.01.2026"}},
		{"format_date plus", rules.FormatDate(rules.StartDate.Plus(-4), "D.M.YY"), []string{"31.12.25"}},
		{"format_date of none", rules.FormatDate(rules.EndDate, "YYYY"), nil},
		{"if", rules.If(is("N-7"), x, y), []string{"x"}},
		{"if not", rules.If(is("N-8"), x, y), []string{"y"}},
		{"if nobody can tell", rules.If(missing.Is("a"), x, y), nil},
		{"if, missing", rules.If(is("N-7"), missing, y), nil},
		{"switch", rules.Switch(rules.Country, []rules.Case{{Is: "FR", To: y}, {Is: "DE", To: x}}, nil), []string{"x"}},
		{"switch to else", rules.Switch(rules.Country, []rules.Case{{Is: "FR", To: y}}, x), []string{"x"}},
		{"switch to nothing", rules.Switch(rules.Country, []rules.Case{{Is: "FR", To: y}}, nil), nil},
		{"switch over nothing", rules.Switch(missing, []rules.Case{{Is: "FR", To: y}}, x), nil},
	} {
		assert.Equal(t, c.want, valuesOf(t, i, c.value), c.name)
	}
	for name, v := range map[string]rules.Value{
		"ascii": rules.ASCII(missing), "slug": rules.Slug(missing), "title": rules.Title(missing), "lower": rules.Lower(missing), "upper": rules.Upper(missing),
		"trim": rules.Trim(missing), "left": rules.Left(missing, 1), "right": rules.Right(missing, 1), "mid": rules.Mid(missing, 1, 1), "pad": rules.Pad(missing, 3, "0"),
		"digits": rules.Digits(missing), "replace": rules.Replace(missing, "a", "b"), "split": rules.Split(missing, ","), "item": rules.Item(rules.Split(missing, ","), 1),
		"nfc": rules.NFC(missing), "e164": rules.E164(missing, rules.Country), "country2": rules.Country2(missing), "country3": rules.Country3(missing),
		"only_domain": rules.OnlyDomain(missing), "local_part": rules.LocalPart(missing), "hash_hex": rules.HashHex(missing, 4),
	} {
		assert.Nil(t, valuesOf(t, i, v), "%s of nothing", name)
	}
}

// What a mapping function cannot take is found when the set is built.
func TestMappingFunctionsRefuse(t *testing.T) {
	for want, v := range map[string]rules.Value{
		"a number of characters goes from 1 to 1000":                  rules.Left(rules.ID, 0),
		"left: a number of characters goes from 1 to 1000":            rules.Left(rules.ID, 1001),
		"right: a number of characters goes from 1 to 1000":           rules.Right(rules.ID, -1),
		"mid: a number of characters goes from 1 to 1000":             rules.Mid(rules.ID, 1, 0),
		"pad: a number of characters goes from 1 to 1000":             rules.Pad(rules.ID, 0, "0"),
		"pad: the last argument is the one character to fill up with": rules.Pad(rules.ID, 4, "00"),
		"items count from 1, and from the end by -1, -2":              rules.Item(rules.Groups, 0),
		"a hash has 1 to 64 digits":                                   rules.HashHex(rules.ID, 65),
		"format_date":                                                 rules.FormatDate(rules.StartDate, "QQ"),
	} {
		_, err := rules.Build(rules.Spec{Name: "x", Targets: []rules.TargetSpec{{
			Target: "app", Account: rules.Everyone, Attributes: []rules.Attribute{{Set: "x", To: v}},
		}}})
		if assert.Error(t, err, want) {
			assert.True(t, strings.Contains(err.Error(), want), "%s: %s", want, err)
		}
	}
}

// So is what an expression of a file gives them.
func TestMappingFunctionsOfFilesRefuse(t *testing.T) {
	for expr, want := range map[string]string{
		`item(id, 1)`:             "argument 1 has to be a list",
		`left(id, "x")`:           "argument 2 has to be a number",
		`left(groups, 1)`:         "argument 1 has to be a text",
		`format_date(id, "YYYY")`: "argument 1 has to be a date",
		`split(id, 5)`:            "argument 2 has to be a text in quotes",
		`left(id)`:                "left(a text, a number) has 2 arguments",
	} {
		_, err := rules.Build(rules.File("f.yaml", []byte("rules: v1\nname: x\naccount: {app: everyone}\nattributes:\n  app:\n    - {set: x, to: '"+expr+"'}\n")))
		if assert.Error(t, err, expr) {
			assert.Contains(t, err.Error(), want, expr)
		}
	}
}

// Package fifty holds one set of fifty rules of a usual mix in every form that is
// measured: as a rule file, as closures written by hand, and as text for other
// expression languages; and people for whom all forms must come to the same.
package fifty

import (
	_ "embed" // for the files
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/provision-go/provision/internal/bench/engines"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

//go:embed fifty.yaml
var file []byte

//go:embed changed.yaml
var change []byte

// Name is that of the file.
const Name = "fifty.yaml"

// Noon is when everything is decided.
func Noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

// Today is the day of [Noon].
func Today() source.Date { return source.DateOf(Noon()) }

// File returns the text of the rule file.
func File() []byte { return []byte(string(file)) }

// Set reads and builds the rule file.
func Set() (*rules.Set, error) { return rules.Build(rules.File(Name, file)) }

// Changed builds the set with a layer on top that changes five of its rules.
func Changed() (*rules.Set, error) {
	return rules.Build(rules.File(Name, file), rules.File("changed.yaml", change))
}

// A Rule is one of the rules, as the file has it.
type Rule struct {
	ID   string
	When string
	Give target.Entitlement
}

// Rules returns the rules in the order of the file.
func Rules() ([]Rule, error) {
	var read struct {
		Grants []struct{ ID, When, Give string }
	}
	if err := yaml.Unmarshal(file, &read); err != nil {
		return nil, err
	}
	list := make([]Rule, len(read.Grants))
	for n, g := range read.Grants {
		_, give, _ := strings.Cut(g.Give, "/")
		kind, name, _ := strings.Cut(give, ":")
		list[n] = Rule{g.ID, g.When, target.Entitlement{Kind: kind, Name: name}}
	}
	return list, nil
}

var (
	dateLiteral = regexp.MustCompile(`date\("([0-9-]+)"\)`)
	dayCount    = regexp.MustCompile(`\b([0-9]+)d\b`)
	matching    = regexp.MustCompile(`([a-z_]+) (contains|startsWith|endsWith) ("[^"]*")`)
	notIn       = regexp.MustCompile(`([a-z_]+) not in (\[[^\]]*\])`)
)

// Expr returns the condition as expr writes it: days are numbers.
func (r Rule) Expr() string {
	text := dateLiteral.ReplaceAllStringFunc(r.When, func(literal string) string {
		day, err := source.ParseDate(dateLiteral.FindStringSubmatch(literal)[1])
		if err != nil {
			return literal // which the language will refuse
		}
		return strconv.Itoa(engines.DayNumber(day))
	})
	return dayCount.ReplaceAllString(text, "$1")
}

// CEL returns the condition as CEL writes it: with signs for words, and with
// methods for what looks into a text.
func (r Rule) CEL() string {
	text := matching.ReplaceAllString(r.Expr(), "$1.$2($3)")
	text = notIn.ReplaceAllString(text, "!($1 in $2)")
	return strings.NewReplacer(" and ", " && ", " or ", " || ", "not (", "!(").Replace(text)
}

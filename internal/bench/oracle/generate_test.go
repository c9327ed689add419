package oracle_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/bench/engines"
	"github.com/provision-go/provision/source"
)

// A form is one condition as each language writes it. Ours has no more parentheses
// than it needs, so that it says what binds tighter; the others have all.
type form struct {
	ours, expr, cel string
	binds           int // of ours
}

// What binds tighter has the greater number.
const (
	bindsOr = iota
	bindsAnd
	bindsNot
	bindsCompare
)

// generator makes random conditions and people over few words and days, so that
// much of it happens to match.
type generator struct {
	*rand.Rand
	made map[string]int // how often each kind of condition was
}

func newGenerator(seed uint64) *generator {
	return &generator{rand.New(rand.NewPCG(seed, 23)), map[string]int{}}
}

func one[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

// words are of no closed vocabulary. Some are parts of others, some need escapes.
func words() []string {
	return []string{
		"A", "AB", "ABC", "BER-1", "BER-", "-1", "Sales", "sales", "Sales ", "R&D", `say "hi"`, "O'Neil", `back\slash`, "Ä", "A\u0308",
		"Łódź", "王", "\u212a", "K", "line\nbreak", "tab\t", "and", "not in", "true", "5", "2026-01-01", "#", ": ", "$1", "{}",
	}
}

func texts() []string { return []string{"department", "job_title", "site", "cost_center", "city"} }

func (g *generator) cond(depth int) form {
	if depth == 0 || g.IntN(4) == 0 {
		return g.comparison()
	}
	switch g.IntN(5) {
	case 0:
		g.made["not"]++
		return g.not(g.cond(depth - 1))
	case 1, 2:
		g.made["and"]++
		return g.join(depth, bindsAnd, []string{"and", "&&"}, "&&")
	default:
		g.made["or"]++
		return g.join(depth, bindsOr, []string{"or", "||"}, "||")
	}
}

func (g *generator) not(f form) form {
	return form{one(g, "not ", "!", "not\n") + g.within(f, bindsNot), "not (" + f.expr + ")", "!(" + f.cel + ")", bindsNot}
}

// within is ours as a part of what binds so tight.
func (g *generator) within(f form, binds int) string {
	if f.binds < binds || g.IntN(8) == 0 {
		return "(" + f.ours + ")"
	}
	return f.ours
}

func (g *generator) join(depth, binds int, spellings []string, sign string) form {
	out := form{binds: binds}
	for n := range 2 + g.IntN(3) {
		f := g.cond(depth - 1)
		if n > 0 {
			out.ours += g.space() + one(g, spellings...) + g.space()
			out.expr += " " + spellings[0] + " "
			out.cel += " " + sign + " "
		}
		// The same operator within itself is another tree that means the same.
		out.ours += g.within(f, binds)
		out.expr += "(" + f.expr + ")"
		out.cel += "(" + f.cel + ")"
	}
	return out
}

func (g *generator) space() string { return one(g, " ", " ", " ", "  ", "\n", "\t") }

func (g *generator) comparison() form {
	kinds := []struct {
		name string
		make func() form
	}{
		{"text", g.text},
		{"same", g.same},
		{"word", g.word},
		{"in", g.in},
		{"match", g.match},
		{"has", g.has},
		{"number", g.number},
		{"numbers", g.numbers},
		{"day", g.day},
		{"day", g.day},
		{"flag", g.flag},
		{"count", g.count},
	}
	k := kinds[g.IntN(len(kinds))]
	g.made[k.name]++
	f := k.make()
	f.binds = bindsCompare
	return f
}

func alike(text string) form { return form{ours: text, expr: text, cel: text} }

// quoted writes a text so that all three read it alike.
func (g *generator) quoted(text string) string {
	quote := one(g, `"`, `'`)
	var b strings.Builder
	b.WriteString(quote)
	for _, c := range text {
		switch {
		case string(c) == quote || c == '\\':
			b.WriteString(`\` + string(c))
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c > 127 && g.IntN(2) == 0:
			fmt.Fprintf(&b, `\u%04x`, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String() + quote
}

func (g *generator) text() form {
	a, b, op := one(g, texts()...), g.quoted(one(g, words()...)), one(g, "==", "!=")
	if g.IntN(4) == 0 {
		a, b = b, a
	}
	return alike(a + " " + op + " " + b)
}

func (g *generator) same() form {
	names := texts()
	g.Shuffle(len(names), func(i, k int) { names[i], names[k] = names[k], names[i] })
	return alike(names[0] + " " + one(g, "==", "!=") + " " + names[1])
}

func statuses() []string { return []string{"active", "on_leave", "suspended"} }
func employments() []string {
	return []string{"full_time", "part_time", "contractor", "intern", "other"}
}

// vocabulary returns a field of a closed vocabulary and words of it.
func (g *generator) vocabulary() (field string, words []string) {
	if g.IntN(2) == 0 {
		return "status", statuses()
	}
	return "employment_type", employments()
}

func (g *generator) word() form {
	field, list := g.vocabulary()
	return alike(field + " " + one(g, "==", "!=") + " " + g.quoted(one(g, list...)))
}

// in is a text, a word or a number in a list.
func (g *generator) in() form {
	field, list := one(g, texts()...), words()
	switch g.IntN(4) {
	case 0:
		field, list = g.vocabulary()
	case 1:
		field, list = one(g, "level", "grade"), []string{"-1", "0", "1", "2", "3", "4"}
	}
	g.Shuffle(len(list), func(i, k int) { list[i], list[k] = list[k], list[i] })
	list = list[:1+g.IntN(min(6, len(list)))]
	if field != "level" && field != "grade" {
		for i := range list {
			list[i] = g.quoted(list[i])
		}
	}
	among := "[" + strings.Join(list, ", ") + "]"
	if g.IntN(2) == 0 {
		return alike(field + " in " + among)
	}
	return form{ours: field + " not in " + among, expr: field + " not in " + among, cel: "!(" + field + " in " + among + ")"}
}

func (g *generator) has() form {
	text := g.quoted(one(g, words()...))
	if g.IntN(2) == 0 {
		return alike(text + " in groups")
	}
	return form{ours: text + " not in groups", expr: text + " not in groups", cel: "!(" + text + " in groups)"}
}

func (g *generator) match() form {
	field, op, text := one(g, texts()...), one(g, "contains", "startsWith", "endsWith"), g.quoted(one(g, words()...))
	f := alike(field + " " + op + " " + text)
	f.cel = field + "." + op + "(" + text + ")"
	return f
}

func (g *generator) order() string { return one(g, "==", "!=", "<", "<=", ">", ">=") }

func (g *generator) number() form {
	a, b := one(g, "level", "grade"), strconv.Itoa(g.IntN(7)-2)
	if g.IntN(4) == 0 {
		a, b = b, a
	}
	return alike(a + " " + g.order() + " " + b)
}

func (g *generator) numbers() form { return alike("level " + g.order() + " grade") }

func (g *generator) count() form {
	op, n := g.order(), strconv.Itoa(g.IntN(5))
	return form{ours: "count(groups) " + op + " " + n, expr: "len(groups) " + op + " " + n, cel: "size(groups) " + op + " " + n}
}

func (g *generator) flag() form {
	switch g.IntN(3) {
	case 0:
		return alike("remote")
	case 1:
		return alike("remote " + one(g, "==", "!=") + " " + one(g, "true", "false"))
	default:
		return alike(one(g, "true", "false") + " " + one(g, "==", "!=") + " remote")
	}
}

// day compares two dates, each with days added, of which one is a field.
func (g *generator) day() form {
	dates := []string{"start", "end_date", "as_of", ""}
	g.Shuffle(len(dates), func(i, k int) { dates[i], dates[k] = dates[k], dates[i] })
	op := " " + g.order() + " "
	a, b := g.date(dates[0]), g.date(dates[1])
	return form{ours: a.ours + op + b.ours, expr: a.expr + op + b.expr, cel: a.cel + op + b.cel}
}

// date is a date, a fixed one if there is no name, with or without days added.
func (g *generator) date(name string) form {
	f := alike(name)
	if name == "" {
		day := around().AddDays(g.IntN(40) - 20)
		f = alike(strconv.Itoa(engines.DayNumber(day)))
		f.ours = `date("` + day.String() + `")`
	}
	if g.IntN(2) == 0 {
		return f
	}
	sign, days := one(g, "+", "-"), g.IntN(25)
	suffix := " " + sign + " " + strconv.Itoa(days)
	f.expr, f.cel = "("+f.expr+suffix+")", "("+f.cel+suffix+")"
	f.ours += suffix + "d"
	if days%7 == 0 && g.IntN(2) == 0 {
		f.ours = strings.TrimSuffix(f.ours, strconv.Itoa(days)+"d") + strconv.Itoa(days/7) + "w"
	}
	return f
}

// around is in the middle of all days.
func around() source.Date { return source.Day(2026, 2, 27) }

// person makes somebody of whom nothing is missing, and who works on a day.
func (g *generator) person(id string, day source.Date) source.Identity {
	text := func() string { return one(g, words()...) }
	i := source.Identity{
		ID: id, Status: one(g, source.Active, source.OnLeave, source.Suspended),
		EmploymentType: one(g, source.FullTime, source.PartTime, source.Contractor, source.Intern, source.OtherEmployment),
		Department:     source.Named(text()), JobTitle: text(), CostCenter: source.Named(text()), Location: source.Location{City: text()},
		StartDate: day.AddDays(-g.IntN(25)), LastDay: day.AddDays(g.IntN(25)), Groups: []source.Group{},
		Custom: map[string][]string{
			"site": {text()}, "remote": {one(g, "true", "false")},
			"level": {strconv.Itoa(g.IntN(6) - 1)}, "grade": {strconv.Itoa(g.IntN(6) - 1)},
		},
	}
	for range g.IntN(5) {
		i.Groups = append(i.Groups, source.Group{Name: text()})
	}
	return i
}

// Package engines evaluates conditions about people by the expression languages
// that Go programs use most, expr and CEL, each in its fastest documented way:
// compiled once, checked against typed variables, with the values of a person
// made ready before anything is timed. Both are two-valued: they are comparable
// with rules for people of whom nothing is missing.
//
// Days are numbers, as neither has dates without a time of day; see [DayNumber].
package engines

import (
	"strconv"

	"github.com/provision-go/provision/source"
)

// DayNumber is how both languages see a day: days since 1970. A missing one is far
// in the future, as a last day that is not known is to most programs.
func DayNumber(d source.Date) int {
	if d.IsZero() {
		return 1 << 20
	}
	return d.Sub(source.Day(1970, 1, 1))
}

func custom(i *source.Identity, key string) string {
	if list := i.Custom[key]; len(list) == 1 {
		return list[0]
	}
	return ""
}

func number(i *source.Identity, key string) int {
	n, err := strconv.Atoi(custom(i, key))
	if err != nil {
		return 0
	}
	return n
}

func groups(i *source.Identity) []string {
	names := make([]string, len(i.Groups))
	for n := range i.Groups {
		names[n] = i.Groups[n].Name
	}
	return names
}
